import { noHabits, plainTemplate } from "./world.ts";
import type { Action } from "../../optimizer/core/model/action.ts";
import type { BalancerReference, Plan, PlannedPhase } from "../../optimizer/core/model/plan.ts";
import { policySchema } from "../../optimizer/core/model/policy.ts";
import type { AuroraCluster } from "../../optimizer/core/levers/aurora/cluster.ts";
import type { AutoScalingGroup } from "../../optimizer/core/levers/asg/group.ts";
import type { DynamoTable, IndexDefinition } from "../../optimizer/core/levers/dynamodb/table.ts";
import type { LoadBalancer } from "../../optimizer/core/levers/load-balancer/load-balancer.ts";
import type { Resource } from "../../optimizer/core/levers/resource-kinds.ts";
import type { Tags } from "../../optimizer/core/model/resource-ref.ts";
import { instanceTypeAction } from "../../optimizer/core/levers/asg/instance-type.ts";
import { unusedGsiAction } from "../../optimizer/core/levers/dynamodb/unused-gsi.ts";
import { promoteResizedReader, resizeOldWriter } from "../../optimizer/core/levers/aurora/writer-class-action.ts";
import { emptyDeployment } from "./empty-deployment.ts";

export const east = "us-east-1";
export const west = "us-west-2";
const accountId = "123456789012";

/** Aligned to every slot length. */
export const startMs = Date.UTC(2026, 0, 5);

const untagged: Tags = { kind: "tags", tags: {} };

/** Windows of some minutes with slots of one: everything that takes days in production takes minutes here. */
export const shortPolicy = {
  rules: { dynamodbUnusedGsi: { brownOutMinutes: 3 } },
  window: {
    minutes: 6,
    soakMinutes: 2,
    slotMinutes: 1,
    settleMinutes: 1,
    maxExtensionMinutes: 4,
    healthySlotsAfterRollback: 2,
    minRequestsForErrorRate: 10,
    minRequestsForP99: 10,
  },
  // A way back that never gets on is tried for hours, not days: at a slot a minute, days are long to watch.
  settle: { maxMinutes: 30, pollSeconds: 30, rollbackMaxDays: 0.25 },
};

export function balancerName(region: string): string {
  return `app/web-${region}/1`;
}

/** A balancer that always answers 1,000 requests a slot in 100 ms at p99, without errors. */
export function evenReference(region: string, over: Partial<BalancerReference> = {}): BalancerReference {
  return {
    region,
    loadBalancer: balancerName(region),
    p99SecondsByHour: Array.from({ length: 168 }, () => 0.1),
    requestsPerSlotByHour: Array.from({ length: 168 }, () => 1000),
    errorDispersion: 1,
    errorRate: 0,
    logP99Sigma: 0.05,
    logP99Autocorrelation: 0,
    conclusiveShare: 1,
    requestsPerSecond: region === east ? 20 : 10,
    falseRollbackShare: 0,
    smallestVisibleP99Increase: 0.3,
    ...over,
  };
}

export const indexDefinition: IndexDefinition = {
  name: "by-email",
  key: [{ name: "email", keyType: "HASH", attributeType: "S" }],
  projection: { type: "ALL", nonKeyAttributes: [] },
  maxReadRequestUnits: -1,
  maxWriteRequestUnits: -1,
  // What AWS keeps ready for any index on demand.
  warmThroughput: { readUnits: 12_000, writeUnits: 4_000 },
};

export function aBalancer(region: string): LoadBalancer {
  const fullName = balancerName(region);
  return {
    kind: "load-balancer",
    ref: { kind: "load-balancer", region, id: fullName },
    arn: `arn:lb:${region}`,
    tags: untagged,
    fullName,
    targetGroups: ["targetgroup/web/1"],
  };
}

/** As AWS numbered them where `worked-stacks.ts` is deployed. */
const launchTemplateIds: Readonly<Record<string, string>> = {
  [`web-${east}`]: "lt-08c5b107dcd4a90fa",
  [`api-${east}`]: "lt-08d503c87c69d98d5",
  [`web-${west}`]: "lt-0a0ed1a7e6d3f745f",
};

function group(region: string, name = "web"): AutoScalingGroup {
  const id = `${name}-${region}`;
  return {
    kind: "auto-scaling-group",
    ref: { kind: "auto-scaling-group", region, id },
    arn: `arn:asg:${region}:${id}`,
    tags: untagged,
    minSize: 6,
    desiredCapacity: 8,
    maxSize: 15,
    availabilityZones: [`${region}a`, `${region}b`],
    launchTemplateId: launchTemplateIds[id]!,
    launchTemplateReference: "1",
    launchTemplateVersion: 1,
    instanceType: "m5.4xlarge",
    detailedMonitoring: false,
    targetGroupArns: [`arn:aws:elasticloadbalancing:${region}:123456789012:targetgroup/web/1`],
    loadBalancers: [balancerName(region)],
    runningInstanceTypes: ["m5.4xlarge"],
    runningTemplateVersions: [1],
    memberTags: [],
    template: plainTemplate,
    habits: noHabits,
    neighbours: [],
    unread: [],
  };
}

function table(region: string): DynamoTable {
  return {
    kind: "dynamodb-table",
    ref: { kind: "dynamodb-table", region, id: "tenants" },
    arn: `arn:table:${region}`,
    tags: untagged,
    billingMode: "PAY_PER_REQUEST",
    status: "ACTIVE",
    key: [{ name: "pk", keyType: "HASH", attributeType: "S" }],
    localIndexes: [],
    itemCount: 1,
    expiryAttribute: { kind: "seen", value: null },
    recoveryDays: { kind: "seen", value: 0 },
    indexes: [{ definition: indexDefinition, status: "ACTIVE", sizeBytes: 1, itemCount: 1 }],
    replicaRegions: [east, west],
    sizeBytes: 1,
    createdAtMs: 0,
    tableClass: "STANDARD",
    globalTable: { kind: "seen", value: "2019.11.21" },
    foreignReplicas: [],
    contributorInsights: { kind: "seen", value: {} },
    scaling: { kind: "seen", value: [] },
    streamConsumers: { kind: "seen", value: [] },
    // Replicas are kept alike through it.
    streamArn: `arn:aws:dynamodb:${region}:${accountId}:table/tenants/stream/2024-01-01T00:00:00.000`,
    streamViewType: "NEW_AND_OLD_IMAGES",
  };
}

function cluster(region: string): AuroraCluster {
  const member = (identifier: string, role: "writer" | "reader") => ({
    identifier,
    arn: identifier,
    role,
    instanceClass: "db.r6g.4xlarge",
    promotionTier: 1,
    status: "available",
    tags: untagged,
  });
  return {
    kind: "aurora-cluster",
    ref: { kind: "aurora-cluster", region, id: `aurora-${region}` },
    arn: `arn:aurora:${region}`,
    tags: untagged,
    engine: "aurora-mysql",
    engineVersion: "8.0",
    status: "available",
    globalRole: "none",
    members: [member(`${region}-1`, "writer"), member(`${region}-2`, "reader")],
    backupRetentionDays: 14,
    engineMode: "provisioned",
    waiting: [],
    surroundings: {
      maintenance: { kind: "seen", value: [] },
      customEndpoints: { kind: "seen", value: [] },
      blueGreenDeployments: { kind: "seen", value: [] },
      proxies: { kind: "seen", value: [] },
      readerScaling: { kind: "seen", value: [] },
    },
  };
}

export function indexAction(): Action {
  const owner = table(east);
  return unusedGsiAction(
    { rule: "dynamodb.unused-gsi", resource: owner.ref, part: indexDefinition.name },
    owner,
    { definition: indexDefinition, items: 0, bytes: 0 },
    shortPolicy.rules.dynamodbUnusedGsi.brownOutMinutes,
  );
}

/** Of the group that every region has, or of another. */
export function groupAction(region: string, name?: string): Action {
  const own = group(region, name);
  return instanceTypeAction({ rule: "asg.instance-type", resource: own.ref }, own, "m5.2xlarge");
}

export function writerAction(region: string): Action {
  const own = cluster(region);
  const [writer, reader] = own.members;
  return promoteResizedReader({ rule: "aurora.writer-class", resource: own.ref }, own, { writer: writer!, reader: reader! }, "db.r6g.xlarge");
}

/** What follows `writerAction` once that has passed. */
export function oldWriterAction(region: string): Action {
  const own = cluster(region);
  return resizeOldWriter({ rule: "aurora.writer-class", resource: own.ref }, own, own.members[0]!, "db.r6g.xlarge");
}

export interface PlanParts {
  readonly policy?: Record<string, unknown>;
  readonly phases?: readonly PlannedPhase[];
  readonly balancers?: readonly BalancerReference[];
}

/** The three phases in two regions: west is the canary, east owns the global table and acts last. */
export const threePhases: readonly PlannedPhase[] = [
  { number: 1, stages: [{ region: east, role: "follower", actions: [indexAction()] }] },
  {
    number: 2,
    stages: [
      { region: west, role: "canary", actions: [groupAction(west)] },
      { region: east, role: "follower", actions: [groupAction(east)] },
    ],
  },
  {
    number: 3,
    stages: [
      { region: west, role: "canary", actions: [writerAction(west)] },
      { region: east, role: "follower", actions: [writerAction(east)] },
      { region: west, round: 2, role: "canary", actions: [oldWriterAction(west)] },
      { region: east, round: 2, role: "follower", actions: [oldWriterAction(east)] },
    ],
  },
];

export const groupPhase = threePhases.filter(({ number }) => number === 2);

export function buildTestPlan({ policy = {}, phases = threePhases, balancers = [evenReference(east), evenReference(west)] }: PlanParts = {}): Plan {
  const resources: readonly Resource[] = [east, west].flatMap((region) => [aBalancer(region), group(region), table(region), cluster(region)]);
  const deployment = (region: string) =>
    emptyDeployment(region, { stacks: [region === east ? "primary" : "secondary"], loadBalancers: [balancerName(region)] });
  const unknown = { kind: "unknown", reason: "not part of this test" } as const;
  const bill = { metricRequests: 0, costExplorerRequests: 0, usd: 0 };
  return {
    version: 2,
    createdAtMs: startMs,
    accountId,
    ownerRegion: east,
    policy: policySchema.parse({ ...shortPolicy, ...policy, window: { ...shortPolicy.window, ...(policy.window as object | undefined) } }),
    deployments: { deployments: [deployment(east), deployment(west)], missing: [], warnings: [] },
    outputsHash: "0",
    baselineHash: "0",
    baselineSpan: { startMs: startMs - 86_400_000, endMs: startMs },
    inventory: { accountId, resources, undescribed: [], failedRegions: {} },
    decisions: [],
    phases,
    balancers,
    calendar: [],
    savings: { estimated: unknown, commitmentCapped: unknown, realizedSoFarUsd: null },
    bill: { collected: bill, runEstimate: bill },
    prices: { source: "test", asOf: "2026-01-01", hash: "0" },
  };
}
