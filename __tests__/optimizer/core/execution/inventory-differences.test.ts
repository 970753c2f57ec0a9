import { describe, expect, it } from "vitest";
import { inventoryDifferences } from "../../../../optimizer/core/execution/inventory-differences.ts";
import { ruleOf, rules } from "../../../../optimizer/core/levers/rules.ts";
import type { Rule } from "../../../../optimizer/core/model/rule.ts";
import type { RuleId } from "../../../../optimizer/core/model/rule-id.ts";
import type { AuroraCluster, AuroraMember } from "../../../../optimizer/core/levers/aurora/cluster.ts";
import { type Resource, resourceFacts } from "../../../../optimizer/core/levers/resource-kinds.ts";
import type { SizesBefore } from "../../../../optimizer/core/sizing/sizes-before.ts";
import { aDefinition } from "../../../support/aurora-definition.ts";
import { aBucket, aLifecycle, aTieringRule, oldVersions } from "../../../support/buckets.ts";
import { aService, scaled } from "../../../support/container-services.ts";
import { aFunction } from "../../../support/functions.ts";
import { anRdsInstance } from "../../../support/rds-instances.ts";
import {
  aBalancer,
  aCluster,
  aGroup,
  aMember,
  aRedisGroup,
  anIndex,
  aStream,
  aTable,
  noHabits,
  quietSurroundings,
  primary,
  secondary,
  tagged,
} from "../../../support/world.ts";

const resources: readonly Resource[] = [
  aBalancer(),
  aGroup(),
  aTable(aStream()),
  aCluster(),
  anRdsInstance(),
  aRedisGroup(),
  aBucket(),
  aFunction(),
  aService(),
];
const inventory = { accountId: "123456789012", resources, undescribed: [], failedRegions: {} };

/** What is said when one resource is found otherwise than the plan saw it. */
function said(change: Partial<Resource>, among: readonly Rule[] = rules): readonly string[] {
  const found = resources.map((each) => (each.kind === change.kind ? ({ ...each, ...change } as Resource) : each));
  return inventoryDifferences(inventory, { ...inventory, resources: found }, among);
}

const capacity = { engine: "aurora-postgresql", serverless: { minAcu: 4, maxAcu: 16 } } as const;
/** The same cluster with members of the class db.serverless: one rule has a concern with nothing else. */
const serverlessMembers = [aMember("aurora-1", { role: "writer", instanceClass: "db.serverless" }), aMember("aurora-2", { instanceClass: "db.serverless" })];
const serverless = aCluster({ ...capacity, members: serverlessMembers });
/** The second of them found otherwise. */
const turned = (second: Partial<AuroraMember>) => serverlessMembers.map((member, at) => (at === 1 ? { ...member, ...second } : member));

/** The value by its name, how it is found otherwise, and the rules that rest on it where they are several. */
type Row = readonly [name: string, change: Partial<Resource>, by?: readonly RuleId[]];

/** The rules that rest on a value of a kind of resource by this name. */
function restingOn(name: string, kind: Partial<Resource>["kind"]): readonly Rule[] {
  const resource = resources.find((each) => each.kind === kind);
  return resource === undefined ? [] : rules.filter((rule) => rule.resourceKind === kind && name in rule.restsOn(resource));
}

/** The facts that any rule, or what is always shown of the resource, needs to say what it rests on: without one it says something else, or nothing. */
function readBy(resource: Resource): ReadonlySet<string> {
  const asked = new Set<string>();
  const watched = new Proxy(resource, { get: (target, name, self): unknown => (asked.add(String(name)), Reflect.get(target, name, self)) });
  resourceFacts(watched).restsOnAlways(watched);
  for (const rule of rules) rule.restsOn(watched);
  return asked;
}

const resized: SizesBefore = { kind: "seen", value: [{ size: "another", fromMs: null, untilMs: 1 }] };

describe("an inventory that is not as the plan saw it", () => {
  it("differs in nothing when nothing changed, nor in what moves by itself", () => {
    expect(inventoryDifferences(inventory, inventory, rules)).toEqual([]);
    expect(said({ kind: "auto-scaling-group", desiredCapacity: 11 })).toEqual([]);
    expect(said({ kind: "dynamodb-table", sizeBytes: 1, status: "UPDATING" })).toEqual([]);
    expect(said({ kind: "aurora-cluster", status: "modifying" })).toEqual([]);
    expect(said({ kind: "s3-bucket", lifecycle: aLifecycle(aTieringRule(), oldVersions) })).toEqual([]);
    expect(said({ kind: "redis-replication-group", status: "modifying", pending: ["something"], smallerNodeTypes: [] })).toEqual([]);
  });

  it("lacks a resource, or has one more", () => {
    const fewer = { ...inventory, resources: resources.slice(1) };
    expect(inventoryDifferences(inventory, fewer, rules)).toEqual([expect.stringContaining("is gone")]);
    expect(inventoryDifferences(fewer, inventory, rules)).toEqual([expect.stringContaining("is new")]);
  });

  it("has another resource under the name of one that was deleted; of which nothing is said where the plan did not tell them apart", () => {
    const bornAs = (born?: string) => ({ ...inventory, resources: [aCluster(born === undefined ? {} : { born })] });
    expect(inventoryDifferences(bornAs("cluster-1"), bornAs("cluster-1"), rules)).toEqual([]);
    expect(inventoryDifferences(bornAs("cluster-1"), bornAs("cluster-2"), rules)).toEqual([
      expect.stringContaining("was deleted, and another one was made under its name"),
    ]);
    expect(inventoryDifferences(bornAs(), bornAs("cluster-2"), rules)).toEqual([]);
  });

  it("has another part under the name of one that was deleted; of which nothing is said where the plan did not tell them apart", () => {
    const bornAs = (second: string) => ({ ...inventory, resources: [aCluster({ partsBorn: { "aurora-1": "db-1", "aurora-2": second } })] });
    expect(inventoryDifferences(bornAs("db-2"), bornAs("db-2"), rules)).toEqual([]);
    const [said, ...more] = inventoryDifferences(bornAs("db-2"), bornAs("db-3"), rules);
    expect({ said, more }).toEqual({ said: expect.stringContaining("aurora-2 was deleted, and another one was made under its name") as string, more: [] });
    expect(inventoryDifferences({ ...inventory, resources: [aCluster()] }, bornAs("db-3"), rules)).toEqual([]);
  });

  const rows: readonly Row[] = [
    ["tags", { kind: "load-balancer", tags: tagged({ a: "b" }) }],
    ["targetGroups", { kind: "load-balancer", targetGroups: [] }],
    ["zones", { kind: "load-balancer", zones: ["us-east-1a"] }],
    ["routing", { kind: "load-balancer", routing: { kind: "seen", value: [] } }],
    ["tags", { kind: "auto-scaling-group", tags: tagged({ a: "b" }) }],
    ["instanceType", { kind: "auto-scaling-group", instanceType: "m5.large" }],
    ["launchTemplate", { kind: "auto-scaling-group", launchTemplateId: "lt-2" }],
    ["launchTemplateReference", { kind: "auto-scaling-group", launchTemplateReference: "7" }],
    ["template", { kind: "auto-scaling-group", template: { ...aGroup().template, spot: true } }],
    ["neighbours", { kind: "auto-scaling-group", neighbours: [{ name: "reports", tags: tagged({}), followsLatest: true, targetGroupArns: [] }] }],
    ["unread", { kind: "auto-scaling-group", unread: [{ what: "scaling policies", reason: "denied" }] }],
    ["loadBalancers", { kind: "auto-scaling-group", loadBalancers: [] }],
    ["strangers", { kind: "auto-scaling-group", strangers: ["i-0a1b2c3d4e5f60718"] }],
    ["launchTemplateVersion", { kind: "auto-scaling-group", launchTemplateVersion: 2 }],
    ["billed", { kind: "auto-scaling-group", billed: { platforms: ["Windows"], capacityReservations: [] } }],
    ["runningInstanceTypes", { kind: "auto-scaling-group", runningInstanceTypes: ["m5.large"] }],
    ["runningTemplateVersions", { kind: "auto-scaling-group", runningTemplateVersions: [2] }],
    ["minSize", { kind: "auto-scaling-group", minSize: 9 }],
    ["maxSize", { kind: "auto-scaling-group", maxSize: 9 }],
    ["unevenZones", { kind: "auto-scaling-group", unevenZones: "13 of its 15 instances are in us-east-1a" }],
    ["availabilityZones", { kind: "auto-scaling-group", availabilityZones: ["us-east-1a"] }],
    ["habits", { kind: "auto-scaling-group", habits: { ...noHabits, warmPool: true } }],
    ["targetGroupArns", { kind: "auto-scaling-group", targetGroupArns: [] }],
    ["tags", { kind: "dynamodb-table", tags: tagged({ a: "b" }) }],
    ["globalTable", { kind: "dynamodb-table", globalTable: { kind: "seen", value: "2017.11.29" } }],
    ["billingMode", { kind: "dynamodb-table", billingMode: "PROVISIONED" }, ["dynamodb.unused-gsi", "dynamodb.billing-mode"]],
    ["indexes", { kind: "dynamodb-table", indexes: [anIndex("another")] }, ["dynamodb.unused-gsi", "dynamodb.billing-mode"]],
    [
      "replicaRegions",
      { kind: "dynamodb-table", replicaRegions: [primary, secondary] },
      ["dynamodb.unused-gsi", "dynamodb.unread-stream", "dynamodb.billing-mode"],
    ],
    ["capacity", { kind: "dynamodb-table", capacity: { table: { read: 1, write: 1 }, indexes: {} } }],
    ["scaling", { kind: "dynamodb-table", scaling: { kind: "unseen", reason: "denied" } }],
    ["foreignReplicas", { kind: "dynamodb-table", foreignReplicas: [secondary] }],
    ["streamArn", { kind: "dynamodb-table", streamArn: "arn:another" }],
    ["streamViewType", { kind: "dynamodb-table", streamViewType: "KEYS_ONLY" }],
    ["streamConsumers", { kind: "dynamodb-table", streamConsumers: { kind: "seen", value: ["pipe archive"] } }],
    ["contributorInsights", { kind: "dynamodb-table", contributorInsights: { kind: "seen", value: { "by-email": "THROTTLED_KEYS" } } }],
    ["tags", { kind: "aurora-cluster", tags: tagged({ a: "b" }) }],
    ["memberTags", { kind: "aurora-cluster", members: [aMember("aurora-1", { role: "writer", tags: tagged({ a: "b" }) }), aMember("aurora-2")] }],
    ["waiting", { kind: "aurora-cluster", waiting: ["a change of EngineVersion"] }],
    ["backupRetentionDays", { kind: "aurora-cluster", backupRetentionDays: 7 }],
    ["awsBackup", { kind: "aurora-cluster", awsBackup: "arn:another" }],
    ["engine", { kind: "aurora-cluster", engine: "aurora-postgresql" }, ["aurora.writer-class", "aurora.reader-count"]],
    ["obstacle", { kind: "aurora-cluster", engineMode: "serverless" }, ["aurora.writer-class", "aurora.reader-count"]],
    [
      "obstacle",
      { kind: "aurora-cluster", surroundings: { ...quietSurroundings, memoryParameters: { kind: "seen", value: ["max_connections = 400"] } } },
      ["aurora.writer-class", "aurora.reader-count"],
    ],
    ["globalRole", { kind: "aurora-cluster", globalRole: "primary" }, ["aurora.writer-class", "aurora.reader-count"]],
    [
      "members",
      { kind: "aurora-cluster", members: [aMember("aurora-1", { role: "writer", instanceClass: "db.r6g.large" }), aMember("aurora-2")] },
      ["aurora.writer-class", "aurora.reader-count"],
    ],
    [
      "members",
      { kind: "aurora-cluster", members: [aMember("aurora-1", { role: "writer" }), aMember("aurora-2", { promotionTier: 7 })] },
      ["aurora.reader-count"],
    ],
    ["sizesBefore", { kind: "rds-instance", sizesBefore: resized }],
    ["sizesBefore", { kind: "redis-replication-group", sizesBefore: resized }],
    ["sizesBefore", { kind: "lambda-function", sizesBefore: resized }],
    ["sizesBefore", { kind: "ecs-service", sizesBefore: resized }],
    ["countsBefore", { kind: "ecs-service", countsBefore: resized }],
    [
      "members",
      { kind: "aurora-cluster", members: [aMember("aurora-1", { role: "writer", sizesBefore: resized }), aMember("aurora-2")] },
      ["aurora.writer-class", "aurora.reader-count"],
    ],
    ["tags", { kind: "rds-instance", tags: tagged({ a: "b" }) }],
    ["backupRetentionDays", { kind: "rds-instance", backupRetentionDays: 5 }],
    ["engine", { kind: "rds-instance", engine: "mariadb" }],
    ["performanceInsights", { kind: "rds-instance", performanceInsights: true }],
    ["instanceClass", { kind: "rds-instance", instanceClass: "db.m6g.large" }],
    ["multiAz", { kind: "rds-instance", multiAz: false }],
    ["replicaOf", { kind: "rds-instance", replicaOf: "other" }],
    ["replicas", { kind: "rds-instance", replicas: ["another"] }],
    ["obstacle", { kind: "rds-instance", waiting: ["a change of EngineVersion"] }],
    ["awsBackup", { kind: "rds-instance", awsBackup: "arn:another" }],
    ["tags", { kind: "redis-replication-group", tags: tagged({ a: "b" }) }],
    ["memberTags", { kind: "redis-replication-group", memberTags: [tagged({ a: "b" })] }],
    ["engine", { kind: "redis-replication-group", engine: "valkey" }],
    ["nodeType", { kind: "redis-replication-group", nodeType: "cache.r6g.large" }],
    ["engine", { kind: "redis-replication-group", engine: "valkey" }],
    ["nodeGroups", { kind: "redis-replication-group", nodeGroups: [{ id: "0001", members: ["cache-0001-001"] }] }],
    ["clusterMode", { kind: "redis-replication-group", clusterMode: false }],
    ["automaticFailover", { kind: "redis-replication-group", automaticFailover: false }],
    ["multiAz", { kind: "redis-replication-group", multiAz: false }],
    ["dataTiering", { kind: "redis-replication-group", dataTiering: true }],
    ["globalDatastore", { kind: "redis-replication-group", globalDatastore: "gds" }],
    ["reservedMemoryPercent", { kind: "redis-replication-group", reservedMemoryPercent: 30 }],
    ["tags", { kind: "s3-bucket", tags: tagged({ a: "b" }) }],
    ["lifecycle", { kind: "s3-bucket", lifecycle: aLifecycle(aTieringRule()) }],
    ["versioning", { kind: "s3-bucket", versioning: { kind: "seen", value: "Suspended" } }],
    ["archiveConfigurations", { kind: "s3-bucket", archiveConfigurations: { kind: "seen", value: ["cold"] } }],
    ["requestMetrics", { kind: "s3-bucket", requestMetrics: { kind: "seen", value: null } }],
    ["plannedUpdates", { kind: "redis-replication-group", serviceUpdates: { kind: "seen", value: [{ name: "patch", status: "scheduled", isPlanned: true }] } }],
    ["scaled", { kind: "redis-replication-group", scaled: { kind: "seen", value: ["elasticache:replication-group:NodeGroups"] } }],
    ["tags", { kind: "lambda-function", tags: tagged({ a: "b" }) }],
    ["memoryMb", { kind: "lambda-function", memoryMb: 512 }],
    ["timeoutSeconds", { kind: "lambda-function", timeoutSeconds: 60 }],
    ["architecture", { kind: "lambda-function", architecture: "x86_64" }],
    ["runtime", { kind: "lambda-function", runtime: "java21" }],
    ["ephemeralStorageMb", { kind: "lambda-function", ephemeralStorageMb: 1024 }],
    ["heapSetting", { kind: "lambda-function", heapSetting: "NODE_OPTIONS" }],
    ["published", { kind: "lambda-function", published: { kind: "seen", value: ["version 1"] } }],
    ["eventSources", { kind: "lambda-function", eventSources: { kind: "seen", value: [{ arn: "arn:aws:sqs:::q", isBounded: false }] } }],
    ["reservedConcurrency", { kind: "lambda-function", reservedConcurrency: { kind: "seen", value: 20 } }],
    ["isDurable", { kind: "lambda-function", isDurable: true }],
    ["onManagedInstances", { kind: "lambda-function", onManagedInstances: true }],
    ["tags", { kind: "ecs-service", tags: tagged({ a: "b" }) }],
    ["surroundingTags", { kind: "ecs-service", surroundingTags: [tagged({ a: "b" })] }],
    ["deploymentPercents", { kind: "ecs-service", deploymentPercents: { minimumHealthy: 0, maximum: 100 } }],
    ["ranBeside", { kind: "ecs-service", ranBeside: { kind: "seen", value: ["events-rule/nightly ran a task of app, last on 2026-05-30"] } }],
    ["alsoBehind", { kind: "ecs-service", alsoBehind: { kind: "seen", value: ["service main/other"] } }],
    ["desiredCount", { kind: "ecs-service", desiredCount: 4 }],
    ["status", { kind: "ecs-service", status: "DRAINING" }],
    ["underWay", { kind: "ecs-service", underWay: "its deployment is IN_PROGRESS" }],
    ["deploymentController", { kind: "ecs-service", deploymentController: "CODE_DEPLOY" }],
    ["deploymentStrategy", { kind: "ecs-service", deploymentStrategy: "BLUE_GREEN" }],
    ["rollsBackFailures", { kind: "ecs-service", rollsBackFailures: false }],
    ["schedulingStrategy", { kind: "ecs-service", schedulingStrategy: "DAEMON" }],
    ["launchType", { kind: "ecs-service", launchType: "EC2" }],
    ["capacityProviders", { kind: "ecs-service", capacityProviders: ["FARGATE_SPOT"] }],
    ["zones", { kind: "ecs-service", zones: { kind: "seen", value: ["us-east-1a"] } }],
    ["unevenZones", { kind: "ecs-service", unevenZones: { kind: "seen", value: "6 of its 8 tasks are in us-east-1a" } }],
    ["targetGroupArns", { kind: "ecs-service", targetGroupArns: [] }],
    ["classicBalancers", { kind: "ecs-service", classicBalancers: ["old"] }],
    ["loadBalancers", { kind: "ecs-service", loadBalancers: [] }],
    ["task", { kind: "ecs-service", task: aService({ task: { revision: 8, latestRevision: 8 } }).task }],
    ["scaling", { kind: "ecs-service", scaling: scaled({ policies: [] }) }],
    ["neighbours", { kind: "ecs-service", neighbours: { kind: "seen", value: ["service other"] } }],
  ];

  it.each<[string, Partial<Resource>, readonly RuleId[]]>(rows.map(([name, change, by = []]) => [name, change, by]))(
    "differs in %s of %o",
    (name, change, by) => {
      // Other rules may see the same thing by another name.
      expect(said(change, restingOn(name, change.kind))).toEqual([expect.stringContaining(`: ${name} was `)]);
      // Where several rules rest on it, each says so without the others.
      for (const id of by) expect(said(change, [ruleOf(id)]), id).toEqual([expect.stringContaining(`: ${name} was `)]);
    },
  );

  it.each(
    resources.flatMap((resource) =>
      Object.keys(resource)
        .filter((name) => !["kind", "ref", "arn"].includes(name))
        .map((name) => [resource.kind, name] as const),
    ),
  )("is refused, not misread, where a plan of an older release says nothing of the fact of %s that rules rest on: %s", (kind, name) => {
    const older = resources.map((each) =>
      each.kind === kind ? (Object.fromEntries(Object.entries(each).filter(([fact]) => fact !== name)) as unknown as Resource) : each,
    );
    const differences = inventoryDifferences({ ...inventory, resources: older }, inventory, rules);
    const found = resources.find((each) => each.kind === kind)!;
    const isRead = readBy(found).has(name) && (found as unknown as Record<string, unknown>)[name] !== undefined;
    expect(differences.length > 0).toBe(isRead);
    for (const line of differences) expect(line).toContain(`: ${name} was not in the plan, is `);
  });

  const serverlessRows: readonly (readonly [name: string, change: Partial<AuroraCluster>, by: RuleId])[] = [
    ["serverless", { serverless: { minAcu: 2, maxAcu: 16 } }, "aurora.serverless-capacity"],
    ["engine", { engine: "aurora-mysql" }, "aurora.serverless-capacity"],
    ["storage", { storage: "io-optimized" }, "aurora.serverless-capacity"],
    ["globalRole", { globalRole: "primary" }, "aurora.serverless-capacity"],
    ["capacityMembers", { members: turned({ sizesBefore: resized }) }, "aurora.serverless-capacity"],
    ["capacityMembers", { members: turned({ promotionTier: 7 }) }, "aurora.serverless-capacity"],
    ["capacityMembers", { members: turned({ instanceClass: "db.r6g.large" }) }, "aurora.serverless-capacity"],
    ["capacityMembers", { members: turned({ definition: aDefinition({ performanceInsights: null }) }) }, "aurora.serverless-capacity"],
    ["capacityObstacle", { waiting: ["a change of EngineVersion"] }, "aurora.serverless-capacity"],
  ];

  it.each(serverlessRows)("differs in %s of a serverless cluster with %o", (name, change, id) => {
    const with1 = (cluster: AuroraCluster) => ({ ...inventory, resources: [cluster] });
    expect(inventoryDifferences(with1(serverless), with1({ ...serverless, ...change }), [ruleOf(id)])).toEqual([expect.stringContaining(`: ${name} was `)]);
  });

  it("is refused of a serverless cluster where the plan is too old to know its range, which a provisioned one's does not need", () => {
    const seen = (cluster: AuroraCluster) => {
      const { serverless: _range, ...old } = cluster;
      return inventoryDifferences({ ...inventory, resources: [old] }, { ...inventory, resources: [cluster] }, rules);
    };
    expect(seen(serverless)).toEqual([expect.stringContaining(": serverless was not in the plan, is ")]);
    expect(seen(aCluster({ serverless: { minAcu: 4, maxAcu: 16 } }))).toEqual([]);
  });

  it("is tried in each value that a rule rests on, by each rule that does", () => {
    const untried = rules.flatMap((rule) => {
      const concerned = [...resources, serverless].filter(({ kind }) => kind === rule.resourceKind);
      return [...new Set(concerned.flatMap((resource) => Object.keys(rule.restsOn(resource))))]
        .filter((name) => !serverlessRows.some(([tried, , by]) => tried === name && by === rule.id))
        .filter(
          (name) =>
            !rows.some(
              ([tried, { kind }, by]) =>
                tried === name && kind === rule.resourceKind && (by?.includes(rule.id) ?? restingOn(name, rule.resourceKind).length === 1),
            ),
        )
        .map((name) => `${rule.id}: ${name}`);
    });
    expect(untried, "each needs a row in `rows` above: the fact with another value, and the kind of resource").toEqual([]);
  });

  it.each<RuleId>(["aurora.writer-class", "aurora.reader-count"])("differs for %s in which member writes, and in which members there are", (id) => {
    const turned = [aMember("aurora-1"), aMember("aurora-2", { role: "writer" })];
    expect(said({ kind: "aurora-cluster", members: turned }, [ruleOf(id)])).toEqual([expect.stringContaining(": members was ")]);
    const renamed = [aMember("aurora-1", { role: "writer" }), aMember("aurora-3")];
    expect(said({ kind: "aurora-cluster", members: renamed }, [ruleOf(id)])).toEqual([
      expect.stringContaining(": memberTags was "),
      expect.stringContaining(": members was "),
    ]);
  });
});
