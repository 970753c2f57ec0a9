import {
  DBProxyNotFoundFault,
  type DescribeBlueGreenDeploymentsRequest,
  type DescribeBlueGreenDeploymentsResponse,
  type DescribeDBClusterEndpointsMessage,
  type DBClusterEndpointMessage,
  type DescribeDBProxiesRequest,
  type DescribeDBProxiesResponse,
  type DescribeDBProxyTargetsRequest,
  type DescribeDBProxyTargetsResponse,
  type DescribePendingMaintenanceActionsMessage,
  type PendingMaintenanceActionsMessage,
} from "@aws-sdk/client-rds";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { clusters, errors, instancesIn, type DbCluster } from "./cluster.ts";
import { standaloneInstances, type StandaloneInstance } from "./standalone.ts";
import { database, type Database } from "./demand.ts";

/** What stands around the databases of a region: the scenario says it of all of them, since no stack of ours has any of it. */
function around({ scenario, region }: CallContext): Database["around"] {
  return database.of(scenario, region)?.around;
}

function clustersIn({ state, region }: CallContext): readonly DbCluster[] {
  return state.of(clusters).in(region);
}

function standalonesIn({ state, region }: CallContext): readonly StandaloneInstance[] {
  return state.of(standaloneInstances).in(region);
}

/** By cluster or by instance, as the filters ask; both at once is "and", which nothing fulfils. */
export function describePendingMaintenanceActions(input: DescribePendingMaintenanceActionsMessage, context: CallContext): PendingMaintenanceActionsMessage {
  refuseUnmodelled("DescribePendingMaintenanceActions", input, ["Filters", "Marker", "MaxRecords"]);
  const filters = input.Filters ?? [];
  for (const { Name } of filters) {
    if (Name !== "db-cluster-id" && Name !== "db-instance-id") throw errors.refuse("InvalidParameterValue", `Unrecognized filter name: ${Name ?? ""}`);
  }
  const asked = (name: string, id: string, arn: string): boolean =>
    filters.every((filter) => filter.Name === name && (filter.Values?.includes(id) === true || filter.Values?.includes(arn) === true));
  const { state, region } = context;
  const all = around(context)?.maintenance ?? [];
  const ofClusters = clustersIn(context)
    .filter(({ id, arn }) => asked("db-cluster-id", id, arn))
    .map(({ arn }) => ({ arn, on: "cluster" }));
  const ofInstances = [...instancesIn(state, region, context.nowMs), ...standalonesIn(context)]
    .filter(({ id, arn }) => asked("db-instance-id", id, arn))
    .map(({ arn }) => ({ arn, on: "instances" }));
  return {
    PendingMaintenanceActions: [...ofClusters, ...ofInstances].flatMap(({ arn, on }) => {
      const own = all.filter((each) => each.on === on);
      if (own.length === 0) return [];
      return [
        {
          ResourceIdentifier: arn,
          PendingMaintenanceActionDetails: own.map(({ action, afterHours }) => ({
            Action: action,
            ...(afterHours === null ? {} : { AutoAppliedAfterDate: new Date(Date.parse(context.scenario.start) + afterHours * 3_600_000) }),
          })),
        },
      ];
    }),
  };
}

/** The writer's and the readers' endpoint of a cluster, and its custom ones. */
export function describeDbClusterEndpoints(input: DescribeDBClusterEndpointsMessage, context: CallContext): DBClusterEndpointMessage {
  refuseUnmodelled("DescribeDBClusterEndpoints", input, ["DBClusterIdentifier", "Marker", "MaxRecords"]);
  const found = clustersIn(context).filter(({ id }) => input.DBClusterIdentifier === undefined || id === input.DBClusterIdentifier);
  const custom = around(context)?.customEndpoints ?? [];
  return {
    DBClusterEndpoints: found.flatMap(({ id, endpoint, readerEndpoint }) => [
      { DBClusterIdentifier: id, Endpoint: endpoint, EndpointType: "WRITER", Status: "available" },
      { DBClusterIdentifier: id, Endpoint: readerEndpoint, EndpointType: "READER", Status: "available" },
      ...custom.map((name) => ({
        DBClusterIdentifier: id,
        DBClusterEndpointIdentifier: name,
        Endpoint: readerEndpoint.replace(id, name).replace("cluster-ro-", "cluster-custom-"),
        EndpointType: "CUSTOM",
        CustomEndpointType: "ANY",
        Status: "available",
      })),
    ]),
  };
}

/** Each cluster and each instance outside of clusters is the source of the deployments that the scenario names. */
export function describeBlueGreenDeployments(input: DescribeBlueGreenDeploymentsRequest, context: CallContext): DescribeBlueGreenDeploymentsResponse {
  refuseUnmodelled("DescribeBlueGreenDeployments", input, ["Marker", "MaxRecords"]);
  const names = around(context)?.blueGreenDeployments ?? [];
  return {
    BlueGreenDeployments: [...clustersIn(context), ...standalonesIn(context)].flatMap(({ arn }) =>
      names.map((name) => ({ BlueGreenDeploymentIdentifier: `bgd-${name}`, BlueGreenDeploymentName: name, Source: arn, Status: "AVAILABLE" })),
    ),
  };
}

export function describeDbProxies(input: DescribeDBProxiesRequest, context: CallContext): DescribeDBProxiesResponse {
  refuseUnmodelled("DescribeDBProxies", input, ["Marker", "MaxRecords"]);
  return { DBProxies: (around(context)?.proxies ?? []).map((name) => ({ DBProxyName: name, Status: "available", EngineFamily: "MYSQL" })) };
}

export function describeDbProxyTargets(input: DescribeDBProxyTargetsRequest, context: CallContext): DescribeDBProxyTargetsResponse {
  refuseUnmodelled("DescribeDBProxyTargets", input, ["DBProxyName", "Marker", "MaxRecords"]);
  const name = input.DBProxyName ?? "";
  if (around(context)?.proxies.includes(name) !== true) throw new DBProxyNotFoundFault(refusal(`DBProxy ${name} not found.`, 404));
  return {
    Targets: [
      ...clustersIn(context).map(({ id }) => ({ RdsResourceId: id, Type: "TRACKED_CLUSTER" as const })),
      ...standalonesIn(context).map(({ id }) => ({ RdsResourceId: id, Type: "RDS_INSTANCE" as const })),
    ],
  };
}
