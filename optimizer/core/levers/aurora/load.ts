import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import type { Policy } from "../../model/policy.ts";
import type { Baseline, SeriesKey, Statistic } from "../../model/observation.ts";
import { type AuroraCluster, type AuroraMember, serverlessClass } from "./cluster.ts";
import { fineSeconds, hourSeconds, type Quantity } from "../../sizing/estimate.ts";
import { combine, readSeries, type Series } from "../../sizing/series.ts";
import { knownSizes, ofTodaysSize } from "../../sizing/sizes-before.ts";

/** Members of one region whose load is looked at together. */
export interface Members {
  readonly region: string;
  readonly identifiers: readonly string[];
  readonly members: readonly AuroraMember[];
}

export function membersOf({ ref }: AuroraCluster, members: readonly AuroraMember[]): Members {
  return { region: ref.region, identifiers: members.map(({ identifier }) => identifier), members };
}

/** Without the hours in which the member is known to have been of another class. */
export function ofMembersClass(baseline: Baseline, { identifier, instanceClass, sizesBefore }: AuroraMember, series: Series): Series {
  return ofTodaysSize(baseline, { whose: `${identifier} was`, today: instanceClass, before: knownSizes(sizesBefore) }, series);
}

type Asked = Pick<SeriesKey, "statistic" | "periodSeconds"> & { readonly metric: Metric };

function read(baseline: Baseline, region: string, member: AuroraMember, { metric, statistic, periodSeconds }: Asked): Series {
  const key = seriesKey(metric, region, { DBInstanceIdentifier: member.identifier }, statistic, periodSeconds);
  return ofMembersClass(baseline, member, readSeries(baseline, key));
}

function keys({ region, identifiers }: Members, metric: Metric, statistic: Statistic, periodSeconds: number): readonly SeriesKey[] {
  return identifiers.map((identifier) => seriesKey(metric, region, { DBInstanceIdentifier: identifier }, statistic, periodSeconds));
}

/** Point by point the `worst` of the members; all must have a point. What the pool of a larger class kept from storage says nothing of today's. */
function worstOf(baseline: Baseline, { region, members }: Members, metric: Metric, worst: (a: number, b: number) => number): Series {
  return members
    .map((member) => read(baseline, region, member, { metric, statistic: "Average", periodSeconds: hourSeconds }))
    .reduce((a, b) => combine(a.name, a, b, worst));
}

/** One member's share of something that all of them have, at any resolution. */
export type MemberQuantity = (member: AuroraMember) => Quantity;

/** CPU of one member, percent of its own class. */
export function cpuPercent(baseline: Baseline, region: string): MemberQuantity {
  return (member) => (statistic, periodSeconds) => read(baseline, region, member, { metric: metrics.rdsCpu, statistic, periodSeconds });
}

/** Connections to one member, the most in each hour. */
export function connections(baseline: Baseline, region: string, member: AuroraMember): Series {
  return read(baseline, region, member, { metric: metrics.rdsConnections, statistic: "Maximum", periodSeconds: hourSeconds });
}

/** Most milliseconds that a member was behind the writer in each hour. A writer reports none. */
export function replicaLag(baseline: Baseline, region: string, { identifier }: AuroraMember): Series {
  return readSeries(baseline, seriesKey(metrics.auroraReplicaLag, region, { DBInstanceIdentifier: identifier }, "Maximum", hourSeconds));
}

/** Reads and writes a second that one member made at the storage, on average in each hour. */
export function storageIops(baseline: Baseline, region: string, member: AuroraMember): { readonly reads: Series; readonly writes: Series } {
  const average = (metric: Metric): Series => read(baseline, region, member, { metric, statistic: "Average", periodSeconds: hourSeconds });
  return { reads: average(metrics.rdsReadIops), writes: average(metrics.rdsWriteIops) };
}

/** Least bytes of local storage that were free in each hour. */
export function freeLocalStorage(baseline: Baseline, region: string, { identifier }: AuroraMember): Series {
  return readSeries(baseline, seriesKey(metrics.rdsFreeLocalStorage, region, { DBInstanceIdentifier: identifier }, "Minimum", hourSeconds));
}

/** Capacity units that one serverless member stood at in each hour. */
export function acuCapacity(baseline: Baseline, region: string, { identifier }: AuroraMember, statistic: "Average" | "Maximum"): Series {
  return readSeries(baseline, seriesKey(metrics.auroraServerlessCapacity, region, { DBInstanceIdentifier: identifier }, statistic, hourSeconds));
}

/** The same in percent of the maximum that the cluster had then. */
export function acuUtilization(baseline: Baseline, region: string, { identifier }: AuroraMember): Series {
  return readSeries(baseline, seriesKey(metrics.auroraAcuUtilization, region, { DBInstanceIdentifier: identifier }, "Average", hourSeconds));
}

/** Transactions that one member committed in a second, on average in each hour. */
export function commits(baseline: Baseline, region: string, member: AuroraMember): Series {
  return read(baseline, region, member, { metric: metrics.auroraCommits, statistic: "Average", periodSeconds: hourSeconds });
}

/** Share of reads served from memory, percent, of the member that misses most. */
export function lowestHitPercent(baseline: Baseline, members: Members): Series {
  return worstOf(baseline, members, metrics.rdsHitRatio, Math.min);
}

/** Reads a second that went to storage, of the member that misses most. */
export function mostReadIops(baseline: Baseline, members: Members): Series {
  return worstOf(baseline, members, metrics.rdsReadIops, Math.max);
}

/** All data of the cluster: no working set can be larger. */
export function volumeBytes(baseline: Baseline, { ref }: AuroraCluster): Series {
  return readSeries(baseline, volumeKey(ref));
}

function volumeKey({ region, id }: AuroraCluster["ref"]): SeriesKey {
  return seriesKey(metrics.auroraVolumeBytes, region, { DBClusterIdentifier: id }, "Maximum", hourSeconds);
}

export function databaseKeys(cluster: AuroraCluster, { rules }: Pick<Policy, "rules">): readonly SeriesKey[] {
  const members = membersOf(cluster, cluster.members);
  const serverless = membersOf(
    cluster,
    cluster.members.filter(({ instanceClass }) => instanceClass === serverlessClass),
  );
  const readers = cluster.members.filter(({ role }) => role === "reader").length;
  const mayLoseReader = cluster.globalRole !== "secondary" && readers > rules.auroraReaderCount.targetReaders;
  return [
    ...keys(members, metrics.rdsCpu, "Average", hourSeconds),
    ...keys(members, metrics.rdsCpu, "Maximum", hourSeconds),
    ...keys(members, metrics.rdsConnections, "Maximum", hourSeconds),
    ...keys(members, metrics.rdsHitRatio, "Average", hourSeconds),
    ...keys(members, metrics.rdsReadIops, "Average", hourSeconds),
    ...(mayLoseReader ? keys(members, metrics.rdsWriteIops, "Average", hourSeconds) : []),
    ...keys(members, metrics.rdsFreeLocalStorage, "Minimum", hourSeconds),
    // All members of a secondary cluster read: their roles are no question.
    ...(cluster.globalRole === "secondary" ? [] : keys(members, metrics.auroraReplicaLag, "Maximum", hourSeconds)),
    ...keys(serverless, metrics.auroraServerlessCapacity, "Average", hourSeconds),
    ...keys(serverless, metrics.auroraServerlessCapacity, "Maximum", hourSeconds),
    ...keys(serverless, metrics.auroraAcuUtilization, "Average", hourSeconds),
    ...keys(serverless, metrics.auroraCommits, "Average", hourSeconds),
    volumeKey(cluster.ref),
  ];
}

export function fineCpuKeys(members: Members): readonly SeriesKey[] {
  return keys(members, metrics.rdsCpu, "Maximum", fineSeconds);
}
