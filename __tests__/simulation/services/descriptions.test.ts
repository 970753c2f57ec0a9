import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeReplicationGroupsCommand, ListTagsForResourceCommand } from "@aws-sdk/client-elasticache";
import { describe, expect, it } from "vitest";
import { createLoadModel } from "../../../simulation/load/load-model.ts";
import { tickAt } from "../../../simulation/load/tick.ts";
import { services } from "../../../simulation/services.ts";
import { targetGroups } from "../../../simulation/services/elb/target-group.ts";
import { loadBalancers } from "../../../simulation/shared/load-balancer.ts";
import { accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const statements = { writeVcpuSeconds: 0.01, readVcpuSeconds: 0.005 };

describe("load balancers", () => {
  it("are found by name, with the target groups that their rules forward to", async () => {
    const account = deployedAccount();
    const { elb } = clientsOf(account);
    const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [names.balancer] }));
    expect(balancer?.AvailabilityZones?.map(({ ZoneName }) => ZoneName)).toEqual(["us-east-1a", "us-east-1b"]);
    const groups: unknown[] = [];
    for await (const page of paginateDescribeTargetGroups({ client: elb }, { LoadBalancerArn: balancer?.LoadBalancerArn }))
      groups.push(...(page.TargetGroups ?? []));
    expect(groups).toMatchObject([{ TargetGroupName: "tap-test-api", LoadBalancerArns: [balancer?.LoadBalancerArn], HealthCheckPath: "/health" }]);
    const [group] = account.state.of(targetGroups).in("us-east-1");
    const { Attributes: attributes = [] } = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group?.arn ?? "" }));
    expect(attributes.map(({ Key, Value }) => [Key?.split(".").slice(0, 2).join("."), Value])).toEqual([
      ["load_balancing.cross_zone", "use_load_balancer_configuration"],
      ["target_group_health.dns_failover", "1"],
      ["target_group_health.unhealthy_state_routing", "1"],
    ]);
    const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [balancer?.LoadBalancerArn ?? ""] }));
    expect(TagDescriptions?.[0]?.Tags).toEqual([
      { Key: "Project", Value: "tap" },
      { Key: "Name", Value: "edge" },
    ]);
  });

  it("get their requests answered by the group behind them, which asks the cluster of their stack", () => {
    const regions = { "us-east-1": { traffic: { peakRequestsPerSecond: 10 }, application: { vcpuSecondsPerRequest: 0.01 }, database: statements } };
    const scenario = accountScenario({ regions });
    const { state } = deployedAccount(scenario);
    const model = createLoadModel(scenario, state, services);
    const [balancer] = state.of(loadBalancers).in("us-east-1");
    if (balancer === undefined) throw new Error("the load balancer is there");
    const stages = model.stages("us-east-1", balancer);
    const tick = tickAt(Date.parse(scenario.start)) - 1;
    expect(stages.map((stage) => stage.targets?.(tick))).toEqual([10, undefined]);
    expect(stages.map((stage) => stage.storageSeconds !== undefined)).toEqual([false, true]);
  });

  it("that do not exist get AWS's names", async () => {
    const { elb } = clientsOf(deployedAccount());
    await expect(elb.send(new DescribeLoadBalancersCommand({ Names: ["nobody"] }))).rejects.toMatchObject({ name: "LoadBalancerNotFoundException" });
    await expect(elb.send(new DescribeTargetGroupsCommand({ Names: ["nobody"] }))).rejects.toMatchObject({ name: "TargetGroupNotFoundException" });
    const nowhere = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/nobody/0123456789abcdef";
    await expect(elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: nowhere }))).rejects.toMatchObject({
      name: "TargetGroupNotFoundException",
    });
    await expect(elb.send(new DescribeTagsCommand({ ResourceArns: [] }))).rejects.toMatchObject({ name: "ValidationError" });
  });
});

describe("replication groups", () => {
  it("show their shards and members", async () => {
    const { elastiCache } = clientsOf(deployedAccount());
    const { ReplicationGroups: [group] = [] } = await elastiCache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: names.redis }));
    expect(group).toMatchObject({ ClusterEnabled: true, CacheNodeType: "cache.r6g.4xlarge", Status: "available" });
    expect(group?.NodeGroups?.map((shard) => [shard.NodeGroupId, shard.NodeGroupMembers?.map((member) => member.CacheClusterId)])).toEqual([
      ["0001", [`${names.redis}-0001-001`, `${names.redis}-0001-002`]],
      ["0002", [`${names.redis}-0002-001`, `${names.redis}-0002-002`]],
    ]);
    expect((await elastiCache.send(new ListTagsForResourceCommand({ ResourceName: group?.ARN }))).TagList).toEqual([{ Key: "Project", Value: "tap" }]);
    await expect(elastiCache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: "nobody" }))).rejects.toMatchObject({
      name: "ReplicationGroupNotFoundFault",
    });
  });
});
