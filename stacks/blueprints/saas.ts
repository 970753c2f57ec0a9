import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import type { IndexDefinition, TableDefinition } from "../../constructs/data/table-definition.ts";
import { auroraInstanceIdentifier } from "../../contract/resource-names.ts";
import type { Blueprint, StackRole } from "./blueprint.ts";

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
    primaryKey: rowKey,
    indexes: [index("by-plan", "plan"), { name: "by-domain", key: { hash: { name: "domain" } } }, index("by-status", "status"), index("by-owner", "owner")],
    ...onDemand,
  },
  {
    key: "users",
    scope: "global",
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
    primaryKey: rowKey,
    indexes: [index("by-actor", "actor"), index("by-tenant", "tenant"), index("by-resource", "resource"), index("by-day", "day")],
    ...onDemand,
  },
];

/** Writer and two readers in the primary, two readers in a secondary. */
const auroraInstances: Readonly<Record<StackRole, number>> = { primary: 3, secondary: 2 };

function aurora(role: StackRole, suffix: string): AuroraSettings {
  const positions = Array.from({ length: auroraInstances[role] }, (_, index) => index + 1);
  return {
    engineVersion: "8.0.mysql_aurora.3.04.0",
    databaseName: "saas",
    masterUsername: "tapadmin",
    instances: positions.map((position) => ({ position, identifier: auroraInstanceIdentifier(suffix, position), instanceClass: "db.r6g.4xlarge" })),
    backupRetentionDays: 30,
    monitoringIntervalSeconds: 30,
    databaseInsights: "standard",
    logRetentionDays: 90,
  };
}

/** A multi-tenant SaaS, sized for 10,000 tenants: the same in each region, so that either can carry the whole load. */
export const saas: Blueprint = {
  regions: ["us-east-1", "us-west-2"],
  components: ({ role, suffix }) => ({
    network: { zones: ["a", "b", "c"], flowLogRetentionDays: 90 },
    loadBalancer: {
      idleTimeoutSeconds: 300,
      deregistrationDelaySeconds: 300,
      targetGroups: [
        { key: "api", port: 8080, healthPath: "/health", pathPattern: "/api/*" },
        { key: "admin", port: 8081, healthPath: "/health", pathPattern: "/admin/*" },
        { key: "metrics", port: 9090, healthPath: "/health", pathPattern: "/metrics/*" },
      ],
    },
    webAcl: { requestsPerAddress: 10_000, logRetentionDays: 90 },
    accessLogRetentionDays: 365,
    compute: {
      instanceType: "m5.4xlarge",
      minSize: 12,
      desiredCapacity: 15,
      maxSize: 25,
      rootVolumeGib: 100,
      scaling: { cpuPercent: 60, requestsPerTarget: 12_000 },
    },
    service: null,
    tables,
    aurora: aurora(role, suffix),
    serverless: null,
    redis: { engineVersion: "7.1", nodeType: "cache.r6g.4xlarge", shards: 4, replicasPerShard: 2, snapshotRetentionDays: 7, logRetentionDays: 90 },
    rds: null,
    dataBucket: null,
    functions: [],
    applicationLogRetentionDays: 90,
    alarms: { edge: { kind: "rates" }, fleet: true, tables: true },
  }),
};
