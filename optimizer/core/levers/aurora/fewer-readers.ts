import type { Candidate, Evidence, Projection } from "../../model/rule.ts";
import { limitsOf } from "../../sizing/choose-size.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds, p995, type Quantity } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import { overflowing } from "../../sizing/lost-zone.ts";
import { rounding } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { combine, scale, type Series } from "../../sizing/series.ts";
import { type HourlyDemand, oneInstance, worstHour, worstHourEvidence } from "../../sizing/worst-hour.ts";
import { certainly } from "../../model/certainly.ts";
import { oncePerNameInStudy } from "../../model/study-memory.ts";
import type { AuroraMember } from "./cluster.ts";
import { sustainedVcpu } from "./demand.ts";
import { slowdownWithout } from "./member-latency.ts";
import { carriedWithout, namesOf, type Without } from "./removed-member.ts";
import type { ClusterStudy } from "./study.ts";

export interface Fit {
  readonly projections: Candidate["projections"];
  readonly evidence: readonly Evidence[];
  /** Why dimensions that must be known are not. */
  readonly unknown: readonly string[];
}

const noneIsUnknown = "shares are counted where the capacities of all classes are known";

/** What of a class's capacity each member that stays would use: its busiest, whichever that is at the time. */
type Share = (isOneMoreLost: boolean) => Quantity;

/**
 * CPU by its p99.5 with one more member lost, and by the highest sample with nothing lost and, of all there is, with one more lost; connections
 * by their peaks, alike. Shares of the class that each member has by then: members may have different ones.
 */
export function fitWithout(study: ClusterStudy, without: Without): Fit {
  const { facts, cluster, load, reading } = study;
  const blind = [...without.remaining, without.removed].flatMap((member) => unknownCapacities(study, member, without.classOf(member)));
  if (blind.length > 0) return { projections: [], evidence: [], unknown: blind };
  const cpu = sharesOf(study, without, {
    name: "CPUUtilization",
    of: load.vcpu,
    capacityOf: (instanceClass) => certainly(sustainedVcpu(facts.capacities, instanceClass), noneIsUnknown),
  });
  const held = sharesOf(study, without, {
    name: "DatabaseConnections",
    of: (member) => () => load.connections(member),
    capacityOf: (instanceClass) => certainly(facts.capacities.auroraMaxConnections(cluster.engine, instanceClass), noneIsUnknown),
  });
  const lostCpu = p995(facts, cpu(true), reading);
  const dimensions = [
    dimensionOf(study, without, { dimension: "cpu", statistic: lostCpu.statistic, series: lostCpu.series, quantile: lostCpu.quantile, shares: cpu }),
    inBothReadings(load, `connections ${namesOf(without)}`, () => {
      const peak = held(true)("Maximum", hourSeconds);
      return dimensionOf(study, without, { dimension: "connections", statistic: "Maximum", series: peak, quantile: 1, shares: held });
    }),
  ];
  return {
    projections: [...dimensions.flatMap(({ projections }) => projections), ...slowdownWithout(load, without)],
    evidence: dimensions.flatMap((each) => each.evidence),
    unknown: dimensions.flatMap(({ unknown }) => unknown),
  };
}

interface Load {
  readonly name: string;
  readonly of: (member: AuroraMember) => Quantity;
  readonly capacityOf: (instanceClass: string) => number;
}

/** What does not depend on the reading, and the series of each resolution, are made once for both. */
const busiest = oncePerNameInStudy<Series>();
const inBothReadings = oncePerNameInStudy<Fit>();

function sharesOf({ cluster, load }: ClusterStudy, without: Without, { name, of, capacityOf }: Load): Share {
  const { removed, remaining, classOf } = without;
  return (isOneMoreLost) => (statistic, periodSeconds) => {
    const words = `${name} ${statistic}`;
    return busiest(load, `${words} ${periodSeconds} ${isOneMoreLost} ${namesOf(without)}`, () => {
      const shareOf = (member: AuroraMember): Series => of(member)(statistic, periodSeconds);
      const shares = remaining.map((carrier) => {
        const carried = carriedWithout(words, cluster, load.writers(), shareOf, { removed, carrier, isOneMoreLost });
        return scale(carried, 1 / capacityOf(classOf(carrier)));
      });
      const most = shares.reduce((a, b) => combine(words, a, b, Math.max));
      return { ...most, keys: [...new Set(most.keys)] };
    });
  };
}

interface Dimension {
  readonly dimension: "cpu" | "connections";
  readonly statistic: Evidence["statistic"];
  readonly series: Series;
  readonly quantile: number;
  readonly shares: Share;
}

function dimensionOf(study: ClusterStudy, without: Without, { dimension, statistic, series, quantile: q, shares }: Dimension): Fit {
  const { policy, baseline } = study.facts;
  const gap = incompleteness(series, policy);
  if (gap !== undefined) return { projections: [], evidence: [], unknown: [gap] };
  const limits = limitsOf(policy);
  const what = dimension === "cpu" ? "CPU" : "connections";
  const projected = quantile(series.values, q);
  const hours = shares(false)("Maximum", hourSeconds);
  const alone = oneInstance(hours.values.length);
  const hourly: HourlyDemand = {
    dimension,
    name: `${what} of the busiest member that stays`,
    series: scale(hours, 100),
    unit: "Percent",
    startMs: baseline.span.startMs,
    used: hours.values,
    instancesBefore: alone,
    instancesAfter: alone,
    note: "nothing else lost",
    capacityOf: () => 1,
  };
  const usual: Projection = {
    dimension,
    current: quantile(hours.values, q),
    projected,
    limit: limits.usual,
    fits: projected <= limits.usual + rounding,
    method: `${statistic} of the busiest of ${membersLeft(without)}, without ${without.removed.identifier} and with any one more of them lost`,
  };
  const lost = shares(true)("Maximum", hourSeconds);
  const ifLost: HourlyDemand = { ...hourly, series: scale(lost, 100), used: lost.values, note: "any one more lost" };
  return {
    projections: [usual, ...worstHour(hourly, "today", "then", limits), ...overflowing(ifLost, "today", "then")],
    evidence: [
      evidence(`${what} of one member that stays, with one more lost`, projected * 100, { series, statistic, unit: "Percent" }),
      worstHourEvidence(hourly),
    ],
    unknown: [],
  };
}

function membersLeft({ remaining, classOf }: Without): string {
  return remaining.map((member) => `${member.identifier} (${classOf(member)})`).join(", ");
}

function unknownCapacities({ facts: { capacities }, cluster }: ClusterStudy, { identifier, instanceClass }: AuroraMember, then: string): readonly string[] {
  return [...new Set([instanceClass, then])].flatMap((name) => [
    ...(sustainedVcpu(capacities, name) === undefined ? [`the cpu capacity of ${name} (${identifier}) is not known`] : []),
    ...(capacities.auroraMaxConnections(cluster.engine, name) === undefined ? [`the connections that ${name} (${identifier}) takes are not known`] : []),
  ]);
}
