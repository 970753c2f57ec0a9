import { DescribeAutoScalingGroupsCommand, DescribeScheduledActionsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTagsCommand } from "@aws-sdk/client-ec2";
import { DescribeClustersCommand } from "@aws-sdk/client-ecs";
import { DescribeReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBClusterParametersCommand, DescribeDBClustersCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const clientsIn = (region: object = {}) => {
  const load = { traffic: { peakRequestsPerSecond: 10 }, application: { vcpuSecondsPerRequest: 0.01 } };
  return clientsOf(deployedAccount(accountScenario({ regions: { "us-east-1": { ...load, ...region } } })));
};

describe("what other hands did beside the stacks", () => {
  it("is an instance of no group among the targets, without the tag that instances of groups have", async () => {
    const { elb, autoScaling, ec2 } = clientsIn({ groups: { [names.group]: { registered: ["i-0a1b2c3d4e5f60718"] } } });
    const { AutoScalingGroups: [group] = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [names.group] }));
    const launched = (group?.Instances ?? []).map(({ InstanceId }) => InstanceId ?? "");
    const { TargetHealthDescriptions: targets = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group?.TargetGroupARNs?.[0] }));
    expect(targets.map(({ Target }) => Target?.Id)).toEqual([...launched, "i-0a1b2c3d4e5f60718"]);
    expect(targets.at(-1)?.TargetHealth).toEqual({ State: "healthy" });
    const Filters = [
      { Name: "resource-id", Values: targets.flatMap(({ Target }) => Target?.Id ?? []) },
      { Name: "key", Values: ["aws:autoscaling:groupName"] },
    ];
    const { Tags: tags = [] } = await ec2.send(new DescribeTagsCommand({ Filters }));
    expect(tags.map(({ ResourceId, Value }) => [ResourceId, Value])).toEqual(launched.map((id) => [id, names.group]));
    const missing = new DescribeTargetHealthCommand({ TargetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/nobody/1" });
    await expect(elb.send(missing)).rejects.toMatchObject({ name: "TargetGroupNotFoundException" });
  });

  it("is a scheduled action that begins later or ends, of which AWS tells the next time", async () => {
    const scheduledActions = [
      { name: "always", recurrence: "0 6 * * *", minSize: 1 },
      { name: "later", recurrence: "0 6 * * *", start: 72, end: 720, minSize: 1 },
    ];
    const { autoScaling } = clientsIn({ groups: { [names.group]: { scheduledActions } } });
    const { ScheduledUpdateGroupActions: found = [] } = await autoScaling.send(new DescribeScheduledActionsCommand({}));
    expect(found.map(({ StartTime, EndTime }) => [StartTime?.toISOString(), EndTime?.toISOString()])).toEqual([
      ["2026-06-01T06:00:00.000Z", undefined],
      ["2026-06-04T06:00:00.000Z", "2026-07-01T00:00:00.000Z"],
    ]);
  });

  it("is a parameter that is set for a whole cluster, beside those of the stacks", async () => {
    const database = { writeVcpuSeconds: 0.01, readVcpuSeconds: 0.01, around: { clusterParameters: { max_connections: "4000" } } };
    const { rds } = clientsIn({ database });
    const { DBClusters: [cluster] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.cluster }));
    const asked = { DBClusterParameterGroupName: cluster?.DBClusterParameterGroup, Source: "user" };
    const { Parameters: parameters = [] } = await rds.send(new DescribeDBClusterParametersCommand(asked));
    expect(parameters.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue])).toEqual([
      ["require_secure_transport", "ON"],
      ["max_connections", "4000"],
    ]);
    const missing = new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: "nobody", Source: "user" });
    await expect(rds.send(missing)).rejects.toMatchObject({ name: "DBParameterGroupNotFoundFault" });
  });

  it("is slots that shards have in unequal numbers; without, they are equal parts", async () => {
    const slotsOf = async (cache: object) => {
      const asked = new DescribeReplicationGroupsCommand({ ReplicationGroupId: names.redis });
      const { ReplicationGroups: [group] = [] } = await clientsIn({ cache }).elastiCache.send(asked);
      return group?.NodeGroups?.map(({ Slots }) => Slots);
    };
    expect(await slotsOf({})).toEqual(["0-8191", "8192-16383"]);
    expect(await slotsOf({ slots: [1000, 15_384] })).toEqual(["0-999", "1000-16383"]);
    await expect(slotsOf({ slots: [1] })).rejects.toThrow("do not share 16384 out");
  });
});

describe("a simulated cluster of services", () => {
  it("shows its name and tags, and says of another that it is missing", async () => {
    const { ecs } = clientsIn();
    const { clusters = [], failures } = await ecs.send(new DescribeClustersCommand({ clusters: [names.containers, "nobody"], include: ["TAGS"] }));
    expect(clusters).toMatchObject([{ clusterName: names.containers, status: "ACTIVE", tags: expect.arrayContaining([{ key: "Project", value: "tap" }]) }]);
    expect(failures).toEqual([{ arn: "nobody", reason: "MISSING" }]);
  });
});
