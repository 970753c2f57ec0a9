import { DescribeDBInstancesCommand, paginateDescribeOrderableDBInstanceOptions, type DBInstance, type RDSClient } from "@aws-sdk/client-rds";
import type { RdsInstance } from "../../../core/levers/rds/instance.ts";
import { answered } from "../answered.ts";
import { bornAs } from "../born-as.ts";
import { seen } from "../seen.ts";
import { blueGreenDeploymentsOf, pendingMaintenance, proxiesWith } from "../aurora/surroundings.ts";
import { instanceBefore } from "../aurora/instance-before.ts";
import { instanceMemoryParameters } from "../aurora/memory-parameters.ts";
import { modificationsOf } from "../aurora/modifications.ts";
import type { RegionClients } from "../client-factory.ts";
import { ResourceGone, UnsupportedResource } from "../resource-gone.ts";
import type { Reading, ResourceAdapter } from "../service-adapters.ts";
import { tagsOf } from "../tag-records.ts";

export const rdsInstanceAdapter: ResourceAdapter<RdsInstance> = {
  idsOf: ({ rdsInstances }) => rdsInstances,
  describe: describeRdsInstance,
  tagsOf: async (clientsOf, { region, id }) => [tagsOf((await readInstance(clientsOf(region).rds, id)).TagList)],
  bornOf: async ({ rds }, id) => (await readInstance(rds, id)).DbiResourceId,
};

/** Describes an instance outside of clusters; its tags come with the description. */
async function describeRdsInstance(clients: RegionClients, region: string, identifier: string, reading: Reading): Promise<RdsInstance> {
  const { rds } = clients;
  const instance = await readInstance(rds, identifier);
  const engine = answered(instance.Engine, "Engine");
  // Aurora and Multi-AZ DB clusters: backups and class are the cluster's to say.
  if (instance.DBClusterIdentifier !== undefined) throw new UnsupportedResource(`${identifier} belongs to the cluster ${instance.DBClusterIdentifier}`);
  // RDS Custom: whoever has the operating system may pause the automation that a change needs.
  if (engine.startsWith("custom-")) throw new UnsupportedResource(`${identifier} has the engine ${engine}`);
  return {
    kind: "rds-instance",
    ref: { kind: "rds-instance", region, id: identifier },
    arn: answered(instance.DBInstanceArn, "DBInstanceArn"),
    ...bornAs(instance.DbiResourceId),
    tags: tagsOf(instance.TagList),
    engine,
    engineVersion: answered(instance.EngineVersion, "EngineVersion"),
    status: answered(instance.DBInstanceStatus, "DBInstanceStatus"),
    instanceClass: answered(instance.DBInstanceClass, "DBInstanceClass"),
    sizesBefore: await instanceBefore({ clients, ...reading }, instance),
    performanceInsights: instance.PerformanceInsightsEnabled === true,
    multiAz: instance.MultiAZ === true,
    replicaOf: instance.ReadReplicaSourceDBInstanceIdentifier ?? null,
    replicas: [...(instance.ReadReplicaDBInstanceIdentifiers ?? [])].toSorted(),
    backupRetentionDays: answered(instance.BackupRetentionPeriod, "BackupRetentionPeriod"),
    awsBackup: instance.AwsBackupRecoveryPointArn ?? null,
    waiting: modificationsOf(instance.PendingModifiedValues),
    waitingForRestart: (instance.DBParameterGroups ?? []).flatMap(({ DBParameterGroupName: name, ParameterApplyStatus: status }) =>
      status === undefined || status === "in-sync" ? [] : [`parameters of ${name} (${status})`],
    ),
    ...(await lookedUp(rds, instance)),
  };
}

type LookedUp = Pick<RdsInstance, "memoryParameters" | "orderableClasses" | "maintenance" | "blueGreenDeployments" | "proxies">;

/** What takes calls of their own. One that is refused makes its part unseen. */
async function lookedUp(rds: RDSClient, instance: DBInstance): Promise<LookedUp> {
  const arn = answered(instance.DBInstanceArn, "DBInstanceArn");
  const id = answered(instance.DBInstanceIdentifier, "DBInstanceIdentifier");
  const [memoryParameters, orderableClasses, maintenance, blueGreenDeployments, proxies] = await Promise.all([
    seen("DescribeDBParameters", () => memoryParametersOf(rds, instance)),
    seen("DescribeOrderableDBInstanceOptions", () => orderableClassesOf(rds, instance)),
    seen("DescribePendingMaintenanceActions", () => pendingMaintenance(rds, [{ Name: "db-instance-id", Values: [arn] }])),
    seen("DescribeBlueGreenDeployments", () => blueGreenDeploymentsOf(rds, { arn })),
    seen("DescribeDBProxies and DescribeDBProxyTargets", () => proxiesWith(rds, (target) => target.Type === "RDS_INSTANCE" && target.RdsResourceId === id)),
  ]);
  return { memoryParameters, orderableClasses, maintenance, blueGreenDeployments, proxies };
}

async function memoryParametersOf(client: RDSClient, { DBParameterGroups: groups = [] }: DBInstance): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { DBParameterGroupName: name } of groups) if (name !== undefined) found.push(...(await instanceMemoryParameters(client, name)));
  return found.toSorted();
}

async function orderableClassesOf(client: RDSClient, { Engine, EngineVersion, MultiAZ, StorageType }: DBInstance): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const { OrderableDBInstanceOptions: options = [] } of paginateDescribeOrderableDBInstanceOptions(
    { client },
    { Engine, EngineVersion, Vpc: true },
  )) {
    for (const { DBInstanceClass, MultiAZCapable, StorageType: storage } of options) {
      if (DBInstanceClass !== undefined && storage === StorageType && (MultiAZ !== true || MultiAZCapable === true)) found.add(DBInstanceClass);
    }
  }
  return [...found].toSorted();
}

export async function readInstance(client: RDSClient, identifier: string): Promise<DBInstance> {
  const { DBInstances: [instance] = [] } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
  if (instance === undefined) throw new ResourceGone(`no instance ${identifier}`);
  return instance;
}
