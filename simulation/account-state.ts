import type { AutoScalingGroup } from "./services/auto-scaling/group.ts";
import type { Table } from "./services/dynamodb/table.ts";
import type { LaunchTemplate } from "./services/ec2/launch-template.ts";
import type { LoadBalancer, TargetGroup } from "./services/elb/balancer.ts";
import type { ReplicationGroup } from "./services/elasticache/replication-group.ts";
import type { DbCluster, DbInstance, GlobalCluster } from "./services/rds/cluster.ts";
import type { EvaluatedStacks } from "./terraform/evaluate.ts";
import type { StackDocuments } from "./terraform/stack-document.ts";

/** Resources of one kind by region and the name AWS knows them by. */
export class Regional<T extends { readonly region: string }> {
  readonly #byKey = new Map<string, T>();

  get(region: string, id: string): T | undefined {
    return this.#byKey.get(`${region}/${id}`);
  }

  add(id: string, resource: T): void {
    this.#byKey.set(`${resource.region}/${id}`, resource);
  }

  /** All of a region, in the order they were added. */
  in(region: string): readonly T[] {
    return [...this.#byKey.values()].filter((resource) => resource.region === region);
  }

  all(): readonly T[] {
    return [...this.#byKey.values()];
  }
}

/** What was deployed last, with its references resolved as they were then. */
export interface DeployedStacks {
  readonly documents: StackDocuments;
  readonly evaluated: EvaluatedStacks;
}

/** The account: a fold of its log. Everything that changes in time is a timeline, so the past stays readable. */
export interface AccountState {
  readonly accountId: string;
  /** When everything deployed is taken to have come to life, epoch milliseconds. */
  readonly bornMs: number;
  /** Virtual now, epoch milliseconds. */
  nowMs: number;
  /** Grows with every change of a resource: what was computed of the account holds as long as it stands still. */
  revision: number;
  deployed: DeployedStacks | null;
  readonly loadBalancers: Regional<LoadBalancer>;
  readonly targetGroups: Regional<TargetGroup>;
  readonly launchTemplates: Regional<LaunchTemplate>;
  readonly autoScalingGroups: Regional<AutoScalingGroup>;
  /** A table by its home region and once more by the region of each replica. */
  readonly tables: Regional<Table>;
  readonly dbClusters: Regional<DbCluster>;
  readonly dbInstances: Regional<DbInstance>;
  /** Global databases have no region: by identifier. */
  readonly globalClusters: Map<string, GlobalCluster>;
  readonly replicationGroups: Regional<ReplicationGroup>;
  /** How often each scheduled fault has struck, by its place in the scenario. */
  readonly faultsStruck: Map<number, number>;
}

/** An account before anything was deployed. */
export function emptyAccount(accountId: string, bornMs: number, nowMs: number): AccountState {
  return {
    accountId,
    bornMs,
    nowMs,
    revision: 0,
    deployed: null,
    loadBalancers: new Regional(),
    targetGroups: new Regional(),
    launchTemplates: new Regional(),
    autoScalingGroups: new Regional(),
    tables: new Regional(),
    dbClusters: new Regional(),
    dbInstances: new Regional(),
    globalClusters: new Map(),
    replicationGroups: new Regional(),
    faultsStruck: new Map(),
  };
}
