import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const account = "123456789012";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const elbv2 = answersOf(ElasticLoadBalancingV2Client);

beforeEach(() => {
  for (const mock of [elbv2]) mock.reset();
});

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment(region, parts));
}

describe("load balancers", () => {
  const fullName = "app/web/50dc6c495c0c9188";
  const arn = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${fullName}`;

  it("are found by full name, with target groups of all pages and tags", async () => {
    elbv2.on(DescribeLoadBalancersCommand, { Names: ["web"] }).resolves({
      LoadBalancers: [{ LoadBalancerArn: arn, AvailabilityZones: ["b", "a", "a"].map((zone) => ({ ZoneName: region + zone, SubnetId: "subnet-1" })) }],
    });
    const group = (name: string) => ({ TargetGroupArn: `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/6d0ecf831eec9f09` });
    elbv2.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [group("b")], NextMarker: "2" });
    elbv2.on(DescribeTargetGroupsCommand, { Marker: "2" }).resolves({ TargetGroups: [group("a")] });
    elbv2.on(DescribeTargetGroupAttributesCommand).resolves({
      Attributes: [
        { Key: "load_balancing.cross_zone.enabled", Value: "use_load_balancer_configuration" },
        { Key: "target_group_health.dns_failover.minimum_healthy_targets.count", Value: "off" },
        { Key: "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", Value: "3" },
      ],
    });
    // Of a function's target group AWS tells neither.
    elbv2
      .on(DescribeTargetGroupAttributesCommand, { TargetGroupArn: group("b").TargetGroupArn })
      .resolves({ Attributes: [{ Key: "lambda.multi_value_headers.enabled", Value: "false" }] });
    elbv2.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ ResourceArn: arn, Tags: [{ Key: "Stack", Value: "tap" }, { Key: "bare" }] }] });
    const { resources } = await described({ loadBalancers: [fullName] });
    expect(resources).toEqual([
      {
        kind: "load-balancer",
        ref: { kind: "load-balancer", region, id: fullName },
        arn,
        tags: { kind: "tags", tags: { Stack: "tap", bare: "" } },
        fullName,
        targetGroups: ["targetgroup/a/6d0ecf831eec9f09", "targetgroup/b/6d0ecf831eec9f09"],
        zones: ["us-east-1a", "us-east-1b"],
        routing: {
          kind: "seen",
          value: [
            { targetGroup: "targetgroup/a/6d0ecf831eec9f09", keepsToZone: false, leastHealthy: 3 },
            { targetGroup: "targetgroup/b/6d0ecf831eec9f09", keepsToZone: false, leastHealthy: 1 },
          ],
        },
      },
    ]);
  });

  const withOneGroup = (): void => {
    elbv2.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ LoadBalancerArn: arn }] });
    elbv2.on(DescribeTargetGroupsCommand).resolves({
      TargetGroups: [{ TargetGroupArn: `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/a/6d0ecf831eec9f09` }],
    });
    elbv2.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ ResourceArn: arn, Tags: [] }] });
  };

  it.each([
    ["false", true],
    ["true", false],
    ["use_load_balancer_configuration", false],
  ])("keep requests in their zone, or not, by the target group's cross-zone load balancing %s", async (Value, keepsToZone) => {
    withOneGroup();
    elbv2.on(DescribeTargetGroupAttributesCommand).resolves({ Attributes: [{ Key: "load_balancing.cross_zone.enabled", Value }] });
    const { resources } = await described({ loadBalancers: [fullName] });
    expect(resources).toMatchObject([{ routing: { kind: "seen", value: [{ keepsToZone, leastHealthy: 1 }] } }]);
  });

  it("are told without how they spread requests where that may not be looked at", async () => {
    withOneGroup();
    elbv2.on(DescribeTargetGroupAttributesCommand).rejects(Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } }));
    const { resources } = await described({ loadBalancers: [fullName] });
    expect(resources).toMatchObject([{ routing: { kind: "unseen", reason: "DescribeTargetGroupAttributes: AccessDenied: no" } }]);
  });

  it("tell no zones where AWS leaves one of them out", async () => {
    elbv2.on(DescribeLoadBalancersCommand).resolves({
      LoadBalancers: [{ LoadBalancerArn: arn, AvailabilityZones: [{ ZoneName: "us-east-1a" }, { SubnetId: "subnet-2" }] }],
    });
    elbv2.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [] });
    elbv2.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ ResourceArn: arn, Tags: [] }] });
    const { resources } = await described({ loadBalancers: [fullName] });
    expect(resources).toEqual([expect.not.objectContaining({ zones: expect.anything() })]);
  });

  it("are not found when a namesake has another id", async () => {
    elbv2.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ LoadBalancerArn: arn.replace("9188", "0000") }] });
    const { undescribed } = await described({ loadBalancers: [fullName] });
    expect(undescribed).toMatchObject([{ reason: "not-found", ref: { id: fullName } }]);
  });
});
