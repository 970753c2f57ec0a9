import type {
  BucketLocationConstraint,
  GetBucketLifecycleConfigurationCommandInput,
  GetBucketLifecycleConfigurationCommandOutput,
  GetBucketLocationCommandInput,
  GetBucketLocationCommandOutput,
  GetBucketTaggingCommandInput,
  GetBucketTaggingCommandOutput,
  GetBucketVersioningCommandInput,
  GetBucketVersioningCommandOutput,
  LifecycleRule,
  ListBucketIntelligentTieringConfigurationsCommandInput,
  ListBucketIntelligentTieringConfigurationsCommandOutput,
  ListBucketMetricsConfigurationsCommandInput,
  ListBucketMetricsConfigurationsCommandOutput,
  TransitionDefaultMinimumObjectSize,
} from "@aws-sdk/client-s3";
import { NoSuchBucket } from "@aws-sdk/client-s3";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { bucketAnywhere, bucketOf, errors, type StoredRule } from "./bucket.ts";
import { demandOf } from "./load.ts";

/** The one call that every region answers for every bucket; us-east-1 is told by nothing. */
export function getBucketLocation({ Bucket: name }: GetBucketLocationCommandInput, { state }: CallContext): Answer<GetBucketLocationCommandOutput> {
  const bucket = bucketAnywhere(state, name);
  if (bucket === undefined) throw new NoSuchBucket(refusal("The specified bucket does not exist", 404));
  return bucket.region === "us-east-1" ? {} : { LocationConstraint: bucket.region as BucketLocationConstraint };
}

export function getBucketTagging({ Bucket: name }: GetBucketTaggingCommandInput, context: CallContext): Answer<GetBucketTaggingCommandOutput> {
  const tags = Object.entries(bucketOf(context, name).tags);
  if (tags.length === 0) throw errors.refuse("NoSuchTagSet", "The TagSet does not exist", 404);
  return { TagSet: tags.map(([Key, Value]) => ({ Key, Value })) };
}

export function getBucketVersioning({ Bucket: name }: GetBucketVersioningCommandInput, context: CallContext): Answer<GetBucketVersioningCommandOutput> {
  const { versioning } = bucketOf(context, name);
  return versioning === null ? {} : { Status: versioning };
}

export function getBucketLifecycleConfiguration(
  { Bucket: name }: GetBucketLifecycleConfigurationCommandInput,
  context: CallContext,
): Answer<GetBucketLifecycleConfigurationCommandOutput> {
  const configuration = bucketOf(context, name).lifecycle.at(context.nowMs) ?? null;
  if (configuration === null) throw errors.refuse("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404);
  return {
    Rules: configuration.rules.map(answeredRule),
    TransitionDefaultMinimumObjectSize: configuration.minimumObjectSize as TransitionDefaultMinimumObjectSize,
  };
}

function answeredRule({ Expiration: expiration, Transitions: moves, ...rule }: StoredRule): LifecycleRule {
  return {
    ...(structuredClone(rule) as LifecycleRule),
    ...(expiration === undefined ? {} : { Expiration: dated(expiration) }),
    ...(moves === undefined ? {} : { Transitions: moves.map(dated) as NonNullable<LifecycleRule["Transitions"]> }),
  };
}

function dated<T extends { readonly Date?: string }>({ Date: date, ...rest }: T): Omit<T, "Date"> & { Date?: Date } {
  return date === undefined ? rest : { ...rest, Date: new Date(date) };
}

export function listBucketIntelligentTieringConfigurations(
  input: ListBucketIntelligentTieringConfigurationsCommandInput,
  context: CallContext,
): Answer<ListBucketIntelligentTieringConfigurationsCommandOutput> {
  refuseUnmodelled("ListBucketIntelligentTieringConfigurations", input, ["Bucket"]);
  const { archiveConfiguration: id } = demandOf(context, bucketOf(context, input.Bucket)) ?? {};
  const found = id === undefined ? [] : [{ Id: id, Status: "Enabled" as const, Tierings: [{ Days: 90, AccessTier: "ARCHIVE_ACCESS" as const }] }];
  return { IsTruncated: false, IntelligentTieringConfigurationList: found };
}

export function listBucketMetricsConfigurations(
  input: ListBucketMetricsConfigurationsCommandInput,
  context: CallContext,
): Answer<ListBucketMetricsConfigurationsCommandOutput> {
  refuseUnmodelled("ListBucketMetricsConfigurations", input, ["Bucket"]);
  const { requestMetrics: id } = demandOf(context, bucketOf(context, input.Bucket)) ?? {};
  return { IsTruncated: false, MetricsConfigurationList: id === undefined ? [] : [{ Id: id }] };
}
