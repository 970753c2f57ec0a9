import {
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  TargetGroupNotFoundException,
  type DescribeTargetGroupsCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, it } from "vitest";
import { tagsOfTraffic } from "../../../../optimizer/adapters/aws/traffic.ts";
import { answersOf } from "../../../support/answers-of.ts";

const elb = answersOf(ElasticLoadBalancingV2Client);
const client = new ElasticLoadBalancingV2Client({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const arnOf = (name: string): string => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;

it("tells the tags of each target group, though AWS describes none of a list with one that is gone", async () => {
  const gone = new TargetGroupNotFoundException({ message: `Target groups '${arnOf("old")}' not found`, $metadata: { httpStatusCode: 400 } });
  elb.on(DescribeTargetGroupsCommand).callsFake(({ TargetGroupArns = [] }: DescribeTargetGroupsCommandInput) => {
    if (TargetGroupArns.includes(arnOf("old"))) throw gone;
    return { TargetGroups: TargetGroupArns.map((TargetGroupArn) => ({ TargetGroupArn, LoadBalancerArns: [] })) };
  });
  elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags: [{ Key: "TenantName", Value: "one" }] }] });
  expect(await tagsOfTraffic(client, [arnOf("old"), arnOf("api")])).toEqual([
    { kind: "unreadable", reason: `TargetGroupNotFoundException: target group ${arnOf("old")}`, isGone: true, isBeside: true },
    { kind: "tags", tags: { TenantName: "one" } },
  ]);
});

it("is nothing where what stands behind is asked in vain, or may not be read", async () => {
  elb.on(DescribeTargetGroupsCommand).rejects(Object.assign(new Error("denied"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } }));
  await expect(tagsOfTraffic(client, [arnOf("api"), arnOf("web")])).rejects.toMatchObject({ name: "AccessDenied" });
  expect(await tagsOfTraffic(client, [])).toEqual([]);
});
