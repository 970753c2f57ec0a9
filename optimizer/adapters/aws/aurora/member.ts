import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  paginateDescribeDBClusterEndpoints,
  type DBInstance,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import { creationOf, type MemberDefinition } from "../../../core/levers/aurora/member-definition.ts";
import { ChangeRejected } from "../../../errors.ts";
import { answered } from "../answered.ts";
import { readFailureOf } from "../aws-errors.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { readCluster, readMembers } from "./cluster.ts";
import { definitionOf } from "./member-definition.ts";
import { clusterUnsettled, instanceUnsettled, writerOf } from "./unsettled.ts";

/** Of whoever makes an instance that has tags and a role to be monitored by: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Monitoring.OS.Enabling.html */
const creatingMembers = ["iam:PassRole", "rds:AddTagsToResource"] as const;

export const memberAdapter: ChangeAdapter<ChangeOf<"rds.member">> = {
  describe: ({ rds }, change) => memberState(rds, change),
  prepare: (clients, change) => (change.after === null ? prepareDeletion(clients, change) : prepareCreation(clients, change, change.after)),
  reaches: ({ rds }, change) => (change.after === null ? endpointsOn(rds, change) : Promise.resolve([])),
  permissions: { calls: ["CreateDBInstance", "DeleteDBInstance"], besides: creatingMembers },
};

/** How the member is, or that there is none: one that is being deleted is there until it is gone. */
async function memberState(client: RDSClient, change: ChangeOf<"rds.member">): Promise<ChangeState<typeof change>> {
  const cluster = await readCluster(client, change.cluster);
  const instance = await readInstance(client, change.instance);
  const unsettled = (instance && instanceUnsettled(instance)) ?? clusterUnsettled(cluster);
  if (unsettled !== undefined) return unsettled;
  if (instance === undefined) return { kind: "settled", value: null };
  if (instance.DBClusterIdentifier !== change.cluster)
    return { kind: "missing", detail: `instance ${change.instance} belongs to ${instance.DBClusterIdentifier ?? "no cluster"}` };
  return { kind: "settled", value: definitionOf(instance) };
}

async function readInstance(client: RDSClient, identifier: string): Promise<DBInstance | undefined> {
  try {
    const { DBInstances: [instance] = [] } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
    return instance;
  } catch (error) {
    if (readFailureOf(error) === "missing") return undefined;
    throw error;
  }
}

/** Roles and members change by themselves: a writer is never deleted, nor the reader that the last failover would need. */
async function prepareDeletion(clients: RegionClients, change: ChangeOf<"rds.member">): Promise<PreparedUpdate> {
  const [cluster, members, named] = await Promise.all([
    readCluster(clients.rds, change.cluster),
    readMembers(clients.rds, change.cluster),
    readInstance(clients.rds, change.instance),
  ]);
  const writer = writerOf(cluster);
  // By its name alone AWS would delete one of another cluster as well.
  if (named !== undefined && named.DBClusterIdentifier !== change.cluster) throw notAsPlanned(`${change.instance} is no member of ${change.cluster} any more`);
  const readersLeft = members.filter(
    ({ DBInstanceIdentifier: id, DBInstanceStatus: status }) => id !== change.instance && id !== writer && status === "available",
  );
  if (writer === undefined || writer === change.instance)
    throw notAsPlanned(`${change.instance} is the writer of ${change.cluster} by now, or it has none, so that no reader of it may go`);
  if (readersLeft.length === 0) throw notAsPlanned(`without ${change.instance} no reader of ${change.cluster} would be available`);
  // A member of a cluster has no snapshot of its own: the data are the cluster's.
  const command = new DeleteDBInstanceCommand({ DBInstanceIdentifier: change.instance, SkipFinalSnapshot: true });
  return async () => {
    await clients.writers.rds.send(command);
  };
}

function prepareCreation(clients: RegionClients, { cluster, instance }: ChangeOf<"rds.member">, definition: MemberDefinition): PreparedUpdate {
  const command = new CreateDBInstanceCommand(creationOf(cluster, instance, definition));
  return async () => {
    await clients.writers.rds.send(command);
  };
}

function notAsPlanned(message: string): ChangeRejected {
  return new ChangeRejected("invalid", "NotAsPlanned", message);
}

/** Custom endpoints that send traffic to exactly this member. */
async function endpointsOn(client: RDSClient, { cluster, instance }: ChangeOf<"rds.member">): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { DBClusterEndpoints: endpoints = [] } of paginateDescribeDBClusterEndpoints({ client }, { DBClusterIdentifier: cluster })) {
    const naming = endpoints.filter(({ StaticMembers = [] }) => StaticMembers.includes(instance));
    found.push(...naming.map(({ DBClusterEndpointIdentifier: name }) => `custom endpoint ${answered(name, "DBClusterEndpointIdentifier")} names ${instance}`));
  }
  return found;
}
