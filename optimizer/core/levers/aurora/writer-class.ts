import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import type { Inventory } from "../resource-kinds.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision, Rule, RuleFacts, Skip } from "../../model/rule.ts";
import { monthlyCost, monthlyDifference, sumMonthly } from "../../money/monthly.ts";
import { riskOf } from "../../sizing/projection.ts";
import { chooseSize, sameVerdict } from "../../sizing/choose-size.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { databaseDemand } from "./demand.ts";
import { busiestCpuPercent, databaseKeys, fineCpuKeys, membersOf } from "./load.ts";
import { hourSeconds, type Reading } from "../../sizing/estimate.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { mean } from "../../sizing/quantile.ts";
import { ladder } from "../../sizing/size-ladder.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import { undescribedSkips } from "../../sizing/undescribed.ts";
import { promoteResizedReader, resizeMember, resizeOldWriter } from "./writer-class-action.ts";
import { workingSet } from "./working-set.ts";

/** Aurora instances that are larger than their load needs: the writer by promoting a resized reader, a secondary's members one by one. */
export const writerClass: Rule = {
  id: "aurora.writer-class",
  phase: 3,
  title: "Smaller Aurora writer",
  demands: (inventory) => clustersOf(inventory).flatMap(databaseKeys),
  refinements: (facts) => subjectsOf(facts.inventory).flatMap((one) => (isInDoubt(facts, one) ? fineCpuKeys(membersOf(one.cluster, one.loaded)) : [])),
  decide: (facts) => [
    ...undescribedSkips("aurora.writer-class", "aurora-cluster", facts.inventory),
    ...subjectsOf(facts.inventory).map((one) => decide(facts, one, "careful")),
  ],
};

/** One decision to make: a cluster with its writer, or one member of a secondary cluster. */
interface Examined {
  readonly subject: Subject;
  readonly cluster: AuroraCluster;
  /** Whose class is looked at; undefined where a cluster has none. */
  readonly sized: AuroraMember | undefined;
  /**
   * Whose load must fit. After the pass writer and promoted reader are both of the new size, and a failover may give either role to
   * either: so the busiest member counts, whichever it was at the time.
   */
  readonly loaded: readonly AuroraMember[];
}

function clustersOf({ resources }: Inventory): readonly AuroraCluster[] {
  return resources.filter((resource) => resource.kind === "aurora-cluster");
}

function subjectsOf(inventory: Inventory): readonly Examined[] {
  return clustersOf(inventory).flatMap((cluster): readonly Examined[] => {
    const subject: Subject = { rule: "aurora.writer-class", resource: cluster.ref };
    if (cluster.globalRole !== "secondary" || cluster.members.length === 0) {
      return [{ subject, cluster, sized: cluster.members.find(({ role }) => role === "writer"), loaded: cluster.members }];
    }
    return cluster.members.map((member) => ({ subject: { ...subject, part: member.identifier }, cluster, sized: member, loaded: [member] }));
  });
}

function isInDoubt(facts: RuleFacts, one: Examined): boolean {
  return !sameVerdict(decide(facts, one, "careful"), decide(facts, one, "hopeful"));
}

function decide(facts: RuleFacts, examined: Examined, reading: Reading): Decision {
  const { subject, cluster, loaded } = examined;
  const { policy, baseline } = facts;
  const eligible = eligibility(facts, examined);
  if (eligible.kind === "skip") return eligible;
  const { sized, reader, sizes } = eligible;
  const from = sized.instanceClass;

  const own = busiestCpuPercent(baseline, membersOf(cluster, [sized]))("Average", hourSeconds);
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

  const members = membersOf(cluster, loaded);
  const demand = databaseDemand(facts, members, from, reading);
  const memory = workingSet(facts, cluster, members, { from, sizes });
  const seen = [average, ...demand.evidence, ...memory.evidence];
  if (memory.obstacle !== undefined && policy.rules.decision === "guarded")
    return skip(subject, memory.obstacle.code, memory.obstacle.detail, { evidence: seen });
  const resized = reader === undefined ? [sized] : [sized, reader];
  const chosen = chooseSize(policy, { ...demand, from, sizes, savings: (size) => savings(facts, cluster, resized, size), besides: memory.besides });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  const { candidate, refused, reason, warnings } = chosen;
  return {
    kind: "proposal",
    ...subject,
    from,
    to: candidate.target,
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
      ...membersLeft(cluster, resized, subject),
    ],
    action:
      reader === undefined
        ? resizeMember(subject, cluster, sized, candidate.target)
        : promoteResizedReader(subject, cluster, { writer: sized, reader }, candidate.target),
    ...(reader === undefined
      ? {}
      : { followUps: [{ action: resizeOldWriter(subject, cluster, sized, candidate.target), savings: savings(facts, cluster, [sized], candidate.target) }] }),
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
function eligibility({ policy, capacities }: RuleFacts, { subject, cluster, sized }: Examined): Eligible | Skip {
  const { target } = policy.rules.auroraWriterClass;
  const tenant = tenantReason([cluster.tags, ...cluster.members.map(({ tags }) => tags)], policy.tenantTags);
  if (tenant !== undefined) return skip(subject, "tenant-resource", tenant);
  if (sized === undefined) return skip(subject, "unsupported", cluster.members.length === 0 ? "the cluster has no instance" : "the cluster has no writer");
  const way = ladder(capacities.rdsFamily(sized.instanceClass), sized.instanceClass, target);
  if (way.kind === "already-there") return skip(subject, way.kind, `${sized.identifier} is ${sized.instanceClass}, not larger than ${target}`);
  if (way.kind === "unsupported") return skip(subject, way.kind, way.reason);
  const unsettled = unsettledPart(cluster);
  if (unsettled !== undefined) return skip(subject, "unsupported", unsettled);
  if (cluster.globalRole === "secondary") return { kind: "eligible", sized, reader: undefined, sizes: way.sizes };
  const [reader] = cluster.members
    .filter(({ role }) => role === "reader")
    .sort((a, b) => a.promotionTier - b.promotionTier || (a.identifier < b.identifier ? -1 : 1));
  if (reader === undefined) return skip(subject, "unsupported", "the cluster has no reader to promote: a class change would be the writer's outage");
  return { kind: "eligible", sized, reader, sizes: way.sizes };
}

function unsettledPart({ ref, status, members }: AuroraCluster): string | undefined {
  if (status !== "available") return `the cluster ${ref.id} is ${status}`;
  const member = members.find((one) => one.status !== "available");
  return member === undefined ? undefined : `${member.identifier} is ${member.status}`;
}

function membersLeft(cluster: AuroraCluster, resized: readonly AuroraMember[], { part }: Subject): readonly string[] {
  const left = cluster.members.filter((member) => !resized.includes(member));
  if (part !== undefined || left.length === 0) return [];
  return [`stay at their size: ${left.map(({ identifier, instanceClass }) => `${identifier} (${instanceClass})`).join(", ")}`];
}

function savings(facts: RuleFacts, cluster: AuroraCluster, resized: readonly AuroraMember[], target: string): MonthlyUsd {
  return sumMonthly(resized.map(({ instanceClass }) => monthlyDifference(priced(facts, cluster, instanceClass), priced(facts, cluster, target), 1)));
}

/** Of the resized members at their own class, or all at one. */
function cost(facts: RuleFacts, cluster: AuroraCluster, resized: readonly AuroraMember[], target?: string): MonthlyUsd {
  return sumMonthly(resized.map(({ instanceClass }) => monthlyCost(priced(facts, cluster, target ?? instanceClass), 1)));
}

function priced({ prices }: RuleFacts, { ref, engine }: AuroraCluster, name: string): { readonly name: string; readonly hourlyUsd: number | null } {
  return { name: `${name} (${engine}) in ${ref.region}`, hourlyUsd: prices.auroraHourly(ref.region, engine, name) };
}
