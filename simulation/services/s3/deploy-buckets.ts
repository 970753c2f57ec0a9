import { liveResource, type Values } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { Timeline } from "../../account/timeline.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";
import { argument, arn } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { bucketAnywhere, buckets, lifecycleResources, type Bucket, type StoredFilter, type StoredLifecycle, type StoredRule } from "./bucket.ts";

/** S3's own default since September 2024 (S3 API reference, PutBucketLifecycleConfiguration). */
export const defaultMinimumObjectSize = "all_storage_classes_128K";

function deployBucket(resource: EvaluatedResource, context: DeploymentContext): void {
  const { state } = context;
  const name = argumentsOf(resource).text("bucket");
  state
    .of(buckets)
    .add(name, { ...context.owned(resource, name), name, versioning: null, lifecycle: new Timeline<StoredLifecycle | null>(state.bornMs, null) });
}

function deployVersioning(resource: EvaluatedResource, { state }: DeploymentContext): void {
  const bucket = bucketAnywhere(state, argumentsOf(resource).text("bucket"));
  const status = argumentsOf(resource).blocks("versioning_configuration")[0]?.optionalText("status");
  if (bucket !== undefined) bucket.versioning = status === "Enabled" || status === "Suspended" ? status : null;
}

function deployLifecycle(resource: EvaluatedResource, { state }: DeploymentContext): void {
  const given = argumentsOf(resource);
  const bucket = bucketAnywhere(state, given.text("bucket"));
  if (bucket === undefined) return;
  bucket.lifecycle.set(state.bornMs, {
    rules: given.blocks("rule").map(ruleOf),
    minimumObjectSize: given.optionalText("transition_default_minimum_object_size") ?? defaultMinimumObjectSize,
  });
  state.of(lifecycleResources).add(bucket.name, { address: resource.address, region: bucket.region, arn: bucket.arn, tags: {}, bucket });
}

function ruleOf(block: Arguments): StoredRule {
  const [filter] = block.blocks("filter");
  const [expiration] = block.blocks("expiration");
  const [ofOld] = block.blocks("noncurrent_version_expiration");
  const [uploads] = block.blocks("abort_incomplete_multipart_upload");
  const prefix = block.optionalText("prefix");
  const transitions = block.blocks("transition").map(transitionOf);
  const ofOldOnes = block
    .blocks("noncurrent_version_transition")
    .map((each) => ({ ...numbers(each, noncurrentNumbers), StorageClass: each.text("storage_class") }));
  return {
    ID: block.text("id"),
    Status: block.text("status"),
    ...(prefix === null ? {} : { Prefix: prefix }),
    ...(filter === undefined ? {} : { Filter: filterOf(filter) }),
    ...(expiration === undefined
      ? {}
      : { Expiration: { ...numbers(expiration, { days: "Days" }), ...texts(expiration, { date: "Date" }), ...deleteMarkers(expiration) } }),
    ...(transitions.length === 0 ? {} : { Transitions: transitions }),
    ...(ofOldOnes.length === 0 ? {} : { NoncurrentVersionTransitions: ofOldOnes }),
    ...(ofOld === undefined ? {} : { NoncurrentVersionExpiration: numbers(ofOld, noncurrentNumbers) }),
    ...(uploads === undefined ? {} : { AbortIncompleteMultipartUpload: numbers(uploads, { days_after_initiation: "DaysAfterInitiation" }) }),
  };
}

const noncurrentNumbers = { noncurrent_days: "NoncurrentDays", newer_noncurrent_versions: "NewerNoncurrentVersions" };
const sizes = { object_size_greater_than: "ObjectSizeGreaterThan", object_size_less_than: "ObjectSizeLessThan" };

function transitionOf(block: Arguments) {
  return { ...numbers(block, { days: "Days" }), ...texts(block, { date: "Date" }), StorageClass: block.text("storage_class") };
}

function deleteMarkers(block: Arguments): { readonly ExpiredObjectDeleteMarker?: boolean } {
  return block.flag("expired_object_delete_marker", false) ? { ExpiredObjectDeleteMarker: true } : {};
}

function filterOf(block: Arguments): StoredFilter {
  const [and] = block.blocks("and");
  const [tag] = block.blocks("tag");
  const tags = and?.pairs("tags").map(([Key, Value]) => ({ Key, Value })) ?? [];
  return {
    ...texts(block, { prefix: "Prefix" }),
    ...numbers(block, sizes),
    ...(tag === undefined ? {} : { Tag: { Key: tag.text("key"), Value: tag.text("value") } }),
    ...(and === undefined
      ? {}
      : {
          And: {
            ...texts(and, { prefix: "Prefix" }),
            ...numbers(and, sizes),
            ...(tags.length === 0 ? {} : { Tags: tags }),
          },
        }),
  };
}

/** The arguments that are set, by S3's names. */
function numbers(block: Arguments, names: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(names).flatMap(([name, aws]) => (block.optionalText(name) === null ? [] : [[aws, block.number(name)]])));
}

function texts(block: Arguments, names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, aws]) => [[aws, block.optionalText(name)]].filter(([, value]) => value !== null)) as [string, string][],
  );
}

/** As Terraform reads a rule back: every block a list of one. */
function ruleArguments(rule: StoredRule): Values {
  const { Filter: filter, Expiration: expiration, NoncurrentVersionExpiration: ofOld, AbortIncompleteMultipartUpload: uploads } = rule;
  return {
    id: rule.ID,
    status: rule.Status,
    prefix: rule.Prefix,
    filter: one(filter && filterArguments(filter)),
    expiration: one(expiration && { days: expiration.Days, date: expiration.Date, expired_object_delete_marker: expiration.ExpiredObjectDeleteMarker }),
    transition: (rule.Transitions ?? []).map(({ Days: days, Date: date, StorageClass }) => ({ days, date, storage_class: StorageClass })),
    noncurrent_version_transition: (rule.NoncurrentVersionTransitions ?? []).map((each) => ({
      noncurrent_days: each.NoncurrentDays,
      newer_noncurrent_versions: each.NewerNoncurrentVersions,
      storage_class: each.StorageClass,
    })),
    noncurrent_version_expiration: one(ofOld && { noncurrent_days: ofOld.NoncurrentDays, newer_noncurrent_versions: ofOld.NewerNoncurrentVersions }),
    abort_incomplete_multipart_upload: one(uploads && { days_after_initiation: uploads.DaysAfterInitiation }),
  };
}

function filterArguments({ Tag: tag, And: and, ...conditions }: StoredFilter): Values {
  return {
    ...conditionArguments(conditions),
    tag: one(tag && { key: tag.Key, value: tag.Value }),
    and: one(and && { ...conditionArguments(and), tags: Object.fromEntries((and.Tags ?? []).map(({ Key = "", Value }) => [Key, Value])) }),
  };
}

function conditionArguments({ Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan }: StoredFilter): Values {
  return { prefix: Prefix, object_size_greater_than: ObjectSizeGreaterThan, object_size_less_than: ObjectSizeLessThan };
}

function one(block: Values | undefined): readonly Values[] | undefined {
  return block === undefined ? undefined : [block];
}

function lifecycleAt(bucket: Bucket, atMs: number): StoredLifecycle | null {
  return bucket.lifecycle.at(atMs) ?? null;
}

const bucketSetting = { id: argument("bucket") };

/** Buckets first: their settings are deployed to a bucket that is there. */
export const bucketTypes: Readonly<Record<string, ResourceType>> = {
  aws_s3_bucket: {
    attributes: {
      id: argument("bucket"),
      arn: arn("s3", (self) => self.text("bucket"), "none"),
      bucket_domain_name: (self) => `${self.text("bucket")}.s3.amazonaws.com`,
      bucket_regional_domain_name: (self) => `${self.text("bucket")}.s3.${self.region}.amazonaws.com`,
      region: (self) => self.region,
    },
    deploy: deployBucket,
    live: liveResource(buckets),
  },
  aws_s3_bucket_versioning: { attributes: bucketSetting, deploy: deployVersioning },
  aws_s3_bucket_lifecycle_configuration: {
    attributes: bucketSetting,
    deploy: deployLifecycle,
    live: liveResource(lifecycleResources, {
      rule: ({ bucket }, _given, atMs) => (lifecycleAt(bucket, atMs)?.rules ?? []).map(ruleArguments),
      // Terraform does not compare it where the stack does not say it.
      transition_default_minimum_object_size: ({ bucket }, given, atMs) =>
        given["transition_default_minimum_object_size"] === undefined ? undefined : lifecycleAt(bucket, atMs)?.minimumObjectSize,
    }),
    // Rules have no order; a filter of an empty prefix and an empty filter are the same, which `differences` takes for absent.
    sets: { rule: "id" },
  },
};
