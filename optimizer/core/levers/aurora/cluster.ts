import type { Described, Tags } from "../../model/resource-ref.ts";
import type { ResourceFacts } from "../resource-facts.ts";

export interface AuroraMember {
  readonly identifier: string;
  readonly arn: string;
  readonly role: "writer" | "reader";
  readonly instanceClass: string;
  readonly promotionTier: number;
  readonly status: string;
  readonly tags: Tags;
}

export interface AuroraCluster extends Described {
  readonly kind: "aurora-cluster";
  readonly engine: "aurora-mysql" | "aurora-postgresql";
  readonly engineVersion: string;
  readonly status: string;
  /** Set for a member of a global database. */
  readonly globalClusterId?: string;
  /** A secondary cluster of a global database has readers only and no writer of its own. */
  readonly globalRole: "none" | "primary" | "secondary";
  readonly members: readonly AuroraMember[];
  readonly backupRetentionDays: number;
}

export const auroraClusterFacts: ResourceFacts<AuroraCluster> = {
  word: "Aurora",
  partWord: "",
  tags: ({ tags, members }) => [tags, ...members.map((member) => member.tags)],
  restsOnAlways: ({ tags, members }) => ({ tags, memberTags: members.map(({ identifier, tags: own }) => ({ identifier, tags: own })) }),
};
