import {
  DescribeDBProxyTargetsCommand,
  type DBProxyTarget,
  type Filter,
  type PendingMaintenanceAction,
  paginateDescribeBlueGreenDeployments,
  paginateDescribeDBClusterEndpoints,
  paginateDescribeDBProxies,
  paginateDescribePendingMaintenanceActions,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { type ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import type { Maintenance, Surroundings } from "../../../core/levers/aurora/cluster.ts";
import { clusterMemoryParameters } from "./memory-parameters.ts";
import type { RegionClients } from "../client-factory.ts";
import { seen } from "../seen.ts";

/** A cluster and its members, as AWS's filters and answers name them. */
export interface ClusterArns {
  readonly identifier: string;
  readonly arn: string;
  readonly memberArns: readonly string[];
  /** Parameter groups by name: the cluster's own, which AWS tells of each, and those of its members, each once. */
  readonly parameterGroup: string | undefined;
  readonly memberParameterGroups: readonly string[];
}

/** What stands around a cluster. A read that is refused makes that part unseen, and the rules say so. */
export async function readSurroundings({ rds, applicationAutoScaling }: RegionClients, cluster: ClusterArns): Promise<Surroundings> {
  const [maintenance, customEndpoints, blueGreenDeployments, proxies, readerScaling, memoryParameters] = await Promise.all([
    seen("DescribePendingMaintenanceActions", () => maintenanceOf(rds, cluster)),
    seen("DescribeDBClusterEndpoints", () => customEndpointsOf(rds, cluster)),
    seen("DescribeBlueGreenDeployments", () => blueGreenDeploymentsOf(rds, cluster)),
    seen("DescribeDBProxies and DescribeDBProxyTargets", () => proxiesWith(rds, (target) => isOf(target, cluster.identifier))),
    seen("DescribeScalableTargets", () => readerScalingOf(applicationAutoScaling, cluster)),
    seen("DescribeDBParameters and DescribeDBClusterParameters", () => clusterMemoryParameters(rds, cluster)),
  ]);
  return { maintenance, customEndpoints, blueGreenDeployments, proxies, readerScaling, memoryParameters };
}

function maintenanceOf(client: RDSClient, { arn, memberArns }: ClusterArns): Promise<readonly Maintenance[]> {
  return pendingMaintenance(client, [
    { Name: "db-cluster-id", Values: [arn] },
    ...(memberArns.length === 0 ? [] : [{ Name: "db-instance-id", Values: [...memberArns] }]),
  ]);
}

/** Maintenance of whatever one of the filters finds. */
export async function pendingMaintenance(client: RDSClient, filters: readonly Filter[]): Promise<readonly Maintenance[]> {
  const found: Maintenance[] = [];
  // One after the other: AWS joins several filters of one call by "and".
  for (const filter of filters) {
    for await (const { PendingMaintenanceActions: resources = [] } of paginateDescribePendingMaintenanceActions({ client }, { Filters: [filter] })) {
      for (const { ResourceIdentifier: resource = "", PendingMaintenanceActionDetails: actions = [] } of resources) {
        found.push(...actions.map((action) => ({ resource: lastPart(resource), action: action.Action ?? "unnamed", isPlanned: isPlanned(action) })));
      }
    }
  }
  return found;
}

/** Merely offered maintenance has no date and nobody opted in (RDS API reference, PendingMaintenanceAction). */
function isPlanned({ OptInStatus, AutoAppliedAfterDate, ForcedApplyDate, CurrentApplyDate }: PendingMaintenanceAction): boolean {
  const isOptedIn = OptInStatus === "immediate" || OptInStatus === "next-maintenance";
  return isOptedIn || [AutoAppliedAfterDate, ForcedApplyDate, CurrentApplyDate].some((date) => date !== undefined);
}

async function customEndpointsOf(client: RDSClient, { identifier }: ClusterArns): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { DBClusterEndpoints: endpoints = [] } of paginateDescribeDBClusterEndpoints({ client }, { DBClusterIdentifier: identifier })) {
    names.push(
      ...endpoints.flatMap(({ EndpointType, DBClusterEndpointIdentifier }) => (EndpointType === "CUSTOM" ? [DBClusterEndpointIdentifier ?? "unnamed"] : [])),
    );
  }
  return names.toSorted();
}

/** Deployments that a cluster or an instance is the source or the target of. */
export async function blueGreenDeploymentsOf(client: RDSClient, { arn }: Pick<ClusterArns, "arn">): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { BlueGreenDeployments: deployments = [] } of paginateDescribeBlueGreenDeployments({ client }, {})) {
    const own = deployments.filter(({ Source, Target }) => Source === arn || Target === arn);
    names.push(
      ...own.map(({ BlueGreenDeploymentName, BlueGreenDeploymentIdentifier }) => BlueGreenDeploymentName ?? BlueGreenDeploymentIdentifier ?? "unnamed"),
    );
  }
  return names.toSorted();
}

/** A proxy names its targets apart from itself. */
export async function proxiesWith(client: RDSClient, isMeant: (target: DBProxyTarget) => boolean): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { DBProxies: proxies = [] } of paginateDescribeDBProxies({ client }, {})) {
    for (const { DBProxyName } of proxies) {
      const { Targets = [] } = await client.send(new DescribeDBProxyTargetsCommand({ DBProxyName }));
      if (DBProxyName !== undefined && Targets.some(isMeant)) names.push(DBProxyName);
    }
  }
  return names.toSorted();
}

/** A cluster is one scalable target at most (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html). */
async function readerScalingOf(client: ApplicationAutoScalingClient, { identifier }: ClusterArns): Promise<readonly string[]> {
  const { ScalableTargets: targets = [] } = await client.send(
    new DescribeScalableTargetsCommand({
      ServiceNamespace: "rds",
      ResourceIds: [`cluster:${identifier}`],
      ScalableDimension: "rds:cluster:ReadReplicaCount",
    }),
  );
  return targets.map(({ MinCapacity, MaxCapacity }) => `${MinCapacity} to ${MaxCapacity}`);
}

function isOf({ TrackedClusterId, RdsResourceId, Type }: DBProxyTarget, identifier: string): boolean {
  return TrackedClusterId === identifier || (Type === "TRACKED_CLUSTER" && RdsResourceId === identifier);
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
