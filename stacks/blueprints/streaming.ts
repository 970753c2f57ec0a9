import { firstPage, type ServiceSettings } from "../../constructs/compute/service-settings.ts";
import type { RedisSettings } from "../../constructs/data/redis.ts";
import type { ServerlessClusterSettings } from "../../constructs/data/serverless-settings.ts";
import type { TableBilling } from "../../constructs/data/table-definition.ts";
import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
import { changesPrefix } from "../../constructs/functions/function-prefixes.ts";
import { auroraInstanceIdentifier } from "../../contract/resource-names.ts";
import type { Blueprint, EnvironmentKind } from "./blueprint.ts";

/** What differs between environments: sizes only, so that staging shows what production will do. */
interface Sizes {
  readonly service: Pick<ServiceSettings, "cpu" | "memoryMib" | "minCount" | "desiredCount" | "maxCount">;
  readonly database: Pick<ServerlessClusterSettings, "minAcu" | "maxAcu" | "backupRetentionDays"> & { readonly members: number };
  /**
   * Nodes, in one shard: a primary and replicas in the other zones, since that is the only layout in which five nodes stand in
   * several zones (a shard is in several by its replicas, and all shards have as many). Cluster mode is on all the same: shards can
   * then be added, and taken away again, while the cache is in use, and AWS offers neither without it.
   * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Redis-RedisCluster.html
   */
  readonly cache: Pick<RedisSettings, "nodeType" | "replicasPerShard" | "snapshotRetentionDays">;
  readonly table: TableBilling;
  readonly functions: Pick<FunctionDefinition, "memoryMib" | "timeoutSeconds">;
  readonly logRetentionDays: number;
}

const sizes: Readonly<Record<EnvironmentKind, Sizes>> = {
  production: {
    service: { cpu: 1024, memoryMib: 2048, minCount: 8, desiredCount: 8, maxCount: 24 },
    database: { minAcu: 4, maxAcu: 16, backupRetentionDays: 35, members: 3 },
    cache: { nodeType: "cache.r6g.xlarge", replicasPerShard: 4, snapshotRetentionDays: 7 },
    table: { mode: "PROVISIONED", readCapacity: 500, writeCapacity: 500 },
    functions: { memoryMib: 3008, timeoutSeconds: 900 },
    logRetentionDays: 90,
  },
  staging: {
    service: { cpu: 256, memoryMib: 512, minCount: 2, desiredCount: 2, maxCount: 4 },
    database: { minAcu: 0.5, maxAcu: 2, backupRetentionDays: 1, members: 2 },
    cache: { nodeType: "cache.t4g.small", replicasPerShard: 1, snapshotRetentionDays: 1 },
    table: { mode: "PROVISIONED", readCapacity: 5, writeCapacity: 5 },
    functions: { memoryMib: 512, timeoutSeconds: 60 },
    logRetentionDays: 14,
  },
};

const [port, healthPath] = [8080, "/health"];

function database(suffix: string, { members, ...capacity }: Sizes["database"], logRetentionDays: number): ServerlessClusterSettings {
  const positions = Array.from({ length: members }, (_, index) => index + 1);
  return {
    // A release with long-term support: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Updates.LTS.html
    engineVersion: "17.7",
    majorUpgrade: false,
    databaseName: "streaming",
    masterUsername: "tapadmin",
    instances: positions.map((position) => ({ position, identifier: auroraInstanceIdentifier(suffix, position) })),
    ...capacity,
    monitoringIntervalSeconds: 30,
    performanceInsightsDays: 7,
    logRetentionDays,
  };
}

/** Changes of the table go to the bucket, are counted there, and once a day the whole table follows. */
function functions(size: Sizes["functions"], logRetentionDays: number): readonly FunctionDefinition[] {
  const common = { ...size, logRetentionDays };
  return [
    { key: "ingest", code: "stream-archive", trigger: { kind: "table-streams", batchSize: 1000, windowSeconds: 60 }, ...common },
    { key: "transform", code: "object-summary", trigger: { kind: "bucket-objects", prefix: changesPrefix }, ...common },
    { key: "archive", code: "table-export", trigger: { kind: "schedule", expression: "cron(15 4 * * ? *)" }, ...common },
  ];
}

/**
 * An application that takes in a stream of events: containers, functions and stores of four kinds. Both regions are complete and
 * stand alone: each has its own database, cache, table and bucket, and no data crosses between them.
 */
export const streaming: Blueprint = {
  regions: ["us-east-1", "us-west-2"],
  components: ({ environment, suffix }) => {
    const { service, cache, table, logRetentionDays, ...size } = sizes[environment];
    return {
      network: { zones: ["a", "b", "c"], flowLogGroup: `/tap/${suffix}/flow`, flowLogRetentionDays: logRetentionDays },
      loadBalancer: {
        idleTimeoutSeconds: 60,
        deregistrationDelaySeconds: 60,
        targetGroups: [{ key: "app", port, healthPath, pathPattern: "/*", targetType: "ip" }],
      },
      webAcl: { requestsPerAddress: 10_000, logRetentionDays },
      accessLogRetentionDays: 365,
      compute: null,
      service: { key: "app", targetGroup: "app", ...firstPage(port, healthPath), ...service, cpuPercent: 60, shellAccess: false, logRetentionDays },
      tables: [
        {
          key: "events",
          scope: "regional",
          tableType: "events",
          dataClassification: "confidential",
          primaryKey: { hash: { name: "pk" }, range: { name: "sk" } },
          indexes: [],
          stream: true,
          billing: table,
        },
      ],
      aurora: null,
      serverless: database(suffix, size.database, logRetentionDays),
      redis: { engineVersion: "7.1", shards: 1, ...cache, logRetentionDays },
      rds: null,
      dataBucket: { noncurrentRetentionDays: 30, transition: { storageClass: "INTELLIGENT_TIERING", afterDays: 0 } },
      functions: functions(size.functions, logRetentionDays),
      applicationLogGroup: `/tap/${suffix}/app`,
      applicationLogRetentionDays: logRetentionDays,
      alarms: { edge: { kind: "rates" }, fleet: false, tables: true },
    };
  },
};
