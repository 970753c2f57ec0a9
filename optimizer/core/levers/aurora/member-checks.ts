import { metrics } from "../../metrics/catalogue.ts";
import type { Action, OwnCheck } from "../../model/action.ts";
import type { Policy } from "../../model/policy.ts";
import { percent } from "../../model/percent.ts";
import { quantile } from "../../sizing/quantile.ts";
import { checkSeries, utilizationCheck } from "../own-checks.ts";
import type { AuroraCluster } from "./cluster.ts";
import { lowestHitPercent } from "./load.ts";
import type { ClusterStudy } from "./study.ts";

/** Reads that miss the buffer pool are few enough to be nobody's harm up to this share. */
const leastMissPercent = 5;
/** The buffer pool of an instance that was restarted fills by what is read: until then misses say nothing of its size. */
const fillMinutes = 60;

/** Identifiers of the members whose class the action changes. */
export function resizedBy({ steps }: Action): readonly string[] {
  const members = steps.flatMap((step) => {
    if (step.kind !== "change") return [];
    if (step.change.kind === "rds.instance-class") return [step.change.instance];
    // Already of the class, it is only promoted.
    return step.change.kind === "rds.failover" ? [step.change.after.writer] : [];
  });
  return [...new Set(members)];
}

/** Identifiers of the members that the action leaves. */
export function membersBeside({ members }: AuroraCluster, { steps }: Action): readonly string[] {
  const removed = steps.flatMap((step) => (step.kind === "change" && step.change.kind === "rds.member" ? [step.change.instance] : []));
  return members.map(({ identifier }) => identifier).filter((identifier) => !removed.includes(identifier));
}

/** CPU of these members, and that their buffer pools hold what is read about as well as in the worst hour of the baseline. */
export function memberChecks({ facts: { policy, baseline }, cluster }: ClusterStudy, identifiers: readonly string[]): readonly OwnCheck[] {
  const { region } = cluster.ref;
  const of = identifiers.map((identifier) => ({ DBInstanceIdentifier: identifier }));
  const whose = identifiers.join(", ");
  const cpu = utilizationCheck(policy, { name: `CPU of ${whose}`, region, metric: metrics.rdsCpu, of });
  // A failover gives each member another one's reads, so that the worst of all of them is what was usual.
  const lowest = quantile(lowestHitPercent(baseline, { region, identifiers: cluster.members.map(({ identifier }) => identifier) }).values, 0);
  if (policy.rules.decision === "literal" || !Number.isFinite(lowest)) return cpu;
  const missPercent = Math.max(leastMissPercent, 2 * (100 - lowest));
  const hits: OwnCheck = {
    name: `buffer cache hit ratio of ${whose}`,
    kind: "at-least",
    series: checkSeries(policy, { region, metric: metrics.rdsHitRatio, of }, "Average"),
    limit: 100 - missPercent,
    unit: "Percent",
    graceMinutes: fillMinutes,
    why: `at most twice as many misses as in the worst hour of the baseline, ${percent((100 - lowest) / 100)}, or ${leastMissPercent} %`,
  };
  return [...cpu, hits];
}

/** The same of instances whose capacity follows their load, and that their share of the new maximum holds it. */
export function rangeChecks(study: ClusterStudy, identifiers: readonly string[]): readonly OwnCheck[] {
  const { facts, cluster } = study;
  const of = identifiers.map((identifier) => ({ DBInstanceIdentifier: identifier }));
  const name = `capacity units of ${identifiers.join(", ")}, of the maximum`;
  return [
    ...utilizationCheck(facts.policy, { name, region: cluster.ref.region, metric: metrics.auroraAcuUtilization, of }),
    ...memberChecks(study, identifiers),
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
