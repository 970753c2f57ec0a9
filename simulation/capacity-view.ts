/** Instances of a group that take traffic at a moment, by instance type, and how many zones they stand in. */
export interface GroupCapacity {
  readonly instances: Readonly<Record<string, number>>;
  readonly zones: number;
}

/** One member of an Aurora cluster at a moment; `available` is false while it restarts or fails over. */
export interface MemberCapacity {
  readonly identifier: string;
  readonly instanceClass: string;
  readonly role: "writer" | "reader";
  readonly available: boolean;
}

/** A table's index at a moment; `maxReadRequestUnits` −1 means uncapped. */
export interface IndexCapacity {
  readonly exists: boolean;
  readonly maxReadRequestUnits: number;
}

/**
 * What the load meets at a moment of the past or present: the account's resources as a function of time.
 * Every method returns `null` when the resource did not exist then. The load model knows nothing else of the account.
 */
export interface CapacityView {
  groupAt(region: string, autoScalingGroup: string, atMs: number): GroupCapacity | null;
  clusterAt(region: string, cluster: string, atMs: number): readonly MemberCapacity[] | null;
  indexAt(region: string, table: string, index: string, atMs: number): IndexCapacity | null;
  tableAt(region: string, table: string, atMs: number): { readonly billingMode: "PAY_PER_REQUEST" | "PROVISIONED" } | null;
  /** Node type, shards and replicas per shard. */
  redisAt(
    region: string,
    replicationGroup: string,
    atMs: number,
  ): { readonly nodeType: string; readonly shards: number; readonly replicasPerShard: number } | null;
  /**
   * Moments in [startMs, endMs), ascending, at which an answer of the methods above changes for any resource of the region.
   * Without it the load model looks every ten seconds, which may miss what is shorter and costs more.
   */
  changesBetween?(region: string, startMs: number, endMs: number): readonly number[];
  /** Group whose instances are registered with the balancer's target groups, and the cluster its application uses. */
  backendOf(region: string, loadBalancer: string): { readonly autoScalingGroup: string | null; readonly cluster: string | null };
  /** All resources of a region at a moment, for metrics by dimension and for bills. */
  namesIn(region: string): {
    readonly loadBalancers: readonly { readonly fullName: string; readonly targetGroups: readonly string[] }[];
    readonly autoScalingGroups: readonly string[];
    readonly clusters: readonly string[];
    readonly tables: readonly { readonly name: string; readonly indexes: readonly string[] }[];
    readonly replicationGroups: readonly string[];
  };
}
