import type { RdsInstance } from "../../optimizer/core/levers/rds/instance.ts";
import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import type { Signal } from "./courses.ts";
import { primary, tagged, type World } from "./world.ts";

/** MySQL in Multi-AZ without a replica, whose backups are kept for a month. */
export function anRdsInstance(overrides: Partial<RdsInstance> & { readonly name?: string; readonly region?: string } = {}): RdsInstance {
  const { name = "mysql", region = primary, ...rest } = overrides;
  return {
    kind: "rds-instance",
    ref: { kind: "rds-instance", region, id: name },
    arn: `arn:aws:rds:${region}:123456789012:db:${name}`,
    tags: tagged({}),
    engine: "mysql",
    engineVersion: "8.0.40",
    status: "available",
    instanceClass: "db.m6g.2xlarge",
    sizesBefore: { kind: "seen", value: [] },
    multiAz: true,
    performanceInsights: false,
    replicaOf: null,
    replicas: [],
    backupRetentionDays: 30,
    awsBackup: null,
    waiting: [],
    waitingForRestart: [],
    memoryParameters: { kind: "seen", value: [] },
    orderableClasses: { kind: "seen", value: ["m6g.large", "m6g.xlarge", "m6g.2xlarge", "t3.small", "t3.medium", "t3.large"].map((name) => `db.${name}`) },
    maintenance: { kind: "seen", value: [] },
    blueGreenDeployments: { kind: "seen", value: [] },
    proxies: { kind: "seen", value: [] },
    ...rest,
  };
}

/** What an instance publishes, steady: percent CPU, free GiB, Gbit/s, MB/s and operations at the volume in each direction. */
export function instanceSees(
  world: World,
  { ref: { id, region } }: Pick<RdsInstance, "ref">,
  load: {
    readonly cpu?: number | Signal;
    readonly freeGib?: number | Signal;
    readonly connections?: number | Signal;
    readonly gbps?: number | Signal;
    readonly megabytesPerSecond?: number | Signal;
    readonly iops?: number | Signal;
  } = {},
): World {
  const { cpu = 5, freeGib = 28, connections = 60, gbps = 0.05, megabytesPerSecond = 2, iops = 100 } = load;
  const times = (signal: number | Signal, factor: number): Signal =>
    typeof signal === "number" ? () => signal * factor : (hour, statistic) => signal(hour, statistic) * factor;
  return world
    .sees(metrics.rdsCpu, id, cpu, region)
    .sees(metrics.rdsFreeableMemory, id, times(freeGib, 1024 ** 3), region)
    .sees(metrics.rdsConnections, id, connections, region)
    .sees(metrics.rdsBytesIn, id, times(gbps, 1e9 / 16), region)
    .sees(metrics.rdsBytesOut, id, times(gbps, 1e9 / 8), region)
    .sees(metrics.rdsReadThroughput, id, times(megabytesPerSecond, 1e6), region)
    .sees(metrics.rdsWriteThroughput, id, times(megabytesPerSecond, 1e6), region)
    .sees(metrics.rdsReadIops, id, iops, region)
    .sees(metrics.rdsWriteIops, id, iops, region);
}
