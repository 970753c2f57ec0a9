import { z } from "zod";
import { resources } from "../synthesized-stacks.ts";
import type { SafetyRule } from "./requirements.ts";

const days = z.looseObject({ days: z.number().optional(), noncurrent_days: z.number().optional(), storage_class: z.string().optional() });
const blocks = z.union([days, z.array(days)]).transform((block) => [block].flat());
const ruleSchema = z.looseObject({
  id: z.string(),
  filter: z.unknown().optional(),
  transition: blocks.default([]),
  expiration: blocks.default([]),
  noncurrent_version_transition: blocks.default([]),
  noncurrent_version_expiration: blocks.default([]),
});
const rulesSchema = z.union([ruleSchema, z.array(ruleSchema)]).transform((rule) => [rule].flat());

type Rule = z.infer<typeof ruleSchema>;
type Days = z.infer<typeof days>;

/**
 * Days that an object must be old before it moves to a class, and that it must stay there.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
const classes: Readonly<Record<string, { readonly after: number; readonly stay: number }>> = {
  INTELLIGENT_TIERING: { after: 0, stay: 0 },
  STANDARD_IA: { after: 30, stay: 30 },
  ONEZONE_IA: { after: 30, stay: 30 },
  GLACIER_IR: { after: 0, stay: 90 },
  GLACIER: { after: 0, stay: 90 },
  DEEP_ARCHIVE: { after: 0, stay: 180 },
};

/** A lifecycle that S3 takes, and in which nothing moves that would be gone before it has paid for the move. */
export const expiry: SafetyRule = ({ document }) =>
  resources(document, "aws_s3_bucket_lifecycle_configuration").flatMap(({ address, values }) => {
    const rules = rulesSchema.parse(values["rule"]);
    const last = (key: "expiration" | "noncurrent_version_expiration", of: (block: Days) => number | undefined): number =>
      Math.min(...rules.flatMap((rule) => rule[key].map(of)).filter((value) => value !== undefined));
    const ends = {
      current: last("expiration", (block) => block.days),
      noncurrent: last("noncurrent_version_expiration", (block) => block.noncurrent_days),
    };
    return rules.flatMap((rule) => faults(rule, ends).map((fault) => `${address}: ${rule.id} ${fault}`));
  });

/** All rules of a stack are for all objects: the earliest end is every object's. */
function faults(rule: Rule, ends: { readonly current: number; readonly noncurrent: number }): readonly string[] {
  return [
    ...(rule.filter === undefined || (Array.isArray(rule.filter) && rule.filter.length === 0) ? ["has no filter"] : []),
    ...rule.transition.flatMap((move) => badMove(move, move.days, ends.current)),
    ...rule.noncurrent_version_transition.flatMap((move) => badMove(move, move.noncurrent_days, ends.noncurrent)),
  ];
}

function badMove({ storage_class: storageClass = "" }: Days, after: number | undefined, end: number): readonly string[] {
  const known = classes[storageClass];
  if (known === undefined || after === undefined) return [`moves to ${storageClass}, of which nothing is known, or at no day`];
  return [
    ...(after < known.after ? [`moves to ${storageClass} after ${after} days, not ${known.after}`] : []),
    ...(end <= after ? [`ends objects after ${end} days, which move after ${after}`] : []),
    ...(end < after + known.stay ? [`ends objects after ${end} days that have to be paid for until day ${after + known.stay}`] : []),
  ];
}
