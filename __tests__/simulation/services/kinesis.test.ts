import { DescribeStreamSummaryCommand, type DescribeStreamSummaryCommandInput } from "@aws-sdk/client-kinesis";
import { ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";
const account = deployedAccount(
  accountScenario({
    regions: {
      "us-east-1": {
        traffic: { peakRequestsPerSecond: 1 },
        application: { vcpuSecondsPerRequest: 0.01 },
        dataStreams: { clicks: { openShards: 6 } },
        functions: {
          [names.lambda]: { readsDataStreams: [{ stream: "clicks", batchesPerShard: 2 }], readsQueues: [{ queue: "jobs", mostAtOnce: 5 }, { queue: "mail" }] },
        },
      },
    },
  }),
);
const described = async (input: DescribeStreamSummaryCommandInput) =>
  (await clientsOf(account).kinesis.send(new DescribeStreamSummaryCommand(input))).StreamDescriptionSummary;

describe("a simulated stream of Kinesis", () => {
  it("tells how many shards take records, by its name or its ARN", async () => {
    expect(await described({ StreamARN: arn })).toMatchObject({ StreamName: "clicks", OpenShardCount: 6, StreamStatus: "ACTIVE" });
    expect(await described({ StreamName: "clicks" })).toMatchObject({ StreamARN: arn });
  });

  it("is refused where there is none of that name, account or region, or none is named", async () => {
    const missing = { name: "ResourceNotFoundException" };
    await expect(described({ StreamName: "orders" })).rejects.toMatchObject(missing);
    await expect(described({ StreamARN: arn.replace("123456789012", "210987654321") })).rejects.toMatchObject(missing);
    await expect(described({})).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("is among what calls a function, as queues are, each with how many calls it lets run at once", async () => {
    const { EventSourceMappings = [] } = await clientsOf(account).lambda.send(new ListEventSourceMappingsCommand({ FunctionName: names.lambda }));
    expect(EventSourceMappings).toMatchObject([
      { EventSourceArn: expect.stringContaining(":dynamodb:"), ParallelizationFactor: 1 },
      { EventSourceArn: arn, ParallelizationFactor: 2 },
      { EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:jobs", ScalingConfig: { MaximumConcurrency: 5 } },
      { EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:mail" },
    ]);
    expect(EventSourceMappings[3]).not.toHaveProperty("ScalingConfig");
  });
});
