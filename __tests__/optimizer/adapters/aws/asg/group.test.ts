import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeLaunchTemplateVersionsCommand, DescribeTagsCommand as DescribeInstanceTagsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const autoScaling = mockClient(AutoScalingClient);
const ec2 = mockClient(EC2Client);

beforeEach(() => {
  for (const mock of [autoScaling, ec2]) mock.reset();
});

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients).describe(emptyDeployment(region, parts));
}

describe("Auto Scaling groups", () => {
  const group = {
    AutoScalingGroupName: "g",
    AutoScalingGroupARN: "arn:g",
    MinSize: 12,
    DesiredCapacity: 15,
    MaxSize: 25,
    DefaultCooldown: 300,
    HealthCheckType: "ELB",
    CreatedTime: new Date(0),
    AvailabilityZones: ["us-east-1b", "us-east-1a"],
    LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "$Latest" },
    Instances: [
      {
        InstanceId: "i-1",
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "6" },
        InstanceType: "m5.4xlarge",
        LifecycleState: "InService" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
      {
        InstanceId: "i-2",
        InstanceType: "m5.2xlarge",
        LifecycleState: "InService" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
      {
        InstanceId: "i-3",
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "5" },
        InstanceType: "t3.micro",
        LifecycleState: "Terminating" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
    ],
    Tags: [{ Key: "TenantId", Value: "7" }],
  };

  it("have the template version resolved that they really use", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [group] });
    ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: ["$Latest"] }).resolves({
      LaunchTemplateVersions: [
        { LaunchTemplateId: "lt-1", VersionNumber: 7, LaunchTemplateData: { InstanceType: "m5.2xlarge", Monitoring: { Enabled: true } } },
      ],
    });
    const { resources } = await described({ autoScalingGroups: ["g"] });
    expect(resources).toMatchObject([
      {
        launchTemplateId: "lt-1",
        launchTemplateVersion: 7,
        instanceType: "m5.2xlarge",
        detailedMonitoring: true,
        runningInstanceTypes: ["m5.2xlarge", "m5.4xlarge"],
        runningTemplateVersions: [6],
        availabilityZones: ["us-east-1a", "us-east-1b"],
        tags: { tags: { TenantId: "7" } },
      },
    ]);
  });

  it.each([
    ["a mixed instances policy", { LaunchTemplate: undefined, MixedInstancesPolicy: {} }, "mixed instances"],
    ["a launch configuration", { LaunchTemplate: undefined, LaunchConfigurationName: "lc" }, "no launch template"],
  ])("with %s are undescribed, with the reason", async (_, difference, detail) => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, ...difference }] });
    const { undescribed } = await described({ autoScalingGroups: ["g"] });
    expect(undescribed).toMatchObject([{ reason: "failed", detail: expect.stringContaining(detail) }]);
  });

  it("have the tags of their launch template and instances read too", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, Tags: [] }] });
    ec2
      .on(DescribeInstanceTagsCommand, { Filters: [{ Name: "resource-id", Values: ["lt-1", "i-1", "i-2", "i-3"] }] })
      .resolves({ Tags: [{ Key: "tenant-id", Value: "9", ResourceId: "i-2" }] });
    const tags = await createTagReader(clients).tagsOf({ kind: "auto-scaling-group", region, id: "g" });
    expect(tags).toEqual([
      { kind: "tags", tags: {} },
      { kind: "tags", tags: { "tenant-id": "9" } },
    ]);
  });
});
