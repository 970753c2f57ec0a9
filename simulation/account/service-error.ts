/** What every modelled exception of the SDK is constructed with. */
export interface RefusalDetails {
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode: number };
}

/** `throw new DBClusterNotFoundFault(refusal("DBCluster x not found.", 404))`. */
export function refusal(message: string, httpStatusCode = 400): RefusalDetails {
  return { message, $metadata: { httpStatusCode } };
}

interface FrontDoor {
  readonly name: string;
  readonly status: number;
}

type FrontDoorKind = "throttled" | "denied" | "expired";

/** What the front of every service answers, in the words of each protocol family ("Common errors" of each API reference). */
const frontDoors = {
  query: { throttled: { name: "Throttling", status: 400 }, denied: { name: "AccessDenied", status: 403 }, expired: { name: "ExpiredToken", status: 403 } },
  json: {
    throttled: { name: "ThrottlingException", status: 400 },
    denied: { name: "AccessDeniedException", status: 403 },
    expired: { name: "ExpiredTokenException", status: 403 },
  },
  // Lambda names its own throttling (https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html).
  restJson: {
    throttled: { name: "TooManyRequestsException", status: 429 },
    denied: { name: "AccessDeniedException", status: 403 },
    expired: { name: "ExpiredTokenException", status: 403 },
  },
  // S3 slows down with 503 (S3 API reference, "List of error codes").
  restXml: { throttled: { name: "SlowDown", status: 503 }, denied: { name: "AccessDenied", status: 403 }, expired: { name: "ExpiredToken", status: 400 } },
  ec2: {
    throttled: { name: "RequestLimitExceeded", status: 400 },
    denied: { name: "UnauthorizedOperation", status: 403 },
    expired: { name: "RequestExpired", status: 400 },
  },
} as const satisfies Record<string, Record<FrontDoorKind, FrontDoor>>;

export interface ServiceErrors {
  /** An error that the service's API model has no class for, such as `ValidationError`: the SDK gives its base class that name. */
  refuse(name: string, message: string, httpStatusCode?: number): Error;
  /** An error of the service's front door. */
  common(kind: FrontDoorKind, message: string): Error;
}

/** The errors of one service: `Exception` is the base class of its SDK client, `protocol` the family its API speaks. */
export function serviceErrors(
  Exception: new (details: RefusalDetails & { readonly name: string; readonly $fault: "client" }) => Error,
  protocol: keyof typeof frontDoors,
): ServiceErrors {
  const refuse = (name: string, message: string, httpStatusCode = 400): Error => new Exception({ name, $fault: "client", ...refusal(message, httpStatusCode) });
  return {
    refuse,
    common(kind, message) {
      const { name, status } = frontDoors[protocol][kind];
      return refuse(name, message, status);
    },
  };
}

/** The connection broke after the request was sent: AWS may have acted. Named as the SDK's Node handler names it. */
export class LostReply extends Error {
  override readonly name: string = "TimeoutError";
  readonly code = "ECONNRESET";

  constructor() {
    super("socket hang up");
  }
}
