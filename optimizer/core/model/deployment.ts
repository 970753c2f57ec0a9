import type { Components } from "../../../contract/components.ts";

/** A table as the outputs name it. */
export interface TableIdentifier {
  readonly name: string;
  readonly arn?: string;
  readonly streamArn?: string;
}

/** What the outputs say of one region: identifiers only. Whether they exist, and how they look, AWS tells. */
export interface Deployment {
  readonly region: string;
  /** Terraform stack names that contributed, e.g. `primary`; empty for outputs that name none. */
  readonly stacks: readonly string[];
  readonly environmentSuffix?: string;
  /** Set where every stack of the region is a secondary; absent in plans of older releases. */
  readonly role?: "secondary";
  readonly loadBalancers: readonly string[];
  readonly targetGroups: readonly string[];
  readonly autoScalingGroups: readonly string[];
  readonly tables: readonly TableIdentifier[];
  readonly auroraClusters: readonly string[];
  readonly auroraGlobalClusters: readonly string[];
  /** DB instances outside of clusters. */
  readonly rdsInstances: readonly string[];
  readonly redisReplicationGroups: readonly string[];
  /** Buckets of the application's own objects. */
  readonly dataBuckets: readonly string[];
  /** Absent where the outputs name none. */
  readonly functions?: readonly string[];
  /** `<cluster>/<service>` of Elastic Container Service. Absent where the outputs name none. */
  readonly containerServices?: readonly string[];
  /** Sizing path → {type, id} by stack; absent for outputs that our stacks did not write. */
  readonly components: Readonly<Record<string, Components>>;
}

/** Outputs that name nothing of a region; what a stored plan lacks, since an older release did not know of it, is read as this, too. */
export const nothingNamed: Omit<Deployment, "region"> = {
  stacks: [],
  loadBalancers: [],
  targetGroups: [],
  autoScalingGroups: [],
  tables: [],
  auroraClusters: [],
  auroraGlobalClusters: [],
  rdsInstances: [],
  redisReplicationGroups: [],
  dataBuckets: [],
  components: {},
};

/** A component that the outputs lack or name wrongly: it is skipped with this reason, the run goes on. */
export interface MissingIdentifier {
  readonly region: string;
  readonly component: string;
  readonly reason: string;
}

/** The account that the outputs are of, and the file and key that say so. */
export interface Owner {
  readonly accountId: string;
  readonly place: string;
}

/** All regions that the outputs name, sorted and unique. */
export interface Deployments {
  readonly deployments: readonly Deployment[];
  readonly missing: readonly MissingIdentifier[];
  readonly warnings: readonly string[];
  /** Absent where no ARN and no key says it. */
  readonly owner?: Owner;
  /** AWS partition of all regions: `aws`, `aws-cn`, `aws-us-gov`, …; one set of credentials reaches one. */
  readonly partition?: string;
}
