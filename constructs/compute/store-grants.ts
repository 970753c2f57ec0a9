import type { Statement } from "../policy-document.ts";

/** ARNs of the stores that an application reads and writes. */
export interface StoreGrants {
  readonly tableArns: readonly string[];
  readonly secretArns: readonly string[];
  readonly keyArns: readonly string[];
  /** Buckets whose objects it reads and writes, and the keys of new objects. */
  readonly bucketArns: readonly string[];
  readonly bucketKeyArns: readonly string[];
  readonly replicationGroupArns: readonly string[];
}

/** What the application may do with its stores, wherever it runs. */
export function storeStatements(grants: StoreGrants): readonly Statement[] {
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
  ];
}

/** No statement at all for an absent component: AWS refuses an empty resource list. */
export function onArns(sid: string, actions: readonly string[], arns: readonly string[]): readonly Statement[] {
  return arns.length === 0 ? [] : [{ Sid: sid, Effect: "Allow", Action: actions, Resource: arns }];
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
