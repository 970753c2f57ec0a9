import {
  CreateDBInstanceCommand,
  DBInstanceNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  type DBInstance,
} from "@aws-sdk/client-rds";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { aDefinition } from "../../../../support/aurora-definition.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const rds = answersOf(RDSClient);
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const removal: ChangeOf<"rds.member"> = { kind: "rds.member", region: "us-east-1", cluster: "c", instance: "c-3", before: aDefinition(), after: null };
const stateOf = () => createChangeReader(clients).stateOf(removal);
const apply = (change: ChangeOf<"rds.member">) => createChangeWriter(clients).apply(change, "token");

/** As AWS tells of the member that `aDefinition` makes. */
const told: DBInstance = {
  DBInstanceIdentifier: "c-3",
  DBClusterIdentifier: "c",
  DBInstanceStatus: "available",
  DbiResourceId: "db-ANY",
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.10.0",
  DBInstanceClass: "db.r6g.4xlarge",
  AvailabilityZone: "us-east-1a",
  PromotionTier: 1,
  DBParameterGroups: [{ DBParameterGroupName: "aurora", ParameterApplyStatus: "in-sync" }],
  DBSubnetGroup: { DBSubnetGroupName: "aurora" },
  PreferredMaintenanceWindow: "sun:05:00-sun:05:30",
  PubliclyAccessible: false,
  AutoMinorVersionUpgrade: false,
  CopyTagsToSnapshot: true,
  MonitoringInterval: 30,
  MonitoringRoleArn: "arn:aws:iam::123456789012:role/monitoring",
  PerformanceInsightsEnabled: true,
  PerformanceInsightsRetentionPeriod: 7,
  CACertificateIdentifier: "rds-ca-rsa2048-g1",
  TagList: [{ Key: "team", Value: "data" }],
};

function accountHas(instance: DBInstance | undefined, { writer = "c-1", others = [member("c-1"), member("c-2")] } = {}): void {
  const all = [...others, ...(instance === undefined ? [] : [instance])];
  const members = all.map(({ DBInstanceIdentifier }) => ({ DBInstanceIdentifier, IsClusterWriter: DBInstanceIdentifier === writer }));
  rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ DBClusterIdentifier: "c", Status: "available", DBClusterMembers: members }] });
  rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: all });
  const asked = rds.on(DescribeDBInstancesCommand, { DBInstanceIdentifier: "c-3" });
  if (instance === undefined) asked.rejects(new DBInstanceNotFoundFault({ message: "no", $metadata: { httpStatusCode: 404 } }));
  else asked.resolves({ DBInstances: [instance] });
}

function member(id: string, status = "available"): DBInstance {
  return { DBInstanceIdentifier: id, DBInstanceStatus: status };
}

beforeEach(() => {
  rds.reset();
  rds.on(DescribeDBClusterEndpointsCommand).resolves({ DBClusterEndpoints: [] });
});

describe("a member of an Aurora cluster", () => {
  it("is read as all that it would have to be made again by", async () => {
    accountHas(told);
    expect(await stateOf()).toEqual({ kind: "settled", value: aDefinition() });
  });

  it("is gone only once AWS knows it no more: until then it is on its way", async () => {
    accountHas({ ...told, DBInstanceStatus: "deleting" });
    expect(await stateOf()).toEqual({ kind: "in-progress", detail: "instance c-3 is deleting" });
    accountHas(undefined);
    expect(await stateOf()).toEqual({ kind: "settled", value: null });
  });

  it("is not there where another cluster has one of its name, so that nothing is written there, back neither", async () => {
    accountHas({ ...told, DBClusterIdentifier: "other" });
    expect(await stateOf()).toEqual({ kind: "missing", detail: "instance c-3 belongs to other" });
  });

  it("is deleted without a snapshot of its own", async () => {
    accountHas(told);
    await apply(removal);
    expect(rds.commandCalls(DeleteDBInstanceCommand).map(({ args }) => args[0].input)).toEqual([{ DBInstanceIdentifier: "c-3", SkipFinalSnapshot: true }]);
  });

  it.each([
    ["it writes by now", { writer: "c-3" }, "c-3 is the writer of c by now"],
    ["nobody writes", { writer: "" }, "or it has none"],
    ["no other reader is available", { others: [member("c-1"), member("c-2", "rebooting")] }, "without c-3 no reader of c would be available"],
  ])("is not deleted where %s", async (_, account, words) => {
    accountHas(told, account);
    await expect(apply(removal)).rejects.toMatchObject({ kind: "invalid", awsName: "NotAsPlanned", message: expect.stringContaining(words) });
    expect(rds.commandCalls(DeleteDBInstanceCommand)).toEqual([]);
  });

  it("is not deleted where its name is another cluster's instance by now", async () => {
    accountHas(undefined);
    rds.on(DescribeDBInstancesCommand, { DBInstanceIdentifier: "c-3" }).resolves({ DBInstances: [{ ...told, DBClusterIdentifier: "other" }] });
    await expect(apply(removal)).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("c-3 is no member of c any more") });
    expect(rds.commandCalls(DeleteDBInstanceCommand)).toEqual([]);
  });

  it("would be missed by a custom endpoint that names it, and by no other", async () => {
    rds.on(DescribeDBClusterEndpointsCommand).resolves({
      DBClusterEndpoints: [
        { DBClusterEndpointIdentifier: "reports", StaticMembers: ["c-2", "c-3"] },
        { DBClusterEndpointIdentifier: "others", StaticMembers: ["c-2"] },
        { EndpointType: "READER" },
      ],
    });
    expect(await createChangeReader(clients).reaches(removal, [])).toEqual(["custom endpoint reports names c-3"]);
    expect(await createChangeReader(clients).reaches(inverse(removal), [])).toEqual([]);
  });

  it("is made again by everything that is its own, and by nothing that is its cluster's", async () => {
    accountHas(undefined);
    await apply(inverse(removal));
    expect(rds.commandCalls(CreateDBInstanceCommand).map(({ args }) => args[0].input)).toEqual([
      {
        DBInstanceIdentifier: "c-3",
        DBClusterIdentifier: "c",
        Engine: "aurora-mysql",
        DBInstanceClass: "db.r6g.4xlarge",
        AvailabilityZone: "us-east-1a",
        PromotionTier: 1,
        DBParameterGroupName: "aurora",
        DBSubnetGroupName: "aurora",
        PreferredMaintenanceWindow: "sun:05:00-sun:05:30",
        PubliclyAccessible: false,
        AutoMinorVersionUpgrade: false,
        CopyTagsToSnapshot: true,
        MonitoringInterval: 30,
        MonitoringRoleArn: "arn:aws:iam::123456789012:role/monitoring",
        EnablePerformanceInsights: true,
        PerformanceInsightsRetentionPeriod: 7,
        CACertificateIdentifier: "rds-ca-rsa2048-g1",
        Tags: [{ Key: "team", Value: "data" }],
      },
    ]);
  });
});
