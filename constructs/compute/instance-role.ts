import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import { policyDocument, trustPolicy, type Statement } from "../policy-document.ts";
import { agentNamespace } from "./agent-configuration.ts";

/** ARNs of what the application may use. */
export interface InstanceGrants {
  readonly tableArns: readonly string[];
  readonly secretArns: readonly string[];
  readonly keyArns: readonly string[];
  /** Buckets whose objects it reads and writes, and the keys of new objects. */
  readonly bucketArns: readonly string[];
  readonly bucketKeyArns: readonly string[];
  readonly replicationGroupArns: readonly string[];
  readonly logGroupArn: string;
  readonly agentParameterArn: string;
}

export interface InstanceRoleProps {
  readonly names: Names;
  readonly grants: InstanceGrants;
}

/** What an instance of the group may do: its own tables, secrets and keys, its metrics and logs; nothing else. */
export class InstanceRole extends Construct {
  readonly profileArn: string;

  constructor(scope: Construct, id: string, { names, grants }: InstanceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", { name: names.role("app"), assumeRolePolicy: trustPolicy("ec2.amazonaws.com") });
    new IamRolePolicy(this, "policy", { name: "app", role: role.name, policy: policyDocument(...statements(grants)) });
    this.profileArn = new IamInstanceProfile(this, "profile", { name: names.role("app"), role: role.name }).arn;
  }
}

function statements(grants: InstanceGrants): readonly Statement[] {
  return [
    ...onArns(
      "Tables",
      tableActions,
      grants.tableArns.flatMap((arn) => [arn, `${arn}/index/*`]),
    ),
    ...onArns("Secrets", ["secretsmanager:GetSecretValue"], grants.secretArns),
    ...onArns("Keys", ["kms:Decrypt"], grants.keyArns),
    ...onArns("Buckets", ["s3:ListBucket"], grants.bucketArns),
    ...onArns(
      "Objects",
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      grants.bucketArns.map((arn) => `${arn}/*`),
    ),
    ...onArns("ObjectKeys", ["kms:GenerateDataKey"], grants.bucketKeyArns),
    ...onArns("Cache", ["elasticache:DescribeReplicationGroups"], grants.replicationGroupArns),
    ...onArns("Logs", ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], [grants.logGroupArn, `${grants.logGroupArn}:*`]),
    ...onArns("AgentConfiguration", ["ssm:GetParameter"], [grants.agentParameterArn]),
    // AWS offers neither call a resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    {
      Sid: "Metrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": agentNamespace } },
    },
    // The agent reads its group's name from the instance's tags.
    { Sid: "OwnTags", Effect: "Allow", Action: "ec2:DescribeTags", Resource: "*" },
  ];
}

const tableActions = [
  "dynamodb:BatchGetItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "dynamodb:Query",
  "dynamodb:UpdateItem",
];

/** No statement at all for an absent component: AWS refuses an empty resource list. */
function onArns(sid: string, actions: readonly string[], arns: readonly string[]): readonly Statement[] {
  return arns.length === 0 ? [] : [{ Sid: sid, Effect: "Allow", Action: actions, Resource: arns }];
}
