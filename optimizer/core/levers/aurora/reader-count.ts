import { changesAmong } from "../../model/action.ts";
import { pointAt } from "../../model/observation.ts";
import type { Candidate, Decision, Evidence, Proposal } from "../../model/rule.ts";
import { monthlyCost } from "../../money/monthly.ts";
import { chooseCandidate } from "../../sizing/choose-size.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { riskOf } from "../../sizing/projection.ts";
import { quantile, total } from "../../sizing/quantile.ts";
import { oncePerInStudy } from "../../model/study-memory.ts";
import { firstPoint, type Series, stillOf } from "../../sizing/series.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { Refusal, StudyRule } from "../lever.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import type { ClusterLoad } from "./cluster-load.ts";
import { fitWithout } from "./fewer-readers.ts";
import { fineCpuKeys, membersOf, replicaLag, storageIops } from "./load.ts";
import type { MemberDefinition } from "./member-definition.ts";
import { connectionsObstacleOf, obstacleOf, remarksOn } from "./obstacles.ts";
import { lagCheck, memberChecks, membersBeside } from "./member-checks.ts";
import { removeReader } from "./reader-count-action.ts";
import type { ClusterStudy } from "./study.ts";
import { workingSet } from "./working-set.ts";
import { classDecisions, priced } from "./writer-class.ts";

/**
 * Aurora readers beyond what the reads need, one of them a run. The class is decided first: it changes what a member can carry, and its
 * failover needs a reader. This rule counts on the classes that are left then, so that no headroom is used twice.
 */
export const readerCount: StudyRule<AuroraCluster, ClusterStudy> = {
  id: "aurora.reader-count",
  phase: 3,
  title: "Fewer Aurora readers",
  cost: { service: "Amazon Relational Database Service", commitment: "instance-type" },
  judgedBy: "load-balancers",
  changes: ["rds.member"],
  // How the reader is that goes stands in the change itself, and is compared before it is made.
  restsOn: (cluster) => ({
    engine: cluster.engine,
    globalRole: cluster.globalRole,
    members: cluster.members.map(({ identifier, role, instanceClass, promotionTier, sizesBefore = null }) => ({
      identifier,
      role,
      instanceClass,
      promotionTier,
      sizesBefore,
    })),
    // What another team may change meanwhile.
    obstacle: (obstacleOf(cluster) ?? connectionsObstacleOf(cluster))?.detail ?? "none",
  }),
  checks: (study, action) => {
    const remaining = membersBeside(study.cluster, action, classesBeside(study));
    return [...memberChecks(study, remaining), lagCheck(study.facts.policy, study.cluster, [...remaining.keys()])];
  },
  finer: ({ cluster }) => fineCpuKeys(membersOf(cluster, cluster.members)),
  decide: (study, subject) => [decide(study, subject)],
};

function decide(study: ClusterStudy, subject: Subject): Decision {
  const { facts, cluster } = study;
  const { policy } = facts;
  const refused = refusalOf(study);
  if (refused !== undefined) return skip(subject, refused.code, refused.detail);
  const byClass = proposedClass(study);
  const classes = classesBeside(study);
  const named = readerToRemove(cluster, byClass === undefined ? new Set() : namedBy(byClass));
  if (named.kind === "none") return skip(subject, "unsupported", named.detail);
  const { removed, definition } = named;

  const condition = conditionOf(study.load);
  if (typeof condition === "string") return skip(subject, "insufficient-data", condition);
  if (!condition.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(condition), { evidence: condition });

  const remaining = cluster.members.filter((member) => member !== removed);
  const classOf = (member: AuroraMember): string => classes.get(member.identifier) ?? member.instanceClass;
  const pool = workingSet(study.load, membersOf(cluster, remaining), { from: removed.instanceClass, sizes: [removed.instanceClass] });
  const fit = fitWithout(study, { removed, remaining, classOf });
  const seen = [...condition, ...fit.evidence, ...pool.evidence];
  if (pool.obstacle !== undefined && policy.rules.decision === "guarded") return skip(subject, pool.obstacle.code, pool.obstacle.detail, { evidence: seen });
  const cost = monthlyCost(priced(facts, cluster, removed.instanceClass), 1);
  const readers = readersOf(cluster).length;
  const candidate: Candidate = {
    target: inReaders(readers - 1),
    projections: fit.projections,
    fits: fit.projections.every(({ fits }) => fits),
    monthlySavings: cost,
  };
  const chosen = chooseCandidate(policy, { from: inReaders(readers), options: [{ to: readers - 1, candidate }], unknown: fit.unknown, blind: [] });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  return {
    kind: "proposal",
    ...subject,
    from: inReaders(readers),
    to: candidate.target,
    paidAs: removed.instanceClass,
    reason: `${conditionText(condition)}; of the readers that may go, ${removed.identifier} is promoted last; ${chosen.reason}`,
    evidence: seen,
    chosen: candidate,
    refused: chosen.refused,
    risk: riskOf(candidate.projections),
    savings: cost,
    monthlyCost: { before: cost, after: { kind: "known", usd: 0 } },
    warnings: [
      ...chosen.warnings,
      ...(pool.obstacle === undefined ? [] : [pool.obstacle.detail]),
      ...(byClass === undefined ? [] : [`counts on ${byClass.to} by aurora.writer-class, and is left out unless that is kept`]),
      `whoever names the endpoint of ${removed.identifier} itself, not the reader endpoint, cannot connect any more: no metric tells whether somebody does`,
      `made again, ${removed.identifier} has its name and endpoint, and another resource id: its history of Performance Insights does not come back`,
      ...remarksOn(cluster),
    ],
    action: removeReader(subject, cluster, { identifier: removed.identifier, definition }, byClass?.action.id),
  };
}

/** Everything that can be said before looking at members or load. */
function refusalOf({ facts: { policy }, cluster, unsettled }: ClusterStudy): Refusal | undefined {
  const { targetReaders } = policy.rules.auroraReaderCount;
  const readers = readersOf(cluster).length;
  if (cluster.globalRole === "secondary") {
    const detail = "a secondary cluster of a global database stands by to take over for its primary: its own load does not tell how many members that needs";
    return { code: "unsupported", detail };
  }
  if (readers <= targetReaders) return { code: "already-there", detail: `has ${inReaders(readers)}, not more than ${targetReaders}` };
  if (!cluster.members.some(({ role }) => role === "writer")) return { code: "unsupported", detail: "the cluster has no writer" };
  if (unsettled !== undefined) return { code: "unsupported", detail: unsettled };
  return obstacleOf(cluster) ?? connectionsObstacleOf(cluster);
}

/**
 * The reader that is promoted last, the newest of several: failover goes on as it was meant to. One that another change of this plan is
 * about, that could not be made again as it is, or without which all members would be in one zone, stays.
 */
function readerToRemove(cluster: AuroraCluster, taken: ReadonlySet<string>): Named | { readonly kind: "none"; readonly detail: string } {
  const inOrder = readersOf(cluster).toSorted(
    (a, b) => b.promotionTier - a.promotionTier || (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0) || (a.identifier < b.identifier ? 1 : -1),
  );
  const kept: string[] = [];
  for (const removed of inOrder) {
    const { definition } = removed;
    if (definition === undefined) {
      kept.push(`${removed.identifier} was not read as a whole, so that it could not be made again`);
      continue;
    }
    const why = whyKept(cluster, removed, definition, taken);
    if (why === undefined) return { kind: "named", removed, definition };
    kept.push(why);
  }
  return { kind: "none", detail: kept.join("; ") };
}

interface Named {
  readonly kind: "named";
  readonly removed: AuroraMember;
  readonly definition: MemberDefinition;
}

function whyKept({ members }: AuroraCluster, removed: AuroraMember, { tags }: MemberDefinition, taken: ReadonlySet<string>): string | undefined {
  const { identifier } = removed;
  if (taken.has(identifier)) return `${identifier} gets another class or role in the same run`;
  // AWS keeps this prefix for itself: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
  const [own] = Object.keys(tags).filter((key) => key.toLowerCase().startsWith("aws:"));
  if (own !== undefined) return `${identifier} has the tag ${own}, which AWS alone can give: whatever made it would have to make it again`;
  const zones = new Set(members.map(zoneOf));
  const left = new Set(members.filter((member) => member !== removed).map(zoneOf));
  if (zones.size > 1 && left.size === 1) return `without ${identifier} all members would be in ${[...left].join("")}`;
  return undefined;
}

function zoneOf({ identifier, definition }: AuroraMember): string {
  return definition?.availabilityZone ?? `the zone of ${identifier}`;
}

/** The requirement's two figures, over all members and the whole baseline, or why they are not known. */
const conditionOf = oncePerInStudy(({ facts: { baseline, policy }, cluster }: ClusterLoad): readonly Evidence[] | string => {
  const { maxLagMs, maxReadShare } = policy.rules.auroraReaderCount;
  const { region } = cluster.ref;
  const lag = worstLag(cluster.members.map((member) => replicaLag(baseline, region, member)));
  const iops = cluster.members.map((member) => storageIops(baseline, region, member));
  const reads = summed(
    "ReadIOPS Average",
    iops.map((each) => each.reads),
    iops.length,
  );
  // Only the writer writes, and AWS need not report a metric of nothing for the others.
  const writes = summed(
    "WriteIOPS Average",
    iops.map((each) => each.writes),
    1,
  );
  const incomplete = firstIncompleteness([lag, reads, writes], policy);
  if (incomplete !== undefined) return incomplete;
  const both = total(reads.values) + total(writes.values);
  const readShare = both === 0 ? 0 : total(reads.values) / both;
  return [
    evidence("replica lag of the slowest reader, in ms", quantile(lag.values, 1), { series: lag, statistic: "Maximum", unit: "Milliseconds", limit: maxLagMs }),
    evidence("reads of all reads and writes to storage", readShare * 100, {
      series: { ...reads, keys: [...reads.keys, ...writes.keys] },
      statistic: "Average",
      unit: "Percent",
      limit: maxReadShare * 100,
    }),
  ];
});

/** Every member but the writer reports a lag: an hour in which another one lacks it tells nothing. */
function worstLag(lags: readonly Series[]): Series {
  const series = together("AuroraReplicaLag Maximum", lags);
  for (const { values } of lags) {
    for (let hour = 0; hour < series.values.length; hour++) {
      const value = pointAt(values, hour);
      if (value > pointAt(series.values, hour)) series.values[hour] = value;
    }
  }
  return withoutHoursOfFewer(series, lags, lags.length - 1);
}

/** Hour by hour all series together; a gap where fewer than `atLeast` of them have a point. */
function summed(name: string, all: readonly Series[], atLeast: number): Series {
  const series = together(name, all);
  for (const { values } of all) {
    for (let hour = 0; hour < series.values.length; hour++) {
      const value = pointAt(values, hour);
      if (!Number.isNaN(value)) series.values[hour] = pointAt(series.values, hour) + value;
    }
  }
  return withoutHoursOfFewer(series, all, atLeast);
}

/** What several hourly series are put together in, 0 at first. One without any point adds nothing. */
function together(name: string, all: readonly Series[]): Series {
  return {
    name,
    keys: all.flatMap(({ keys }) => keys),
    periodSeconds: hourSeconds,
    values: new Float64Array(Math.max(0, ...all.map(({ values }) => values.length))),
    whole: all.every(({ whole, values }) => whole || firstPoint(values) === -1),
    ...stillOf(all),
  };
}

function withoutHoursOfFewer(series: Series, all: readonly Series[], atLeast: number): Series {
  const known = new Float64Array(series.values.length);
  for (const { values } of all)
    for (let hour = 0; hour < known.length; hour++) if (!Number.isNaN(pointAt(values, hour))) known[hour] = pointAt(known, hour) + 1;
  for (let hour = 0; hour < known.length; hour++) if (pointAt(known, hour) < atLeast) series.values[hour] = Number.NaN;
  return series;
}

function proposedClass(study: ClusterStudy): Proposal | undefined {
  return classDecisions(study).find((decision) => decision.kind === "proposal");
}

/** The classes that the rule on them is about to give members. */
function classesBeside(study: ClusterStudy): ReadonlyMap<string, string> {
  const byClass = proposedClass(study);
  return byClass === undefined ? new Map() : classesAfter(byClass);
}

/** The classes that the class's own changes leave, by member. */
function classesAfter({ action, followUps = [] }: Proposal): ReadonlyMap<string, string> {
  const changes = changesAmong([action, ...followUps.map((each) => each.action)].flatMap((each) => each.steps));
  return new Map(changes.flatMap((change) => (change.kind === "rds.instance-class" ? [[change.instance, change.after.instanceClass]] : [])));
}

/** Every member that the class's changes are about. */
function namedBy({ action, followUps = [] }: Proposal): ReadonlySet<string> {
  const changes = changesAmong([action, ...followUps.map((each) => each.action)].flatMap((each) => each.steps));
  const resized = changes.flatMap((change) => (change.kind === "rds.instance-class" ? [change.instance] : []));
  const promoted = changes.flatMap((change) => (change.kind === "rds.failover" ? [change.before.writer, change.after.writer] : []));
  return new Set([...resized, ...promoted]);
}

function readersOf({ members }: AuroraCluster): readonly AuroraMember[] {
  return members.filter(({ role }) => role === "reader");
}

function inReaders(count: number): string {
  return count === 1 ? "1 reader" : `${count} readers`;
}
