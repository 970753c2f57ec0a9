import type { MetricQuestion } from "../../account/service.ts";
import { sampleSpread } from "../../load/known-capacity.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perMinute, silence, type MetricSeries, type TickSamples } from "../../load/metric-series.ts";
import { clusterField, clusterLoad, memberField, membersAt, type ClusterLoad } from "./cluster-load.ts";
import { clusters } from "./cluster.ts";
import { database } from "./demand.ts";

const bytesPerGib = 1_073_741_824;

interface MemberMetric {
  readonly field: number;
  readonly unit: MetricSeries["unit"];
  readonly factor: number;
  readonly of: "all" | "writer" | "readers";
}

const metrics: Readonly<Record<string, MemberMetric>> = {
  CPUUtilization: { field: memberField.cpu, unit: "Percent", factor: 100, of: "all" },
  DatabaseConnections: { field: memberField.connections, unit: "Count", factor: 1, of: "all" },
  FreeableMemory: { field: memberField.freeableBytes, unit: "Bytes", factor: 1, of: "all" },
  FreeLocalStorage: { field: memberField.freeLocalBytes, unit: "Bytes", factor: 1, of: "all" },
  BufferCacheHitRatio: { field: memberField.hitShare, unit: "Percent", factor: 100, of: "all" },
  ReadIOPS: { field: memberField.readIops, unit: "Count/Second", factor: 1, of: "all" },
  WriteIOPS: { field: memberField.writeIops, unit: "Count/Second", factor: 1, of: "writer" },
  AuroraReplicaLag: { field: memberField.lagMilliseconds, unit: "Milliseconds", factor: 1, of: "readers" },
  ServerlessDatabaseCapacity: { field: memberField.acu, unit: "Count", factor: 1, of: "all" },
  ACUUtilization: { field: memberField.acuShare, unit: "Percent", factor: 100, of: "all" },
  CommitThroughput: { field: memberField.commits, unit: "Count/Second", factor: 1, of: "all" },
  SelectThroughput: { field: memberField.selects, unit: "Count/Second", factor: 1, of: "all" },
};

/** AWS/RDS by DBInstanceIdentifier, by DBClusterIdentifier, and by that and Role: published as long as the member answers. */
export function clusterSeries(model: LoadModel, { region, metric: metricName, dimensions, nowMs }: MetricQuestion): MetricSeries | null {
  if (metricName === "VolumeBytesUsed") return volumeSeries(model, region, dimensions);
  const metric = Object.hasOwn(metrics, metricName) ? metrics[metricName] : undefined;
  if (metric === undefined) return null;
  const instance = dimensions.get("DBInstanceIdentifier");
  if (instance !== undefined && dimensions.size === 1) return ofMember(model, region, instance, metric, nowMs);
  const cluster = dimensions.get("DBClusterIdentifier");
  const load = cluster === undefined ? null : clusterLoad(model, region, cluster);
  const role = dimensions.get("Role");
  if (load === null || dimensions.size !== (role === undefined ? 1 : 2)) return null;
  if (role !== undefined && role !== "WRITER" && role !== "READER") return null;
  return ofRole(load, role, metric);
}

/** The volume belongs to the cluster, whichever members it has. */
function volumeSeries(model: LoadModel, region: string, dimensions: ReadonlyMap<string, string>): MetricSeries | null {
  const load = clusterLoad(model, region, dimensions.get("DBClusterIdentifier") ?? "");
  const volumeGib = database.of(model.scenario, region)?.volumeGib;
  if (load === null || volumeGib === undefined || dimensions.size !== 1) return null;
  return {
    unit: "Bytes",
    shape: "normal",
    percentiles: true,
    ceiling: Infinity,
    // One sample in five minutes, as long as the cluster is there.
    fill: (tick, samples) => (Number.isNaN(load.rows.at(tick, clusterField.failed)) ? silence(samples) : perMinute(samples, 0.2, volumeGib * bytesPerGib, 0)),
  };
}

function ofMember(model: LoadModel, region: string, identifier: string, metric: MemberMetric, nowMs: number): MetricSeries | null {
  const asDeployedMs = Date.parse(model.scenario.start) - 1;
  const isMember = (member: { readonly identifier: string }): boolean => member.identifier === identifier;
  const cluster = model.state
    .of(clusters)
    .in(region)
    .find((candidate) => [nowMs, asDeployedMs].some((atMs) => membersAt(model.state, candidate, atMs)?.some(isMember) === true));
  const load = cluster === undefined ? null : clusterLoad(model, region, cluster.id);
  if (load === null) return null;
  return series(metric, (tick, samples) => {
    const up = load.rows.at(tick, load.memberFieldOf(identifier, memberField.up));
    const asWriter = load.rows.at(tick, load.memberFieldOf(identifier, memberField.upAsWriter));
    if (!isPublished(metric, up, asWriter)) return silence(samples);
    const mean = load.rows.at(tick, load.memberFieldOf(identifier, metric.field)) * metric.factor;
    perMinute(samples, up, mean, mean * spreadOf(metric));
  });
}

/** Samples of all members in a role together. */
function ofRole(load: ClusterLoad, role: "WRITER" | "READER" | undefined, metric: MemberMetric): MetricSeries {
  return series(metric, (tick, samples) => {
    // Computes the tick, so that its members are known.
    load.rows.at(tick, clusterField.failed);
    let members = 0;
    let sum = 0;
    let squares = 0;
    for (const identifier of load.identifiers()) {
      const up = load.rows.at(tick, load.memberFieldOf(identifier, memberField.up));
      const asWriter = load.rows.at(tick, load.memberFieldOf(identifier, memberField.upAsWriter));
      if (!isPublished(metric, up, asWriter)) continue;
      if (role !== undefined && role !== (asWriter > up / 2 ? "WRITER" : "READER")) continue;
      const value = load.rows.at(tick, load.memberFieldOf(identifier, metric.field)) * metric.factor;
      members += up;
      sum += up * value;
      squares += up * value * value;
    }
    if (members === 0) return silence(samples);
    const mean = sum / members;
    perMinute(samples, members, mean, Math.sqrt(Math.max(0, squares / members - mean * mean) + (mean * spreadOf(metric)) ** 2));
  });
}

function isPublished(metric: MemberMetric, up: number, asWriter: number): boolean {
  if (Number.isNaN(up) || up === 0) return false;
  if (metric.of === "all") return true;
  return metric.of === "writer" ? asWriter > up / 2 : asWriter <= up / 2;
}

/** Ratios and gauges of state hardly move from minute to minute; rates do. */
function spreadOf(metric: MemberMetric): number {
  // A capacity is set, and told as it is.
  if (metric.field === memberField.acu || metric.field === memberField.acuShare) return 0;
  const gauges: readonly number[] = [memberField.hitShare, memberField.freeableBytes, memberField.freeLocalBytes];
  return gauges.includes(metric.field) ? 0.0005 : sampleSpread;
}

function series(metric: MemberMetric, fill: (tick: number, samples: TickSamples) => void): MetricSeries {
  return { unit: metric.unit, shape: "normal", percentiles: true, ceiling: metric.unit === "Percent" ? 100 : Infinity, fill };
}
