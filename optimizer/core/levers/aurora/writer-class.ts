import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision, FollowUp, RuleFacts, Skip } from "../../model/rule.ts";
import { monthlyCost, monthlyDifference, sumMonthly } from "../../money/monthly.ts";
import { chooseSize } from "../../sizing/choose-size.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { riskOf } from "../../sizing/projection.ts";
import { mean } from "../../sizing/quantile.ts";
import { overflowing } from "../../sizing/lost-zone.ts";
import { ladder } from "../../sizing/size-ladder.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import { oncePerInStudy } from "../../model/study-memory.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { cpuPercent, fineCpuKeys, membersOf } from "./load.ts";
import { carriedWhileRestarting } from "./demand.ts";
import { slowdownAt } from "./member-latency.ts";
import { localStorage } from "./local-storage.ts";
import { memoryObstacleOf, obstacleOf, remarksOn } from "./obstacles.ts";
import type { ClusterStudy, Seat } from "./study.ts";
import { workingSet } from "./working-set.ts";
import { memberChecks, resizedBy } from "./member-checks.ts";
import { promoteResizedReader, resizeMember, resizeOldWriter, restartSeconds } from "./writer-class-action.ts";

/** Aurora instances that are larger than their load needs: the writer by promoting a resized reader, a secondary's members one by one. */
export const writerClass: StudyRule<AuroraCluster, ClusterStudy> = {
  id: "aurora.writer-class",
  phase: 3,
  title: "Smaller Aurora writer",
  cost: { service: "Amazon Relational Database Service", commitment: "instance-type" },
  judgedBy: "load-balancers",
  changes: ["rds.failover", "rds.instance-class"],
  restsOn: (cluster) => ({
    engine: cluster.engine,
    globalRole: cluster.globalRole,
    members: cluster.members.map(({ identifier, role, instanceClass, sizesBefore = null }) => ({ identifier, role, instanceClass, sizesBefore })),
    // What another team may change meanwhile.
    obstacle: (obstacleOf(cluster) ?? memoryObstacleOf(cluster))?.detail ?? "none",
  }),
  checks: (study, action) => memberChecks(study, resizedBy(study.cluster, action)),
  // Any member may be lost, so that the others' CPU counts with each one's.
  finer: ({ cluster }) => fineCpuKeys(membersOf(cluster, cluster.members)),
  decide: (study) => classDecisions(study),
};

/** Decided once for each study: how many readers stay is projected on the classes that this rule leaves. */
export const classDecisions = oncePerInStudy((study: ClusterStudy): readonly Decision[] => {
  const subject: Subject = { rule: writerClass.id, resource: study.cluster.ref };
  return study.seats.map((seat) => decide(study, seat.part === undefined ? subject : { ...subject, part: seat.part }, seat));
});

function decide(study: ClusterStudy, subject: Subject, seat: Seat): Decision {
  const { facts, cluster } = study;
  const { policy, baseline } = facts;
  const eligible = eligibility(study, subject, seat);
  if (eligible.kind === "skip") return eligible;
  const { sized, reader, sizes } = eligible;
  const from = sized.instanceClass;

  const own = study.load.counted(sized)(cpuPercent(baseline, cluster.ref.region)(sized)("Average", hourSeconds));
  const incomplete = incompleteness(own, policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", `${sized.identifier}: ${incomplete}`);
  const limit = policy.rules.auroraWriterClass.maxCpuShare * 100;
  const average = evidence(`CPU of ${sized.identifier}, mean of the whole baseline`, mean(own.values), {
    series: own,
    statistic: "Average",
    unit: "Percent",
    limit,
  });
  if (!isBelowLimit(average)) return skip(subject, "threshold-not-met", conditionText([average]), { evidence: [average] });

  const demand = seat.demand();
  const memory = workingSet(study.load, membersOf(cluster, seat.loaded), { from, sizes });
  const seen = [average, ...demand.evidence, ...memory.evidence];
  if (memory.obstacle !== undefined && policy.rules.decision === "guarded")
    return skip(subject, memory.obstacle.code, memory.obstacle.detail, { evidence: seen });
  const resized = reader === undefined ? [sized] : [sized, reader];
  const strained = carriedWhileRestarting(study, resized);
  const local = localStorage(study.load, resized);
  const besides = (size: string) => [
    ...memory.besides(size),
    ...local.besides(size),
    ...strained,
    ...slowdownAt(study.load, resized, size),
    ...demand.ifLost.flatMap((each) => overflowing(each, from, size)),
  ];
  const chosen = chooseSize(policy, { ...demand, from, sizes, savings: (size) => savings(facts, cluster, resized, size), besides });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  const { candidate, refused, reason, warnings } = chosen;
  return {
    kind: "proposal",
    ...subject,
    from,
    to: candidate.target,
    ...(reader === undefined || reader.instanceClass === sized.instanceClass ? {} : { paidAs: reader.instanceClass }),
    reason: `${conditionText([average])}; ${reason}`,
    evidence: seen,
    chosen: candidate,
    refused,
    risk: riskOf(candidate.projections),
    savings: candidate.monthlySavings,
    monthlyCost: { before: cost(facts, cluster, resized), after: cost(facts, cluster, resized, candidate.target) },
    warnings: [
      ...warnings,
      ...(memory.obstacle === undefined ? [] : [memory.obstacle.detail]),
      ...memory.warnings(candidate.target),
      ...local.warnings(candidate.target),
      ...membersLeft(cluster, resized, subject),
      ...remarksOn(cluster),
    ],
    action:
      reader === undefined
        ? resizeMember(subject, cluster, sized, candidate.target)
        : promoteResizedReader(subject, cluster, { writer: sized, reader }, candidate.target),
    ...(reader === undefined
      ? {}
      : {
          followUps: [
            { action: resizeOldWriter(subject, cluster, sized, candidate.target), ...savedByWriter(facts, cluster, { sized, reader }, candidate.target) },
          ],
        }),
  };
}

interface Eligible {
  readonly kind: "eligible";
  readonly sized: AuroraMember;
  /** The reader to promote; undefined for a member of a secondary cluster, which is resized in place. */
  readonly reader: AuroraMember | undefined;
  readonly sizes: readonly string[];
}

/** Everything that can be said before looking at any load. */
function eligibility({ facts: { policy, capacities }, cluster, unsettled }: ClusterStudy, subject: Subject, { sized }: Seat): Eligible | Skip {
  const { target } = policy.rules.auroraWriterClass;
  if (sized === undefined) return skip(subject, "unsupported", cluster.members.length === 0 ? "the cluster has no instance" : "the cluster has no writer");
  const way = ladder(capacities.rdsFamily(sized.instanceClass), sized.instanceClass, target);
  if (way.kind === "already-there") return skip(subject, way.kind, `${sized.identifier} is ${sized.instanceClass}, not larger than ${target}`);
  if (way.kind === "unsupported") return skip(subject, way.kind, way.reason);
  if (unsettled !== undefined) return skip(subject, "unsupported", unsettled);
  const obstacle = obstacleOf(cluster) ?? memoryObstacleOf(cluster);
  if (obstacle !== undefined) return skip(subject, obstacle.code, obstacle.detail);
  const outage = outageOfRestart(cluster);
  if (outage !== undefined) return skip(subject, "unsupported", outage);
  if (cluster.globalRole === "secondary") return { kind: "eligible", sized, reader: undefined, sizes: way.sizes };
  const readers = cluster.members
    .filter(({ role }) => role === "reader")
    .toSorted((a, b) => a.promotionTier - b.promotionTier || (a.identifier < b.identifier ? -1 : 1));
  const reader = readers.find(({ parameterGroup }) => parameterGroup === sized.parameterGroup);
  if (reader === undefined)
    return skip(
      subject,
      "unsupported",
      `no reader can be promoted: ${readers.map(({ identifier, parameterGroup }) => `${identifier} has parameter group ${parameterGroup}`).join(", ")}, the writer ${sized.parameterGroup}`,
    );
  return { kind: "eligible", sized, reader, sizes: way.sizes };
}

/** A class change restarts its instance. Nobody else does what the only member of a cluster does, whatever that is. */
function outageOfRestart({ ref, globalRole, members }: AuroraCluster): string | undefined {
  const [only, another] = members;
  if (only === undefined || another !== undefined) return undefined;
  const lost = globalRole === "secondary" ? "no reads" : "neither reads nor writes";
  return `${only.identifier} is the cluster's only member: its restart means ${lost} in ${ref.region} for up to ${restartSeconds / 60} minutes`;
}

function membersLeft(cluster: AuroraCluster, resized: readonly AuroraMember[], { part }: Subject): readonly string[] {
  const left = cluster.members.filter((member) => !resized.includes(member));
  if (part !== undefined || left.length === 0) return [];
  return [`stay at their size: ${left.map(({ identifier, instanceClass }) => `${identifier} (${instanceClass})`).join(", ")}`];
}

function savings(facts: RuleFacts, cluster: AuroraCluster, resized: readonly AuroraMember[], target: string): MonthlyUsd {
  return sumMonthly(resized.map(({ instanceClass }) => monthlyDifference(priced(facts, cluster, instanceClass), priced(facts, cluster, target), 1)));
}

/** Of the old writer alone; a reader of another class is another line of the bill. */
function savedByWriter(
  facts: RuleFacts,
  cluster: AuroraCluster,
  { sized, reader }: { readonly sized: AuroraMember; readonly reader: AuroraMember },
  target: string,
): Omit<FollowUp, "action"> {
  const own = { savings: savings(facts, cluster, [sized], target) };
  return reader.instanceClass === sized.instanceClass ? own : { ...own, paid: { as: sized.instanceClass, costAfter: cost(facts, cluster, [sized], target) } };
}

/** Of the resized members at their own class, or all at one. */
function cost(facts: RuleFacts, cluster: AuroraCluster, resized: readonly AuroraMember[], target?: string): MonthlyUsd {
  return sumMonthly(resized.map(({ instanceClass }) => monthlyCost(priced(facts, cluster, target ?? instanceClass), 1)));
}

export function priced({ prices }: RuleFacts, cluster: AuroraCluster, name: string): { readonly name: string; readonly hourlyUsd: number | null } {
  const { ref, engine, storage = "standard" } = cluster;
  const sort = storage === "standard" ? engine : `${engine}, I/O-Optimized`;
  return { name: `${name} (${sort}) in ${ref.region}`, hourlyUsd: prices.auroraHourly(ref.region, engine, name, storage) };
}
