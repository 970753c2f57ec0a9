import { UserError } from "../../../contract/user-error.ts";
import { ChangeOutcomeUnknown, ChangeRejected, CredentialsLost, Fault } from "../../errors.ts";

/** The endpoint does not know the call, as emulators answer: nothing is broken, nothing was done, and no tag or resource was told. */
const notImplemented = 501;

type Rejection = ChangeRejected["kind"];
type Meaning = Rejection | "credentials";

/**
 * AWS's error names by what they mean for a call. Names come without `Fault`, `Exception` and `Error`, which services and
 * SDK models append differently. A name that is not here is judged by its HTTP status.
 */
const meanings: Readonly<Record<Meaning, readonly string[]>> = {
  credentials: [
    "ExpiredToken",
    "RequestExpired",
    "InvalidClientTokenId",
    "UnrecognizedClient",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidSignature",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "AuthFailure",
    "CredentialsProvider",
    "TokenProvider",
    "TokenRefreshRequired",
  ],
  throttled: [
    "Throttling",
    "ThrottledRequest",
    "Throttled",
    "TooManyRequests",
    "RequestLimitExceeded",
    "RequestThrottled",
    "BandwidthLimitExceeded",
    "LimitExceeded",
    "PriorRequestNotComplete",
    "APICallRateForCustomerExceeded",
    "ProvisionedThroughputExceeded",
    "EC2Throttled",
    "SlowDown",
    // The SDK has corrected its clock by the answer: the next attempt is signed right.
    "RequestTimeTooSkewed",
    "RequestInTheFuture",
  ],
  busy: [
    "ResourceInUse",
    "TableInUse",
    "ReplicatedWriteConflict",
    "InvalidDBInstanceState",
    "InvalidDBClusterState",
    "InvalidGlobalClusterState",
    "DBInstanceNotReady",
    "InvalidReplicationGroupState",
    "InvalidCacheClusterState",
    "InstanceRefreshInProgress",
    "ScalingActivityInProgress",
    "ResourceContention",
    "IdempotentCallInProgress",
    "ConcurrentModification",
    "Conflict",
    "ResourceConflict",
    // Somebody changed the function since it was read: it is read again.
    "PreconditionFailed",
    "IncorrectState",
    // Elastic Container Service and Application Auto Scaling.
    "UpdateInProgress",
    "ConcurrentUpdate",
    // S3, of another change of the same bucket.
    "OperationAborted",
    // Another user group of the cache is changing.
    "InvalidUserGroupState",
    // Somebody was there between the description and the call, or the description was old: what is there now is read again, and mostly what was asked for.
    "NoOperation",
    "ActiveInstanceRefreshNotFound",
    "DBInstanceAlreadyExists",
  ],
  "no-capacity": [
    "InsufficientDBInstanceCapacity",
    "InsufficientDBClusterCapacity",
    "InsufficientCacheClusterCapacity",
    "InsufficientInstanceCapacity",
    "InsufficientStorageClusterCapacity",
    "InsufficientCapacity",
    "InstanceLimitExceeded",
    "VcpuLimitExceeded",
    "InstanceQuotaExceeded",
    "NodeGroupsPerReplicationGroupQuotaExceeded",
    "NodeQuotaForClusterExceeded",
    "NodeQuotaForCustomerExceeded",
    "ClusterQuotaForCustomerExceeded",
    "StorageQuotaExceeded",
  ],
  denied: [
    "AccessDenied",
    "UnauthorizedOperation",
    "Unauthorized",
    "Authorization",
    "NotAuthorized",
    "OptInRequired",
    "OperationNotPermitted",
    "KMSKeyNotAccessible",
    "KmsAccessDenied",
    "RegionDisabled",
    "AllAccessDisabled",
  ],
  missing: [
    "ResourceNotFound",
    "TableNotFound",
    "IndexNotFound",
    "ReplicaNotFound",
    "DBInstanceNotFound",
    "DBClusterNotFound",
    "GlobalClusterNotFound",
    "ReplicationGroupNotFound",
    "CacheClusterNotFound",
    "LoadBalancerNotFound",
    "TargetGroupNotFound",
    "InvalidLaunchTemplateId.NotFound",
    "InvalidLaunchTemplateId.VersionNotFound",
    "InvalidLaunchTemplateName.NotFound",
    "NoSuchBucket",
    "ClusterNotFound",
    "ServiceNotFound",
    "ServiceNotActive",
    "ObjectNotFound",
  ],
  invalid: [
    "Validation",
    "InvalidParameterValue",
    "InvalidParameterCombination",
    "InvalidParameter",
    "MissingParameter",
    "MissingRequiredParameter",
    "MalformedQueryString",
    "InvalidInstanceType",
    "Unsupported",
    "UnsupportedOperation",
    "IdempotentParameterMismatch",
    "InvalidAction",
    "UnknownOperation",
    "Serialization",
    "InvalidLaunchTemplateId.Malformed",
    "LaunchTemplateVersionLimitExceeded",
    "VersionLimitExceeded",
    // S3, with status 301: the bucket is in another region.
    "PermanentRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraint",
  ],
};

const meaningByName: ReadonlyMap<string, Meaning> = new Map(
  (Object.entries(meanings) as [Meaning, readonly string[]][]).flatMap(([meaning, names]) => names.map((name): [string, Meaning] => [bare(name), meaning])),
);

/** AWS's name of an error, e.g. `DBInstanceNotFoundFault`; `Error` for whatever has none. */
export function awsNameOf(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}

/**
 * Why a read failed, as far as it matters to who asked. `refused`: AWS answered that this request cannot be; `lost`: time-outs,
 * broken connections and faults of AWS; `other`: nothing that AWS said.
 */
export function readFailureOf(error: unknown): "missing" | "denied" | "throttled" | "credentials" | "refused" | "lost" | "other" {
  const meaning = meaningOf(error);
  switch (meaning) {
    case "missing":
    case "denied":
    case "throttled":
    case "credentials":
      return meaning;
    case "busy":
    case "no-capacity":
    case "invalid":
      return "refused";
    case undefined:
      if (isNoAnswer(error)) return "lost";
      return isClientFault(error) ? "refused" : "other";
    default:
      return meaning satisfies never;
  }
}

/**
 * What an error of a mutating call tells: `CredentialsLost`, `ChangeRejected` (AWS certainly did nothing), or
 * `ChangeOutcomeUnknown` for time-outs, broken connections, 5xx and names nobody knows. Errors of ours pass through.
 */
export function writeErrorOf(error: unknown, call: string): Error {
  if (error instanceof ChangeRejected || error instanceof ChangeOutcomeUnknown || error instanceof UserError || error instanceof Fault) return error;
  const meaning = meaningOf(error);
  const name = awsNameOf(error);
  const message = `${call}: ${name}: ${messageOf(error)}`;
  if (meaning === "credentials") return wasClockCorrected(error) ? new ChangeRejected("throttled", name, message, error) : credentialsLost(error, call);
  if (meaning !== undefined) return new ChangeRejected(meaning, name, message, error);
  if (isClientFault(error) || statusOf(error) === notImplemented) return new ChangeRejected("invalid", name, message, error);
  return new ChangeOutcomeUnknown(message, { cause: error });
}

/** Turns errors that the user can mend into UserErrors with a remedy; others stay what they are. */
export function readErrorOf(error: unknown, call: string): unknown {
  if (error instanceof UserError) return error;
  const failure = readFailureOf(error);
  if (failure === "credentials") return credentialsLost(error, call);
  const message = `${call}: ${awsNameOf(error)}: ${messageOf(error)}`;
  if (failure === "denied") {
    return new UserError({
      code: "access-denied",
      message,
      hint: "Give the role the permission that the message names, then run it again.",
      cause: error,
    });
  }
  if (failure === "throttled") {
    return new UserError({ code: "throttled", message, hint: "AWS kept throttling after all retries. Wait a few minutes and run it again.", cause: error });
  }
  if (failure === "lost") {
    return new UserError({ code: "aws-unreachable", message, hint: "Check the network, the proxy and the region, then run it again.", cause: error });
  }
  return error;
}

function credentialsLost(error: unknown, call: string): CredentialsLost {
  return new CredentialsLost({
    message: `${call}: ${awsNameOf(error)}: ${messageOf(error)}`,
    hint: "Sign in again (aws sso login, or fresh keys for --profile), then run it again; a run that was under way goes on with `optimizer resume RUN`.",
    cause: error,
  });
}

function meaningOf(error: unknown): Meaning | undefined {
  return meaningByName.get(bare(awsNameOf(error)));
}

/** Services write the same name with and without `Fault`, `Exception` or `Error`. */
function bare(name: string): string {
  return name.replace(/(?:Fault|Exception|Error)$/, "");
}

function isNoAnswer(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status >= 500 && status !== notImplemented;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return awsNameOf(error) === "TimeoutError" || (typeof code === "string" && /^E[A-Z_]+$/.test(code));
}

/** A signature may have been refused for the local clock alone, which the SDK has corrected since; writers send only once. */
function wasClockCorrected(error: unknown): boolean {
  const metadata = metadataOf(error);
  return metadata !== undefined && "clockSkewCorrected" in metadata && metadata.clockSkewCorrected === true;
}

/** AWS refused the request as such. The SDK marks its exceptions; the status decides for those it does not know. */
function isClientFault(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status >= 400 && status < 500;
  return error instanceof Error && "$fault" in error && error.$fault === "client";
}

function statusOf(error: unknown): number | undefined {
  const metadata = metadataOf(error);
  return metadata !== undefined && "httpStatusCode" in metadata && typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}

/** The SDK's `$metadata` of an answer. */
function metadataOf(error: unknown): object | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  return typeof error.$metadata === "object" && error.$metadata !== null ? error.$metadata : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
