import { describe, expect, it } from "vitest";
import { unrestoredFields } from "../../../../optimizer/core/execution/classify-state.ts";
import { type Change, changeFacts, type ChangeKind, inverse } from "../../../../optimizer/core/levers/change-kinds.ts";
import { lifecycleState } from "../../../../optimizer/core/levers/s3/changes.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { aDefinition } from "../../../support/aurora-definition.ts";
import { anIndex, aGroup, aTable, aWorld, primary, secondary } from "../../../support/world.ts";

const index = { ...anIndex().definition, readCapacityUnits: 5, writeCapacityUnits: 6, warmThroughput: { readUnits: 20_000, writeUnits: 9_000 } };
const template = { region: primary, autoScalingGroup: "web", launchTemplateId: "lt-0123456789abcdef0" };
const types = { before: { instanceType: "m5.4xlarge" }, after: { instanceType: "m5.2xlarge" } };
const tiering = (Days: number, StorageClass: string) => ({ ID: "move", Status: "Enabled", Filter: { Prefix: "" }, Transitions: [{ Days, StorageClass }] });
const cluster = { region: primary, cluster: "aurora" };
const tasks = { region: primary, cluster: "main", service: "app" } as const;
const cache = { region: primary, replicationGroup: "cache" };

/** One change of each kind, its resource as `kind id part`, and what a person would type. The compiler asks for every kind. */
const examples: {
  readonly [K in ChangeKind]: { readonly change: Change & { readonly kind: K }; readonly resource: string; readonly command: string; readonly back?: string };
} = {
  "dynamodb.index-read-cap": {
    change: {
      kind: "dynamodb.index-read-cap",
      region: primary,
      table: "tenants",
      index: "by-email",
      before: { maxReadRequestUnits: -1 },
      after: { maxReadRequestUnits: 1 },
    },
    resource: "dynamodb-table tenants by-email",
    command: "aws dynamodb update-table --region us-east-1 --table-name tenants",
  },
  "dynamodb.index": {
    change: { kind: "dynamodb.index", region: primary, table: "tenants", index: "by-email", before: index, after: null },
    resource: "dynamodb-table tenants by-email",
    command: "aws dynamodb update-table --region us-east-1 --table-name tenants",
  },
  "dynamodb.contributor-insights": {
    change: {
      kind: "dynamodb.contributor-insights",
      region: primary,
      table: "tenants",
      index: "by-email",
      before: { mode: "THROTTLED_KEYS" },
      after: { mode: null },
    },
    resource: "dynamodb-table tenants by-email",
    command: "aws dynamodb update-contributor-insights --region us-east-1 --table-name tenants --index-name by-email",
  },
  "dynamodb.stream": {
    change: { kind: "dynamodb.stream", region: primary, table: "tenants", before: { viewType: "NEW_IMAGE" }, after: { viewType: null } },
    resource: "dynamodb-table tenants ",
    command: "aws dynamodb update-table --region us-east-1 --table-name tenants",
  },
  "dynamodb.billing-mode": {
    change: {
      kind: "dynamodb.billing-mode",
      region: primary,
      table: "tenants",
      before: { mode: "PROVISIONED", capacity: { table: { read: 5, write: 6 }, indexes: { "by-email": { read: 7, write: 8 } } }, isScaled: false },
      after: { mode: "PAY_PER_REQUEST" },
    },
    resource: "dynamodb-table tenants ",
    command: "aws dynamodb update-table --region us-east-1 --table-name tenants",
  },
  "dynamodb.scaling-suspension": {
    change: {
      kind: "dynamodb.scaling-suspension",
      region: primary,
      table: "tenants",
      resourceId: "table/tenants",
      dimension: "dynamodb:table:ReadCapacityUnits",
      before: { scaleIn: false, scaleOut: false, scheduled: true },
      after: { scaleIn: true, scaleOut: true, scheduled: true },
    },
    resource: "dynamodb-table tenants table/tenants dynamodb:table:ReadCapacityUnits",
    command: "aws application-autoscaling register-scalable-target --region us-east-1 --service-namespace dynamodb --resource-id table/tenants",
  },
  "s3.lifecycle": {
    change: {
      kind: "s3.lifecycle",
      region: primary,
      bucket: "data",
      before: lifecycleState({ rules: [tiering(0, "INTELLIGENT_TIERING")], minimumObjectSize: "all_storage_classes_128K" }),
      after: lifecycleState({ rules: [tiering(30, "STANDARD_IA")], minimumObjectSize: "all_storage_classes_128K" }),
    },
    resource: "s3-bucket data ",
    command: "aws s3api put-bucket-lifecycle-configuration --region us-east-1 --bucket data --lifecycle-configuration",
  },
  "ec2.launch-template-version": {
    change: { kind: "ec2.launch-template-version", ...template, ...types },
    resource: "auto-scaling-group web ",
    command: "aws ec2 create-launch-template-version --region us-east-1",
  },
  "asg.launch-template": {
    change: { kind: "asg.launch-template", ...template, ...types },
    resource: "auto-scaling-group web ",
    command: "aws autoscaling update-auto-scaling-group --region us-east-1",
  },
  "asg.instance-refresh": {
    change: { kind: "asg.instance-refresh", region: primary, autoScalingGroup: "web", ...types },
    resource: "auto-scaling-group web ",
    command: "aws autoscaling start-instance-refresh --region us-east-1",
  },
  "asg.refresh-stop": {
    change: { kind: "asg.refresh-stop", region: primary, autoScalingGroup: "web", before: { refreshingTo: "m5.2xlarge" }, after: { refreshingTo: null } },
    resource: "auto-scaling-group web ",
    command: "aws autoscaling cancel-instance-refresh --region us-east-1 --auto-scaling-group-name web",
  },
  "asg.size": {
    change: {
      kind: "asg.size",
      region: primary,
      autoScalingGroup: "web",
      before: { minSize: 12, desiredCapacity: 15, maxSize: 25 },
      after: { minSize: 6, desiredCapacity: 8, maxSize: 17 },
    },
    resource: "auto-scaling-group web ",
    command: "aws autoscaling update-auto-scaling-group --region us-east-1 --auto-scaling-group-name web --min-size 6 --desired-capacity 8 --max-size 17",
  },
  "rds.instance-class": {
    change: {
      kind: "rds.instance-class",
      ...cluster,
      instance: "aurora-1",
      before: { instanceClass: "db.r6g.4xlarge" },
      after: { instanceClass: "db.r6g.xlarge" },
    },
    resource: "aurora-cluster aurora aurora-1",
    command: "aws rds modify-db-instance --region us-east-1 --db-instance-identifier aurora-1 --db-instance-class db.r6g.xlarge --apply-immediately",
  },
  "rds.failover": {
    change: { kind: "rds.failover", ...cluster, before: { writer: "aurora-1" }, after: { writer: "aurora-2" } },
    resource: "aurora-cluster aurora ",
    command: "aws rds failover-db-cluster --region us-east-1 --db-cluster-identifier aurora --target-db-instance-identifier aurora-2",
  },
  "lambda.configuration": {
    change: {
      kind: "lambda.configuration",
      region: primary,
      functionName: "archive",
      before: { memoryMb: 3008, timeoutSeconds: 900 },
      after: { memoryMb: 1024, timeoutSeconds: 300 },
    },
    resource: "lambda-function archive ",
    command: "aws lambda update-function-configuration --region us-east-1 --function-name archive --memory-size 1024 --timeout 300",
  },
  "lambda.concurrency": {
    change: { kind: "lambda.concurrency", region: primary, functionName: "archive", before: { reserved: null }, after: { reserved: 20 } },
    resource: "lambda-function archive ",
    command: "aws lambda put-function-concurrency --region us-east-1 --function-name archive --reserved-concurrent-executions 20",
    back: "aws lambda delete-function-concurrency --region us-east-1 --function-name archive",
  },
  "ecs.task-definition": {
    change: { kind: "ecs.task-definition", ...tasks, family: "app", before: { cpu: 1024, memoryMib: 2048 }, after: { cpu: 512, memoryMib: 1024 } },
    resource: "ecs-service main/app ",
    command: `aws ecs register-task-definition --region us-east-1 --cli-input-json "$(aws ecs describe-task-definition --region us-east-1 --task-definition "$(aws ecs describe-services --region us-east-1 --cluster main --services app --query 'services[0].taskDefinition' --output text)" --include TAGS | jq '.taskDefinition.tags = .tags | .taskDefinition | del(.taskDefinitionArn,.revision,.status,.requiresAttributes,.compatibilities,.registeredAt,.registeredBy,.deregisteredAt) | if .tags == [] then del(.tags) else . end | .cpu = "512" | .memory = "1024"')"`,
  },
  "ecs.deployment": {
    change: { kind: "ecs.deployment", ...tasks, family: "app", before: { cpu: 1024, memoryMib: 2048 }, after: { cpu: 512, memoryMib: 1024 } },
    resource: "ecs-service main/app ",
    command: "aws ecs update-service --region us-east-1 --cluster main --service app --task-definition app",
  },
  "ecs.scaling-bounds": {
    change: { kind: "ecs.scaling-bounds", ...tasks, before: { minCount: 8, maxCount: 24 }, after: { minCount: 3, maxCount: 24 } },
    resource: "ecs-service main/app ",
    command:
      "aws application-autoscaling register-scalable-target --region us-east-1 --service-namespace ecs --resource-id service/main/app --scalable-dimension ecs:service:DesiredCount --min-capacity 3",
  },
  "ecs.desired-count": {
    change: { kind: "ecs.desired-count", ...tasks, before: { desiredCount: 8 }, after: { desiredCount: 3 } },
    resource: "ecs-service main/app ",
    command: "aws ecs update-service --region us-east-1 --cluster main --service app --desired-count 3",
  },
  "redis.shards": {
    change: { kind: "redis.shards", ...cache, before: { nodeGroups: ["0001", "0002", "0007"] }, after: { nodeGroups: ["0001", "0002"] } },
    resource: "redis-replication-group cache ",
    command:
      "aws elasticache modify-replication-group-shard-configuration --region us-east-1 --replication-group-id cache --node-group-count 2 --node-groups-to-retain 0001 0002 --apply-immediately",
  },
  "redis.replicas": {
    change: { kind: "redis.replicas", ...cache, before: { replicasPerShard: 2 }, after: { replicasPerShard: 1 } },
    resource: "redis-replication-group cache ",
    command: "aws elasticache decrease-replica-count --region us-east-1 --replication-group-id cache --new-replica-count 1 --apply-immediately",
    back: "aws elasticache increase-replica-count",
  },
  "redis.node-type": {
    change: { kind: "redis.node-type", ...cache, before: { nodeType: "cache.r6g.4xlarge" }, after: { nodeType: "cache.r6g.xlarge" } },
    resource: "redis-replication-group cache ",
    command: "aws elasticache modify-replication-group --region us-east-1 --replication-group-id cache --cache-node-type cache.r6g.xlarge --apply-immediately",
  },
  "rds.member": {
    change: { kind: "rds.member", ...cluster, instance: "aurora-3", before: aDefinition(), after: null },
    resource: "aurora-cluster aurora aurora-3",
    command: "aws rds delete-db-instance --region us-east-1 --db-instance-identifier aurora-3 --skip-final-snapshot",
    back: 'aws rds create-db-instance --region us-east-1 --cli-input-json \'{"DBInstanceIdentifier":"aurora-3","DBClusterIdentifier":"aurora",',
  },
  "rds.serverless-capacity": {
    change: { kind: "rds.serverless-capacity", ...cluster, before: { minAcu: 4, maxAcu: 16 }, after: { minAcu: 0.5, maxAcu: 4 } },
    resource: "aurora-cluster aurora ",
    command:
      "aws rds modify-db-cluster --region us-east-1 --db-cluster-identifier aurora --serverless-v2-scaling-configuration MinCapacity=0.5,MaxCapacity=4 --apply-immediately",
  },
  "rds.instance-backup-retention": {
    change: { kind: "rds.instance-backup-retention", region: primary, instance: "mysql", before: { days: 30 }, after: { days: 7 } },
    resource: "rds-instance mysql ",
    command: "aws rds modify-db-instance --region us-east-1 --db-instance-identifier mysql --backup-retention-period 7",
  },
  "rds.standalone-class": {
    change: {
      kind: "rds.standalone-class",
      region: primary,
      instance: "mysql",
      multiAz: true,
      before: { instanceClass: "db.m6g.2xlarge" },
      after: { instanceClass: "db.m6g.large" },
    },
    resource: "rds-instance mysql ",
    command: "aws rds modify-db-instance --region us-east-1 --db-instance-identifier mysql --db-instance-class db.m6g.large --apply-immediately",
  },
  "rds.backup-retention": {
    change: { kind: "rds.backup-retention", ...cluster, before: { days: 30 }, after: { days: 14 } },
    resource: "aurora-cluster aurora ",
    command: "aws rds modify-db-cluster --region us-east-1 --db-cluster-identifier aurora --backup-retention-period 14 --apply-immediately",
  },
};

/** Captured fields that a way back need not bring, each for a reason. */
const notRestored: readonly string[] = [
  // A step of its own lifts the cap.
  "dynamodb.index maxReadRequestUnits",
  // Whether something scales is no state of the table's.
  "dynamodb.billing-mode isScaled",
];

/** The paths of all values in a state; a list is one value. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

/** The state with another value at one place. */
function withAnother(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name !== undefined) {
    const members = value as Readonly<Record<string, unknown>>;
    return { ...members, [name]: withAnother(members[name], rest) };
  }
  if (Array.isArray(value)) return value.length === 0 ? ["another"] : value.slice(1);
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : `another than ${String(value)}`;
}

describe.each(Object.entries(examples))("a change of the kind %s", (_, { change, resource, command, back }) => {
  const facts = changeFacts<Change>(change);

  it("is of one resource, or of a part of it, there and back", () => {
    for (const way of [change, inverse(change)]) {
      const { kind, region, id, part = "" } = facts.resourceOf(way);
      expect(`${kind} ${id} ${part}`).toBe(resource);
      expect(region).toBe(primary);
    }
  });

  it("tells its two states apart, and each is itself", () => {
    expect(facts.same(change.before, change.before)).toBe(true);
    expect(facts.same(change.after, change.after)).toBe(true);
    expect(facts.same(change.before, change.after)).toBe(false);
  });

  it("can be done by hand, and undone", () => {
    expect(facts.command(change)).toContain(command);
    expect(facts.command(inverse(change))).toContain(back ?? command.split(" --")[0]);
  });

  it.each(["first", "wait"] as const)("has shell lines to %s for, there and back, each with its region, or says why a person needs none", (when) => {
    const lines = facts[when];
    if ("notNeeded" in lines)
      expect(lines.notNeeded.split(" ").length, `${change.kind}: say in \`${when}.notNeeded\` why nobody has to wait`).toBeGreaterThan(4);
    else for (const line of [change, inverse(change)].flatMap(lines)) expect(line).toMatch(/^(?:(?:until|while) )?aws .*--region us-east-1/);
  });

  it("is not undone while any field that was captured is another, and says which", () => {
    const way = inverse(change);
    expect(unrestoredFields(way, { kind: "settled", value: way.after })).toEqual([]);
    for (const path of leavesOf(change.before)) {
      const found = unrestoredFields(way, { kind: "settled", value: withAnother(change.before, path) as Change["before"] });
      if (notRestored.includes(`${change.kind} ${path.join(".")}`)) expect(found).toEqual([]);
      else expect(found.join("; ")).toMatch(new RegExp(`^${change.kind === "redis.shards" ? "shards" : path.join("\\.")} is .*, was `));
    }
  });

  it("is given time to settle", () => {
    expect(facts.patienceMinutes(change, defaultPolicy.settle)).toBeGreaterThanOrEqual(defaultPolicy.settle.maxMinutes);
  });

  it("touches nothing else in an account that has nothing else", () => {
    expect(facts.touches(change, aWorld().inventory)).toEqual([]);
  });
});

it("a service is deployed with the revision that a step before it is known to have made, or else with the newest of its family", () => {
  const { change } = examples["ecs.deployment"];
  const { command } = changeFacts<Change>(change);
  expect(command(change, { revision: 7 })).toBe("aws ecs update-service --region us-east-1 --cluster main --service app --task-definition app:7");
  expect(command(change)).toMatch(/--task-definition app$/);
});

describe("two capacities of a provisioned table", () => {
  const { change } = examples["dynamodb.billing-mode"];
  const facts = changeFacts<Change>(change);
  const other = { mode: "PROVISIONED", capacity: { table: { read: 5, write: 6 }, indexes: { "by-email": { read: 7, write: 9 } } }, isScaled: false } as const;

  it("are two states, unless Application Auto Scaling changes them anyway", () => {
    expect(facts.same(change.before, other)).toBe(false);
    expect(facts.same(change.before, { ...other, isScaled: true })).toBe(true);
  });

  it("go back with what indexes that others added have, and without those that they removed; on demand there is nothing to be kept", () => {
    const provisioned = (indexes: Readonly<Record<string, { readonly read: number; readonly write: number }>>) =>
      ({ mode: "PROVISIONED", capacity: { table: { read: 1, write: 2 }, indexes }, isScaled: false }) as const;
    const after = provisioned({ kept: { read: 5, write: 6 }, removed: { read: 7, write: 8 } });
    const found = provisioned({ kept: { read: 50, write: 60 }, added: { read: 3, write: 4 } });
    expect(facts.onTopOf?.({ ...change, after }, found)).toMatchObject({
      after: { capacity: { table: after.capacity.table, indexes: { kept: { read: 5, write: 6 }, added: { read: 3, write: 4 } } } },
    });
    const onDemand = { mode: "PAY_PER_REQUEST" } as const;
    expect(facts.onTopOf?.({ ...change, after }, onDemand)).toBeUndefined();
    expect(facts.onTopOf?.({ ...change, after: onDemand }, found)).toBeUndefined();
  });

  it("are named for the table and for each index where a person sets them", () => {
    expect(facts.command(inverse(change))).toContain('ProvisionedThroughput: `{"ReadCapacityUnits":5,"WriteCapacityUnits":6}`');
    expect(facts.command(inverse(change))).toContain('IndexName == `"by-email"` && `{"ReadCapacityUnits":7,"WriteCapacityUnits":8}`');
  });
});

describe("what a change touches besides its own resource", () => {
  const touched = (kind: ChangeKind, world = aWorld()) => {
    const { change } = examples[kind];
    return changeFacts<Change>(change)
      .touches(change, world.inventory)
      .map(({ region, id }) => `${id} in ${region}`);
  };

  it("is every replica of a global table, for each change of its indexes", () => {
    const world = aWorld().with(aTable({ replicaRegions: [primary, secondary] }), aTable({ name: "other", replicaRegions: [primary, "eu-west-1"] }));
    expect(touched("dynamodb.index", world)).toEqual(["tenants in us-west-2"]);
    expect(touched("dynamodb.index-read-cap", world)).toEqual(["tenants in us-west-2"]);
  });

  it("is every other group of the region on the same launch template, for a new version of it alone", () => {
    const world = aWorld().with(aGroup(), aGroup({ name: "batch" }), aGroup({ region: secondary }), aGroup({ name: "own", launchTemplateId: "lt-2" }));
    expect(touched("ec2.launch-template-version", world)).toEqual(["batch in us-east-1"]);
    expect(touched("asg.launch-template", world)).toEqual([]);
    expect(touched("asg.instance-refresh", world)).toEqual([]);
  });
});
