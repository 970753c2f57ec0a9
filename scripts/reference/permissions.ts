import { changeAdapters } from "../../optimizer/adapters/aws/change-adapters.ts";
import { sourcesIn } from "./sources.ts";

/** The prefix of a client's actions in IAM (Service Authorization Reference). One that is not here must be added before its calls can be documented. */
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

export interface Permissions {
  /** Enough for `plan`, `run --dry-run`, `status` and `report`. */
  readonly read: readonly string[];
  /** Besides, for `run`, `tick`, `resume` and `rollback`. */
  readonly act: readonly string[];
}

/** Every call that the optimizer can make, from the commands that its adapters import. */
export function permissions(): Permissions {
  const actions = new Set<string>();
  for (const { path, text } of sourcesIn("optimizer/adapters/aws")) {
    for (const [, names = "", client = ""] of text.matchAll(/import (?:type )?\{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g)) {
      const prefix = prefixes[client];
      if (prefix === undefined) throw new Error(`${path} uses the client ${client}, whose prefix in IAM is not known here`);
      // A paginator sends the command that it is named after.
      for (const [, paged = "", command = ""] of names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g))
        actions.add(`${prefix}:${actionOf(client, paged || command)}`);
    }
  }
  const sorted = [...actions].toSorted();
  const isRead = (action: string): boolean => /:(?:Describe|Get|List|Lookup)/.test(action);
  const act = sorted.filter((action) => !isRead(action));
  const besides = Object.values(changeAdapters).flatMap((adapter) => adapter.permissions.besides);
  return { read: sorted.filter(isRead), act: [...new Set([...act, ...besides])].toSorted() };
}

function actionOf(client: string, operation: string): string {
  if (client !== "s3") return operation;
  const action = s3Actions[operation];
  if (action === undefined) throw new Error(`the action in IAM of S3's ${operation} is not known here`);
  return action;
}

export function policyDocument(sid: string, actions: readonly string[]): string {
  return `${JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: sid, Effect: "Allow", Action: actions, Resource: "*" }] }, null, 2)}\n`;
}
