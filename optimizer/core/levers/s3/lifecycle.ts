import { pointAt } from "../../model/observation.ts";
import type { Action } from "../../model/action.ts";
import type { Policy } from "../../model/policy.ts";
import type { Decision, Evidence, S3Prices } from "../../model/rule.ts";
import { hoursPerMonth } from "../../money/monthly.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { mean } from "../../sizing/quantile.ts";
import { added, combine, firstPoint, lastPoint, type Series } from "../../sizing/series.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { StudyRule } from "../lever.ts";
import type { Bucket, LifecycleConfiguration } from "./bucket.ts";
import { lifecycleState } from "./changes.ts";
import { leastBytesInStandardIa, movedToStandardIa, normalized, obstacleTo, pickedTags, ruleWords, tieringRules } from "./lifecycle-rules.ts";
import { type BucketStudy, downloads, objectCount, storedBytes, type StoredBytes } from "./study.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

const bytesPerGb = 1024 ** 3;
const daysPerMonth = hoursPerMonth / 24;
/**
 * Intelligent-Tiering moves an object down after 30 days in which nobody read it
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html): before, no tier could show a benefit.
 */
const daysBeforeLowerTier = 30;

/** Lifecycle rules to Intelligent-Tiering whose lower tiers stay empty, where Standard-IA would cost less for what is still to come. */
export const lifecycle: StudyRule<Bucket, BucketStudy> = {
  id: "s3.lifecycle",
  phase: 1,
  title: "S3 lifecycle to Standard-IA",
  cost: { service: "Amazon Simple Storage Service", commitment: "none", billedBy: "requests" },
  // Both classes answer alike, and nothing moves for 30 days.
  judgedBy: "nothing-visible",
  changes: ["s3.lifecycle"],
  restsOn: ({ lifecycle: configuration, versioning, archiveConfigurations, requestMetrics }) => ({
    // S3 gives rules in an order of its own.
    lifecycle: configuration.kind === "seen" ? normalized(configuration.value) : configuration,
    versioning,
    archiveConfigurations,
    requestMetrics,
  }),
  decide: (study, subject) => [decide(study, subject)],
};

function decide(study: BucketStudy, subject: Subject): Decision {
  const { facts, bucket } = study;
  const { lifecycle: configuration, versioning, archiveConfigurations: archives, requestMetrics } = bucket;
  const unseen = ({ reason }: { readonly reason: string }): Decision => skip(subject, "unreadable", `what its lifecycle does could not be seen: ${reason}`);
  if (configuration.kind === "unseen") return unseen(configuration);
  if (versioning.kind === "unseen") return unseen(versioning);
  if (archives.kind === "unseen") return unseen(archives);
  if (requestMetrics.kind === "unseen") return unseen(requestMetrics);
  const { afterDays } = facts.policy.rules.s3Lifecycle;
  const moved = tieringRules(configuration.value);
  if (moved.length === 0) return skip(subject, "already-there", "no rule moves its objects to Intelligent-Tiering");
  if (archives.value.length > 0)
    return skip(subject, "unsupported", `Intelligent-Tiering archives its objects (${archives.value.join(", ")}), which Standard-IA never does`);
  const tenant = tenantsObjects(configuration.value, facts.policy.tenantTags);
  if (tenant !== undefined) return skip(subject, "tenant-resource", tenant);
  const obstacle = obstacleTo(configuration.value, afterDays);
  if (obstacle !== undefined) return skip(subject, "unsupported", obstacle);
  const prices = facts.prices.s3(bucket.ref.region);
  if (prices === null) return skip(subject, "cannot-judge", `no price is known for S3 in ${bucket.ref.region}, so neither class is known to be cheaper`);
  return decideByFigures(study, subject, { configuration: configuration.value, isVersioned: versioning.value === "Enabled", prices, afterDays });
}

/** A rule that picks objects by a tenant's tag tells that there are some, and moving all objects would move those, too. */
function tenantsObjects(configuration: LifecycleConfiguration, tenantTags: Policy["tenantTags"] | undefined): string | undefined {
  for (const { rule, tags } of pickedTags(configuration)) {
    const reason = tenantReason([{ kind: "tags", tags }], tenantTags);
    if (reason !== undefined) return `rule ${rule} picks objects by a tag: ${reason}`;
  }
  return undefined;
}

interface Judged {
  readonly configuration: LifecycleConfiguration;
  readonly isVersioned: boolean;
  readonly prices: S3Prices;
  readonly afterDays: number;
}

function decideByFigures(study: BucketStudy, subject: Subject, { configuration, isVersioned, prices, afterDays }: Judged): Decision {
  const { facts, bucket } = study;
  const stored = storedBytes(facts.baseline, bucket);
  const incomplete = firstIncompleteness([...stored, objectCount(facts.baseline, bucket)], facts.policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  const course = courseOf(stored);
  if (course === undefined || course.oldBytes <= 0)
    return skip(
      subject,
      "insufficient-data",
      `nothing is known to have been in Intelligent-Tiering for ${daysBeforeLowerTier} days, so no tier could show a benefit yet`,
    );

  const benefit = benefitEvidence(stored, course, prices, facts.policy.rules.s3Lifecycle.maxBenefitShare);
  if (!isBelowLimit(benefit)) return skip(subject, "threshold-not-met", conditionText([benefit]), { evidence: [benefit] });
  const read = readsOf(study, course);
  if ("code" in read) return skip(subject, read.code, read.detail, { evidence: [benefit] });
  const newGb = course.newBytesPerMonth / bytesPerGb;
  const seen = [benefit, ...read.evidence];
  if (newGb <= 0)
    return skip(subject, "does-not-fit", "what is in Intelligent-Tiering did not grow, and what is there cannot move to Standard-IA by a lifecycle rule", {
      evidence: seen,
    });

  // A month of what a month brings, once it is old enough to have moved.
  const before = newGb * prices.frequentGbMonth * (1 - benefit.value / 100);
  const after = newGb * (prices.standardIaGbMonth + read.gbPerGb * prices.standardIaRetrievalGb + read.getsPerGb * (prices.standardIaGet - prices.get));
  const costs = `a month of its ${newGb.toFixed(1)} GB costs ${usd(before)} there and ${usd(after)} in Standard-IA, reads included`;
  if (after >= before) return skip(subject, "does-not-fit", costs, { evidence: seen });
  return {
    kind: "proposal",
    ...subject,
    from: "INTELLIGENT_TIERING",
    to: `STANDARD_IA after ${afterDays} days`,
    reason: `${conditionText([benefit])}; what a month brings: ${costs}`,
    evidence: seen,
    refused: [],
    risk: 0,
    savings: { kind: "known", usd: before - after },
    monthlyCost: { before: { kind: "known", usd: before }, after: { kind: "known", usd: after } },
    warnings: warningsOf(study, course, prices, isVersioned),
    action: lifecycleAction(subject, bucket, configuration, afterDays),
  };
}

interface Course {
  /** The newest day of which the bytes of all tiers are known. */
  readonly last: number;
  readonly bytes: number;
  /** What was there 30 days before: nothing younger can have shown a benefit. */
  readonly oldBytes: number;
  /** The slower of the whole baseline's growth and of the last 30 days': what was deleted meanwhile is not counted as new. */
  readonly newBytesPerMonth: number;
}

function courseOf(stored: readonly Series[]): Course | undefined {
  const { values } = stored.reduce((sum, tier) => combine(sum.name, sum, tier, added));
  const [start, last] = [firstPoint(values), lastPoint(values)];
  const old = lastPoint(values.subarray(0, Math.max(0, last + 1 - daysBeforeLowerTier)));
  if (old === -1) return undefined;
  const bytesOn = (day: number): number => pointAt(values, day);
  const growthSince = (day: number): number => ((bytesOn(last) - bytesOn(day)) / (last - day)) * daysPerMonth;
  return { last, bytes: bytesOn(last), oldBytes: bytesOn(old), newBytesPerMonth: Math.min(growthSince(start), growthSince(old)) };
}

/** What the lower tiers save of what the old objects would cost in the frequent one. */
function benefitEvidence(stored: readonly StoredBytes[], { last, oldBytes }: Course, prices: S3Prices, limit: number): Evidence {
  const saved = stored.reduce((sum, { values, price }) => sum + pointAt(values, last) * (prices.frequentGbMonth - prices[price]), 0);
  const share = Math.min(100, (saved / (oldBytes * prices.frequentGbMonth)) * 100);
  const series = { ...(stored[0] as Series), keys: stored.flatMap(({ keys }) => keys) };
  return evidence("saved by the lower tiers", share, { series, statistic: "Average", unit: "Percent", limit: limit * 100 });
}

interface Reads {
  /** Downloaded in a month, of each GB that is stored: all downloads counted as of Intelligent-Tiering's. */
  readonly gbPerGb: number;
  readonly getsPerGb: number;
  readonly evidence: readonly Evidence[];
}

function readsOf({ facts, bucket }: BucketStudy, { bytes }: Course): Reads | { readonly code: "cannot-judge" | "insufficient-data"; readonly detail: string } {
  const [downloaded, gets] = downloads(facts.baseline, bucket);
  if (downloaded === undefined || gets === undefined)
    return {
      code: "cannot-judge",
      detail: "how much is read of it is not known, and Standard-IA bills reads: turn on request metrics of the whole bucket",
    };
  const incomplete = firstIncompleteness([downloaded, gets], facts.policy);
  if (incomplete !== undefined) return { code: "insufficient-data", detail: incomplete };
  const perGb = (series: Series): number => (mean(series.values) * daysPerMonth) / (bytes / bytesPerGb);
  const gbPerGb = perGb(downloaded) / bytesPerGb;
  return {
    gbPerGb,
    getsPerGb: perGb(gets),
    evidence: [
      evidence("downloaded in a month of what is stored", gbPerGb * 100, { series: downloaded, statistic: "Sum", unit: "Percent" }),
      evidence("GET requests a day", mean(gets.values), { series: gets, statistic: "Sum", unit: "Count" }),
    ],
  };
}

function warningsOf({ facts, bucket }: BucketStudy, { bytes }: Course, prices: S3Prices, isVersioned: boolean): readonly string[] {
  const { values } = objectCount(facts.baseline, bucket);
  const objects = pointAt(values, lastPoint(values));
  const monitored = Math.min(objects, bytes / leastBytesInStandardIa) * prices.monitoringObjectMonth;
  return [
    "saves that much of what each further month brings, on top of the months before; what is in Intelligent-Tiering stays there",
    `monitoring of the new objects is saved, too, which is not counted: S3 does not tell how many objects are monitored (today at most ${usd(monitored)} a month)`,
    `objects ${isVersioned ? "deleted for good" : "deleted or overwritten"} within 30 days after they moved are billed for the rest of those days`,
    "on the way back, what has moved to Standard-IA meanwhile stays there",
  ];
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** One call, which writes all rules. A rule that is not about the whole bucket has no place in a sizing file. */
export function lifecycleAction(subject: Subject, { ref }: Bucket, configuration: LifecycleConfiguration, afterDays: number): Action {
  const id = actionId(subject);
  const names = tieringRules(configuration).map(ruleWords).join(", ");
  const after = lifecycleState(movedToStandardIa(configuration, afterDays));
  const change: ChangeOf<"s3.lifecycle"> = { kind: "s3.lifecycle", region: ref.region, bucket: ref.id, before: lifecycleState(configuration), after };
  return {
    id,
    rule: subject.rule,
    phase: 1,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: move objects to Standard-IA after ${afterDays} days instead of to Intelligent-Tiering`,
    steps: [
      {
        kind: "change",
        id: `${id}#forward:lifecycle`,
        change,
        description: `let rule ${names} of ${ref.id} move objects to Standard-IA after ${afterDays} days`,
      },
    ],
    rollback: [
      { kind: "change", id: `${id}#rollback:lifecycle`, change: inverse(change), description: `put the lifecycle rules of ${ref.id} back as they were` },
    ],
    reversibility: "immediate",
    undoMinutes: minutesOf(changeSeconds.lifecycle),
    cannotComeBack: `what has moved to Standard-IA in ${ref.id} meanwhile: it stays there, and is billed for 30 days at least`,
    disruptions: [],
    writeBack: after.transition === null ? [] : [{ type: "aws_s3_bucket", id: ref.id, property: "transition", operation: "set", value: after.transition }],
  };
}
