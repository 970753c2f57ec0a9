import {
  AutoScalingClient,
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
  type InstanceRefresh,
} from "@aws-sdk/client-auto-scaling";
import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { CreateLaunchTemplateVersionCommand, DescribeLaunchTemplateVersionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, FailoverDBClusterCommand, ModifyDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeOf, inverse } from "../../../../optimizer/core/levers/change-kinds.ts";
import { ChangeOutcomeUnknown, ChangeRejected, CredentialsLost } from "../../../../optimizer/errors.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const autoScaling = mockClient(AutoScalingClient);
const dynamoDb = mockClient(DynamoDBClient);
const ec2 = mockClient(EC2Client);
const rds = mockClient(RDSClient);

beforeEach(() => {
  for (const mock of [autoScaling, dynamoDb, ec2, rds]) mock.reset();
});

const stateOf = (change: Change) => createChangeReader(clients).stateOf(change);
const apply = (change: Change, token = "run-1|step-1") => createChangeWriter(clients).apply(change, token);

function awsError(name: string, details: object = { $fault: "client" }): Error {
  return Object.assign(new Error(`said ${name}`), { name, ...details });
}

describe("indexes of DynamoDB", () => {
  const definition = {
    name: "by-email",
    key: [{ name: "email", keyType: "HASH", attributeType: "S" }],
    projection: { type: "INCLUDE", nonKeyAttributes: ["city"] },
    maxReadRequestUnits: 1,
    maxWriteRequestUnits: -1,
  } as const;
  const index = {
    IndexName: "by-email",
    IndexStatus: "ACTIVE" as const,
    KeySchema: [{ AttributeName: "email", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["city"] },
    OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 },
  };
  const removal: ChangeOf<"dynamodb.index"> = { kind: "dynamodb.index", region, table: "users", index: "by-email", before: definition, after: null };
  const cap: ChangeOf<"dynamodb.index-read-cap"> = {
    kind: "dynamodb.index-read-cap",
    region,
    table: "users",
    index: "by-email",
    before: { maxReadRequestUnits: -1 },
    after: { maxReadRequestUnits: 1 },
  };

  function tableIs(difference: Partial<TableDescription>): void {
    const attributes = [
      { AttributeName: "id", AttributeType: "S" as const },
      { AttributeName: "email", AttributeType: "S" as const },
    ];
    dynamoDb
      .on(DescribeTableCommand)
      .resolves({ Table: { TableName: "users", TableStatus: "ACTIVE", AttributeDefinitions: attributes, GlobalSecondaryIndexes: [index], ...difference } });
  }

  it("are settled with definition and cap, or null once gone", async () => {
    tableIs({});
    expect(await stateOf(removal)).toEqual({ kind: "settled", value: definition });
    expect(await stateOf(cap)).toEqual({ kind: "settled", value: { maxReadRequestUnits: 1 } });
    tableIs({ GlobalSecondaryIndexes: [] });
    expect(await stateOf(removal)).toEqual({ kind: "settled", value: null });
    expect(await stateOf(cap)).toMatchObject({ kind: "missing" });
  });

  it.each([
    ["the table", { TableStatus: "UPDATING" as const }],
    ["another index", { GlobalSecondaryIndexes: [index, { ...index, IndexName: "other", IndexStatus: "CREATING" as const, Backfilling: true }] }],
    ["a replica", { Replicas: [{ RegionName: "eu-west-1", ReplicaStatus: "UPDATING" as const }] }],
  ])("are in progress while %s is", async (_, difference) => {
    tableIs(difference);
    expect(await stateOf(removal)).toMatchObject({ kind: "in-progress" });
    expect(await stateOf(cap)).toMatchObject({ kind: "in-progress" });
  });

  it("are missing with their table", async () => {
    dynamoDb.on(DescribeTableCommand).rejects(awsError("ResourceNotFoundException"));
    expect(await stateOf(removal)).toMatchObject({ kind: "missing" });
  });

  it("are capped, deleted, and created with the attributes of the whole table", async () => {
    dynamoDb.on(UpdateTableCommand).resolves({});
    tableIs({ AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], GlobalSecondaryIndexes: [] });
    await apply(cap);
    await apply(removal);
    await apply(inverse(removal));
    expect(dynamoDb.commandCalls(UpdateTableCommand).map((call) => call.args[0].input)).toEqual([
      { TableName: "users", GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "by-email", OnDemandThroughput: { MaxReadRequestUnits: 1 } } }] },
      { TableName: "users", GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-email" } }] },
      {
        TableName: "users",
        AttributeDefinitions: [
          { AttributeName: "id", AttributeType: "S" },
          { AttributeName: "email", AttributeType: "S" },
        ],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-email",
              KeySchema: [{ AttributeName: "email", KeyType: "HASH" }],
              Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["city"] },
              OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 },
            },
          },
        ],
      },
    ]);
  });

  it("tell refused, unclear and credential-less calls apart", async () => {
    dynamoDb.on(UpdateTableCommand).rejects(awsError("ResourceInUseException"));
    await expect(apply(cap)).rejects.toMatchObject({ kind: "busy", awsName: "ResourceInUseException" });
    dynamoDb.on(UpdateTableCommand).rejects(awsError("TimeoutError", {}));
    await expect(apply(cap)).rejects.toBeInstanceOf(ChangeOutcomeUnknown);
    dynamoDb.on(UpdateTableCommand).rejects(awsError("ExpiredTokenException"));
    await expect(apply(cap)).rejects.toBeInstanceOf(CredentialsLost);
  });

  it("call a connection lost before anything was sent a refusal, not an unknown outcome", async () => {
    dynamoDb.on(DescribeTableCommand).rejects(awsError("TimeoutError", {}));
    await expect(apply(inverse(removal))).rejects.toBeInstanceOf(ChangeRejected);
    expect(dynamoDb.commandCalls(UpdateTableCommand)).toHaveLength(0);
  });
});

describe("Auto Scaling groups", () => {
  const template = { kind: "ec2.launch-template-version", region, autoScalingGroup: "g", launchTemplateId: "lt-1" } as const;
  const sizes = { before: { instanceType: "m5.4xlarge" }, after: { instanceType: "m5.2xlarge" } } as const;
  const reference: ChangeOf<"asg.launch-template"> = { kind: "asg.launch-template", region, autoScalingGroup: "g", launchTemplateId: "lt-1", ...sizes };
  const refresh: ChangeOf<"asg.instance-refresh"> = { kind: "asg.instance-refresh", region, autoScalingGroup: "g", ...sizes };

  function groupIs(
    version: string,
    runningTypes: readonly string[],
    refreshes: readonly InstanceRefresh[] = [],
    runningVersions: readonly number[] = [],
  ): void {
    const instances = runningTypes.map((InstanceType, index) => ({
      InstanceType,
      ...(runningVersions[index] === undefined ? {} : { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: String(runningVersions[index]) } }),
      LifecycleState: "InService" as const,
      InstanceId: "i",
      AvailabilityZone: "a",
      HealthStatus: "Healthy",
      ProtectedFromScaleIn: false,
    }));
    const group = {
      AutoScalingGroupName: "g",
      MinSize: 1,
      MaxSize: 1,
      DesiredCapacity: 1,
      DefaultCooldown: 1,
      AvailabilityZones: [],
      HealthCheckType: "ELB",
      CreatedTime: new Date(0),
    };
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolves({ AutoScalingGroups: [{ ...group, LaunchTemplate: { LaunchTemplateId: "lt-1", Version: version }, Instances: instances }] });
    autoScaling.on(DescribeInstanceRefreshesCommand).resolves({ InstanceRefreshes: [...refreshes] });
  }

  function versionsAre(types: readonly string[]): void {
    const answer = (number: number) => ({
      LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: number, LaunchTemplateData: { InstanceType: types[number - 1] as "m5.large" } }],
    });
    types.forEach((_, index) =>
      ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: [String(index + 1)] }).resolves(answer(index + 1)),
    );
    ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: ["$Latest"] }).resolves(answer(types.length));
  }

  const running = (status: InstanceRefresh["Status"], version: string): InstanceRefresh => ({
    InstanceRefreshId: "ref-1",
    ...(status === undefined ? {} : { Status: status }),
    PercentageComplete: 40,
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: version } },
  });

  it("tell the latest version's type, and the type of the version they reference", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    expect(await stateOf({ ...template, ...sizes })).toEqual({ kind: "settled", value: { instanceType: "m5.2xlarge" } });
    expect(await stateOf(reference)).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
  });

  it("copy the version in use, with a client token that only the step decides", async () => {
    versionsAre(["m5.4xlarge", "c5.large"]);
    groupIs("1", ["m5.4xlarge"]);
    ec2.on(CreateLaunchTemplateVersionCommand).resolves({});
    await apply({ ...template, ...sizes });
    await apply({ ...template, ...sizes });
    await apply({ ...template, ...sizes }, "run-1|step-2");
    const inputs = ec2.commandCalls(CreateLaunchTemplateVersionCommand).map((call) => call.args[0].input);
    expect(inputs[0]).toMatchObject({
      LaunchTemplateId: "lt-1",
      SourceVersion: "1",
      LaunchTemplateData: { InstanceType: "m5.2xlarge" },
      ClientToken: expect.stringMatching(/^[\w-]{1,64}$/),
    });
    expect(inputs[1]?.ClientToken).toBe(inputs[0]?.ClientToken);
    expect(inputs[2]?.ClientToken).not.toBe(inputs[0]?.ClientToken);
  });

  it.each<[string, string, readonly number[], readonly string[], string]>([
    ["by number: that version", "1", [1], ["m5.4xlarge", "c5.large"], "1"],
    ["by a word that still stands for what runs: that version", "$Latest", [2], ["m5.xlarge", "m5.4xlarge"], "2"],
    ["by a word, with nothing in service: what AWS resolves", "$Latest", [], ["m5.xlarge", "m5.4xlarge"], "2"],
    ["by a word that is our own smaller version by now: what runs", "$Latest", [1, 1], ["m5.4xlarge", "m5.2xlarge"], "1"],
    ["by a word that is ours, one instance launched from it already: what ran before", "$Latest", [1, 2], ["m5.4xlarge", "m5.2xlarge"], "1"],
  ])("copy, where the group references its version %s", async (_, reference, runningVersions, types, source) => {
    versionsAre(types);
    groupIs(reference, runningVersions.length === 0 ? [] : ["m5.4xlarge", "m5.4xlarge"], [], runningVersions);
    ec2.on(CreateLaunchTemplateVersionCommand).resolves({});
    await apply({ ...template, ...sizes });
    expect(ec2.commandCalls(CreateLaunchTemplateVersionCommand)[0]?.args[0].input).toMatchObject({ SourceVersion: source });
  });

  it("copy nothing where somebody made a version that no instance runs", async () => {
    versionsAre(["m5.4xlarge", "m5.4xlarge"]);
    groupIs("$Latest", ["m5.4xlarge"], [], [1]);
    await expect(apply({ ...template, ...sizes })).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("$Latest is version 2 by now") });
    expect(ec2.commandCalls(CreateLaunchTemplateVersionCommand)).toHaveLength(0);
  });

  it("are pointed at the latest version by number, and only if it has the wanted type", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    await apply(reference);
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)[0]?.args[0].input.LaunchTemplate).toEqual({ LaunchTemplateId: "lt-1", Version: "2" });
    await expect(apply(inverse(reference))).rejects.toMatchObject({ kind: "invalid" });
  });

  it("get another reference only after the refresh toward the present one was cancelled, as AWS demands", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge", "m5.4xlarge"]);
    autoScaling.on(CancelInstanceRefreshCommand).resolves({});
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("InProgress", "2")]);
    await expect(apply(inverse(reference))).rejects.toMatchObject({ kind: "busy" });
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelling", "2")]);
    await expect(apply(inverse(reference))).rejects.toMatchObject({ kind: "busy" });
    expect(autoScaling.commandCalls(CancelInstanceRefreshCommand)).toHaveLength(1);
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)).toHaveLength(0);
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelled", "2")]);
    await apply(inverse(reference));
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)).toHaveLength(1);
  });

  it("start a refresh that launches before it terminates and skips what already fits", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("2", ["m5.4xlarge"]);
    autoScaling.on(StartInstanceRefreshCommand).resolves({});
    await apply(refresh);
    expect(autoScaling.commandCalls(StartInstanceRefreshCommand)[0]?.args[0].input).toMatchObject({
      Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110, SkipMatching: true },
      DesiredConfiguration: { LaunchTemplate: { Version: "2" } },
    });
  });

  it("do not start a second refresh of the same aim", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("InProgress", "2")]);
    await apply(refresh);
    expect(autoScaling.commandCalls(StartInstanceRefreshCommand)).toHaveLength(0);
    expect(await stateOf(refresh)).toMatchObject({ kind: "in-progress", share: 0.4 });
  });

  it("cancel a refresh of another aim first, and are busy until it ended", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge", "m5.4xlarge"]);
    autoScaling.on(CancelInstanceRefreshCommand).resolves({});
    const back = inverse(refresh);
    groupIs("3", ["m5.4xlarge", "m5.2xlarge"], [running("InProgress", "2")]);
    expect(await stateOf(back)).toMatchObject({ kind: "mixed" });
    await expect(apply(back)).rejects.toMatchObject({ kind: "busy" });
    expect(autoScaling.commandCalls(CancelInstanceRefreshCommand)).toHaveLength(1);
    groupIs("3", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelling", "2")]);
    expect(await stateOf(back)).toMatchObject({ kind: "in-progress" });
    await expect(apply(back)).rejects.toMatchObject({ kind: "busy" });
    expect(autoScaling.commandCalls(CancelInstanceRefreshCommand)).toHaveLength(1);
    groupIs("3", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelled", "2")]);
    expect(await stateOf(back)).toMatchObject({ kind: "mixed", detail: expect.stringContaining("m5.2xlarge, m5.4xlarge") });
  });

  it("refuse to refresh toward a type that the group does not launch", async () => {
    versionsAre(["m5.4xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    await expect(apply(refresh)).rejects.toMatchObject({ kind: "invalid" });
    expect(await stateOf(refresh)).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
  });

  it("are missing when AWS does not list them", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    expect(await stateOf(refresh)).toMatchObject({ kind: "missing" });
    await expect(apply(refresh)).rejects.toMatchObject({ kind: "missing" });
  });
});

describe("Aurora", () => {
  const size: ChangeOf<"rds.instance-class"> = {
    kind: "rds.instance-class",
    region,
    cluster: "c",
    instance: "c-1",
    before: { instanceClass: "db.r6g.4xlarge" },
    after: { instanceClass: "db.r6g.xlarge" },
  };
  const failover: ChangeOf<"rds.failover"> = { kind: "rds.failover", region, cluster: "c", before: { writer: "c-1" }, after: { writer: "c-2" } };

  function clusterIs(clusterStatus: string, memberStatus: string, pending?: string): void {
    const members = [
      { DBInstanceIdentifier: "c-1", IsClusterWriter: true },
      { DBInstanceIdentifier: "c-2", IsClusterWriter: false },
    ];
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ DBClusterIdentifier: "c", Status: clusterStatus, DBClusterMembers: members }] });
    rds.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [
        {
          DBInstanceIdentifier: "c-1",
          DBInstanceClass: "db.r6g.4xlarge",
          DBInstanceStatus: memberStatus,
          ...(pending === undefined ? {} : { PendingModifiedValues: { DBInstanceClass: pending } }),
        },
      ],
    });
  }

  it("is settled with class and writer when cluster and members are available", async () => {
    clusterIs("available", "available");
    expect(await stateOf(size)).toEqual({ kind: "settled", value: { instanceClass: "db.r6g.4xlarge" } });
    expect(await stateOf(failover)).toEqual({ kind: "settled", value: { writer: "c-1" } });
  });

  it.each([
    ["a member is modified", "available", "modifying", undefined, "in-progress"],
    ["the cluster fails over", "failing-over", "available", undefined, "in-progress"],
    ["AWS has only noted the new class", "available", "available", "db.r6g.xlarge", "in-progress"],
    ["a member is stuck", "available", "incompatible-parameters", undefined, "mixed"],
  ])("is unsettled while %s", async (_, clusterStatus, memberStatus, pending, kind) => {
    clusterIs(clusterStatus, memberStatus, pending);
    expect((await stateOf(size)).kind).toBe(kind);
    expect((await stateOf(failover)).kind).toBe(kind);
  });

  it("is left alone while other changes wait for its maintenance window: an immediate change would apply them, too", async () => {
    clusterIs("available", "available");
    const instance = { DBInstanceIdentifier: "c-1", DBInstanceStatus: "available", PendingModifiedValues: { EngineVersion: "8.0.mysql_aurora.3.10.0" } };
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ ...instance, DBInstanceClass: "db.r6g.4xlarge" }] });
    expect(await stateOf(size)).toEqual({ kind: "mixed", detail: expect.stringContaining("EngineVersion") });
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ ...instance, DBInstanceClass: "db.r6g.xlarge" }] });
    expect(await stateOf(size)).toEqual({ kind: "settled", value: { instanceClass: "db.r6g.xlarge" } });
  });

  it("is modified at once, and fails over to the named member", async () => {
    rds.on(ModifyDBInstanceCommand).resolves({});
    rds.on(FailoverDBClusterCommand).resolves({});
    await apply(size);
    await apply(failover);
    expect(rds.commandCalls(ModifyDBInstanceCommand)[0]?.args[0].input).toEqual({
      DBInstanceIdentifier: "c-1",
      DBInstanceClass: "db.r6g.xlarge",
      ApplyImmediately: true,
    });
    expect(rds.commandCalls(FailoverDBClusterCommand)[0]?.args[0].input).toEqual({ DBClusterIdentifier: "c", TargetDBInstanceIdentifier: "c-2" });
  });

  it("tells a lack of capacity", async () => {
    rds.on(ModifyDBInstanceCommand).rejects(awsError("InsufficientDBInstanceCapacityFault"));
    await expect(apply(size)).rejects.toMatchObject({ kind: "no-capacity" });
  });
});
