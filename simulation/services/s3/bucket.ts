import { NoSuchBucket, S3ServiceException } from "@aws-sdk/client-s3";
import type { CallContext } from "../../account/service.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import { regionalStore, type AccountState, type Owned } from "../../account/state.ts";
import type { Timeline } from "../../account/timeline.ts";

export const errors = serviceErrors(S3ServiceException, "restXml");

/** A lifecycle rule in the words of S3's API, dates as texts. */
export interface StoredRule {
  readonly ID: string;
  readonly Status: string;
  readonly Prefix?: string;
  readonly Filter?: StoredFilter;
  readonly Expiration?: { readonly Days?: number; readonly Date?: string; readonly ExpiredObjectDeleteMarker?: boolean };
  readonly Transitions?: readonly StoredTransition[];
  readonly NoncurrentVersionTransitions?: readonly {
    readonly NoncurrentDays?: number;
    readonly NewerNoncurrentVersions?: number;
    readonly StorageClass?: string;
  }[];
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays?: number; readonly NewerNoncurrentVersions?: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation?: number };
}

export interface StoredTransition {
  readonly Days?: number;
  readonly Date?: string;
  readonly StorageClass?: string;
}

interface StoredConditions {
  readonly Prefix?: string;
  readonly ObjectSizeGreaterThan?: number;
  readonly ObjectSizeLessThan?: number;
}

interface StoredTag {
  readonly Key?: string;
  readonly Value?: string;
}

export interface StoredFilter extends StoredConditions {
  readonly Tag?: StoredTag;
  readonly And?: StoredConditions & { readonly Tags?: readonly StoredTag[] };
}

export interface StoredLifecycle {
  readonly rules: readonly StoredRule[];
  readonly minimumObjectSize: string;
}

export interface Bucket extends Owned {
  readonly name: string;
  /** As the stacks set it; nothing in this account changes it. */
  versioning: "Enabled" | "Suspended" | null;
  readonly lifecycle: Timeline<StoredLifecycle | null>;
}

export const buckets = regionalStore<Bucket>();

/** Terraform keeps a bucket's lifecycle as a resource of its own. */
export interface LifecycleResource extends Owned {
  readonly bucket: Bucket;
}

export const lifecycleResources = regionalStore<LifecycleResource>();

/** The bucket that a call names. Names are unique over all regions; each region answers for its own. */
export function bucketOf({ state, region }: Pick<CallContext, "state" | "region">, name: string | undefined): Bucket {
  const bucket = bucketAnywhere(state, name);
  if (bucket === undefined) throw new NoSuchBucket(refusal("The specified bucket does not exist", 404));
  if (bucket.region !== region)
    throw errors.refuse(
      "PermanentRedirect",
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
      301,
    );
  return bucket;
}

export function bucketAnywhere(state: AccountState, name: string | undefined): Bucket | undefined {
  return state
    .of(buckets)
    .all()
    .find((bucket) => bucket.name === name);
}
