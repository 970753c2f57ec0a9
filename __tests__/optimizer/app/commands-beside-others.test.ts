import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { CreateLaunchTemplateVersionCommand, DescribeLaunchTemplateVersionsCommand } from "@aws-sdk/client-ec2";
import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, type RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DescribeCacheClustersCommand, ModifyReplicationGroupCommand } from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { readGroup, templateOf } from "../../../optimizer/adapters/aws/asg/group.ts";
import type { RegionClients } from "../../../optimizer/adapters/aws/client-factory.ts";
import { capacityOf, readTable } from "../../../optimizer/adapters/aws/dynamodb/table.ts";
import { readService } from "../../../optimizer/adapters/aws/ecs/read-service.ts";
import { countOf, readTarget } from "../../../optimizer/adapters/aws/ecs/service-scaling.ts";
import { createChangeReader } from "../../../optimizer/adapters/aws/change-reader.ts";
import { standingOf } from "../../../optimizer/core/execution/classify-state.ts";
import { awsCommands } from "../../../optimizer/core/execution/manual-commands.ts";
import type { Change, ChangeKind } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import { addIndex, removeIndex } from "../../support/indexes.ts";
import { east } from "../../support/plan-builder.ts";
import { runLines } from "../../support/shell-lines.ts";
import { clientFactoryOf, openSimulatedRun, type SimulatedRun, tried } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

/** What somebody else sets beside a change after the commands of its way back were printed, and what of it must be there once they were run. */
interface Beside {
  readonly sets: (clients: RegionClients, action: Action) => Promise<unknown>;
  readonly seen: (clients: RegionClients) => Promise<unknown>;
  readonly stays: unknown;
  /** The action as this case needs it. */
  readonly planned?: (action: Action) => Action;
}

const template: Beside = {
  // For another group, say: this one names a number, and does not use it.
  sets: ({ ec2 }, action) =>
    ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: templateIdOf(action),
        SourceVersion: "1",
        LaunchTemplateData: { InstanceType: "m5.xlarge", ImageId: "ami-0123456789abcdef0" },
      }),
    ),
  seen: async ({ autoScaling, ec2 }) => {
    const { id, version } = templateOf(await readGroup(autoScaling, names.group));
    const { LaunchTemplateVersions: [used] = [] } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] }));
    return [used?.LaunchTemplateData?.ImageId, used?.LaunchTemplateData?.InstanceType];
  },
  stays: ["resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023", "m5.4xlarge"],
};

const definition: Beside = {
  // A revision that nobody has deployed yet.
  sets: async ({ ecs }) => {
    const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: names.service }));
    const {
      containerDefinitions = [],
      family,
      cpu,
      memory,
      requiresCompatibilities,
      networkMode,
      executionRoleArn,
      taskRoleArn,
      runtimePlatform,
    } = found ?? {};
    const input: Partial<RegisterTaskDefinitionCommandInput> = {
      cpu,
      memory,
      requiresCompatibilities,
      networkMode,
      executionRoleArn,
      taskRoleArn,
      runtimePlatform,
    };
    const [first, ...others] = containerDefinitions;
    await ecs.send(new RegisterTaskDefinitionCommand({ ...input, family, containerDefinitions: [{ ...first, image: "registry/app:not-yet" }, ...others] }));
  },
  seen: async ({ ecs }) => {
    const { taskDefinition: inUse } = await readService(ecs, { cluster: names.containers, service: names.service });
    const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: inUse }));
    return [found?.containerDefinitions?.[0]?.image === "registry/app:not-yet", found?.cpu];
  },
  stays: [false, "1024"],
};

const kinds: { readonly [K in ChangeKind]: Beside | { readonly notBeside: string } } = {
  "ec2.launch-template-version": template,
  "asg.launch-template": template,
  "asg.instance-refresh": { notBeside: "it sets nothing: it replaces instances by what the group names" },
  "asg.refresh-stop": { notBeside: "it sets nothing" },
  "asg.size": {
    planned: withStates("asg.size", (bounds) => ({ ...(bounds as object), maxSize: 20 })),
    sets: ({ autoScaling }) => autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, MaxSize: 30 })),
    seen: async ({ autoScaling }) => (({ MinSize, MaxSize }) => [MinSize, MaxSize])(await readGroup(autoScaling, names.group)),
    stays: [8, 30],
  },
  "dynamodb.index-read-cap": { notBeside: "UpdateTable changes what it names of one index" },
  "dynamodb.index": { notBeside: "UpdateTable makes one index; the others stay" },
  "dynamodb.contributor-insights": { notBeside: "one setting" },
  "dynamodb.stream": { notBeside: "one setting" },
  "dynamodb.billing-mode": {
    sets: async ({ dynamoDb }) => addIndex(dynamoDb, names.regionalTable, "theirs"),
    seen: async ({ dynamoDb }) => capacityOf(await readTable(dynamoDb, names.regionalTable)),
    stays: { table: { read: 40, write: 20 }, indexes: { "by-day": { read: 20, write: 10 }, theirs: { read: 40, write: 20 } } },
  },
  "dynamodb.scaling-suspension": { notBeside: "its three switches are all that it moves" },
  "rds.instance-class": { notBeside: "ModifyDBInstance changes what it names; what is queued is waited for first" },
  "rds.failover": { notBeside: "one setting" },
  "rds.backup-retention": { notBeside: "ModifyDBCluster changes what it names; what is queued is waited for first" },
  "rds.instance-backup-retention": { notBeside: "ModifyDBInstance changes what it names" },
  "rds.standalone-class": { notBeside: "ModifyDBInstance changes what it names; what is queued is waited for first" },
  "rds.member": { notBeside: "it makes an instance that is not there" },
  "rds.serverless-capacity": { notBeside: "both ends of the range are what it moves; what is queued is waited for first" },
  "redis.shards": { notBeside: "one setting" },
  "redis.replicas": { notBeside: "one setting" },
  "redis.node-type": { notBeside: "ModifyReplicationGroup changes what it names; what is queued is waited for first" },
  "s3.lifecycle": {
    sets: async ({ s3 }) => {
      const { Rules: rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }));
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: names.bucket,
          LifecycleConfiguration: { Rules: [{ ID: "theirs", Status: "Enabled", Filter: { Prefix: "exports/" }, Expiration: { Days: 90 } }, ...rules] },
          TransitionDefaultMinimumObjectSize: "varies_by_storage_class",
        }),
      );
    },
    seen: async ({ s3 }) => {
      const { Rules: rules = [], TransitionDefaultMinimumObjectSize: size } = await s3.send(
        new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }),
      );
      return [rules.map(({ ID }) => ID)[0], rules.flatMap(({ Transitions: moves = [] }) => moves.map(({ StorageClass }) => StorageClass)), size];
    },
    stays: ["theirs", ["INTELLIGENT_TIERING"], "varies_by_storage_class"],
  },
  "lambda.configuration": {
    planned: withStates("lambda.configuration", (size) => ({ ...(size as object), timeoutSeconds: 300 })),
    sets: ({ lambda }) => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: names.lambda, Timeout: 600 })),
    seen: async ({ lambda }) => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: names.lambda }))).Timeout,
    stays: 600,
  },
  "lambda.concurrency": { notBeside: "one setting" },
  "ecs.task-definition": definition,
  "ecs.deployment": definition,
  "ecs.scaling-bounds": {
    sets: ({ applicationAutoScaling }) =>
      applicationAutoScaling.send(new RegisterScalableTargetCommand({ ...countOf({ cluster: names.containers, service: names.service }), MaxCapacity: 40 })),
    seen: async ({ applicationAutoScaling }) => (await readTarget(applicationAutoScaling, { cluster: names.containers, service: names.service }))?.MaxCapacity,
    stays: 40,
  },
  "ecs.desired-count": { notBeside: "UpdateService changes what it names" },
};

function templateIdOf({ steps }: Action): string {
  return steps.flatMap((step) => (step.kind === "change" && step.change.kind === "ec2.launch-template-version" ? step.change.launchTemplateId : []))[0] ?? "";
}

/** Both states of one kind of change, as they are to be. */
function withStates(kind: ChangeKind, edit: (state: unknown) => unknown): (action: Action) => Action {
  const edited = (change: Change): Change =>
    change.kind === kind ? ({ ...change, before: edit(change.before), after: edit(change.after) } as Change) : change;
  return (action) => ({
    ...action,
    steps: action.steps.map((step) => (step.kind === "change" ? { ...step, change: edited(step.change) } : step)),
    rollback: action.rollback.map((step) => ({ ...step, change: edited(step.change) })),
  });
}

function shellOf({ account }: SimulatedRun) {
  return { clients: clientFactoryOf(account), sleep: (seconds: number) => account.advanceTo(account.nowMs() + seconds * 1000) };
}

const cases = (Object.entries(kinds) as readonly (readonly [ChangeKind, (typeof kinds)[ChangeKind]])[]).flatMap(([kind, beside]) =>
  "notBeside" in beside ? [] : [{ kind, beside }],
);

it.each(cases)("the printed way back of a $kind leaves what somebody else set beside it, after it was printed", async ({ kind, beside }) => {
  const { planned = (asItIs) => asItIs } = beside;
  const run = await openSimulatedRun(tried[kind][0]!, { planned: (actions) => actions.map((action) => planned(action)) });
  const { steps, rollback } = run.action;
  await runLines(awsCommands(steps.flatMap((step) => (step.kind === "change" ? step.change : []))), shellOf(run));
  const printed = awsCommands(rollback.map(({ change }) => change));
  const clients = clientFactoryOf(run.account)(east);
  await beside.sets(clients, run.action);
  await runLines(printed, shellOf(run));
  expect(await beside.seen(clients)).toEqual(beside.stays);
});

const certificate = (id: string, CACertificateIdentifier: string, ApplyImmediately = false) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, CACertificateIdentifier, ApplyImmediately });
const ofInstance = (id: string) => ({
  queues: ({ rds }: RegionClients) => rds.send(certificate(id, "rds-ca-ecc384-g1")),
  cancels: ({ rds }: RegionClients) => rds.send(certificate(id, "rds-ca-rsa2048-g1", true)),
  async isQueued({ rds }: RegionClients) {
    const { DBInstances: [found] = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return found?.PendingModifiedValues?.CACertificateIdentifier !== undefined;
  },
});
const engine = (EngineVersion: string, ApplyImmediately = false) =>
  new ModifyReplicationGroupCommand({ ReplicationGroupId: names.redis, EngineVersion, ApplyImmediately });

/** What somebody queues for the maintenance window after the commands were printed, and takes off the queue again once they wait. */
const queues = [
  { kind: "rds.instance-class", ...ofInstance(names.instance(2)) },
  { kind: "rds.standalone-class", ...ofInstance(names.mysql) },
  {
    kind: "redis.node-type",
    queues: ({ elastiCache }: RegionClients) => elastiCache.send(engine("7.2")),
    cancels: ({ elastiCache }: RegionClients) => elastiCache.send(engine("7.1", true)),
    async isQueued({ elastiCache }: RegionClients) {
      const { CacheClusters: [found] = [] } = await elastiCache.send(new DescribeCacheClustersCommand({}));
      return found?.PendingModifiedValues?.EngineVersion !== undefined;
    },
  },
] as const;

it.each(queues)(
  "the printed way back of a $kind waits with its command while somebody has something queued there, and goes on once that is off",
  async (each) => {
    const { kind, queues: queue, cancels, isQueued } = each;
    const run = await openSimulatedRun(tried[kind][0]!);
    const clients = clientFactoryOf(run.account)(east);
    const { steps, rollback } = run.action;
    await runLines(awsCommands(steps.flatMap((step) => (step.kind === "change" ? step.change : []))), shellOf(run));
    await queue(clients);
    const shell = shellOf(run);
    const commands = awsCommands(rollback.map(({ change }) => change));
    const guard = commands.findIndex((line) => line.includes("something is queued"));
    await runLines(commands.slice(0, guard), shell);
    let turns = 0;
    const sleep = (seconds: number): void => {
      turns += 1;
      if (turns > 20) throw new Error("it still waits");
      shell.sleep(seconds);
    };
    await expect(runLines(commands.slice(guard), { ...shell, sleep })).rejects.toThrow("it still waits");
    expect(await isQueued(clients)).toBe(true);
    await cancels(clients);
    run.account.advanceTo(run.account.nowMs() + 3_600_000);
    await runLines(commands.slice(guard), shell);
    expect(await isQueued(clients)).toBe(false);
    const back = rollback.map(({ change }) => change);
    const states = await createChangeReader(run.clients).statesOf(back);
    expect(back.map((change, at) => states[at] && standingOf(change, states[at]))).toEqual(back.map(() => "after"));
  },
);

it("the printed way back of a table's capacity names no index that somebody has removed since", async () => {
  const run = await openSimulatedRun(tried["dynamodb.billing-mode"][0]!);
  const clients = clientFactoryOf(run.account)(east);
  const { steps, rollback } = run.action;
  await runLines(awsCommands(steps.flatMap((step) => (step.kind === "change" ? step.change : []))), shellOf(run));
  await removeIndex(clients.dynamoDb, names.regionalTable, "by-day");
  await runLines(awsCommands(rollback.map(({ change }) => change)), shellOf(run));
  expect(capacityOf(await readTable(clients.dynamoDb, names.regionalTable))).toEqual({ table: { read: 40, write: 20 }, indexes: {} });
});

it("the printed way back of a bucket's rules puts nothing where somebody else changed ours, and says so", async () => {
  const run = await openSimulatedRun(tried["s3.lifecycle"][0]!);
  const { s3 } = clientFactoryOf(run.account)(east);
  const { Rules: rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }));
  const theirs = rules.map(({ Prefix: prefix = "", Filter = { Prefix: prefix }, ...rule }) => ({
    ...rule,
    Filter,
    Transitions: [{ Days: 90, StorageClass: "GLACIER" as const }],
  }));
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: names.bucket, LifecycleConfiguration: { Rules: theirs } }));
  const lines = awsCommands(run.action.rollback.map(({ change }) => change));
  await expect(runLines(lines, shellOf(run))).rejects.toThrow(/nothing is put, since somebody else changed the rule that is to be put back/);
  expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }))).Rules).toMatchObject(theirs);
});

it("the printed way back of a bucket's rules, run once more, changes nothing", async () => {
  const run = await openSimulatedRun(tried["s3.lifecycle"][0]!);
  const { s3 } = clientFactoryOf(run.account)(east);
  const before = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }));
  const lines = awsCommands(run.action.rollback.map(({ change }) => change));
  await runLines(awsCommands(run.action.steps.flatMap((step) => (step.kind === "change" ? step.change : []))), shellOf(run));
  await runLines([...lines, ...lines], shellOf(run));
  const after = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }));
  expect(after.Rules?.map(({ Transitions: moves }) => moves)).toEqual(before.Rules?.map(({ Transitions: moves }) => moves));
});
