import { placeholderApplication } from "../../constructs/compute/fleet-application.ts";
import type { FleetSettings } from "../../constructs/compute/fleet.ts";
import type { MysqlSettings } from "../../constructs/data/mysql-settings.ts";
import type { TableDefinition } from "../../constructs/data/table-definition.ts";
import type { AlarmSettings, Blueprint, BlueprintScope, StackRole } from "./blueprint.ts";

type FleetSize = Pick<FleetSettings, "instanceType" | "minSize" | "desiredCapacity" | "maxSize">;
type DatabaseSize = Pick<MysqlSettings, "instanceClass" | "storageGib" | "maxStorageGib" | "backupRetentionDays">;

/** What differs between environments. */
interface WebSize {
  readonly fleet: FleetSize;
  readonly database: DatabaseSize;
  /** With one host, one that is unhealthy is all of them. */
  readonly unhealthyHosts: Extract<AlarmSettings["edge"], { kind: "counts" }>["unhealthyHosts"];
  readonly logRetentionDays: number;
}

const staging: WebSize = {
  fleet: { instanceType: "t3.micro", minSize: 1, desiredCapacity: 1, maxSize: 3 },
  database: { instanceClass: "db.t3.micro", storageGib: 20, maxStorageGib: 50, backupRetentionDays: 1 },
  unhealthyHosts: { beyond: "at-or-above", threshold: 1 },
  logRetentionDays: 30,
};

const production: WebSize = {
  fleet: { instanceType: "t3.medium", minSize: 1, desiredCapacity: 2, maxSize: 6 },
  database: { instanceClass: "db.t3.small", storageGib: 50, maxStorageGib: 200, backupRetentionDays: 7 },
  unhealthyHosts: { beyond: "above", threshold: 1 },
  logRetentionDays: 90,
};

const finance: WebSize = {
  ...production,
  fleet: { ...production.fleet, minSize: 2, desiredCapacity: 3 },
  database: { ...production.database, instanceClass: "db.t3.medium", storageGib: 100, maxStorageGib: 500 },
};

function sizeOf({ environment, preset }: BlueprintScope): WebSize {
  if (environment === "staging") return staging;
  return preset === "finance" ? finance : production;
}

const tables: readonly TableDefinition[] = [
  {
    key: "sessions",
    scope: "global",
    tableType: "sessions",
    dataClassification: "restricted",
    primaryKey: { hash: { name: "id" } },
    indexes: [],
    stream: true,
    billing: { mode: "PAY_PER_REQUEST" },
  },
];

function database(role: StackRole, { database: size, logRetentionDays }: WebSize): MysqlSettings {
  return {
    ...size,
    engineVersion: "8.0",
    majorUpgrade: false,
    databaseName: "app",
    masterUsername: "tapadmin",
    multiAz: role === "primary",
    monitoringIntervalSeconds: 60,
    logRetentionDays,
  };
}

/** A web application with a relational database, in two regions: small, and easy to remove where it is not production. */
export const web: Blueprint = {
  regions: ["us-east-1", "us-west-2"],
  presets: ["finance"],
  networks: ["managed", "default"],
  peering: "stacks",
  components: (scope) => {
    const size = sizeOf(scope);
    const { logRetentionDays } = size;
    return {
      network: { zones: ["a", "b", "c"], flowLogGroup: `/aws/vpc/flowlogs/${scope.suffix}`, flowLogRetentionDays: logRetentionDays },
      loadBalancer: {
        idleTimeoutSeconds: 60,
        deregistrationDelaySeconds: 60,
        targetGroups: [{ key: "web", port: 8080, healthPath: "/health", pathPattern: "/*" }],
        publicHealthPath: "/health",
      },
      webAcl: { requestsPerAddress: 2_000, logRetentionDays },
      accessLogRetentionDays: logRetentionDays,
      compute: { ...size.fleet, rootVolumeGib: 20, scaling: { cpuPercent: 60, requestsPerTarget: 1_000 }, application: placeholderApplication },
      service: null,
      tables,
      aurora: null,
      serverless: null,
      redis: null,
      rds: database(scope.role, size),
      dataBucket: { noncurrentRetentionDays: logRetentionDays },
      functions: [],
      applicationLogGroup: `/aws/app/${scope.suffix}`,
      applicationLogRetentionDays: logRetentionDays,
      alarms: { edge: { kind: "counts", serverErrors: 10, unhealthyHosts: size.unhealthyHosts }, fleet: false, tables: false },
    };
  },
};
