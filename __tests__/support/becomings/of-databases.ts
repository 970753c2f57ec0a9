import type {
  DBCluster,
  DBInstance,
  DescribeDBClusterEndpointsCommandOutput,
  DescribeDBClustersCommandOutput,
  DescribeDBInstancesCommandOutput,
} from "@aws-sdk/client-rds";
import type { Answer } from "../simulated-run.ts";
import { names } from "../terraform-fixture.ts";
import { type Becoming, gone, told, vanishing } from "./becoming.ts";

const ofCluster = (change: Partial<DBCluster>): Answer =>
  told("DescribeDBClusters", ({ DBClusters = [] }: DescribeDBClustersCommandOutput) => ({ DBClusters: DBClusters.map((each) => ({ ...each, ...change })) }));
const ofInstance = (id: string, change: Partial<DBInstance>): Answer =>
  told("DescribeDBInstances", ({ DBInstances = [] }: DescribeDBInstancesCommandOutput) => ({
    DBInstances: DBInstances.map((each) => (each.DBInstanceIdentifier === id ? { ...each, ...change } : each)),
  }));
const blueGreen = (source: string): Answer =>
  told("DescribeBlueGreenDeployments", () => ({
    BlueGreenDeployments: [{ BlueGreenDeploymentName: "upgrade", Status: "AVAILABLE", Source: `arn:aws:rds:us-east-1:123456789012:${source}` }],
  }));

export const ofClusters: readonly Becoming[] = [
  {
    what: "gets a serverless member in place of a reader",
    fact: "serverlessMembers",
    by: "smaller writer",
    answer: ofInstance(names.instance(3), { DBInstanceClass: "db.serverless" }),
    said: /serverlessMembers was \[\], is/,
  },
  {
    what: "has the member itself become serverless",
    fact: "serverlessMembers",
    by: "smaller writer",
    answer: ofInstance(names.instance(2), { DBInstanceClass: "db.serverless" }),
    said: /db\.serverless/,
    inWindow: "left alone",
  },
  ...vanishing(["smaller writer", "fewer backups", "one reader fewer"], gone("DBClusterNotFoundFault", /^DescribeDBClusters$/)),
  {
    what: "is taken out of its global database",
    fact: "globalRole",
    by: "fewer backups",
    answer: told("DescribeGlobalClusters", () => ({ GlobalClusters: [] })),
    said: /globalRole was "primary", is "none"/,
  },
  {
    what: "becomes a cluster of parallel queries",
    fact: "engineMode",
    by: "fewer backups",
    answer: ofCluster({ EngineMode: "parallelquery" }),
    said: /engineMode was/,
  },
  {
    what: "is I/O-Optimized",
    fact: "storage",
    by: "smaller writer",
    answer: ofCluster({ StorageType: "aurora-iopt1" }),
    said: /storage was "standard", is "io-optimized"/,
  },
  {
    what: "becomes one of another engine",
    fact: "engine",
    by: "one reader fewer",
    answer: ofCluster({ Engine: "aurora-postgresql" }),
    said: /engine was "aurora-mysql", is "aurora-postgresql"/,
  },
  {
    what: "becomes a Multi-AZ DB cluster",
    fact: "undescribed",
    by: "fewer backups",
    answer: ofCluster({ Engine: "postgres" }),
    said: /has the engine postgres/,
  },
  {
    what: "has its backups owned by AWS Backup",
    fact: "isOfAwsBackup",
    by: "fewer backups",
    answer: ofCluster({ AwsBackupRecoveryPointArn: "arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:cluster-1" }),
    said: /isOfAwsBackup was false, is true/,
  },
  {
    what: "gets an endpoint of its own for some members",
    fact: "customEndpoints",
    by: "one reader fewer",
    answer: told("DescribeDBClusterEndpoints", ({ DBClusterEndpoints = [] }: DescribeDBClusterEndpointsCommandOutput) => ({
      DBClusterEndpoints: [...DBClusterEndpoints, { DBClusterEndpointIdentifier: "reports", EndpointType: "CUSTOM", CustomEndpointType: "READER" }],
    })),
    said: /customEndpoints was .*reports/,
  },
  {
    what: "gets reader auto scaling",
    fact: "readerScaling",
    by: "one reader fewer",
    answer: (command, output, input) =>
      command === "DescribeScalableTargets" && JSON.stringify(input).includes('"rds"')
        ? { ...output, ScalableTargets: [{ MinCapacity: 1, MaxCapacity: 8 }] }
        : output,
    said: /readerScaling was/,
  },
  {
    what: "becomes part of a blue/green deployment",
    fact: "blueGreenDeployments",
    by: "smaller writer",
    answer: blueGreen(`cluster:${names.cluster}`),
    said: /blueGreenDeployments was .*upgrade/,
  },
];

export const ofInstances: readonly Becoming[] = [
  ...vanishing(["smaller MySQL", "fewer backups of MySQL"], gone("DBInstanceNotFoundFault", /^DescribeDBInstances$/)),
  {
    what: "loses its standby",
    fact: "multiAz",
    by: "smaller MySQL",
    answer: ofInstance(names.mysql, { MultiAZ: false }),
    said: /standby|multiAz was true, is false/,
  },
  {
    what: "becomes a replica",
    fact: "replicaOf",
    by: "smaller MySQL",
    answer: ofInstance(names.mysql, { ReadReplicaSourceDBInstanceIdentifier: "main" }),
    said: /replicaOf was null, is "main"/,
  },
  {
    what: "becomes part of a Multi-AZ DB cluster",
    fact: "undescribed",
    by: "smaller MySQL",
    answer: ofInstance(names.mysql, { DBClusterIdentifier: "c" }),
    said: /belongs to the cluster c/,
  },
  {
    what: "becomes RDS Custom",
    fact: "undescribed",
    by: "fewer backups of MySQL",
    answer: ofInstance(names.mysql, { Engine: "custom-mysql" }),
    said: /custom-mysql/,
  },
  {
    what: "gets another engine",
    fact: "engine",
    by: "smaller MySQL",
    answer: ofInstance(names.mysql, { Engine: "mariadb" }),
    said: /engine was "mysql", is "mariadb"/,
  },
  {
    what: "has its backups owned by AWS Backup",
    fact: "isOfAwsBackup",
    by: "fewer backups of MySQL",
    answer: ofInstance(names.mysql, { AwsBackupRecoveryPointArn: "arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:db-1" }),
    said: /isOfAwsBackup was false, is true/,
  },
  {
    what: "becomes part of a blue/green deployment",
    fact: "blueGreenDeployments",
    by: "smaller MySQL",
    answer: blueGreen(`db:${names.mysql}`),
    said: /blueGreenDeployments was/,
  },
];
