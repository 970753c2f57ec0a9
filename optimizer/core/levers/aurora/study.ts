import type { Evidence, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds, p995, type Reading } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import type { Demand } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import { type HourlyDemand, worstHourEvidence } from "../../sizing/worst-hour.ts";
import { once, type Studies, type Study } from "../lever.ts";
import { type AuroraCluster, auroraClusterFacts, type AuroraMember } from "./cluster.ts";
import { busiestCpuPercent, databaseKeys, type Members, membersOf, mostConnections } from "./load.ts";

/** A cluster under load: what every rule on it starts from. */
export interface ClusterStudy extends Study {
  readonly facts: RuleFacts;
  readonly cluster: AuroraCluster;
  /** What is not available now, in words. */
  readonly unsettled: string | undefined;
  /** The instances whose class can be decided about: the writer, or each member of a secondary cluster. */
  readonly seats: readonly Seat[];
}

/** One instance whose class is looked at, with the load that it must carry. */
export interface Seat {
  /** Set where the cluster has several of them. */
  readonly part: string | undefined;
  /** Undefined where a cluster has no writer. */
  readonly sized: AuroraMember | undefined;
  /**
   * Whose load must fit. After the pass writer and promoted reader are both of the new size, and a failover may give either role to
   * either: so the busiest member counts, whichever it was at the time.
   */
  readonly loaded: readonly AuroraMember[];
  /** Measured against a class. */
  readonly demand: () => DatabaseDemand;
}

export const clusterStudies: Studies<"aurora-cluster", ClusterStudy> = {
  kind: "aurora-cluster",
  series: databaseKeys,
  study: (facts, cluster, reading) => {
    const tenant = tenantReason(auroraClusterFacts.tags(cluster), facts.policy.tenantTags);
    return {
      facts,
      cluster,
      refusal: tenant === undefined ? undefined : { code: "tenant-resource", detail: tenant },
      unsettled: unsettledPart(cluster),
      seats: seatsOf(facts, cluster, reading),
    };
  },
};

function seatsOf(facts: RuleFacts, cluster: AuroraCluster, reading: Reading): readonly Seat[] {
  const seat = (part: string | undefined, sized: AuroraMember | undefined, loaded: readonly AuroraMember[]): Seat => ({
    part,
    sized,
    loaded,
    demand: once(() => databaseDemand(facts, membersOf(cluster, loaded), sized?.instanceClass ?? "", reading)),
  });
  if (cluster.globalRole === "secondary" && cluster.members.length > 0) return cluster.members.map((member) => seat(member.identifier, member, [member]));
  const writer = cluster.members.find(({ role }) => role === "writer");
  return [seat(undefined, writer, cluster.members)];
}

function unsettledPart({ ref, status, members }: AuroraCluster): string | undefined {
  if (status !== "available") return `the cluster ${ref.id} is ${status}`;
  const member = members.find((one) => one.status !== "available");
  return member === undefined ? undefined : `${member.identifier} is ${member.status}`;
}

export interface DatabaseDemand {
  readonly demands: readonly Demand[];
  readonly hourly: readonly HourlyDemand[];
  readonly evidence: readonly Evidence[];
  readonly unknown: readonly string[];
}

const alone = { instancesBefore: 1, instancesAfter: 1, note: "" } as const;

/** CPU by its p99.5, connections by their peak against the default `max_connections` of each class. Memory: working-set.ts. */
function databaseDemand({ baseline, policy, capacities }: RuleFacts, members: Members, from: string, reading: Reading): DatabaseDemand {
  const cpu = p995({ baseline, policy }, busiestCpuPercent(baseline, members), reading);
  const cpuPercent = quantile(cpu.series.values, cpu.quantile);
  const connections = mostConnections(baseline, members);
  const peak = quantile(connections.values, 1);
  const connectionLimit = (type: string) => capacities.auroraMysqlMaxConnections(type);
  const dimensions = [
    {
      series: cpu.series,
      hours: busiestCpuPercent(baseline, members)("Maximum", hourSeconds),
      used: (percent: number) => (percent / 100) * (capacities.rds(from)?.vcpu ?? Number.NaN),
      demand: { dimension: "cpu", statistic: cpu.statistic, current: cpuPercent / 100, capacityOf: (type: string) => capacities.rds(type)?.vcpu, ...alone },
      figure: evidence("CPU of the busiest member", cpuPercent, { series: cpu.series, statistic: cpu.statistic, unit: "Percent" }),
    },
    {
      series: connections,
      hours: connections,
      used: (count: number) => count,
      demand: {
        dimension: "connections",
        statistic: `peak of ${Math.ceil(peak)} connections`,
        current: peak / (connectionLimit(from) ?? Number.NaN),
        capacityOf: connectionLimit,
        ...alone,
      },
      figure: evidence("connections to one member", peak, { series: connections, statistic: "Maximum", unit: "Connections" }),
    },
  ] as const;
  const judged = dimensions.map((one) => ({ ...one, gap: incompleteness(one.series, policy) }));
  const known = judged.filter(({ gap }) => gap === undefined);
  const hourly = known.map(({ demand, figure, hours, used }): HourlyDemand => {
    const one = hours.values.map(() => 1);
    const counted = { used: hours.values.map(used), instancesBefore: one, instancesAfter: one, note: "", capacityOf: demand.capacityOf };
    return { dimension: demand.dimension, name: figure.name, series: hours, unit: figure.unit, startMs: baseline.span.startMs, ...counted };
  });
  return {
    demands: known.map(({ demand }) => demand),
    hourly,
    evidence: [...known.map(({ figure }) => figure), ...hourly.map(worstHourEvidence)],
    unknown: judged.flatMap(({ gap }) => gap ?? []),
  };
}
