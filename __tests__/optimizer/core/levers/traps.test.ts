/** What people and AWS do to resources beside their load, in a region that is not the owner's: each rule on that kind says why it leaves it alone, or the table why it need not. */
import { describe, expect, it } from "vitest";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import type { AuroraMember, Surroundings } from "../../../../optimizer/core/levers/aurora/cluster.ts";
import type { GroupHabits, ScalingPolicy, TemplateTraits } from "../../../../optimizer/core/levers/asg/group.ts";
import type { Resource } from "../../../../optimizer/core/levers/resource-kinds.ts";
import type { SkipCode } from "../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { aDefinition } from "../../../support/aurora-definition.ts";
import { readersSee } from "../../../support/aurora-readers.ts";
import { aService, serviceSees } from "../../../support/container-services.ts";
import { aFunction, functionSees } from "../../../support/functions.ts";
import { aProvisionedTable, capacitySees } from "../../../support/provisioned-tables.ts";
import { anRdsInstance, instanceSees } from "../../../support/rds-instances.ts";
import {
  aCluster,
  aGroup,
  aMember,
  anIndex,
  aRedisGroup,
  aTable,
  aWorld,
  groupSees,
  noHabits,
  plainTemplate,
  quietSurroundings,
  redisSees,
  secondary as region,
  tableSees,
  type World,
} from "../../../support/world.ts";

/** A code of a skip, or why the trap is none for that rule. */
type Outcome = SkipCode | { readonly noTrapSince: string };
type Row = readonly [what: string, resource: Resource, outcomes: Readonly<Record<string, Outcome>>];

const short = aWorld().policed({ baselineDays: 14 });
const unseen = { kind: "unseen", reason: "AccessDenied" } as const;
const seen = <T>(...value: readonly T[]) => ({ kind: "seen" as const, value });

/** The resource alone in the region, with the load of one that could be smaller. */
function loaded(resource: Resource): World {
  const world = short.with(resource);
  switch (resource.kind) {
    case "auto-scaling-group":
      return groupSees(world, resource.ref.id, { cpu: 12 }, region);
    case "aurora-cluster":
      return readersSee(world, resource, { cpu: 5 });
    case "dynamodb-table":
      return resource.billingMode === "PROVISIONED"
        ? capacitySees(world, resource.ref.id, { reads: 1, writes: 1 }, region)
        : tableSees(world, resource.ref.id, "by-email", 0, region);
    case "redis-replication-group":
      return redisSees(world, resource);
    case "lambda-function":
      return functionSees(world, resource);
    case "ecs-service":
      return serviceSees(world, resource);
    case "rds-instance":
      return instanceSees(world, resource, { freeGib: 7 });
    case "load-balancer":
    case "s3-bucket":
    case "region":
      throw new Error(`no trap of ${resource.kind} is in these tables`);
  }
}

const group = (overrides: Parameters<typeof aGroup>[0] = {}) => aGroup({ region, ...overrides });
const habit = (habits: Partial<GroupHabits>) => group({ habits: { ...noHabits, ...habits } });
const template = (traits: Partial<TemplateTraits>) => group({ template: { ...plainTemplate, ...traits } });
const policy = (type: string, target: ScalingPolicy["target"] = null, enabled = true) => habit({ scalingPolicies: [{ name: "p", type, enabled, target }] });
const bothTypeAndNumber = (outcome: Outcome) => ({ "asg.instance-type": outcome, "asg.capacity": outcome });
const ofGroup = (what: string, resource: Resource, outcome: Outcome): Row => [what, resource, bothTypeAndNumber(outcome)];

const groups: readonly Row[] = [
  ofGroup("Launch suspended", habit({ suspendedProcesses: ["Launch"] }), "unsupported"),
  ofGroup("Terminate suspended", habit({ suspendedProcesses: ["Terminate"] }), "unsupported"),
  ofGroup("HealthCheck suspended", habit({ suspendedProcesses: ["HealthCheck"] }), "unsupported"),
  ofGroup("ReplaceUnhealthy suspended", habit({ suspendedProcesses: ["ReplaceUnhealthy"] }), "unsupported"),
  ofGroup("AddToLoadBalancer suspended", habit({ suspendedProcesses: ["AddToLoadBalancer"] }), "unsupported"),
  ofGroup("InstanceRefresh suspended", habit({ suspendedProcesses: ["InstanceRefresh"] }), "unsupported"),
  ofGroup("AZRebalance suspended", habit({ suspendedProcesses: ["AZRebalance"] }), "unsupported"),
  ofGroup("AlarmNotification suspended", habit({ suspendedProcesses: ["AlarmNotification"] }), { noTrapSince: "no policy moves its size then, which is told" }),
  ofGroup("new instances protected", habit({ protectsNewInstances: true }), "unsupported"),
  ofGroup("one instance protected", habit({ protectedInstances: 1 }), "unsupported"),
  ofGroup("an instance in standby", habit({ standbyInstances: 1 }), "unsupported"),
  ofGroup("a warm pool", habit({ warmPool: true }), "unsupported"),
  ofGroup("a lifecycle hook", habit({ lifecycleHooks: ["drain"] }), { noTrapSince: "instances that come or go wait for it, which is told" }),
  ofGroup("being deleted", habit({ status: "Delete in progress" }), "unsupported"),
  ofGroup("CpuOptions", template({ cpuOptions: true }), "unsupported"),
  ofGroup("dedicated tenancy", template({ tenancy: "dedicated" }), "unsupported"),
  ofGroup("a placement group", template({ placementGroup: "close" }), "unsupported"),
  ofGroup("Spot", template({ spot: true }), "unsupported"),
  ofGroup("a capacity reservation", template({ capacityReservation: "cr-1" }), "unsupported"),
  ofGroup("what not every size has", template({ sizeBound: "enclaves" }), "unsupported"),
  ofGroup("disks of its own", group({ instanceType: "m5d.4xlarge" }), "unsupported"),
  ofGroup("a burstable type", group({ instanceType: "t3.2xlarge" }), "unsupported"),
  ofGroup("no target group", group({ targetGroupArns: [], loadBalancers: [] }), "cannot-judge"),
  ofGroup("a second load balancer that nothing watches", group({ loadBalancers: ["app/web/0123456789abcdef", "app/other/1"] }), "cannot-judge"),
  ofGroup("a classic balancer", habit({ classicBalancers: ["old"] }), "cannot-judge"),
  ofGroup("VPC Lattice", habit({ latticeTargets: ["tg"] }), "cannot-judge"),
  ofGroup("a maximum below a refresh's surge", group({ maxSize: 15 }), { noTrapSince: "AWS goes above it for a refresh, which is told" }),
  ofGroup("somebody's refresh", group({ refresh: "its instance refresh r-1 is InProgress" }), "unsupported"),
  ofGroup("instances of another type", group({ runningInstanceTypes: ["m5.2xlarge", "m5.4xlarge"] }), "unsupported"),
  ofGroup("uneven zones", group({ unevenZones: "13 of its 15 instances are in us-west-2a" }), "unsupported"),
  ofGroup("policies unread", group({ unread: [{ what: "scaling policies", reason: "AccessDenied" }] }), "unreadable"),
  ofGroup("step scaling", policy("StepScaling"), "scaled"),
  ofGroup("simple scaling", policy("SimpleScaling"), "scaled"),
  ofGroup("predictive scaling", policy("PredictiveScaling"), "scaled"),
  ofGroup("tracking of a metric of its own", policy("TargetTrackingScaling"), "scaled"),
  ofGroup("a policy that is off", policy("StepScaling", null, false), { noTrapSince: "it moves nothing" }),
  [
    "a scheduled action that makes it larger",
    habit({
      scheduledActions: ["day"],
      schedules: [{ name: "day", recurrence: "0 6 * * *", timeZone: null, minSize: 20, desiredCapacity: null, maxSize: null }],
    }),
    { "asg.instance-type": { noTrapSince: "more instances carry what the baseline saw, and as many are left" }, "asg.capacity": "scaled" },
  ],
];

const member = (n: number, overrides: Partial<AuroraMember> = {}) =>
  aMember(`aurora-${n}`, {
    role: n === 1 ? "writer" : "reader",
    promotionTier: n,
    definition: aDefinition({ availabilityZone: `${region}${"xabc"[n]}` }),
    ...overrides,
  });
const three = (change: (n: number) => Partial<AuroraMember> = () => ({})) => [1, 2, 3].map((n) => member(n, change(n)));
const cluster = (overrides: Parameters<typeof aCluster>[0] = {}) => aCluster({ region, members: three(), ...overrides });
const around = (surroundings: Partial<Surroundings>) => cluster({ surroundings: { ...quietSurroundings, ...surroundings } });
const noRestart: Outcome = { noTrapSince: "days of backups restart nothing, move no load and depend on no size" };
const ofCluster = (what: string, resource: Resource, outcome: Outcome, backups: Outcome = noRestart): Row => [
  what,
  resource,
  { "aurora.writer-class": outcome, "aurora.reader-count": outcome, "aurora.backup-retention": backups },
];

const clusters: readonly Row[] = [
  ofCluster("another engine mode", cluster({ engineMode: "serverless" }), "unsupported"),
  ofCluster("a change that waits for the cluster", cluster({ waiting: ["a change of EngineVersion"] }), "unsupported", "unsupported"),
  ofCluster(
    "a change that waits for a member",
    cluster({ members: three((n) => (n === 3 ? { waiting: ["a change of DBInstanceClass"] } : {})) }),
    "unsupported",
  ),
  ofCluster("a member being changed", cluster({ members: three((n) => (n === 3 ? { status: "modifying" } : {})) }), "unsupported", "unsupported"),
  ofCluster("planned maintenance", around({ maintenance: seen({ resource: "aurora", action: "system-update", isPlanned: true }) }), "unsupported"),
  ofCluster("a custom endpoint", around({ customEndpoints: seen("reports") }), "unsupported"),
  ofCluster("blue/green", around({ blueGreenDeployments: seen("upgrade") }), "unsupported"),
  ofCluster("reader auto scaling", around({ readerScaling: seen("1 to 8") }), "unsupported"),
  ofCluster("max_connections set", around({ memoryParameters: seen("max_connections = 400") }), "unsupported"),
  ofCluster("RDS Proxy", around({ proxies: seen("pool") }), { noTrapSince: "it pools a share of the connections, which is told" }),
  ofCluster("custom endpoints unseen", around({ customEndpoints: unseen }), "unreadable"),
  ofCluster("maintenance unseen", around({ maintenance: unseen }), "unreadable"),
  ofCluster("sizes before unseen", cluster({ members: three((n) => (n === 3 ? { sizesBefore: unseen } : {})) }), "unreadable"),
  ofCluster("a serverless member", cluster({ members: three((n) => (n === 3 ? { instanceClass: "db.serverless" } : {})) }), "unsupported"),
  ofCluster("a member of another generation", cluster({ members: three((n) => (n === 3 ? { instanceClass: "db.r5.4xlarge" } : {})) }), "unsupported"),
  ofCluster(
    "a member made by reader auto scaling",
    cluster({ members: [member(1), member(2), member(3, { identifier: "application-autoscaling-3" })] }),
    "unsupported",
  ),
  [
    "backups of AWS Backup",
    cluster({ awsBackup: "arn:aws:backup:us-west-2:123456789012:recovery-point:1" }),
    {
      "aurora.writer-class": { noTrapSince: "a class has no backups" },
      "aurora.reader-count": { noTrapSince: "a reader has no backups" },
      "aurora.backup-retention": "unsupported",
    },
  ],
  [
    "parameter groups of readers that differ",
    cluster({ members: three((n) => ({ parameterGroup: n === 1 ? "writers" : "readers" })) }),
    {
      "aurora.writer-class": "unsupported",
      "aurora.reader-count": { noTrapSince: "a reader takes its parameter group with it" },
      "aurora.backup-retention": noRestart,
    },
  ],
];

const table = (overrides: Parameters<typeof aTable>[0] = {}) =>
  aTable({
    region,
    streamArn: `arn:aws:dynamodb:${region}:123456789012:table/tenants/stream/2024-01-01T00:00:00.000`,
    streamViewType: "KEYS_ONLY",
    ...overrides,
  });
const provisioned = (overrides: Parameters<typeof aTable>[0] = {}) => aProvisionedTable(100, 100, { region, ...overrides });
const ofTable = (what: string, resource: Resource, index: Outcome, stream: Outcome): Row => [
  what,
  resource,
  { "dynamodb.unused-gsi": index, "dynamodb.unread-stream": stream },
];
const streamAlone: Outcome = { noTrapSince: "a stream has none of it" };
const indexAlone: Outcome = { noTrapSince: "an index has none of it" };

const tables: readonly Row[] = [
  ofTable("too young", table({ createdAtMs: Date.UTC(2026, 3, 12) }), "insufficient-data", "insufficient-data"),
  ofTable("a global table of 2017", table({ globalTable: { kind: "seen", value: "2017.11.29" } }), "unsupported", "unsupported"),
  ofTable("a kind of global table unseen", table({ globalTable: unseen }), "unreadable", "unreadable"),
  ofTable("a replica of another account", table({ foreignReplicas: ["eu-west-1"] }), "unsupported", "unsupported"),
  ofTable("a replica that was not read", table({ replicaRegions: ["eu-west-1", region] }), "not-owner", "not-owner"),
  ofTable("being changed", table({ status: "UPDATING" }), "unsupported", "unsupported"),
  ofTable("an index being changed", table({ indexes: [anIndex("by-email", { status: "UPDATING" })] }), "unsupported", streamAlone),
  ofTable("scaling unseen", table({ scaling: unseen }), "unreadable", streamAlone),
  ofTable("Contributor Insights unseen", table({ contributorInsights: unseen }), "unreadable", streamAlone),
  ofTable("a consumer of its stream", table({ streamConsumers: seen("pipe archive") }), indexAlone, "still-read"),
  ofTable("consumers of its stream unseen", table({ streamConsumers: unseen }), indexAlone, "unreadable"),
  ofTable("Infrequent Access", table({ tableClass: "STANDARD_INFREQUENT_ACCESS" }), { noTrapSince: "it is priced by its class" }, streamAlone),
  ["provisioned and scaling unseen", provisioned({ scaling: unseen }), { "dynamodb.billing-mode": "unreadable" }],
  ["provisioned since a switch in the baseline", provisioned({ lastOnDemandMs: Date.UTC(2026, 3, 10) }), { "dynamodb.billing-mode": "insufficient-data" }],
  ["provisioned and a replica of another account", provisioned({ foreignReplicas: ["eu-west-1"] }), { "dynamodb.billing-mode": "unsupported" }],
  ["provisioned and being changed", provisioned({ status: "UPDATING" }), { "dynamodb.billing-mode": "unsupported" }],
  ["provisioned and of 2017", provisioned({ globalTable: { kind: "seen", value: "2017.11.29" } }), { "dynamodb.billing-mode": "unsupported" }],
];

const rds = (overrides: Parameters<typeof anRdsInstance>[0] = {}) => anRdsInstance({ region, instanceClass: "db.t3.large", ...overrides });

const others: readonly Row[] = [
  ["a Redis group of a Global Datastore", aRedisGroup({ region, globalDatastore: "g" }), { "redis.size": "unsupported" }],
  ["a Redis group that scales", aRedisGroup({ region, scaled: seen("elasticache:replication-group:NodeGroups") }), { "redis.size": "unsupported" }],
  ["a Redis group with a service update unseen", aRedisGroup({ region, serviceUpdates: unseen }), { "redis.size": "unreadable" }],
  ["a function with versions unseen", aFunction({ region, published: unseen }), { "lambda.function": "unreadable" }],
  ["a function that somebody stopped", aFunction({ region, reservedConcurrency: { kind: "seen", value: 0 } }), { "lambda.function": "unsupported" }],
  ["a service on Spot in part", aService({ region, launchType: null, capacityProviders: ["FARGATE", "FARGATE_SPOT"] }), { "ecs.service": "unsupported" }],
  ["a service in no zone", aService({ region, zones: seen() }), { "ecs.service": "unsupported" }],
  ["an RDS instance without a standby", rds({ multiAz: false }), { "rds.instance-class": "unsupported", "rds.backup-retention": noRestart }],
  [
    "an RDS instance for which something waits",
    rds({ waiting: ["a change of EngineVersion"] }),
    { "rds.instance-class": "unsupported", "rds.backup-retention": "unsupported" },
  ],
];

/** Without any trap: what each kind's rows are variants of. */
const plain: readonly Row[] = [
  ["a group", group(), bothTypeAndNumber({ noTrapSince: "there is none" })],
  ofCluster("a cluster", cluster(), { noTrapSince: "there is none" }),
  ofTable("a table", table(), { noTrapSince: "there is none" }, { noTrapSince: "there is none" }),
  ["a provisioned table", provisioned(), { "dynamodb.billing-mode": { noTrapSince: "there is none" } }],
  ["a Redis group", aRedisGroup({ region }), { "redis.size": { noTrapSince: "there is none" } }],
  ["a function", aFunction({ region }), { "lambda.function": { noTrapSince: "there is none" } }],
  ["a service", aService({ region }), { "ecs.service": { noTrapSince: "there is none" } }],
  ["an RDS instance", rds(), { "rds.instance-class": { noTrapSince: "there is none" }, "rds.backup-retention": { noTrapSince: "there is none" } }],
];

describe.each([
  ["plain", plain],
  ["groups", groups],
  ["clusters", clusters],
  ["tables", tables],
  ["others", others],
] as const)("in us-west-2 alone, %s", (_, rows) => {
  it.each(rows)("%s", (__, resource, outcomes) => {
    const world = loaded(resource);
    const asked = rules.filter(({ id }) => id in outcomes);
    const found = decideAll(asked, world.facts(asked)).map((decision) => [decision.rule, decision.kind === "skip" ? decision.code : decision.kind]);
    const expected = Object.entries(outcomes).map(([rule, outcome]) => [rule, typeof outcome === "string" ? outcome : "proposal"]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });
});
