import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification/index.js";
import type { Construct } from "constructs";
import type { Names } from "../names.ts";
import type { ApplicationFunction } from "./application-function.ts";

export interface StreamTrigger {
  /** Stands in the construct's id. */
  readonly table: string;
  readonly streamArn: string;
  readonly failuresArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
}

/**
 * Calls the function with a table's changes in order. A batch that fails is halved until the change that fails stands alone; that one
 * goes to the queue after its last attempt, and the stream moves on.
 */
export function callOnStream(scope: Construct, called: ApplicationFunction, trigger: StreamTrigger): void {
  new LambdaEventSourceMapping(scope, `stream-${trigger.table}`, {
    functionName: called.arn,
    eventSourceArn: trigger.streamArn,
    // From the first change: what was written before the mapping was there counts, too.
    startingPosition: "TRIM_HORIZON",
    batchSize: trigger.batchSize,
    maximumBatchingWindowInSeconds: trigger.windowSeconds,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 5,
    // Before the stream forgets them: it keeps a change for a day.
    maximumRecordAgeInSeconds: 12 * 3600,
    destinationConfig: { onFailure: { destinationArn: trigger.failuresArn } },
    // Lambda checks at once whether the role may read the stream.
    dependsOn: [called.policy],
  });
}

/** Calls the function by the clock, in UTC. */
export function callOnSchedule(scope: Construct, called: ApplicationFunction, names: Names, key: string, expression: string): void {
  const rule = new CloudwatchEventRule(scope, "schedule", {
    name: names.resource(key),
    description: `TAP ${names.suffix}: calls ${key}`,
    scheduleExpression: expression,
  });
  const permission = new LambdaPermission(scope, "may-be-called-by-schedule", {
    action: "lambda:InvokeFunction",
    functionName: called.functionName,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
    sourceAccount: names.accountId,
  });
  new CloudwatchEventTarget(scope, "schedule-target", { rule: rule.name, arn: called.arn, targetId: key, dependsOn: [permission] });
}

export interface ObjectTrigger {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly prefix: string;
}

/** Calls the function for each object that is made under the prefix. A bucket has one such configuration: one function a bucket. */
export function callOnObjects(scope: Construct, called: ApplicationFunction, names: Names, { bucketName, bucketArn, prefix }: ObjectTrigger): void {
  const permission = new LambdaPermission(scope, "may-be-called-by-bucket", {
    action: "lambda:InvokeFunction",
    functionName: called.functionName,
    principal: "s3.amazonaws.com",
    sourceArn: bucketArn,
    // A bucket's ARN does not tell whose it is.
    sourceAccount: names.accountId,
  });
  new S3BucketNotification(scope, "objects", {
    bucket: bucketName,
    lambdaFunction: [{ lambdaFunctionArn: called.arn, events: ["s3:ObjectCreated:*"], filterPrefix: prefix }],
    dependsOn: [permission],
  });
}
