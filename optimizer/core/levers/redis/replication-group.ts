import type { Described } from "../../model/resource-ref.ts";
import type { ResourceFacts } from "../resource-facts.ts";

export interface RedisReplicationGroup extends Described {
  readonly kind: "redis-replication-group";
  readonly nodeType: string;
  readonly clusterMode: boolean;
  readonly status: string;
  readonly nodeGroups: readonly { readonly id: string; readonly members: readonly string[] }[];
}

/** No rule decides about these yet: what the plan saw of them must still be so, since it was shown to whoever approved it. */
export const redisReplicationGroupFacts: ResourceFacts<RedisReplicationGroup> = {
  word: "Redis",
  partWord: "",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags, nodeType, nodeGroups }) => ({ tags, nodeType, nodeGroups }),
};
