import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
} from "@aws-sdk/client-rds";
import type { AuroraChange } from "../../../optimizer/core/levers/aurora/changes.ts";
import { madeNetwork } from "./network.ts";
import { roleFor } from "./roles.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

const engine = "aurora-mysql";

export const auroraTrials: { readonly [C in AuroraChange as C["kind"]]: TrialOf<C> } = {
  "rds.instance-class": {
    prepare: async (account) => {
      const { place, reader, describe } = await madeCluster(account);
      const before = { instanceClass: reader.instanceClass };
      const change = {
        kind: "rds.instance-class",
        ...place,
        instance: reader.identifier,
        role: "reader",
        before,
        after: { instanceClass: "db.r6g.xlarge" },
      } as const;
      return {
        change,
        describe,
        sets: ["Instances[].DBInstanceClass"],
        takesTime: true,
        refusals: [
          {
            because: "Aurora has no such class",
            change: { ...change, after: { instanceClass: "db.r6g.giant" } },
            kind: "invalid",
            name: "InvalidParameterValue",
          },
          {
            because: "the instance is being deleted",
            change,
            meanwhile: () => remove(account, reader.identifier),
            kind: "busy",
            name: "InvalidDBInstanceStateFault",
          },
        ],
      };
    },
  },
  "rds.failover": {
    prepare: async (account) => {
      const { place, writer, reader, describe } = await madeCluster(account);
      const change = { kind: "rds.failover", ...place, before: { writer: writer.identifier }, after: { writer: reader.identifier } } as const;
      return {
        change,
        describe,
        sets: ["Cluster.DBClusterMembers[].IsClusterWriter"],
        takesTime: true,
        refusals: [
          {
            because: "another failover is under way",
            change,
            meanwhile: () => account.clients.rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: account.name })),
            kind: "busy",
            name: "InvalidDBClusterStateFault",
          },
          { because: "it is no member", change: { ...change, after: { writer: "somebody-elses" } }, kind: "invalid", name: "InvalidParameterValue" },
        ],
      };
    },
  },
  "rds.backup-retention": {
    prepare: async (account) => {
      const { place, cluster, describe } = await madeCluster(account);
      const change = { kind: "rds.backup-retention", ...place, before: { days: cluster.backupRetentionDays }, after: { days: 7 } } as const;
      return {
        change,
        describe,
        sets: ["Cluster.BackupRetentionPeriod", "Instances[].BackupRetentionPeriod"],
        takesTime: false,
        refusals: [
          { because: "Aurora keeps backups for a day at least", change: { ...change, after: { days: 0 } }, kind: "invalid", name: "InvalidParameterValue" },
          { because: "and for 35 days at most", change: { ...change, after: { days: 36 } }, kind: "invalid", name: "InvalidParameterValue" },
          {
            because: "a failover is under way",
            change,
            meanwhile: () => account.clients.rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: account.name })),
            kind: "busy",
            name: "InvalidDBClusterStateFault",
          },
        ],
      };
    },
  },
  "rds.serverless-capacity": {
    prepare: async (account) => {
      const { place, cluster, describe } = await madeCluster(account, "db.serverless");
      if (cluster.serverless === undefined) throw new Error("the inventory has no range of the cluster");
      const change = { kind: "rds.serverless-capacity", ...place, before: cluster.serverless, after: { minAcu: 1, maxAcu: 4.5 } } as const;
      return {
        change,
        describe,
        sets: ["Cluster.ServerlessV2ScalingConfiguration.MinCapacity", "Cluster.ServerlessV2ScalingConfiguration.MaxCapacity"],
        takesTime: true,
        refusals: [
          { because: "units come in halves", change: { ...change, after: { minAcu: 1.2, maxAcu: 4 } }, kind: "invalid", name: "InvalidParameterValue" },
          { because: "256 are the most", change: { ...change, after: { minAcu: 1, maxAcu: 257 } }, kind: "invalid", name: "InvalidParameterValue" },
          {
            because: "the least is more than the most",
            change: { ...change, after: { minAcu: 8, maxAcu: 4 } },
            kind: "invalid",
            name: "InvalidParameterValue",
          },
          {
            because: "a failover is under way",
            change,
            meanwhile: () => account.clients.rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: account.name })),
            kind: "busy",
            name: "InvalidDBClusterStateFault",
          },
        ],
      };
    },
  },
  "rds.member": {
    prepare: async (account) => {
      const { place, reader, describe } = await madeCluster(account);
      const { identifier: instance, definition } = reader;
      if (definition === undefined) throw new Error("the inventory has no definition of the reader");
      const change = { kind: "rds.member", ...place, instance, before: definition, after: null } as const;
      return {
        change,
        describe,
        sets: ["Cluster.DBClusterMembers", "Instances"],
        otherAfterwards: {
          "Instances[].DbiResourceId": "it is another instance of the same name",
          "Instances[].InstanceCreateTime": "it was made later",
        },
        takesTime: true,
        refusals: [
          {
            because: "an instance of that name is there",
            change: { ...change, before: null, after: definition },
            kind: "busy",
            name: "DBInstanceAlreadyExistsFault",
          },
          {
            because: "it is being deleted already",
            change,
            meanwhile: () => remove(account, instance),
            kind: "busy",
            name: "InvalidDBInstanceStateFault",
          },
        ],
      };
    },
  },
};

function remove({ clients }: WireAccount, identifier: string) {
  return clients.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: identifier, SkipFinalSnapshot: true }));
}

/** It moves on by itself. */
function withoutNow<T extends object>(described: T | undefined): Omit<T, "LatestRestorableTime"> | undefined {
  return described && { ...described, LatestRestorableTime: undefined };
}

/** A writer and two readers, with settings of their own that a reader has to be made again with. */
async function madeCluster(account: WireAccount, instanceClass = "db.r6g.4xlarge") {
  const { rds } = account.clients;
  const { name } = account;
  const { subnets } = await madeNetwork(account);
  await rds.send(new CreateDBSubnetGroupCommand({ DBSubnetGroupName: name, DBSubnetGroupDescription: "of a trial", SubnetIds: subnets }));
  await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: name,
      Engine: engine,
      MasterUsername: "admin",
      MasterUserPassword: "long-enough",
      BackupRetentionPeriod: 30,
      DBSubnetGroupName: name,
      ...(instanceClass === "db.serverless" ? { ServerlessV2ScalingConfiguration: { MinCapacity: 4, MaxCapacity: 16 } } : {}),
      Tags: [{ Key: "Team", Value: "orders" }],
    }),
  );
  const MonitoringRoleArn = await roleFor(account, "monitoring.rds.amazonaws.com");
  for (const number of [1, 2, 3]) {
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `${name}-${number}`,
        DBClusterIdentifier: name,
        Engine: engine,
        DBInstanceClass: instanceClass,
        DBSubnetGroupName: name,
        PromotionTier: number,
        AvailabilityZone: `${account.region}${number % 2 === 0 ? "a" : "b"}`,
        PreferredMaintenanceWindow: `sun:0${number}:00-sun:0${number}:30`,
        PubliclyAccessible: false,
        AutoMinorVersionUpgrade: false,
        CopyTagsToSnapshot: true,
        MonitoringInterval: 30,
        MonitoringRoleArn,
        EnablePerformanceInsights: true,
        PerformanceInsightsRetentionPeriod: 31,
        CACertificateIdentifier: "rds-ca-rsa2048-g1",
        Tags: [{ Key: "Team", Value: "orders" }],
      }),
    );
  }
  await account.settle();
  const describe = async () => {
    const { DBClusters: [Cluster] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
    const { DBInstances: Instances } = await rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name: "db-cluster-id", Values: [name] }] }));
    return { Cluster: withoutNow(Cluster), Instances: Instances?.map(withoutNow) };
  };
  const cluster = await account.inventory("aurora-cluster", { auroraClusters: [name] });
  const writer = cluster.members.find(({ role }) => role === "writer");
  const reader = cluster.members.findLast(({ role }) => role === "reader");
  if (writer === undefined || reader === undefined) throw new Error("the cluster has no writer or no reader");
  return { place: { region: account.region, cluster: name }, cluster, writer, reader, describe };
}
