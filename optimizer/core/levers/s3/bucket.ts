import type { Described } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { ResourceFacts } from "../resource-facts.ts";

/** Which objects a rule is about: all of them where it says nothing, else one condition, or several under `And`. */
export interface LifecycleFilter extends FilterConditions {
  readonly Tag?: ObjectTag;
  readonly And?: FilterConditions & { readonly Tags?: readonly ObjectTag[] };
}

interface FilterConditions {
  readonly Prefix?: string;
  readonly ObjectSizeGreaterThan?: number;
  readonly ObjectSizeLessThan?: number;
}

interface ObjectTag {
  readonly Key: string;
  readonly Value: string;
}

export interface LifecycleTransition {
  readonly Days?: number;
  readonly Date?: string;
  readonly StorageClass?: string;
}

/** A rule in the words of S3's API, whole, since writing one rule replaces all of them. Dates are ISO texts. */
export interface LifecycleRule {
  readonly ID?: string;
  readonly Status: string;
  /** Rules of before there were filters. */
  readonly Prefix?: string;
  readonly Filter?: LifecycleFilter;
  readonly Expiration?: { readonly Days?: number; readonly Date?: string; readonly ExpiredObjectDeleteMarker?: boolean };
  readonly Transitions?: readonly LifecycleTransition[];
  readonly NoncurrentVersionTransitions?: readonly {
    readonly NoncurrentDays?: number;
    readonly NewerNoncurrentVersions?: number;
    readonly StorageClass?: string;
  }[];
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays?: number; readonly NewerNoncurrentVersions?: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation?: number };
}

/** A bucket's whole lifecycle configuration; without rules it has none. */
export interface LifecycleConfiguration {
  readonly rules: readonly LifecycleRule[];
  /** TransitionDefaultMinimumObjectSize as AWS told it: it is set back to its default by a call that does not say it. */
  readonly minimumObjectSize?: string;
}

export interface Bucket extends Described {
  readonly kind: "s3-bucket";
  readonly lifecycle: Seen<LifecycleConfiguration>;
  readonly versioning: Seen<"Enabled" | "Suspended" | "never">;
  /** Names of Intelligent-Tiering configurations that are enabled: they move objects on into the archive tiers. */
  readonly archiveConfigurations: Seen<readonly string[]>;
  /** Id under which CloudWatch has the requests of the whole bucket; null where nobody turned that on. */
  readonly requestMetrics: Seen<string | null>;
}

export const bucketFacts: ResourceFacts<Bucket> = {
  word: "bucket",
  partWord: "",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags }) => ({ tags }),
  form: ({ versioning, archiveConfigurations }) => ({ versioning, archiveConfigurations }),
  otherZones: () => "AWS places it in zones itself",
};
