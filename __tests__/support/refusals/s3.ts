import { PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { awsRuleOf, readLifecycle } from "../../../optimizer/adapters/aws/s3/lifecycle.ts";
import { lifecycleState } from "../../../optimizer/core/levers/s3/changes.ts";
import type { LifecycleRule } from "../../../optimizer/core/levers/s3/bucket.ts";
import type { ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import { east, west } from "../plan-builder.ts";
import { names } from "../terraform-fixture.ts";
import { type Opened, type Refusal, refusalsOf } from "./refusal.ts";

export const rule = (parts: Partial<LifecycleRule> = {}): LifecycleRule => ({
  ID: "all",
  Status: "Enabled",
  Filter: { Prefix: "" },
  Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }],
  ...parts,
});
/** From the rules that are there, as the change reads them once more. */
export const lifecycle =
  (rules: readonly LifecycleRule[]) =>
  async ({ factory }: Opened): Promise<ChangeOf<"s3.lifecycle">> => ({
    ...elsewhere(ours),
    before: lifecycleState(await readLifecycle(factory(ours.region).s3, ours.bucket)),
    after: lifecycleState({ rules }),
  });
const elsewhere = (where: { readonly region: string; readonly bucket: string }): ChangeOf<"s3.lifecycle"> => ({
  kind: "s3.lifecycle",
  ...where,
  before: lifecycleState({ rules: [] }),
  after: lifecycleState({ rules: [rule()] }),
});
const ours = { region: east, bucket: names.bucket };
const put =
  (region: string, bucket: string) =>
  ({ factory }: Opened): Promise<unknown> =>
    factory(region).s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules: [awsRuleOf(rule())] } }));
const { Filter: _filter, ...unfiltered } = rule({ ID: "old", Prefix: "" });

const errors = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
const rules = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html";
const transitions = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html";
const malformed = { error: "MalformedXML", status: 400, met: "invalid" } as const;
const argument = { error: "InvalidArgument", status: 400, met: "invalid" } as const;

export const s3Refusals: readonly Refusal[] = refusalsOf(
  "PutBucketLifecycleConfiguration",
  "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html",
  [
    {
      error: "NoSuchBucket",
      status: 404,
      when: "the bucket is not there",
      source: errors,
      asked: {
        send: put(ours.region, "no-such-bucket"),
        instead: elsewhere({ ...ours, bucket: "no-such-bucket" }),
        reads: { kind: "missing", name: "NoSuchBucket" },
      },
      met: "missing",
    },
    {
      error: "PermanentRedirect",
      status: 301,
      when: "the bucket is in another region",
      source: errors,
      asked: { send: put(west, ours.bucket), instead: elsewhere({ ...ours, region: west }), reads: { kind: "invalid", name: "PermanentRedirect" } },
      met: "invalid",
    },
    { ...malformed, when: "no rule", asked: { change: lifecycle([]) } },
    { ...malformed, when: "more than 1,000 rules", asked: { change: lifecycle(Array.from({ length: 1001 }, (_, at) => rule({ ID: `rule-${at}` }))) } },
    { ...malformed, when: "rules of which some have a filter and some the prefix of old", asked: { change: lifecycle([rule(), unfiltered]) } },
    { ...malformed, when: "a rule that does nothing", source: rules, asked: { change: lifecycle([rule({ Transitions: [] })]) } },
    { ...argument, when: "two rules of one name", source: rules, asked: { change: lifecycle([rule(), rule()]) } },
    { ...argument, when: "a name of more than 255 characters", source: rules, asked: { change: lifecycle([rule({ ID: "x".repeat(256) })]) } },
    {
      ...argument,
      when: "Standard-IA before 30 days",
      source: transitions,
      asked: { change: lifecycle([rule({ Transitions: [{ Days: 29, StorageClass: "STANDARD_IA" }] })]) },
    },
    {
      ...argument,
      when: "on from Standard-IA within 30 days",
      source: transitions,
      asked: {
        change: lifecycle([
          rule({
            Transitions: [
              { Days: 30, StorageClass: "STANDARD_IA" },
              { Days: 45, StorageClass: "GLACIER" },
            ],
          }),
        ]),
      },
    },
    {
      ...argument,
      when: "an expiration that is not later than the transition",
      source: transitions,
      asked: { change: lifecycle([rule({ Expiration: { Days: 30 } })]) },
    },
    {
      ...argument,
      when: "an expiration after no day",
      source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html",
      asked: { change: lifecycle([rule({ Transitions: [], Expiration: { Days: 0 } })]) },
    },
  ],
);
