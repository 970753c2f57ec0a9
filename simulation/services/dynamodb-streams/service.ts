import {
  DynamoDBStreamsServiceException,
  ResourceNotFoundException,
  type DescribeStreamCommandInput,
  type DescribeStreamCommandOutput,
} from "@aws-sdk/client-dynamodb-streams";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { query, type Answer, type CallContext, type Service } from "../../account/service.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import { shardedStreams } from "../../shared/sharded-streams.ts";

const errors = serviceErrors(DynamoDBStreamsServiceException, "json");
/** Of one answer (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html). */
const mostShards = 100;

/** Each open shard follows one that is closed and still kept. Shards are told from oldest to newest. */
function describeStream(input: DescribeStreamCommandInput, { state, region, nowMs }: CallContext): Answer<DescribeStreamCommandOutput> {
  refuseUnmodelled("DescribeStream", input, ["StreamArn", "Limit", "ExclusiveStartShardId"]);
  const { StreamArn: arn, Limit: limit = mostShards, ExclusiveStartShardId: after } = input;
  if (limit < 1)
    throw errors.refuse(
      "ValidationException",
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  const stream = state
    .of(shardedStreams)
    .in(region)
    .find(({ arnAt }) => arnAt(nowMs) === arn && arn !== undefined);
  if (stream === undefined) throw new ResourceNotFoundException(refusal(`Requested resource not found: Stream: ${arn} not found`));
  const places = Array.from({ length: stream.openShards }, (_, at) => at);
  const closed = places.map((at) => ({
    ShardId: shardId(at),
    SequenceNumberRange: { StartingSequenceNumber: sequence(at), EndingSequenceNumber: sequence(stream.openShards + at) },
  }));
  const open = places.map((at) => ({
    ShardId: shardId(stream.openShards + at),
    ParentShardId: shardId(at),
    SequenceNumberRange: { StartingSequenceNumber: sequence(stream.openShards + at + 1) },
  }));
  const all = [...closed, ...open];
  const start = after === undefined ? 0 : all.findIndex(({ ShardId }) => ShardId === after) + 1;
  const Shards = all.slice(start, start + Math.min(limit, mostShards));
  const last = Shards.at(-1)?.ShardId;
  return {
    StreamDescription: {
      StreamArn: arn,
      StreamStatus: "ENABLED",
      Shards,
      ...(last === undefined || last === all.at(-1)?.ShardId ? {} : { LastEvaluatedShardId: last }),
    },
  };
}

function shardId(at: number): string {
  return `shardId-${String(at).padStart(20, "0")}-00000000`;
}

function sequence(at: number): string {
  return String(100_000_000_000_000_000_000n + BigInt(at));
}

export const dynamoDbStreams: Service = {
  name: "dynamodb-streams",
  api: { client: "DynamoDBStreamsClient", errors, commands: { DescribeStream: query(describeStream) } },
};
