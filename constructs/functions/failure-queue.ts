import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import type { Construct } from "constructs";
import type { Names } from "../names.ts";

/** The longest that SQS keeps a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const twoWeeksSeconds = 14 * 24 * 3600;

/** Where events end that a function could not handle: named, so that nothing of them is lost without a word. */
export function failureQueue(scope: Construct, id: string, names: Names, keyArn: string): SqsQueue {
  return new SqsQueue(scope, id, { name: names.resource("function-failures"), kmsMasterKeyId: keyArn, messageRetentionSeconds: twoWeeksSeconds });
}
