/** What every modelled exception of the SDK is constructed with. */
export interface RefusalDetails {
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode: number };
}

/** `throw new DBClusterNotFoundFault(refusal("DBCluster x not found.", 404))`. */
export function refusal(message: string, httpStatusCode = 400): RefusalDetails {
  return { message, $metadata: { httpStatusCode } };
}

/** What the front of every service answers, in the words of each protocol family (docs: "Common errors" of each API reference). */
const commonNames = {
  query: { throttled: "Throttling", denied: "AccessDenied", expired: "ExpiredToken" },
  json: { throttled: "ThrottlingException", denied: "AccessDeniedException", expired: "ExpiredTokenException" },
  // S3 slows down with 503 (S3 API reference, "List of error codes").
  restXml: { throttled: "SlowDown", denied: "AccessDenied", expired: "ExpiredToken" },
  ec2: { throttled: "RequestLimitExceeded", denied: "UnauthorizedOperation", expired: "RequestExpired" },
} as const;

export interface ServiceErrors {
  /** An error that the service's API model has no class for, such as `ValidationError`: the SDK gives its base class that name. */
  refuse(name: string, message: string, httpStatusCode?: number): Error;
  /** An error of the service's front door. */
  common(kind: keyof (typeof commonNames)["query"], message: string): Error;
}

/** The errors of one service: `Exception` is the base class of its SDK client, `protocol` the family its API speaks. */
export function serviceErrors(
  Exception: new (details: RefusalDetails & { readonly name: string; readonly $fault: "client" }) => Error,
  protocol: keyof typeof commonNames,
): ServiceErrors {
  const refuse = (name: string, message: string, httpStatusCode = 400): Error => new Exception({ name, $fault: "client", ...refusal(message, httpStatusCode) });
  return { refuse, common: (kind, message) => refuse(commonNames[protocol][kind], message, statusOf(protocol, kind)) };
}

function statusOf(protocol: keyof typeof commonNames, kind: keyof (typeof commonNames)["query"]): number {
  if (kind === "denied") return 403;
  return protocol === "restXml" && kind === "throttled" ? 503 : 400;
}

/** The connection broke after the request was sent: AWS may have acted. Named as the SDK's Node handler names it. */
export class LostReply extends Error {
  override readonly name: string = "TimeoutError";
  readonly code = "ECONNRESET";

  constructor() {
    super("socket hang up");
  }
}
