import { metrics } from "../../metrics/catalogue.ts";
import { type Action, changesAmong, type OwnCheck } from "../../model/action.ts";
import type { Baseline } from "../../model/observation.ts";
import type { Policy } from "../../model/policy.ts";
import { percent } from "../../model/percent.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { quantile } from "../../sizing/quantile.ts";
import type { Series } from "../../sizing/series.ts";
import { checkSeries, databaseCpuCheck, mostCheck, utilizationCheck } from "../own-checks.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { lowestHitPercent, membersOf, mostReadIops } from "./load.ts";
import type { ClusterStudy } from "./study.ts";

/** Reads that miss the buffer pool are few enough to be nobody's harm up to this share. */
const leastMissPercent = 5;
/** So many reads that go to storage are nobody's harm, however few there were: at about a millisecond each, a fifth of one thread's time. */
const leastReadsPerSecond = 200;
/** The buffer pool of an instance that was restarted fills by what is read: until then misses say nothing of its size. */
const fillMinutes = 60;

/** The class that each of these members has once the action is through, by its identifier. */
type Classes = ReadonlyMap<string, string>;

/** The members whose class the action changes. */
export function resizedBy({ members }: AuroraCluster, { steps }: Action): Classes {
  const changes = changesAmong(steps);
  // Already of the class, it is only promoted; or its own step came before.
  const asItIs = (writer: string) =>
    members
      .filter(({ identifier }) => identifier === writer)
      .filter(() => !changes.some((other) => other.kind === "rds.instance-class" && other.instance === writer))
      .map(({ identifier, instanceClass }) => [identifier, instanceClass] as const);
  const changed = changes.filter((change) => change.kind === "rds.instance-class").map(({ instance, after }) => [instance, after.instanceClass] as const);
  const promoted = changes.filter((change) => change.kind === "rds.failover").flatMap(({ after }) => asItIs(after.writer));
  return new Map([...changed, ...promoted]);
}

/** The members that the action leaves, of the classes that another rule on the cluster is about to give them. */
export function membersBeside({ members }: AuroraCluster, { steps }: Action, resized: Classes): Classes {
  const removed = changesAmong(steps)
    .filter((change) => change.kind === "rds.member")
    .map(({ instance }) => instance);
  const left = members.filter(({ identifier }) => !removed.includes(identifier));
  return new Map(left.map(({ identifier, instanceClass }) => [identifier, resized.get(identifier) ?? instanceClass]));
}

/**
 * CPU of these members and connections to them, and that their buffer pools hold what is read about as well as in the worst hour of the baseline:
 * by the share that is found there, and by the reads that go to storage instead.
 */
export function memberChecks({ facts: { policy, baseline, capacities }, cluster }: ClusterStudy, classes: Classes): readonly OwnCheck[] {
  const { region } = cluster.ref;
  // Each by its own class: the connections of a larger member are too many for a smaller one beside it.
  const used = [...new Set(classes.values())].flatMap((instanceClass) => {
    const identifiers = [...classes].flatMap(([identifier, own]) => (own === instanceClass ? [identifier] : []));
    const looked = { region, of: identifiers.map((identifier) => ({ DBInstanceIdentifier: identifier })) };
    const whose = identifiers.join(", ");
    const most = capacities.auroraMaxConnections(cluster.engine, instanceClass);
    return [
      ...databaseCpuCheck(policy, capacities, instanceClass, { ...looked, name: `CPU of ${whose}` }),
      // Of serverless members it follows the capacity that they are at.
      ...(most === undefined
        ? []
        : mostCheck(policy, {
            ...looked,
            name: `connections to ${whose}`,
            metric: metrics.rdsConnections,
            statistic: "Maximum",
            unit: "Count",
            whole: most,
          })),
    ];
  });
  return policy.rules.decision === "literal" ? used : [...used, ...missChecks(policy, baseline, cluster, [...classes.keys()])];
}

/**
 * A failover gives each member another one's reads, so that the worst of all of them is what was usual; of few points nobody knows what that is,
 * and nothing is promised.
 */
function missChecks(policy: Policy, baseline: Baseline, cluster: AuroraCluster, identifiers: readonly string[]): readonly OwnCheck[] {
  const { region } = cluster.ref;
  const of = identifiers.map((identifier) => ({ DBInstanceIdentifier: identifier }));
  const whose = identifiers.join(", ");
  const all = membersOf(cluster, cluster.members);
  const known = (series: Series, at: number): number => (incompleteness(series, policy) === undefined ? quantile(series.values, at) : Number.NaN);
  const lowest = known(lowestHitPercent(baseline, all), 0);
  const missPercent = Math.max(leastMissPercent, 2 * (100 - lowest));
  const mostReads = known(mostReadIops(baseline, all), 1);
  const slotsAnHour = 60 / policy.window.slotMinutes;
  const reads: OwnCheck = {
    name: `reads from storage of ${whose}`,
    kind: "at-most",
    series: checkSeries(policy, { region, metric: metrics.rdsReadIops, of }, "Average"),
    limit: Math.max(leastReadsPerSecond, slotsAnHour * mostReads),
    unit: "Count/Second",
    graceMinutes: fillMinutes,
    why: `no more within one slot than in the whole worst hour of the baseline, ${Math.round(mostReads)} a second, or ${leastReadsPerSecond} a second`,
  };
  const misses = `at most twice as many misses as in the worst hour of the baseline, ${percent((100 - lowest) / 100)}, or ${leastMissPercent} %`;
  const hits: OwnCheck = {
    name: `buffer cache hit ratio of ${whose}`,
    kind: "at-least",
    series: checkSeries(policy, { region, metric: metrics.rdsHitRatio, of }, "Average"),
    limit: 100 - missPercent,
    unit: "Percent",
    graceMinutes: fillMinutes,
    ...(Number.isNaN(reads.limit)
      ? { why: misses }
      : {
          // A quiet cluster fills its pool for hours, by reads that nobody feels.
          harmlessUpTo: { check: reads.name, value: leastReadsPerSecond },
          why: `${misses}, where more than ${leastReadsPerSecond} a second read from storage`,
        }),
  };
  return [hits, reads].filter(({ limit }) => !Number.isNaN(limit));
}

/** The same of instances whose capacity follows their load, and that their share of the new maximum holds it. */
export function rangeChecks(study: ClusterStudy, members: readonly AuroraMember[]): readonly OwnCheck[] {
  const { facts, cluster } = study;
  const identifiers = members.map(({ identifier }) => identifier);
  const of = identifiers.map((identifier) => ({ DBInstanceIdentifier: identifier }));
  const name = `capacity units of ${identifiers.join(", ")}, of the maximum`;
  return [
    ...utilizationCheck(facts.policy, { name, region: cluster.ref.region, metric: metrics.auroraAcuUtilization, of }),
    ...memberChecks(study, new Map(members.map(({ identifier, instanceClass }) => [identifier, instanceClass]))),
  ];
}

/** On average over a slot: lag that lasts. Whoever is the writer reports none. */
export function lagCheck(policy: Policy, { ref: { region, id } }: AuroraCluster, identifiers: readonly string[]): OwnCheck {
  const { maxLagMs } = policy.rules.auroraReaderCount;
  return {
    name: `replica lag of ${id}`,
    kind: "at-most",
    series: checkSeries(
      policy,
      { region, metric: metrics.auroraReplicaLag, of: identifiers.map((identifier) => ({ DBInstanceIdentifier: identifier })) },
      "Average",
    ),
    limit: maxLagMs,
    unit: "Milliseconds",
    why: "a reader goes only where the others were never further behind",
  };
}
