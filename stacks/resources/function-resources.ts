import { Construct } from "constructs";
import { ApplicationFunction } from "../../constructs/functions/application-function.ts";
import { failureQueue } from "../../constructs/functions/failure-queue.ts";
import type { FunctionCode } from "../../constructs/functions/function-code.ts";
import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
import { changesPrefix, exportsPrefix, summariesPrefix } from "../../constructs/functions/function-prefixes.ts";
import { callOnObjects, callOnSchedule, callOnStream } from "../../constructs/functions/function-triggers.ts";
import type { Statement } from "../../constructs/policy-document.ts";
import type { DataBucket } from "../../constructs/storage/data-bucket.ts";
import type { FunctionResources, StackResources, TableResource } from "./created-resources.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";

/** What a function works with. */
interface FunctionStores {
  readonly bucket: DataBucket;
  readonly objectKeyArn: string;
  readonly tableKeyArn: string;
  /** The tables of this stack. Copies of another region's tables are not among them: their changes are read there. */
  readonly tables: readonly TableResource[];
}

export function createFunctions(
  scope: Construct,
  context: StackContext,
  keys: StackKeys,
  { tables, dataBucket }: Pick<StackResources, "tables" | "dataBucket">,
): FunctionResources {
  const definitions = context.stack.components.functions;
  if (definitions.length === 0 || dataBucket === undefined) return { functions: [] };
  const { names } = context;
  const keyArn = keys.of("functions").arn;
  const failures = failureQueue(scope, "function-failures", names, keyArn);
  const stores: FunctionStores = {
    bucket: dataBucket,
    objectKeyArn: keys.of("objects").arn,
    tableKeyArn: keys.of("tables").arn,
    tables: tables.filter((table) => table.owned),
  };
  const functions = definitions.map((definition) => {
    const part = new Construct(scope, `function-${definition.key}`);
    const made = new ApplicationFunction(part, "function", {
      names,
      definition,
      keyArn,
      logKeyArn: keys.of("logs").arn,
      failures,
      ...workOf(definition.code, stores),
    });
    connect(part, made, { definition, stores, context, failuresArn: failures.arn });
    return { definition, made };
  });
  return { functions, failureQueueName: failures.name };
}

interface Connection {
  readonly definition: FunctionDefinition;
  readonly stores: FunctionStores;
  readonly context: StackContext;
  readonly failuresArn: string;
}

function connect(scope: Construct, made: ApplicationFunction, { definition, stores, context, failuresArn }: Connection): void {
  const { trigger, key } = definition;
  switch (trigger.kind) {
    case "table-streams": {
      for (const { key: table, streamArn } of stores.tables)
        if (streamArn !== undefined)
          callOnStream(scope, made, { table, streamArn, failuresArn, batchSize: trigger.batchSize, windowSeconds: trigger.windowSeconds });
      return;
    }
    case "schedule":
      return callOnSchedule(scope, made, context.names, key, trigger.expression);
    case "bucket-objects":
      return callOnObjects(scope, made, context.names, { bucketName: stores.bucket.name, bucketArn: stores.bucket.arn, prefix: trigger.prefix });
  }
}

/** What the code is told, and what it may do: as much as it says itself, object by object and table by table. */
function workOf(code: FunctionCode, { bucket, objectKeyArn, tableKeyArn, tables }: FunctionStores) {
  const allow = (sid: string, actions: readonly string[], resources: readonly string[]): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
  });
  const objectKey = allow("ObjectKey", ["kms:Decrypt", "kms:GenerateDataKey"], [objectKeyArn]);
  const under = (prefix: string): string => `${bucket.arn}/${prefix}*`;
  switch (code) {
    case "stream-archive": {
      const streams = tables.map(({ streamArn }) => streamArn).filter((arn) => arn !== undefined);
      return {
        environment: { BUCKET: bucket.name, PREFIX: changesPrefix },
        statements: [
          ...(streams.length === 0 ? [] : [allow("Streams", ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], streams)]),
          // AWS offers it no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
          allow("StreamNames", ["dynamodb:ListStreams"], ["*"]),
          allow("StreamKey", ["kms:Decrypt"], [tableKeyArn]),
          allow("Changes", ["s3:PutObject"], [under(changesPrefix)]),
          objectKey,
        ],
      };
    }
    case "object-summary":
      return {
        environment: { SUMMARY_PREFIX: summariesPrefix },
        statements: [allow("Changes", ["s3:GetObject"], [under(changesPrefix)]), allow("Summaries", ["s3:PutObject"], [under(summariesPrefix)]), objectKey],
      };
    case "table-export": {
      const arns = tables.map((table) => table.arn);
      return {
        environment: { BUCKET: bucket.name, PREFIX: exportsPrefix, KEY_ARN: objectKeyArn, TABLE_ARNS: arns.join(",") },
        statements: [
          allow("Tables", ["dynamodb:ExportTableToPointInTime"], arns),
          allow("Exports", ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"], [under(exportsPrefix)]),
          objectKey,
        ],
      };
    }
  }
}
