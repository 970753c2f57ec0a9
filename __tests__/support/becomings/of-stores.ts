import type { DescribeTableCommandOutput, TableDescription } from "@aws-sdk/client-dynamodb";
import type { DescribeReplicationGroupsCommandOutput, ReplicationGroup } from "@aws-sdk/client-elasticache";
import type { Answer } from "../simulated-run.ts";
import { type Becoming, gone, told, vanishing } from "./becoming.ts";

const ofTable = (change: Partial<TableDescription>): Answer =>
  told("DescribeTable", ({ Table }: DescribeTableCommandOutput) => ({ Table: { ...Table, ...change } }));
const ofRedis = (change: Partial<ReplicationGroup>): Answer =>
  told("DescribeReplicationGroups", ({ ReplicationGroups = [] }: DescribeReplicationGroupsCommandOutput) => ({
    ReplicationGroups: ReplicationGroups.map((group) => ({ ...group, ...change })),
  }));

export const ofTables: readonly Becoming[] = [
  ...vanishing(
    ["no index", "no stream", "pay by request"],
    gone("ResourceNotFoundException", /^(?:Describe(?:Table|ContributorInsights)|ListTagsOfResource)$/),
  ),
  {
    what: "is provisioned",
    fact: "billingMode",
    by: "no index",
    answer: ofTable({ BillingModeSummary: { BillingMode: "PROVISIONED" }, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }),
    said: /billingMode was "PAY_PER_REQUEST", is "PROVISIONED"/,
  },
  {
    what: "gets another class",
    fact: "tableClass",
    by: "pay by request",
    answer: ofTable({ TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" } }),
    said: /tableClass was "STANDARD", is/,
  },
  {
    what: "becomes a global table of 2017",
    fact: "globalTable",
    by: "no stream",
    answer: ofTable({ GlobalTableVersion: "2017.11.29" }),
    said: /globalTable was/,
  },
  {
    what: "gets a replica in another account",
    fact: "foreignReplicas",
    by: "no stream",
    answer: ofTable({ Replicas: [{ RegionName: "us-east-2", ReplicaStatus: "ACTIVE", ReplicaArn: "arn:aws:dynamodb:us-east-2:999999999999:table/t" }] }),
    said: /in us-east-2, of which the plan knows nothing|tags could not be read/,
  },
];

export const ofRedisGroups: readonly Becoming[] = [
  ...vanishing(["another Redis"], gone("ReplicationGroupNotFoundFault", /^DescribeReplicationGroups$/)),
  {
    what: "gets data tiering",
    fact: "dataTiering",
    by: "another Redis",
    answer: ofRedis({ DataTiering: "enabled" }),
    said: /dataTiering was false, is true/,
  },
  {
    what: "leaves cluster mode",
    fact: "clusterMode",
    by: "another Redis",
    answer: ofRedis({ ClusterEnabled: false }),
    said: /clusterMode was true, is false/,
  },
  {
    what: "gets automatic failover",
    fact: "automaticFailover",
    by: "another Redis",
    answer: ofRedis({ AutomaticFailover: "enabled" }),
    said: /automaticFailover was false, is true/,
  },
  { what: "is spread over zones", fact: "multiAz", by: "another Redis", answer: ofRedis({ MultiAZ: "enabled" }), said: /multiAz was false, is true/ },
  {
    what: "joins a Global Datastore",
    fact: "globalDatastore",
    by: "another Redis",
    answer: ofRedis({ GlobalReplicationGroupInfo: { GlobalReplicationGroupId: "ldgnf-all", GlobalReplicationGroupMemberRole: "PRIMARY" } }),
    said: /globalDatastore was null, is "ldgnf-all"/,
  },
  {
    what: "reserves more of its memory",
    fact: "reservedMemoryPercent",
    by: "another Redis",
    answer: told("DescribeCacheParameters", () => ({
      Parameters: [{ ParameterName: "reserved-memory-percent", ParameterValue: "50" }],
    })),
    said: /reservedMemoryPercent was 25, is 50/,
  },
  {
    what: "gets auto scaling of its shards",
    fact: "scaled",
    by: "another Redis",
    answer: (command, output, input) =>
      command === "DescribeScalableTargets" && JSON.stringify(input).includes("elasticache")
        ? {
            ...output,
            ScalableTargets: [{ ScalableDimension: "elasticache:replication-group:NodeGroups", MinCapacity: 2, MaxCapacity: 9 }],
          }
        : output,
    said: /scaled was/,
  },
];

export const ofBuckets: readonly Becoming[] = [
  ...vanishing(["Standard-IA"], gone("NoSuchBucket", /Bucket/)),
  {
    what: "is versioned no more",
    fact: "versioning",
    by: "Standard-IA",
    answer: told("GetBucketVersioning", () => ({ Status: "Suspended" })),
    said: /versioning was/,
  },
  {
    what: "archives what nobody reads",
    fact: "archiveConfigurations",
    by: "Standard-IA",
    answer: told("ListBucketIntelligentTieringConfigurations", () => ({
      IntelligentTieringConfigurationList: [{ Id: "cold", Status: "Enabled", Tierings: [{ Days: 90, AccessTier: "ARCHIVE_ACCESS" }] }],
    })),
    said: /archiveConfigurations was .*cold/,
  },
];
