import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import { type _InstanceType, DescribeLaunchTemplateVersionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../optimizer/adapters/aws/change-reader.ts";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { createTagReader } from "../../../../optimizer/adapters/aws/tag-reader.ts";
import type { Change, ChangeOf } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { Look } from "../../../../optimizer/ports/look.ts";
import { answersOf } from "../../../support/answers-of.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const dynamoDb = answersOf(DynamoDBClient);
const changes = createChangeReader(clients);
const tags = createTagReader(clients);
const stream: ChangeOf<"dynamodb.stream"> = {
  kind: "dynamodb.stream",
  region,
  table: "users",
  before: { viewType: "NEW_IMAGE" },
  after: { viewType: null },
};

beforeEach(() => {
  dynamoDb.reset();
  dynamoDb.on(DescribeTableCommand).resolves({ Table: { TableName: "users", TableArn: "arn", TableStatus: "ACTIVE", Replicas: [] } });
  dynamoDb.on(ListTagsOfResourceCommand).resolves({ Tags: [] });
});

const described = () => dynamoDb.commandCalls(DescribeTableCommand).length;

async function lookAt(look?: Look): Promise<void> {
  await changes.statesOf([stream], look);
  await tags.tagsOf([{ kind: "dynamodb-table", region, id: "users" }], look);
}

it("describes once in a look what both the states and the tags rest on", async () => {
  await lookAt(Symbol("look"));
  expect(described()).toBe(1);
});

it("asks anew in the next look, even one of the same moment", async () => {
  await lookAt(Symbol("look"));
  await lookAt(Symbol("look"));
  expect(described()).toBe(2);
});

it("keeps no answer for questions that belong to no look", async () => {
  await lookAt();
  expect(described()).toBe(2);
});

it("shares nothing between the clients of two accounts", async () => {
  const look = Symbol("look");
  await lookAt(look);
  const others = createClientFactory({ credentials: { accessKeyId: "y", secretAccessKey: "y" } });
  await createChangeReader(others).statesOf([stream], look);
  expect(described()).toBe(2);
});

describe("versions of a launch template", () => {
  const ec2 = answersOf(EC2Client);
  const autoScaling = answersOf(AutoScalingClient);
  const before = { instanceType: "m6i.xlarge" };
  const after = { instanceType: "m6i.large" };
  const place = { region, launchTemplateId: "lt-1", autoScalingGroup: "web" };
  const newest: Change = { kind: "ec2.launch-template-version", ...place, before, after };
  const used: Change = { kind: "asg.launch-template", ...place, before: { ...before, reference: "number" }, after: { ...after, reference: "number" } };
  const sizes = {
    MinSize: 1,
    MaxSize: 4,
    DesiredCapacity: 2,
    DefaultCooldown: 300,
    AvailabilityZones: ["us-east-1a"],
    HealthCheckType: "EC2",
    CreatedTime: new Date(0),
  };
  const asked = () => ec2.commandCalls(DescribeLaunchTemplateVersionsCommand).map(({ args }) => args[0].input.Versions?.join());

  const version = (number: number, instanceType: _InstanceType) => ({
    LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: number, LaunchTemplateData: { InstanceType: instanceType } }],
  });
  const groupOn = (number: string) => ({
    AutoScalingGroups: [{ ...sizes, AutoScalingGroupName: "web", LaunchTemplate: { LaunchTemplateId: "lt-1", Version: number } }],
  });

  beforeEach(() => {
    for (const answers of [ec2, autoScaling]) answers.reset();
    ec2.on(DescribeLaunchTemplateVersionsCommand, { Versions: ["$Latest"] }).resolves(version(2, "m6i.large"));
    ec2.on(DescribeLaunchTemplateVersionsCommand, { Versions: ["2"] }).resolves(version(2, "m6i.large"));
    ec2.on(DescribeLaunchTemplateVersionsCommand, { Versions: ["1"] }).resolves(version(1, "m6i.xlarge"));
  });

  it("asks for the newest alone where the group launches from it", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(groupOn("2"));
    const states = await changes.statesOf([newest, used], Symbol("look"));
    expect(asked()).toEqual(["$Latest"]);
    expect(states).toEqual([
      { kind: "settled", value: after, marks: { version: 2 } },
      { kind: "settled", value: { ...after, reference: "number" }, marks: { version: 2 } },
    ]);
  });

  it("asks for the group's own where that is another one", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(groupOn("1"));
    const states = await changes.statesOf([newest, used], Symbol("look"));
    expect(asked()).toEqual(["$Latest", "1"]);
    expect(states.at(1)).toMatchObject({ value: before, marks: { version: 1 } });
  });

  it("takes nothing over into the next look", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(groupOn("2"));
    await changes.statesOf([newest], Symbol("look"));
    await changes.statesOf([used], Symbol("look"));
    await changes.stateOf(newest);
    await changes.stateOf(used);
    expect(asked()).toEqual(["$Latest", "2", "$Latest", "2"]);
  });
});
