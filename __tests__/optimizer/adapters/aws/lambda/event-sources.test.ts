import { DescribeStreamCommand, DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DescribeStreamSummaryCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { type EventSourceMappingConfiguration, LambdaClient, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { readEventSources } from "../../../../../optimizer/adapters/aws/lambda/event-sources.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } })("us-east-1");
const lambda = answersOf(LambdaClient);
const kinesis = answersOf(KinesisClient);
const tableStreams = answersOf(DynamoDBStreamsClient);

const dataStream = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";
const tableStream = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2024-01-01T00:00:00.000";
const queue = "arn:aws:sqs:us-east-1:123456789012:jobs";
const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } });
const open = { SequenceNumberRange: { StartingSequenceNumber: "1" } };
const closed = { SequenceNumberRange: { StartingSequenceNumber: "1", EndingSequenceNumber: "2" } };

const read = (...mappings: EventSourceMappingConfiguration[]) => {
  lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: mappings });
  return readEventSources(clients, (_, ask) => ask(), "archive");
};

beforeEach(() => {
  lambda.reset();
  kinesis.reset();
  tableStreams.reset();
});

describe("what calls a function by polling", () => {
  it("is a stream of Kinesis, with its open shards times the batches that are read from each at once", async () => {
    kinesis.on(DescribeStreamSummaryCommand, { StreamARN: dataStream }).resolves({ StreamDescriptionSummary: { OpenShardCount: 4 } as never });
    expect(await read({ EventSourceArn: dataStream })).toEqual([{ arn: dataStream, isBounded: true, mostAtOnce: { kind: "seen", value: 4 } }]);
    expect(await read({ EventSourceArn: dataStream, ParallelizationFactor: 10 })).toMatchObject([{ mostAtOnce: { value: 40 } }]);
    // A consumer with a throughput of its own reads the same shards.
    expect(await read({ EventSourceArn: `${dataStream}/consumer/archive:1700000000` })).toMatchObject([{ mostAtOnce: { value: 4 } }]);
  });

  it("is the stream of a table, with the shards of all pages that are not closed", async () => {
    tableStreams
      .on(DescribeStreamCommand, { StreamArn: tableStream })
      .resolves({ StreamDescription: { Shards: [closed, open], LastEvaluatedShardId: "shardId-1" } })
      .on(DescribeStreamCommand, { StreamArn: tableStream, ExclusiveStartShardId: "shardId-1" })
      .resolves({ StreamDescription: { Shards: [closed, open, open] } });
    expect(await read({ EventSourceArn: tableStream, ParallelizationFactor: 2 })).toEqual([
      { arn: tableStream, isBounded: true, mostAtOnce: { kind: "seen", value: 6 } },
    ]);
  });

  it("is a queue, with a limit only where its mapping has one", async () => {
    expect(await read({ EventSourceArn: `${queue}-2`, ScalingConfig: { MaximumConcurrency: 4 } }, { EventSourceArn: queue })).toEqual([
      { arn: queue, isBounded: false },
      { arn: `${queue}-2`, isBounded: true, mostAtOnce: { kind: "seen", value: 4 } },
    ]);
  });

  it("is a Kafka, whose partitions nobody tells", async () => {
    const managed = "arn:aws:kafka:us-east-1:123456789012:cluster/events/1";
    expect(await read({ EventSourceArn: managed }, {})).toEqual([
      { arn: managed, isBounded: true },
      { arn: "kafka", isBounded: true },
    ]);
  });

  it("is whatever else it reads: as bounded as what has readers or partitions of its own, and not as a standard queue", async () => {
    const of = (service: string) => `arn:aws:${service}:us-east-1:123456789012:x`;
    const mappings = [{ EventSourceArn: `${queue}.fifo` }, { EventSourceArn: of("mq") }, { EventSourceArn: of("rds") }];
    expect((await read(...mappings)).map(({ arn, isBounded }) => [arn, isBounded])).toEqual([
      [of("mq"), true],
      [of("rds"), true],
      [`${queue}.fifo`, true],
    ]);
    expect(await read({ EventSourceArn: queue, ProvisionedPollerConfig: { MaximumPollers: 5 } })).toEqual([{ arn: queue, isBounded: true }]);
  });

  it("is a stream of which it is said, by the call's name, that its shards may not be looked at", async () => {
    kinesis.on(DescribeStreamSummaryCommand).rejects(denied);
    tableStreams.on(DescribeStreamCommand).rejects(denied);
    const unseen = (call: string) => ({ isBounded: true, mostAtOnce: { kind: "unseen", reason: expect.stringMatching(new RegExp(`^${call}: AccessDenied`)) } });
    expect(await read({ EventSourceArn: dataStream }, { EventSourceArn: tableStream })).toMatchObject([
      unseen("DescribeStream"),
      unseen("DescribeStreamSummary"),
    ]);
  });

  it("is not read by halves: throttling says nothing of a stream", async () => {
    const throttled = Object.assign(new Error("slow down"), {
      name: "LimitExceededException",
      $metadata: { httpStatusCode: 400 },
      $retryable: { throttling: true },
    });
    kinesis.on(DescribeStreamSummaryCommand).rejects(throttled);
    await expect(read({ EventSourceArn: dataStream })).rejects.toThrow("slow down");
  });
});
