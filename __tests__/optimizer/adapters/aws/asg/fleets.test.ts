import { AutoScalingClient, DescribeAutoScalingGroupsCommand, DescribeInstanceRefreshesCommand } from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeFleetsCommand, DescribeLaunchTemplateVersionsCommand, DescribeSpotFleetRequestsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { answersOf } from "../../../../support/answers-of.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const autoScaling = answersOf(AutoScalingClient);
const ec2 = answersOf(EC2Client);
const cloudTrail = answersOf(CloudTrailClient);

beforeEach(() => {
  autoScaling.reset();
  autoScaling.onAnyCommand().resolves({});
  ec2.reset();
  ec2.onAnyCommand().resolves({});
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  const group = {
    AutoScalingGroupName: "g",
    AutoScalingGroupARN: "arn:g",
    MinSize: 1,
    DesiredCapacity: 1,
    MaxSize: 1,
    DefaultCooldown: 300,
    HealthCheckType: "ELB",
  };
  const named = { CreatedTime: new Date(0), AvailabilityZones: ["us-east-1a"], LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" } };
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, ...named }] });
  ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
    LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", LaunchTemplateName: "web", VersionNumber: 1, LaunchTemplateData: { InstanceType: "m5.4xlarge" } }],
  });
});

async function only() {
  const { resources } = await createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment("us-east-1", { autoScalingGroups: ["g"] }));
  const [group] = resources;
  if (group?.kind !== "auto-scaling-group") throw new Error("no group");
  return group;
}

describe("a group beside fleets on its launch template", () => {
  const specified = (Version: string, named: object = { LaunchTemplateId: "lt-1" }) => [{ LaunchTemplateSpecification: { Version, ...named } }];
  const neighbour = (name: string, launchedBy: string) => ({
    name,
    launchedBy,
    followsLatest: true,
    tags: { kind: "tags", tags: { team: "batch" } },
    targetGroupArns: [],
  });
  const Tags = [{ Key: "team", Value: "batch" }];
  const active = { FleetId: "fleet-1", FleetState: "active", Type: "maintain", Tags, LaunchTemplateConfigs: specified("$Latest") } as const;

  it.each<[string, object, boolean]>([
    ["that keeps its size, by the template's id", {}, true],
    ["by its name", { LaunchTemplateConfigs: specified("$Latest", { LaunchTemplateName: "web" }) }, true],
    ["that was asked for once, and is not yet done", { Type: "request", FleetState: "submitted" }, true],
    ["that is being modified", { FleetState: "modifying" }, true],
    ["at a number", { LaunchTemplateConfigs: specified("1") }, false],
    ["at the default", { LaunchTemplateConfigs: specified("$Default") }, false],
    ["of another template", { LaunchTemplateConfigs: specified("$Latest", { LaunchTemplateId: "lt-2" }) }, false],
    ["that launched once and for all", { Type: "instant" }, false],
    ["that was deleted, though its instances run", { FleetState: "deleted_running" }, false],
  ])("know an EC2 Fleet that follows the latest version: one %s", async (_, other, follows) => {
    ec2.on(DescribeFleetsCommand).resolves({ Fleets: [{ ...active, ...other }] });
    expect((await only()).neighbours).toEqual(follows ? [neighbour("fleet-1", "EC2 Fleet")] : []);
  });

  it.each<[string, "active" | "cancelled_running", string, boolean]>([
    ["that is active", "active", "$Latest", true],
    ["at a number", "active", "1", false],
    ["that was cancelled, though its instances run", "cancelled_running", "$Latest", false],
  ])("know a Spot Fleet that follows it, on every page: one %s", async (_, SpotFleetRequestState, version, follows) => {
    const request = { SpotFleetRequestId: "sfr-1", SpotFleetRequestState, Tags };
    const SpotFleetRequestConfig = { IamFleetRole: "arn:r", TargetCapacity: 1, LaunchTemplateConfigs: specified(version) };
    ec2.on(DescribeSpotFleetRequestsCommand).resolves({ SpotFleetRequestConfigs: [], NextToken: "2" });
    ec2.on(DescribeSpotFleetRequestsCommand, { NextToken: "2" }).resolves({ SpotFleetRequestConfigs: [{ ...request, SpotFleetRequestConfig }] });
    expect((await only()).neighbours).toEqual(follows ? [neighbour("sfr-1", "Spot Fleet")] : []);
  });

  it.each([DescribeFleetsCommand, DescribeSpotFleetRequestsCommand])("are noted as unread where they may not be read", async (command) => {
    ec2.on(command).rejects(Object.assign(new Error("no"), { name: "UnauthorizedOperation", $metadata: { httpStatusCode: 403 } }));
    expect((await only()).unread).toEqual([{ what: "neighbours, all fleets of the region,", reason: "UnauthorizedOperation: no" }]);
  });
});

it.each([
  ["InProgress", "its instance refresh r-1 is InProgress"],
  ["Baking", "its instance refresh r-1 is Baking"],
  ["Successful", undefined],
] as const)("a group knows a refresh that is %s, whoever began it", async (Status, words) => {
  autoScaling.on(DescribeInstanceRefreshesCommand).resolves({ InstanceRefreshes: [{ InstanceRefreshId: "r-1", Status }] });
  expect((await only()).refresh).toBe(words);
});

describe("what a group launched from before", () => {
  it("is left out of what is counted, by the calls that tell of it", async () => {
    const requestParameters = { autoScalingGroupName: "g", launchTemplate: { launchTemplateName: "web", version: "1" } };
    const told = { EventTime: new Date(0), CloudTrailEvent: JSON.stringify({ requestParameters }) };
    const AttributeValue = "UpdateAutoScalingGroup";
    cloudTrail.on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue }] }).resolves({ Events: [told] });
    expect((await only()).otherTypes).toEqual([{ instanceType: "of a template that no record tells", otherTemplate: true, fromMs: 0, untilMs: 6 * 3_600_000 }]);
  });

  it("is noted as unread where CloudTrail may not be asked", async () => {
    cloudTrail.on(LookupEventsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }));
    expect((await only()).unread).toEqual([{ what: "launch templates before", reason: "CloudTrail's LookupEvents: AccessDeniedException: no" }]);
  });
});
