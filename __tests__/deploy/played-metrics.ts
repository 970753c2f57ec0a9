import { CloudWatchClient, type Dimension, type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { DeployedStack } from "./deployed-stack.ts";
import type { LocalAws } from "./local-aws.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** PutMetricData takes a thousand at a time. */
const batchSize = 1000;

interface Played {
  readonly namespace: string;
  readonly datum: MetricDatum;
}

/** Traffic of a region; the region with less goes first, as the canary. */
const requestsPerMinute: Readonly<Record<string, number>> = { "us-east-1": 600, "us-west-2": 400 };

/**
 * Plays AWS: tells CloudWatch what services would have measured of the deployed stacks. Everything is far too large for its load;
 * the index `by-domain` of the table `tenants` is read by nobody, all others are.
 */
export class PlayedMetrics {
  /** Share of requests that fail from now on, by region. */
  readonly errorShare = new Map<string, number>();
  private readonly aws: LocalAws;
  private readonly stacks: readonly DeployedStack[];
  private readonly clients: ReadonlyMap<string, CloudWatchClient>;

  constructor(aws: LocalAws, stacks: readonly DeployedStack[]) {
    this.aws = aws;
    this.stacks = stacks;
    this.clients = new Map(stacks.map(({ region }) => [region, cloudWatch(aws.url, region)]));
  }

  /** The past, ending now: balancers by the quarter of an hour, all else by the hour. */
  async past(days: number): Promise<void> {
    const nowMs = await this.aws.nowMs();
    const startMs = Math.floor(nowMs / hourMs) * hourMs - days * 24 * hourMs;
    for (const stack of this.stacks) {
      const hours = times(startMs, nowMs, hourMs).flatMap((ms) => resourceSamples(stack, ms, 60));
      const quarters = times(startMs, nowMs, 15 * minuteMs).flatMap((ms) => this.balancerSamples(stack, ms, 15));
      await this.put(stack.region, [...hours, ...quarters]);
    }
  }

  /** Lets time go by, with its metrics. */
  async pass(minutes: number): Promise<void> {
    const nowMs = await this.aws.nowMs();
    for (const stack of this.stacks) {
      const samples = times(nowMs, nowMs + minutes * minuteMs, minuteMs).flatMap((ms) => [
        ...this.balancerSamples(stack, ms, 1),
        ...resourceSamples(stack, ms, 1),
      ]);
      await this.put(stack.region, samples);
    }
    await this.aws.advance(minutes * 60);
  }

  private balancerSamples({ region, loadBalancer, targetGroups }: DeployedStack, ms: number, minutes: number): readonly Played[] {
    const requests = Math.round((requestsPerMinute[region] ?? 500) * minutes);
    const slow = Math.round(requests * 0.02);
    const failed = Math.round(requests * (this.errorShare.get(region) ?? 0));
    const own = { LoadBalancer: loadBalancer };
    return [
      counted("AWS/ApplicationELB", "RequestCount", own, ms, requests),
      { namespace: "AWS/ApplicationELB", datum: { ...named("TargetResponseTime", own, ms), Values: [0.04, 0.2], Counts: [requests - slow, slow] } },
      ...(failed === 0 ? [] : [counted("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", own, ms, failed)]),
      ...targetGroups.map((group) => gauge("AWS/ApplicationELB", "HealthyHostCount", { ...own, TargetGroup: group }, ms, 15)),
    ];
  }

  private async put(region: string, samples: readonly Played[]): Promise<void> {
    const client = this.clients.get(region);
    for (const namespace of new Set(samples.map((sample) => sample.namespace))) {
      const data = samples.filter((sample) => sample.namespace === namespace).map(({ datum }) => datum);
      for (let start = 0; start < data.length; start += batchSize) {
        await client?.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data.slice(start, start + batchSize) }));
      }
    }
  }
}

function cloudWatch(endpoint: string, region: string): CloudWatchClient {
  return new CloudWatchClient({ region, endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
}

function resourceSamples({ group, auroraCluster, auroraMembers, tables }: DeployedStack, ms: number, minutes: number): readonly Played[] {
  const fleet = { AutoScalingGroupName: group };
  return [
    spread("AWS/EC2", "CPUUtilization", fleet, ms, 12, 15),
    spread("AWS/EC2", "NetworkIn", fleet, ms, 4e7, 5e7),
    spread("AWS/EC2", "NetworkOut", fleet, ms, 5e7, 6e7),
    spread("CWAgent", "mem_used_percent", fleet, ms, 16, 18),
    gauge("AWS/AutoScaling", "GroupInServiceInstances", fleet, ms, 15),
    ...auroraMembers.flatMap((member) => [
      spread("AWS/RDS", "CPUUtilization", { DBInstanceIdentifier: member }, ms, 6, 8),
      spread("AWS/RDS", "DatabaseConnections", { DBInstanceIdentifier: member }, ms, 60, 80),
      gauge("AWS/RDS", "BufferCacheHitRatio", { DBInstanceIdentifier: member }, ms, 100),
      gauge("AWS/RDS", "ReadIOPS", { DBInstanceIdentifier: member }, ms, moved(2, ms)),
    ]),
    gauge("AWS/RDS", "VolumeBytesUsed", { DBClusterIdentifier: auroraCluster }, ms, 10 * 1024 ** 3),
    ...Object.values(tables).flatMap((table) => [
      counted("AWS/DynamoDB", "ConsumedReadCapacityUnits", { TableName: table }, ms, 100 * minutes),
      counted("AWS/DynamoDB", "ConsumedWriteCapacityUnits", { TableName: table }, ms, 40 * minutes),
    ]),
    // Somebody follows the audit log's stream.
    ...[tables["audit-logs"] ?? []]
      .flat()
      .map((table) => gauge("AWS/DynamoDB", "SuccessfulRequestLatency", { TableName: table, Operation: "GetRecords" }, ms, 8)),
    // Keeping an index costs writes, whether anybody reads it or not.
    ...[tables["tenants"] ?? []]
      .flat()
      .map((table) => counted("AWS/DynamoDB", "ConsumedWriteCapacityUnits", { TableName: table, GlobalSecondaryIndexName: "by-domain" }, ms, 4 * minutes)),
    ...readIndexes(tables).map(({ table, index }) =>
      counted("AWS/DynamoDB", "ConsumedReadCapacityUnits", { TableName: table, GlobalSecondaryIndexName: index }, ms, 10 * minutes),
    ),
  ];
}

function readIndexes(tables: Readonly<Record<string, string>>): readonly { readonly table: string; readonly index: string }[] {
  const used = {
    tenants: ["by-plan", "by-status", "by-owner"],
    users: ["by-email", "by-tenant", "by-role", "by-last-seen"],
    "audit-logs": ["by-actor", "by-tenant", "by-resource", "by-day"],
  };
  return Object.entries(used).flatMap(([key, indexes]) => {
    const table = tables[key];
    return table === undefined ? [] : indexes.map((index) => ({ table, index }));
  });
}

function named(metric: string, dimensions: Readonly<Record<string, string>>, ms: number): MetricDatum {
  const list = Object.entries(dimensions).map(([Name, Value]): Dimension => ({ Name, Value }));
  return { MetricName: metric, Dimensions: list, Timestamp: new Date(ms) };
}

/** A total of single units, as services count requests and capacity. */
function counted(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, ms: number, total: number): Played {
  return { namespace, datum: { ...named(metric, dimensions, ms), Values: [1], Counts: [total] } };
}

function gauge(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, ms: number, value: number): Played {
  return { namespace, datum: { ...named(metric, dimensions, ms), Value: value } };
}

/** Nothing that runs is measured the same to the last digit hour after hour: what is would be taken for an old figure. */
function moved(value: number, ms: number): number {
  return value * (1 + 0.01 * Math.sin(ms / hourMs));
}

/** Sixty samples around a mean. */
function spread(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, ms: number, usual: number, maximum: number): Played {
  const mean = moved(usual, ms);
  const set = { SampleCount: 60, Sum: 60 * mean, Minimum: Math.max(0, 2 * mean - maximum), Maximum: maximum };
  return { namespace, datum: { ...named(metric, dimensions, ms), StatisticValues: set } };
}

function times(startMs: number, endMs: number, stepMs: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.ceil((endMs - startMs) / stepMs)) }, (_, index) => startMs + index * stepMs);
}
