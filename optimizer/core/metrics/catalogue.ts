import type { SeriesKey, Statistic, Unit } from "../model/observation.ts";

/** Another metric of the same namespace that shows AWS was reporting; `without` drops dimensions of the witnessed series, `with` sets them. */
export interface Witness {
  readonly metric: string;
  readonly statistic: Statistic;
  readonly without?: readonly string[];
  readonly with?: Readonly<Record<string, string>>;
}

/** A metric the optimizer asks for, and what its absence means. */
export interface Metric {
  readonly namespace: string;
  readonly metric: string;
  readonly unit: Unit;
  /**
   * Polarity. `always`: a point every period while the resource lives, so a gap is missing data. `on-activity`: no point
   * without activity, so a gap is zero, but only in periods where a witness has a point. `now-and-then`: only while something special goes on,
   * so a gap says nothing.
   */
  readonly reported: "always" | "on-activity" | "now-and-then";
  readonly witnesses: readonly Witness[];
  /** Whether it is of something that is never nothing: a zero is no measurement then, and counts as a gap. */
  readonly neverZero?: true;
  /**
   * Whether it moves with whatever runs, to its last digit, so that the same average hour after hour for days is no measurement. Not of what may
   * rightly stand still: connections of a pool, memory of data that nobody writes or that is free, calls that take as long as each other, a capacity at its least, a lag of nothing, calls by the clock.
   */
  readonly neverStill?: true;
  /** What a metric in percent is the utilization of, by which the reports draw it: CPU of a group and of a cluster are rows of one picture. */
  readonly utilizationOf?: Utilized | null;
}

export type Utilized = "CPU" | "memory";

const always = (namespace: string, metric: string, unit: Exclude<Unit, "Percent">): Metric => ({ namespace, metric, unit, reported: "always", witnesses: [] });

const share = (namespace: string, metric: string, utilizationOf: Utilized | null): Metric => ({
  namespace,
  metric,
  unit: "Percent",
  reported: "always",
  witnesses: [],
  utilizationOf,
});

const nowAndThen = (namespace: string, metric: string, unit: Unit): Metric => ({ namespace, metric, unit, reported: "now-and-then", witnesses: [] });

const onActivity = (namespace: string, metric: string, unit: Unit, witnesses: readonly Witness[]): Metric => ({
  namespace,
  metric,
  unit,
  reported: "on-activity",
  witnesses,
});

/**
 * Of what runs: an operating system, a database and its monitoring compute, hold memory and talk without anybody's asking, and ElastiCache keeps
 * connections of its own to each node (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html, CurrConnections).
 */
const neverZero = (metric: Metric): Metric => ({ ...metric, neverZero: true });

const neverStill = (metric: Metric): Metric => ({ ...metric, neverStill: true });

/** A table reports apart from its indexes: TableName alone never counts an index. */
const tableActivity: readonly Witness[] = ["ConsumedWriteCapacityUnits", "ConsumedReadCapacityUnits"].map((metric) => ({
  metric,
  statistic: "Sum",
  without: ["GlobalSecondaryIndexName"],
}));

/** A table reports apart from the reads of its stream, which have dimensions of their own. */
const streamedTableActivity: readonly Witness[] = ["ConsumedWriteCapacityUnits", "ConsumedReadCapacityUnits"].map((metric) => ({
  metric,
  statistic: "Sum",
  without: ["Operation", "StreamLabel"],
}));

/** A bucket reports its objects every day, and the bytes of a storage type only where there are any. */
const bucketReports: readonly Witness[] = [{ metric: "NumberOfObjects", statistic: "Average", with: { StorageType: "AllStorageTypes" } }];

const bucketRequests: readonly Witness[] = [{ metric: "AllRequests", statistic: "Sum" }];

const balancerRequests: readonly Witness[] = [{ metric: "RequestCount", statistic: "Sum" }];

/** Lambda reports a function, and all of the region together, while calls come. */
const regionsCalls: readonly Witness[] = [{ metric: "Invocations", statistic: "Sum", without: ["FunctionName"] }];

/**
 * Every metric asked of CloudWatch, with its polarity. Sources: the metric pages of the DynamoDB, EC2, Auto Scaling, Aurora,
 * ElastiCache, Lambda, Lambda Insights, Elastic Container Service and Elastic Load Balancing guides ("Reporting criteria"); research/optimizer.md §3.3 and §3.6.
 */
export const metrics = {
  ec2Cpu: neverStill(neverZero(share("AWS/EC2", "CPUUtilization", "CPU"))),
  ec2NetworkIn: neverStill(neverZero(always("AWS/EC2", "NetworkIn", "Bytes"))),
  ec2NetworkOut: neverStill(neverZero(always("AWS/EC2", "NetworkOut", "Bytes"))),
  ec2EbsReadBytes: always("AWS/EC2", "EBSReadBytes", "Bytes"),
  ec2EbsWriteBytes: always("AWS/EC2", "EBSWriteBytes", "Bytes"),
  agentMemory: neverStill(neverZero(share("CWAgent", "mem_used_percent", "memory"))),
  groupInService: always("AWS/AutoScaling", "GroupInServiceInstances", "None"),
  dynamoReads: onActivity("AWS/DynamoDB", "ConsumedReadCapacityUnits", "Count", tableActivity),
  dynamoWrites: onActivity("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Count", tableActivity),
  dynamoReadThrottles: onActivity("AWS/DynamoDB", "ReadThrottleEvents", "Count", tableActivity),
  dynamoReadCapThrottles: onActivity("AWS/DynamoDB", "ReadMaxOnDemandThroughputThrottleEvents", "Count", tableActivity),
  dynamoWriteThrottles: onActivity("AWS/DynamoDB", "WriteThrottleEvents", "Count", tableActivity),
  /** Units a second a provisioned table or index is paid for. */
  dynamoProvisionedReads: nowAndThen("AWS/DynamoDB", "ProvisionedReadCapacityUnits", "Count"),
  dynamoProvisionedWrites: nowAndThen("AWS/DynamoDB", "ProvisionedWriteCapacityUnits", "Count"),
  /** Reported while an index is being made, and never again. */
  dynamoIndexProgress: nowAndThen("AWS/DynamoDB", "OnlineIndexPercentageProgress", "Count"),
  /** Of each operation on a table: how often clients called it. Of GetRecords: how often a stream was asked, whether it had anything or not; the other one, only when it had. */
  dynamoCalls: onActivity("AWS/DynamoDB", "SuccessfulRequestLatency", "Milliseconds", streamedTableActivity),
  dynamoStreamRecords: onActivity("AWS/DynamoDB", "ReturnedRecordsCount", "Count", streamedTableActivity),
  /** Of what was written in the region itself, by the region that it went on to. */
  dynamoReplication: nowAndThen("AWS/DynamoDB", "ReplicationLatency", "Milliseconds"),
  rdsCpu: neverStill(neverZero(share("AWS/RDS", "CPUUtilization", "CPU"))),
  rdsConnections: always("AWS/RDS", "DatabaseConnections", "Count"),
  rdsHitRatio: share("AWS/RDS", "BufferCacheHitRatio", null),
  rdsReadIops: neverStill(always("AWS/RDS", "ReadIOPS", "Count/Second")),
  rdsWriteIops: neverStill(always("AWS/RDS", "WriteIOPS", "Count/Second")),
  rdsFreeableMemory: always("AWS/RDS", "FreeableMemory", "Bytes"),
  rdsReadThroughput: neverStill(always("AWS/RDS", "ReadThroughput", "Bytes/Second")),
  rdsWriteThroughput: neverStill(always("AWS/RDS", "WriteThroughput", "Bytes/Second")),
  rdsBytesIn: neverStill(always("AWS/RDS", "NetworkReceiveThroughput", "Bytes/Second")),
  rdsBytesOut: neverStill(always("AWS/RDS", "NetworkTransmitThroughput", "Bytes/Second")),
  rdsFreeLocalStorage: always("AWS/RDS", "FreeLocalStorage", "Bytes"),
  /** Of instances of the class db.serverless: their capacity units, and the same as a share of the cluster's maximum. */
  auroraServerlessCapacity: always("AWS/RDS", "ServerlessDatabaseCapacity", "Count"),
  auroraAcuUtilization: share("AWS/RDS", "ACUUtilization", null),
  /** Transactions that one member committed. Whether AWS counts those that only read is not documented. */
  auroraCommits: always("AWS/RDS", "CommitThroughput", "Count/Second"),
  auroraReplicaLag: always("AWS/RDS", "AuroraReplicaLag", "Milliseconds"),
  // A volume without any data has pages of its own: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.StorageReliability.html
  auroraVolumeBytes: neverZero(always("AWS/RDS", "VolumeBytesUsed", "Bytes")),
  redisEngineCpu: neverStill(neverZero(share("AWS/ElastiCache", "EngineCPUUtilization", "CPU"))),
  redisMemory: neverZero(share("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "memory")),
  redisUsedBytes: neverZero(always("AWS/ElastiCache", "BytesUsedForCache", "Bytes")),
  redisFragmentation: always("AWS/ElastiCache", "MemoryFragmentationRatio", "None"),
  redisEvictions: always("AWS/ElastiCache", "Evictions", "Count"),
  redisConnections: neverZero(always("AWS/ElastiCache", "CurrConnections", "Count")),
  redisGets: always("AWS/ElastiCache", "GetTypeCmds", "Count"),
  redisSets: always("AWS/ElastiCache", "SetTypeCmds", "Count"),
  redisBytesIn: neverStill(always("AWS/ElastiCache", "NetworkBytesIn", "Bytes")),
  redisBytesOut: neverStill(always("AWS/ElastiCache", "NetworkBytesOut", "Bytes")),
  s3Objects: always("AWS/S3", "NumberOfObjects", "Count"),
  s3StoredBytes: onActivity("AWS/S3", "BucketSizeBytes", "Bytes", bucketReports),
  s3Requests: nowAndThen("AWS/S3", "AllRequests", "Count"),
  s3DownloadedBytes: onActivity("AWS/S3", "BytesDownloaded", "Bytes", bucketRequests),
  s3Gets: onActivity("AWS/S3", "GetRequests", "Count", bucketRequests),
  lambdaInvocations: onActivity("AWS/Lambda", "Invocations", "Count", regionsCalls),
  lambdaErrors: onActivity("AWS/Lambda", "Errors", "Count", regionsCalls),
  lambdaThrottles: onActivity("AWS/Lambda", "Throttles", "Count", regionsCalls),
  lambdaConcurrency: onActivity("AWS/Lambda", "ConcurrentExecutions", "Count", regionsCalls),
  lambdaDuration: onActivity("AWS/Lambda", "Duration", "Milliseconds", regionsCalls),
  /** How old the last record of a batch from a stream was when it was read. */
  lambdaIteratorAge: onActivity("AWS/Lambda", "IteratorAge", "Milliseconds", regionsCalls),
  /** Of all functions together that have no reservation, without dimensions. */
  lambdaUnreserved: nowAndThen("AWS/Lambda", "UnreservedConcurrentExecutions", "Count"),
  /** Lambda Insights: for each call, of functions that have its extension only. */
  insightsUsedMemory: nowAndThen("LambdaInsights", "used_memory_max", "Megabytes"),
  insightsTotalMemory: nowAndThen("LambdaInsights", "total_memory", "Megabytes"),
  insightsCpuTime: nowAndThen("LambdaInsights", "cpu_total_time", "Milliseconds"),
  /** Of a service as a whole: what its tasks use, of what its task definition gives them. */
  ecsCpu: neverStill(share("AWS/ECS", "CPUUtilization", "CPU")),
  ecsMemory: neverZero(share("AWS/ECS", "MemoryUtilization", "memory")),
  /** Of clusters with Container Insights only. */
  insightsRunningTasks: always("ECS/ContainerInsights", "RunningTaskCount", "Count"),
  balancerRequests: always("AWS/ApplicationELB", "RequestCount", "Count"),
  balancerTarget5xx: onActivity("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Count", balancerRequests),
  balancerElb5xx: onActivity("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Count", balancerRequests),
  balancerResponseTime: always("AWS/ApplicationELB", "TargetResponseTime", "Seconds"),
  balancerHealthyHosts: always("AWS/ApplicationELB", "HealthyHostCount", "Count"),
} as const satisfies Readonly<Record<string, Metric>>;

/** What CloudWatch is asked for: one statistic of one metric of one resource. */
export function seriesKey(
  metric: Metric,
  region: string,
  dimensions: Readonly<Record<string, string>>,
  statistic: Statistic,
  periodSeconds: number,
): SeriesKey {
  return { region, namespace: metric.namespace, metric: metric.metric, dimensions, statistic, periodSeconds };
}

const metricsByName = new Map<string, Map<string, Metric>>();
for (const metric of Object.values<Metric>(metrics)) {
  const ofNamespace = metricsByName.get(metric.namespace) ?? new Map<string, Metric>();
  metricsByName.set(metric.namespace, ofNamespace.set(metric.metric, metric));
}

/** The catalogue's entry of a series; undefined for one that is not in it. */
export function metricOf(key: SeriesKey): Metric | undefined {
  return metricsByName.get(key.namespace)?.get(key.metric);
}

/** CloudWatch's unit of a series, which GetMetricData does not tell; `None` for one that is not in the catalogue. */
export function unitOf(key: SeriesKey): Unit {
  return metricOf(key)?.unit ?? "None";
}
