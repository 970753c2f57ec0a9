import { CloudWatchClient, GetMetricDataCommand, type Metric } from "@aws-sdk/client-cloudwatch";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, type DescribeStreamCommandInput, type Shard } from "@aws-sdk/client-dynamodb-streams";
import { describe, expect, it } from "vitest";
import { attachable } from "../../../optimizer/composition/attachable.ts";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

async function streamOf(account: SimulatedAccount): Promise<string> {
  const { Table } = await clientsOf(account).dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
  return Table?.LatestStreamArn ?? "";
}

const shards = async (account: SimulatedAccount, input: Partial<DescribeStreamCommandInput> = {}) => {
  const StreamArn = await streamOf(account);
  return (await clientsOf(account).dynamoDbStreams.send(new DescribeStreamCommand({ StreamArn, ...input }))).StreamDescription;
};
const readsOfStream: Metric = {
  Namespace: "AWS/DynamoDB",
  MetricName: "SuccessfulRequestLatency",
  Dimensions: [
    { Name: "TableName", Value: names.table },
    { Name: "Operation", Value: "GetRecords" },
  ],
};
const isOpen = ({ SequenceNumberRange: range }: Shard): boolean => range?.EndingSequenceNumber === undefined;

describe("a simulated table's stream", () => {
  it("has an open shard for each partition that a new table on demand is made for, each after one that is closed", async () => {
    const { Shards = [], LastEvaluatedShardId } = (await shards(deployedAccount())) ?? {};
    expect(Shards.map(isOpen)).toEqual([false, false, false, false, true, true, true, true]);
    expect(Shards.filter(isOpen).map(({ ParentShardId }) => ParentShardId)).toEqual(Shards.slice(0, 4).map(({ ShardId }) => ShardId));
    expect(LastEvaluatedShardId).toBeUndefined();
  });

  it("has as many as the scenario says, told a page at a time", async () => {
    const region = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01 }, tables: { [names.table]: { streamShards: 3 } } };
    const account = deployedAccount(accountScenario({ regions: { "us-east-1": region } }));
    const first = await shards(account, { Limit: 4 });
    expect(first?.Shards?.map(isOpen)).toEqual([false, false, false, true]);
    const rest = await shards(account, { ExclusiveStartShardId: first?.LastEvaluatedShardId ?? "" });
    expect(rest?.Shards?.map(isOpen)).toEqual([true, true]);
    expect(rest?.LastEvaluatedShardId).toBeUndefined();
  });

  it("shows each of its rare reads, however long it is between two of them", async () => {
    const streamReads = [{ start: -48, minutes: 50, calls: 2 }];
    const region = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01 }, tables: { [names.table]: { streamReads } } };
    const account = deployedAccount(accountScenario({ regions: { "us-east-1": region } }));
    const cloudWatch = new CloudWatchClient({ region: "us-east-1", credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" } });
    account.attach(attachable(cloudWatch), "us-east-1");
    const { MetricDataResults } = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(account.nowMs() - 50 * 3_600_000),
        EndTime: new Date(account.nowMs() - 40 * 3_600_000),
        MetricDataQueries: [{ Id: "reads", MetricStat: { Metric: readsOfStream, Period: 300, Stat: "SampleCount" } }],
      }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([1, 1]);
  });

  it("is not there under another ARN, and takes no limit below one", async () => {
    const account = deployedAccount();
    const StreamArn = await streamOf(account);
    await expect(shards(account, { StreamArn: `${StreamArn}1` })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(shards(account, { Limit: 0 })).rejects.toMatchObject({ name: "ValidationException" });
  });
});
