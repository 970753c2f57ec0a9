/** Prefixes of actions in IAM by the SDK's package of the service (Service Authorization Reference). One that is not here must be added before its calls can be documented. */
const prefixes: Readonly<Record<string, string>> = {
  "application-auto-scaling": "application-autoscaling",
  "auto-scaling": "autoscaling",
  cloudtrail: "cloudtrail",
  cloudwatch: "cloudwatch",
  "cost-explorer": "ce",
  dynamodb: "dynamodb",
  "dynamodb-streams": "dynamodb",
  ec2: "ec2",
  ecs: "ecs",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  elasticache: "elasticache",
  kinesis: "kinesis",
  lambda: "lambda",
  pipes: "pipes",
  rds: "rds",
  s3: "s3",
  sns: "sns",
  sts: "sts",
};

/**
 * S3 names its actions otherwise than its operations: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html.
 * One that is not here must be added before it can be documented.
 */
const s3Actions: Readonly<Record<string, string>> = {
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  GetBucketLocation: "GetBucketLocation",
  GetBucketTagging: "GetBucketTagging",
  GetBucketVersioning: "GetBucketVersioning",
  ListBucketIntelligentTieringConfigurations: "GetIntelligentTieringConfiguration",
  ListBucketMetricsConfigurations: "GetMetricsConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
};

/** IAM's name of an operation, by the package of its client (`elasticache`); undefined where it is not known. */
export function iamAction(service: string, operation: string): string | undefined {
  const prefix = prefixes[service];
  const name = service === "s3" ? s3Actions[operation] : operation;
  return prefix === undefined || name === undefined ? undefined : `${prefix}:${name}`;
}

const packagesByClient = new Map(Object.keys(prefixes).map((service) => [service.replaceAll("-", ""), service]));

/** The same of a command as the SDK's middleware knows it: `ElastiCacheClient`, `DescribeCacheClustersCommand`. */
export function iamActionOfCommand(client: string, command: string): string {
  const name = client.replace(/Client$/, "");
  return iamAction(packagesByClient.get(name.toLowerCase()) ?? "", command.replace(/Command$/, "")) ?? `${name}:${command}`;
}
