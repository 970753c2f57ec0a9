import { DescribeStreamCommand, type DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DescribeStreamSummaryCommand, type KinesisClient } from "@aws-sdk/client-kinesis";
import { paginateListEventSourceMappings, type EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import type { EventSource } from "../../../core/levers/lambda/lambda-function.ts";
import type { Seen } from "../../../core/model/seen.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import { seen } from "../seen.ts";
import type { ReadOnce } from "../service-adapters.ts";

/** What hands events to a function by polling, by ARN; of streams also how many shards they have, each read once however many functions read it. */
export async function readEventSources(clients: RegionClients, once: ReadOnce, functionName: string): Promise<readonly EventSource[]> {
  const mappings: EventSourceMappingConfiguration[] = [];
  for await (const page of paginateListEventSourceMappings({ client: clients.lambda }, { FunctionName: functionName })) {
    mappings.push(...(page.EventSourceMappings ?? []));
  }
  const sources = await Promise.all(mappings.map((mapping) => eventSourceOf(clients, once, mapping)));
  return sources.toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
}

/** Kinesis and DynamoDB are read shard by shard (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html). */
async function eventSourceOf(clients: RegionClients, once: ReadOnce, mapping: EventSourceMappingConfiguration): Promise<EventSource> {
  // One without an ARN is a Kafka of the user's own.
  const { EventSourceArn: arn = "kafka", ParallelizationFactor: batchesPerShard = 1, ScalingConfig: scaling, ProvisionedPollerConfig: pollers } = mapping;
  switch (arn.split(":")[2] ?? "kafka") {
    case "kinesis":
      return { arn, isBounded: true, mostAtOnce: times(batchesPerShard, await once(arn, () => shardsOfDataStream(clients.kinesis, arn))) };
    case "dynamodb":
      return { arn, isBounded: true, mostAtOnce: times(batchesPerShard, await once(arn, () => shardsOfTableStream(clients.dynamoDbStreams, arn))) };
    default: {
      const most = scaling?.MaximumConcurrency;
      if (most !== undefined) return { arn, isBounded: true, mostAtOnce: { kind: "seen", value: most } };
      return { arn, isBounded: !growsWithBacklog(arn) || pollers?.MaximumPollers !== undefined };
    }
  }
}

/**
 * Of a standard queue alone Lambda reads more at once when more waits. A FIFO queue is read message group by message group, Kafka by partition, a
 * broker and DocumentDB by a number of readers that is theirs.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html, https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html
 */
function growsWithBacklog(arn: string): boolean {
  return arn.split(":")[2] === "sqs" && !arn.endsWith(".fifo");
}

/** From each shard so many batches are handled at once (https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html). */
function times(batchesPerShard: number, shards: Seen<number>): Seen<number> {
  return shards.kind === "unseen" ? shards : { kind: "seen", value: shards.value * batchesPerShard };
}

/** The ARN of a consumer of its own is that of its stream, and then the consumer's name. */
function shardsOfDataStream(client: KinesisClient, arn: string): Promise<Seen<number>> {
  return seen("DescribeStreamSummary", async () => {
    const { StreamDescriptionSummary: summary } = await client.send(new DescribeStreamSummaryCommand({ StreamARN: arn.split("/consumer/")[0] }));
    return answered(summary?.OpenShardCount, "OpenShardCount");
  });
}

/** A shard without a last sequence number still takes changes (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html). */
function shardsOfTableStream(client: DynamoDBStreamsClient, arn: string): Promise<Seen<number>> {
  return seen("DescribeStream", async () => {
    let open = 0;
    let after: string | undefined;
    do {
      const { StreamDescription: page } = await client.send(
        new DescribeStreamCommand({ StreamArn: arn, ...(after === undefined ? {} : { ExclusiveStartShardId: after }) }),
      );
      open += answered(page?.Shards, "Shards").filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber === undefined).length;
      after = page?.LastEvaluatedShardId;
    } while (after !== undefined);
    return open;
  });
}
