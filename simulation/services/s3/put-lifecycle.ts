import type { PutBucketLifecycleConfigurationCommandInput, PutBucketLifecycleConfigurationCommandOutput } from "@aws-sdk/client-s3";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { bucketOf, errors, type StoredRule, type StoredTransition } from "./bucket.ts";
import { defaultMinimumObjectSize } from "./deploy-buckets.ts";

const mostRules = 1000;
/** LifecycleRule, ID: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html */
const longestId = 255;
const leastDaysBeforeInfrequent = 30;
const leastDaysInInfrequent = 30;
const infrequent = ["STANDARD_IA", "ONEZONE_IA"];
const malformed = "The XML you provided was not well-formed or did not validate against our published schema";

/** Replaces all rules; the default minimum object size is S3's own again where the call does not say it. */
export function putBucketLifecycleConfiguration(
  input: PutBucketLifecycleConfigurationCommandInput,
  context: MutationContext,
): () => Answer<PutBucketLifecycleConfigurationCommandOutput> {
  refuseUnmodelled("PutBucketLifecycleConfiguration", input, ["Bucket", "LifecycleConfiguration", "TransitionDefaultMinimumObjectSize", "ChecksumAlgorithm"]);
  const bucket = bucketOf(context, input.Bucket);
  // Dates as texts, however the log was read.
  const given = JSON.parse(JSON.stringify(input.LifecycleConfiguration?.Rules ?? [])) as readonly (Omit<StoredRule, "ID"> & { readonly ID?: string })[];
  const rules = given.map((rule, at): StoredRule => ({ ...rule, ID: rule.ID ?? context.idSeed.slice(at % 32, (at % 32) + 32) }));
  checkForm(rules);
  for (const rule of rules) checkDays(rule);
  const minimumObjectSize: string = input.TransitionDefaultMinimumObjectSize ?? defaultMinimumObjectSize;
  return () => {
    bucket.lifecycle.set(context.nowMs, { rules, minimumObjectSize });
    return {
      TransitionDefaultMinimumObjectSize: minimumObjectSize as NonNullable<PutBucketLifecycleConfigurationCommandOutput["TransitionDefaultMinimumObjectSize"]>,
    };
  };
}

/** What the schema of the XML asks for. */
function checkForm(rules: readonly StoredRule[]): void {
  const withFilter = rules.filter(({ Filter }) => Filter !== undefined).length;
  const isFormed = rules.every(
    (rule) =>
      (rule.Status === "Enabled" || rule.Status === "Disabled") &&
      (rule.Filter === undefined) !== (rule.Prefix === undefined) &&
      Object.keys(rule.Filter ?? {}).length <= 1 &&
      (rule.Transitions ?? []).every(({ Days, Date: date, StorageClass }) => (Days === undefined) !== (date === undefined) && StorageClass !== undefined) &&
      actionsOf(rule) > 0,
  );
  if (rules.length === 0 || rules.length > mostRules || !isFormed || (withFilter !== 0 && withFilter !== rules.length))
    throw errors.refuse("MalformedXML", malformed);
  const ids = rules.map(({ ID }) => ID);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (ids.some((id) => id.length > longestId)) throw errors.refuse("InvalidArgument", `ID length should not exceed allowed limit of ${longestId}`);
  if (twice !== undefined) throw errors.refuse("InvalidArgument", `Rule ID must be unique. Found same ID for more than one rule`);
}

function actionsOf({ Expiration, Transitions, NoncurrentVersionTransitions, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload }: StoredRule): number {
  return [Expiration, Transitions?.[0], NoncurrentVersionTransitions?.[0], NoncurrentVersionExpiration, AbortIncompleteMultipartUpload].filter(
    (action) => action !== undefined,
  ).length;
}

function checkDays({ Transitions: moves = [], Expiration: expiration }: StoredRule): void {
  if (expiration?.Days !== undefined && expiration.Days <= 0) throw errors.refuse("InvalidArgument", "'Days' for Expiration action must be a positive integer");
  for (const move of moves) {
    if (isInfrequent(move) && (move.Days ?? Infinity) < leastDaysBeforeInfrequent)
      throw errors.refuse(
        "InvalidArgument",
        `'Days' in Transition action must be greater than or equal to ${leastDaysBeforeInfrequent} for storageClass '${move.StorageClass}'`,
      );
    if (expiration?.Days !== undefined && move.Days !== undefined && expiration.Days <= move.Days)
      throw errors.refuse("InvalidArgument", "'Days' in the Expiration action for filter must be greater than 'Days' in the Transition action");
    const soon = moves.find((later) => isInfrequent(move) && !isInfrequent(later) && isTooSoon(move, later));
    if (soon !== undefined)
      throw errors.refuse(
        "InvalidArgument",
        `'Days' in the 'Transition' action for StorageClass '${soon.StorageClass}' must be ${leastDaysInInfrequent} days more than the 'Transition' action for StorageClass '${move.StorageClass}'`,
      );
  }
}

function isInfrequent({ StorageClass = "" }: StoredTransition): boolean {
  return infrequent.includes(StorageClass);
}

function isTooSoon({ Days: from }: StoredTransition, { Days: to }: StoredTransition): boolean {
  return from !== undefined && to !== undefined && to < from + leastDaysInInfrequent;
}
