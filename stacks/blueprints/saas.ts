import { placeholderApplication } from "../../constructs/compute/fleet-application.ts";
import type { FleetSettings } from "../../constructs/compute/fleet.ts";
import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import type { RedisSettings } from "../../constructs/data/redis.ts";
import type { IndexDefinition, TableDefinition } from "../../constructs/data/table-definition.ts";
import { auroraInstanceIdentifier } from "../../contract/resource-names.ts";
import type { Blueprint, BlueprintScope, EnvironmentKind, StackComponents, StackRole } from "./blueprint.ts";

const rowKey = { hash: { name: "pk" }, range: { name: "sk" } };
const onDemand = { stream: true, billing: { mode: "PAY_PER_REQUEST" } } as const;

/** By `hash`, in the order of `range`, the table's own sort key unless another is named. */
function index(name: string, hash: string, range = "sk"): IndexDefinition {
  return { name, key: { hash: { name: hash }, range: { name: range } } };
}

const tables: readonly TableDefinition[] = [
  {
    key: "tenants",
    scope: "global",
    tableType: "tenants",
    dataClassification: "confidential",
    primaryKey: rowKey,
    indexes: [index("by-plan", "plan"), { name: "by-domain", key: { hash: { name: "domain" } } }, index("by-status", "status"), index("by-owner", "owner")],
    ...onDemand,
  },
  {
    key: "users",
    scope: "global",
    tableType: "users",
    dataClassification: "restricted",
    primaryKey: rowKey,
    indexes: [
      { name: "by-email", key: { hash: { name: "email" } } },
      index("by-tenant", "tenant"),
      index("by-role", "role"),
      index("by-last-seen", "tenant", "lastSeen"),
    ],
    ...onDemand,
  },
  {
    key: "audit-logs",
    scope: "regional",
    tableType: "audit-log",
    dataClassification: "restricted",
    primaryKey: rowKey,
    indexes: [index("by-actor", "actor"), index("by-tenant", "tenant"), index("by-resource", "resource"), index("by-day", "day")],
    ...onDemand,
  },
];

interface Sizes {
  readonly fleet: Omit<FleetSettings, "application">;
  /** The primary has its writer among them. */
  readonly auroraInstances: Readonly<Record<StackRole, number>>;
  readonly auroraClass: string;
  readonly redis: Pick<RedisSettings, "nodeType" | "shards" | "replicasPerShard">;
  readonly logRetentionDays: number;
}

/** Staging has the shape of production with as little as shows it: several machines, shards, replicas and readers. */
const sizes: Readonly<Record<EnvironmentKind, Sizes>> = {
  production: {
    fleet: {
      instanceType: "m5.4xlarge",
      minSize: 12,
      desiredCapacity: 15,
      maxSize: 25,
      rootVolumeGib: 100,
      scaling: { cpuPercent: 60, requestsPerTarget: 12_000 },
    },
    auroraInstances: { primary: 3, secondary: 2 },
    auroraClass: "db.r6g.4xlarge",
    redis: { nodeType: "cache.r6g.4xlarge", shards: 4, replicasPerShard: 2 },
    logRetentionDays: 90,
  },
  staging: {
    fleet: {
      instanceType: "m5.large",
      minSize: 2,
      desiredCapacity: 2,
      maxSize: 4,
      rootVolumeGib: 30,
      scaling: { cpuPercent: 60, requestsPerTarget: 1500 },
    },
    auroraInstances: { primary: 2, secondary: 1 },
    auroraClass: "db.r6g.large",
    redis: { nodeType: "cache.r6g.large", shards: 2, replicasPerShard: 1 },
    logRetentionDays: 14,
  },
};

function aurora({ role, environment, suffix }: BlueprintScope): AuroraSettings {
  const { auroraInstances, auroraClass, logRetentionDays } = sizes[environment];
  const positions = Array.from({ length: auroraInstances[role] }, (_, index) => index + 1);
  return {
    engineVersion: "8.0.mysql_aurora.3.04.0",
    databaseName: "saas",
    masterUsername: "tapadmin",
    instances: positions.map((position) => ({ position, identifier: auroraInstanceIdentifier(suffix, position), instanceClass: auroraClass })),
    backupRetentionDays: 30,
    monitoringIntervalSeconds: 30,
    databaseInsights: "standard",
    globalWriteForwarding: false,
    logRetentionDays,
  };
}

/** A multi-tenant SaaS; its production is sized for 10,000 tenants, the same in each region, so that either can carry the whole load. */
export const saas: Blueprint = {
  regions: ["us-east-1", "us-west-2"],
  components: (scope) => componentsOf(scope, sizes[scope.environment]),
};

function componentsOf(scope: BlueprintScope, { fleet, redis, logRetentionDays }: Sizes): StackComponents {
  return {
    network: { zones: ["a", "b", "c"], flowLogGroup: `/tap/${scope.suffix}/flow`, flowLogRetentionDays: logRetentionDays },
    loadBalancer: {
      idleTimeoutSeconds: 300,
      deregistrationDelaySeconds: 300,
      targetGroups: [
        { key: "api", port: 8080, healthPath: "/health", pathPattern: "/api/*" },
        { key: "admin", port: 8081, healthPath: "/health", pathPattern: "/admin/*" },
        { key: "metrics", port: 9090, healthPath: "/health", pathPattern: "/metrics/*" },
      ],
    },
    webAcl: { requestsPerAddress: 10_000, logRetentionDays },
    accessLogRetentionDays: 365,
    compute: { ...fleet, application: placeholderApplication },
    service: null,
    tables,
    aurora: aurora(scope),
    serverless: null,
    redis: { engineVersion: "7.1", ...redis, snapshotRetentionDays: 7, logRetentionDays },
    rds: null,
    dataBucket: null,
    functions: [],
    applicationLogGroup: `/tap/${scope.suffix}/app`,
    applicationLogRetentionDays: logRetentionDays,
    alarms: { edge: { kind: "rates" }, fleet: true, tables: true },
  };
}
