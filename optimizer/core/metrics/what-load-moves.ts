import { oncePer } from "../model/once.ts";
import type { SeriesKey } from "../model/observation.ts";
import { type Metric, metricOf, metrics } from "./catalogue.ts";

/**
 * What a metric has to do with how much is asked of a resource. `tells`: more of it is more load. `hangs-on`: what it would have been in an hour of
 * more load than any other cannot be told from those. `both`: both. `neither`: counts that say nothing where they have no point, and what is no load.
 */
type Bearing = "tells" | "hangs-on" | "both" | "neither";

/** Asked of every metric by the compiler. */
const bearings: Readonly<Record<keyof typeof metrics, Bearing>> = {
  ec2Cpu: "both",
  ec2NetworkIn: "both",
  ec2NetworkOut: "both",
  // Idle volumes and instance stores report none, so that a gap is no lack of data.
  ec2EbsReadBytes: "tells",
  ec2EbsWriteBytes: "tells",
  agentMemory: "both",
  groupInService: "tells",
  dynamoReads: "both",
  dynamoWrites: "both",
  dynamoReadThrottles: "neither",
  dynamoReadCapThrottles: "neither",
  dynamoWriteThrottles: "neither",
  dynamoProvisionedReads: "neither",
  dynamoProvisionedWrites: "neither",
  dynamoIndexProgress: "neither",
  dynamoCalls: "neither",
  dynamoStreamRecords: "neither",
  dynamoReplication: "neither",
  rdsCpu: "both",
  rdsConnections: "both",
  rdsHitRatio: "hangs-on",
  rdsReadIops: "both",
  rdsWriteIops: "tells",
  rdsFreeableMemory: "hangs-on",
  rdsReadThroughput: "both",
  rdsWriteThroughput: "both",
  rdsBytesIn: "both",
  rdsBytesOut: "both",
  rdsFreeLocalStorage: "hangs-on",
  auroraServerlessCapacity: "both",
  auroraAcuUtilization: "both",
  auroraCommits: "tells",
  // A writer reports none.
  auroraReplicaLag: "neither",
  auroraVolumeBytes: "neither",
  redisEngineCpu: "both",
  redisMemory: "both",
  redisUsedBytes: "both",
  redisFragmentation: "hangs-on",
  redisEvictions: "hangs-on",
  redisConnections: "both",
  redisGets: "both",
  redisSets: "both",
  redisBytesIn: "both",
  redisBytesOut: "both",
  s3Objects: "neither",
  s3StoredBytes: "neither",
  s3Requests: "neither",
  s3DownloadedBytes: "neither",
  s3Gets: "neither",
  lambdaInvocations: "both",
  lambdaErrors: "neither",
  lambdaThrottles: "hangs-on",
  lambdaConcurrency: "both",
  lambdaDuration: "hangs-on",
  lambdaIteratorAge: "neither",
  lambdaUnreserved: "neither",
  // Of each call by itself, and of those alone that were made since the extension was there.
  insightsUsedMemory: "neither",
  insightsTotalMemory: "neither",
  insightsCpuTime: "neither",
  ecsCpu: "both",
  ecsMemory: "both",
  insightsRunningTasks: "tells",
  balancerRequests: "tells",
  balancerTarget5xx: "neither",
  balancerElb5xx: "neither",
  balancerResponseTime: "neither",
  balancerHealthyHosts: "neither",
};

const byName = new Map<string, Bearing>(Object.entries(bearings));
const byMetric = new Map<Metric | undefined, Bearing | undefined>(Object.entries<Metric>(metrics).map(([name, metric]) => [metric, byName.get(name)]));

/** Undefined of what is no metric of ours. */
const bearingOf = oncePer((key: SeriesKey): Bearing | undefined => byMetric.get(metricOf(key)));

/** Whether more of it is more load. */
export function tellsLoad(key: SeriesKey): boolean {
  const bearing = bearingOf(key);
  return bearing === "tells" || bearing === "both";
}

/** Whether what it would have been under more load cannot be told from hours of less. */
export function hangsOnLoad(key: SeriesKey): boolean {
  const bearing = bearingOf(key);
  return bearing === "hangs-on" || bearing === "both";
}
