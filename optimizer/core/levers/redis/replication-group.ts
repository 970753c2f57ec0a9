import type { Described } from "../../model/resource-ref.ts";

export interface RedisReplicationGroup extends Described {
  readonly kind: "redis-replication-group";
  readonly nodeType: string;
  readonly clusterMode: boolean;
  readonly status: string;
  readonly nodeGroups: readonly { readonly id: string; readonly members: readonly string[] }[];
}
