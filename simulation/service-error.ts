import { AutoScalingServiceException } from "@aws-sdk/client-auto-scaling";
import { CloudWatchServiceException } from "@aws-sdk/client-cloudwatch";
import { CostExplorerServiceException } from "@aws-sdk/client-cost-explorer";
import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import { EC2ServiceException } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2ServiceException } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheServiceException } from "@aws-sdk/client-elasticache";
import { RDSServiceException } from "@aws-sdk/client-rds";
import { STSServiceException } from "@aws-sdk/client-sts";

const families = {
  "auto-scaling": { Exception: AutoScalingServiceException, protocol: "query" },
  cloudwatch: { Exception: CloudWatchServiceException, protocol: "query" },
  "cost-explorer": { Exception: CostExplorerServiceException, protocol: "json" },
  dynamodb: { Exception: DynamoDBServiceException, protocol: "json" },
  ec2: { Exception: EC2ServiceException, protocol: "ec2" },
  elb: { Exception: ElasticLoadBalancingV2ServiceException, protocol: "query" },
  elasticache: { Exception: ElastiCacheServiceException, protocol: "query" },
  rds: { Exception: RDSServiceException, protocol: "query" },
  sts: { Exception: STSServiceException, protocol: "query" },
} as const;

export type ServiceName = keyof typeof families;

/** What the front of every service answers, in the words of each protocol family (docs: "Common errors" of each API reference). */
const commonNames = {
  query: { throttled: "Throttling", denied: "AccessDenied", expired: "ExpiredToken" },
  json: { throttled: "ThrottlingException", denied: "AccessDeniedException", expired: "ExpiredTokenException" },
  ec2: { throttled: "RequestLimitExceeded", denied: "UnauthorizedOperation", expired: "RequestExpired" },
} as const;

/** What every modelled exception of the SDK is constructed with. */
export interface RefusalDetails {
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode: number };
}

/** `throw new DBClusterNotFoundFault(refusal("DBCluster x not found.", 404))`. */
export function refusal(message: string, httpStatusCode = 400): RefusalDetails {
  return { message, $metadata: { httpStatusCode } };
}

/** An error that the service's API model has no class for, such as `ValidationError`: the SDK gives its base class that name. */
export function serviceError(service: ServiceName, name: string, message: string, httpStatusCode = 400): Error {
  const { Exception } = families[service];
  return new Exception({ name, $fault: "client", ...refusal(message, httpStatusCode) });
}

/** An error of the service's front door. */
export function commonError(service: ServiceName, kind: keyof (typeof commonNames)["query"], message: string): Error {
  return serviceError(service, commonNames[families[service].protocol][kind], message, kind === "denied" ? 403 : 400);
}

/** The connection broke after the request was sent: AWS may have acted. Named as the SDK's Node handler names it. */
export class LostReply extends Error {
  override readonly name: string = "TimeoutError";
  readonly code = "ECONNRESET";

  constructor() {
    super("socket hang up");
  }
}
