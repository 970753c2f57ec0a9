import type { Capacities } from "../../../../contract/capacities.ts";
import type { Evidence, Projection, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds, p995, type Quantity, type Reading, remembered } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import type { Demand } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { scale, type Series } from "../../sizing/series.ts";
import { type HourlyDemand, oneInstance, worstHourEvidence } from "../../sizing/worst-hour.ts";
import { certainly } from "../../model/certainly.ts";
import { once } from "../../model/once.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import type { ClusterLoad } from "./cluster-load.ts";
import { mostWithOneLost } from "./lost-member.ts";

/** What must be carried by a member of a new size. */
export interface DatabaseDemand {
  readonly demands: readonly Demand[];
  readonly hourly: readonly HourlyDemand[];
  /** Processors hour by hour with any one member lost: they must not be more than all there are. */
  readonly ifLost: readonly HourlyDemand[];
  readonly evidence: readonly Evidence[];
  readonly unknown: readonly string[];
}

/**
 * vCPUs that a class sustains. Burstable ones earn CPU credits for a share of each vCPU only; what they do beyond it ends with their
 * credits (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html).
 */
export function sustainedVcpu(capacities: Capacities, instanceClass: string): number | undefined {
  const capacity = capacities.rds(instanceClass);
  return capacity && capacity.vcpu * (capacity.baselineShare ?? 1);
}

const alone = { instancesBefore: 1, instancesAfter: 1 } as const;

/**
 * CPU by its p99.5 and connections by their peak, in vCPUs and connections, each member's share from its own class: percentages of two
 * classes do not compare. `carriers` are the members that get the new size; any one member of the cluster may be lost, and then one of
 * them carries more. Memory: working-set.ts.
 */
export function databaseDemand(
  facts: RuleFacts,
  cluster: AuroraCluster,
  load: ClusterLoad,
  carriers: readonly AuroraMember[],
  from: string,
): (reading: Reading) => DatabaseDemand {
  const unknownClasses = unknownOf(facts, cluster);
  if (unknownClasses.length > 0) return () => ({ demands: [], hourly: [], ifLost: [], evidence: [], unknown: unknownClasses });
  const cpu = once(() => cpuDemand(facts, cluster, load, carriers, from));
  const connected = once(() => connectionDemand(facts, cluster, load, carriers, from));
  return (reading) => demandOf(facts, [cpu()(reading), connected()]);
}

function demandOf(facts: RuleFacts, dimensions: readonly Dimension[]): DatabaseDemand {
  const judged = dimensions.map((one) => ({ ...one, gap: incompleteness(one.series, facts.policy) }));
  const known = judged.filter(({ gap }) => gap === undefined);
  const hourly = known.map((one) => one.hourly);
  return {
    demands: known.map(({ demand }) => demand),
    hourly,
    ifLost: known.flatMap(({ ifLost: lost }) => lost ?? []),
    evidence: [...known.map(({ figure }) => figure), ...hourly.map(worstHourEvidence)],
    unknown: judged.flatMap(({ gap }) => gap ?? []),
  };
}

interface Dimension {
  readonly series: Series;
  readonly demand: Demand;
  readonly figure: Evidence;
  readonly hourly: HourlyDemand;
  readonly ifLost?: HourlyDemand;
}

/** The busiest member of each hour while nothing is lost, in vCPUs or connections, and the same as people read it. */
type Hours = Pick<HourlyDemand, "dimension" | "name" | "series" | "unit" | "capacityOf"> & { readonly hours: Series };

function hourlyOf({ hours, ...named }: Hours, startMs: number): HourlyDemand {
  const one = oneInstance(hours.values.length);
  return { ...named, startMs, used: hours.values, instancesBefore: one, instancesAfter: one, note: "" };
}

/** What a member that keeps its class has to carry while the resized ones restart, one after the other: a small one could not. */
export function carriedWhileRestarting(
  { facts, cluster, load, reading }: { readonly facts: RuleFacts; readonly cluster: AuroraCluster; readonly load: ClusterLoad; readonly reading: Reading },
  resized: readonly AuroraMember[],
): readonly Projection[] {
  const { baseline, policy, capacities } = facts;
  const limit = 1 - policy.rules.headroom;
  return cluster.members
    .filter((member) => !resized.includes(member))
    .flatMap((member): readonly Projection[] => {
      const vcpu = sustainedVcpu(capacities, member.instanceClass);
      if (vcpu === undefined) return [];
      const carried: Quantity = (statistic, periodSeconds) =>
        mostWithOneLost(`CPUUtilization ${statistic}`, cluster, load.writers(), (one) => load.vcpu(one)(statistic, periodSeconds), {
          carriers: [member],
          lost: resized,
        });
      const most = p995({ baseline, policy }, carried, reading);
      const projected = quantile(most.series.values, most.quantile) / vcpu;
      const method = `${most.statistic} of ${member.identifier} (${member.instanceClass}) while ${resized.map(({ identifier }) => identifier).join(" or ")} restarts`;
      return projected <= limit ? [] : [{ dimension: "cpu", current: projected, projected, limit, fits: false, method }];
    });
}

function cpuDemand(
  facts: RuleFacts,
  cluster: AuroraCluster,
  { vcpu, writers }: ClusterLoad,
  carriers: readonly AuroraMember[],
  from: string,
): (reading: Reading) => Dimension {
  const { capacities } = facts;
  const carried = remembered((statistic, periodSeconds) =>
    mostWithOneLost(`CPUUtilization ${statistic}`, cluster, writers(), (member) => vcpu(member)(statistic, periodSeconds), { carriers, lost: cluster.members }),
  );
  const ofFrom = 1 / certainly(sustainedVcpu(capacities, from), "demand is measured where the classes of all members are known");
  const maxima = (member: AuroraMember) => vcpu(member)("Maximum", hourSeconds);
  const hours = mostWithOneLost("CPUUtilization Maximum", cluster, writers(), maxima, { carriers, lost: [] });
  const capacityOf = (type: string) => sustainedVcpu(capacities, type);
  const shown = { name: `CPU of the busiest member, of ${from}`, series: scale(hours, 100 * ofFrom) };
  const named = { dimension: "cpu", ...shown, unit: "Percent", capacityOf } as const;
  const { startMs } = facts.baseline.span;
  const hourly = hourlyOf({ ...named, hours }, startMs);
  const lost = once(() => ({ ...hourlyOf({ ...named, hours: carried("Maximum", hourSeconds) }, startMs), note: lostNote(cluster, from) }));
  return (reading) => {
    const cpu = p995(facts, carried, reading);
    const current = quantile(cpu.series.values, cpu.quantile) * ofFrom;
    return {
      series: cpu.series,
      hourly,
      ifLost: lost(),
      demand: {
        dimension: "cpu",
        statistic: cpu.statistic,
        current,
        capacityOf,
        note: lostNote(cluster, from),
        ...alone,
      },
      figure: evidence(`CPU of one member with any other one lost, of ${from}`, current * 100, {
        series: cpu.series,
        statistic: cpu.statistic,
        unit: "Percent",
      }),
    };
  };
}

function connectionDemand(
  { baseline, capacities }: RuleFacts,
  cluster: AuroraCluster,
  load: ClusterLoad,
  carriers: readonly AuroraMember[],
  from: string,
): Dimension {
  const limitOf = (type: string) => capacities.auroraMaxConnections(cluster.engine, type);
  const mostOf = (lost: readonly AuroraMember[]) =>
    mostWithOneLost("DatabaseConnections Maximum", cluster, load.writers(), load.connections, { carriers, lost });
  const series = mostOf(cluster.members);
  const hours = mostOf([]);
  const peak = quantile(series.values, 1);
  return {
    series,
    hourly: hourlyOf(
      { dimension: "connections", name: "connections to one member", series: hours, unit: "Connections", hours, capacityOf: limitOf },
      baseline.span.startMs,
    ),
    demand: {
      dimension: "connections",
      statistic: `peak of ${Math.ceil(peak)} connections`,
      current: peak / (limitOf(from) ?? Number.NaN),
      capacityOf: limitOf,
      note: lostNote(cluster, from),
      ...alone,
    },
    figure: evidence(`connections to one member with any other one lost`, peak, { series, statistic: "Maximum", unit: "Connections" }),
  };
}

/** What the arithmetic rests on besides: a lost member, since none is resized that is alone, and members of another class. */
function lostNote({ members }: AuroraCluster, from: string): string {
  const others = members
    .filter(({ instanceClass }) => instanceClass !== from)
    .map(({ identifier, instanceClass }) => `${identifier} counted as ${instanceClass}`);
  return [`any one of ${members.length} members lost`, ...others].join(", ");
}

function unknownOf({ capacities }: RuleFacts, { members }: AuroraCluster): readonly string[] {
  return members.flatMap(({ identifier, instanceClass }) =>
    capacities.rds(instanceClass) === undefined ? [`the cpu capacity of ${instanceClass} (${identifier}) is not known`] : [],
  );
}
