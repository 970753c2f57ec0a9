import { hasPerformanceInsights } from "../../../../contract/performance-insights.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision, RuleFacts, Skip } from "../../model/rule.ts";
import { monthlyCost, monthlyDifference } from "../../money/monthly.ts";
import { chooseSize } from "../../sizing/choose-size.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { p95 } from "../../sizing/estimate.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { riskOf } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { ladder } from "../../sizing/size-ladder.ts";
import { unseenSizes } from "../../sizing/sizes-before.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import { classAction, restartSeconds } from "./class-action.ts";
import { instanceChecks } from "./instance-checks.ts";
import type { RdsInstance } from "./instance.ts";
import { connections, cpuPercent, fineCpuKeys } from "./load.ts";
import { slowdownAt } from "./latency.ts";
import { obstacleOf, remarksOn } from "./obstacles.ts";
import type { InstanceStudy } from "./study.ts";

/** RDS instances outside of clusters that are larger than their load needs. */
export const instanceClass: StudyRule<RdsInstance, InstanceStudy> = {
  id: "rds.instance-class",
  phase: 3,
  title: "Smaller RDS instances",
  cost: { service: "Amazon Relational Database Service", commitment: "instance-type" },
  judgedBy: "load-balancers",
  changes: ["rds.standalone-class"],
  restsOn: (instance) => ({
    engine: instance.engine,
    instanceClass: instance.instanceClass,
    multiAz: instance.multiAz,
    performanceInsights: instance.performanceInsights,
    replicaOf: instance.replicaOf,
    replicas: instance.replicas,
    sizesBefore: instance.sizesBefore ?? null,
    obstacle: obstacleOf(instance)?.detail ?? "none",
  }),
  finer: ({ instance, others }) => fineCpuKeys([instance, ...others].map(({ ref }) => ref)),
  decide: (study, subject) => [decide(study, subject)],
  checks: instanceChecks,
};

function decide(study: InstanceStudy, subject: Subject): Decision {
  const { facts, instance, others, reading } = study;
  const { policy, baseline } = facts;
  const eligible = eligibility(study, subject);
  if (eligible.kind === "skip") return eligible;
  const from = instance.instanceClass;
  const cpu = p95(facts, cpuPercent(baseline, instance), reading);
  const incomplete = incompleteness(cpu.series, policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  const limit = policy.rules.rdsInstanceClass.maxP95CpuShare * 100;
  const usual = evidence("CPU", quantile(cpu.series.values, cpu.quantile), { series: cpu.series, statistic: cpu.statistic, unit: "Percent", limit });
  if (!isBelowLimit(usual)) return skip(subject, "threshold-not-met", conditionText([usual]), { evidence: [usual] });
  const outage = outageOf(study);
  if (outage !== undefined) return skip(subject, "unsupported", outage, { evidence: [usual] });

  const demand = study.demand();
  const seen = [usual, ...demand.evidence];
  const chosen = chooseSize(policy, {
    ...demand,
    from,
    sizes: eligible.sizes,
    savings: (size) => savings(facts, instance, size),
    besides: (size) => slowdownAt(facts, instance, size),
    ...(eligible.refusals.length === 0 ? {} : { notOffered: { target: policy.rules.rdsInstanceClass.target, reasons: eligible.refusals } }),
  });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  const { candidate, refused, reason, warnings } = chosen;
  return {
    kind: "proposal",
    ...subject,
    from,
    to: candidate.target,
    reason: `${conditionText([usual])}; ${reason}`,
    evidence: seen,
    chosen: candidate,
    refused,
    risk: riskOf(candidate.projections),
    savings: candidate.monthlySavings,
    monthlyCost: { before: monthlyCost(priced(facts, instance, from), 1), after: monthlyCost(priced(facts, instance, candidate.target), 1) },
    warnings: [
      ...warnings,
      ...(others.length === 0 ? [] : [`carries the work of ${others.map(({ ref }) => `${ref.id} in ${ref.region}`).join(", ")} as well, should it have to`]),
      ...remarksOn(instance),
    ],
    action: classAction(subject, instance, candidate.target),
  };
}

interface Eligible {
  readonly kind: "eligible";
  readonly sizes: readonly string[];
  /** Why some sizes are not looked at. */
  readonly refusals: readonly string[];
}

/** Everything that can be said before looking at any load. */
function eligibility({ facts: { policy, capacities }, instance, others, unknownOther }: InstanceStudy, subject: Subject): Eligible | Skip {
  const { target } = policy.rules.rdsInstanceClass;
  const from = instance.instanceClass;
  const way = ladder(capacities.rdsFamily(from), from, target);
  if (way.kind === "already-there") return skip(subject, way.kind, `is ${from}, not larger than ${target}`);
  if (way.kind === "unsupported") return skip(subject, way.kind, way.reason);
  const obstacle = obstacleOf(instance);
  if (obstacle !== undefined) return skip(subject, obstacle.code, obstacle.detail);
  if (unknownOther !== undefined) return skip(subject, "cannot-judge", unknownOther);
  const unseen = [instance, ...others].flatMap(({ ref, sizesBefore }) => unseenSizes(ref.id, sizesBefore) ?? [])[0];
  if (unseen !== undefined) return skip(subject, "unreadable", unseen);
  const refusals = way.sizes.flatMap((size) => refusalBy(instance, size) ?? []);
  const sizes = way.sizes.filter((size) => refusalBy(instance, size) === undefined);
  const [first] = way.sizes;
  if (sizes.length === 0 || (policy.rules.decision === "literal" && first !== sizes[0])) return skip(subject, "unsupported", refusals.join("; "));
  return { kind: "eligible", sizes, refusals };
}

/** Why AWS would not make it this class. */
function refusalBy({ orderableClasses, performanceInsights, engine, engineVersion }: RdsInstance, size: string): string | undefined {
  if (orderableClasses.kind !== "seen" || !orderableClasses.value.includes(size))
    return `AWS does not offer ${size} for ${engine} ${engineVersion} as it is used here`;
  return performanceInsights && !hasPerformanceInsights(size) ? `AWS refuses ${size} while Performance Insights is on, which it does not have` : undefined;
}

/** Without a standby nobody serves while it restarts. Only a replica that nobody is connected to may. */
function outageOf({ facts: { baseline, policy }, instance }: InstanceStudy): string | undefined {
  const { ref, multiAz, replicaOf } = instance;
  if (multiAz) return undefined;
  const minutes = restartSeconds / 60;
  if (replicaOf === null) return `${ref.id} has no standby: its restart means neither reads nor writes in ${ref.region} for up to ${minutes} minutes`;
  const connected = connections(baseline, instance);
  const gap = incompleteness(connected, policy);
  if (gap === undefined && quantile(connected.values, 1) === 0) return undefined;
  return `${ref.id} is a replica without a standby${gap === undefined ? " that is connected to" : ""}: its restart means no reads there for up to ${minutes} minutes`;
}

function savings(facts: RuleFacts, instance: RdsInstance, target: string): MonthlyUsd {
  return monthlyDifference(priced(facts, instance, instance.instanceClass), priced(facts, instance, target), 1);
}

function priced({ prices }: RuleFacts, { ref, engine, multiAz }: RdsInstance, name: string): { readonly name: string; readonly hourlyUsd: number | null } {
  return { name: `${name} (${engine}${multiAz ? ", Multi-AZ" : ""}) in ${ref.region}`, hourlyUsd: prices.rdsHourly(ref.region, engine, name, multiAz) };
}
