import { resumeRun, type RunPorts, startRun } from "../../optimizer/app/drive-run.ts";
import { createChangeReader } from "../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../optimizer/adapters/aws/change-writer.ts";
import { createBirthReader } from "../../optimizer/adapters/aws/birth-reader.ts";
import { type ClientFactory, createClientFactory } from "../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../optimizer/adapters/aws/inventory-reader.ts";
import { createResourceReader } from "../../optimizer/adapters/aws/resource-reader.ts";
import { createTagReader } from "../../optimizer/adapters/aws/tag-reader.ts";
import { attachable } from "../../optimizer/composition/attachable.ts";
import { capacityAction } from "../../optimizer/core/levers/asg/capacity-action.ts";
import { instanceTypeAction } from "../../optimizer/core/levers/asg/instance-type.ts";
import { removeReader } from "../../optimizer/core/levers/aurora/reader-count-action.ts";
import { rangeAction } from "../../optimizer/core/levers/aurora/serverless-capacity.ts";
import { promoteResizedReader, resizeOldWriter } from "../../optimizer/core/levers/aurora/writer-class-action.ts";
import { type Change, type ChangeKind, type ChangeOf, inverse } from "../../optimizer/core/levers/change-kinds.ts";
import { switchAction } from "../../optimizer/core/levers/dynamodb/billing-mode-action.ts";
import { serviceAction } from "../../optimizer/core/levers/ecs/service-action.ts";
import { unusedGsiAction } from "../../optimizer/core/levers/dynamodb/unused-gsi.ts";
import { classAction } from "../../optimizer/core/levers/rds/class-action.ts";
import { lifecycleAction } from "../../optimizer/core/levers/s3/lifecycle.ts";
import { functionAction } from "../../optimizer/core/levers/lambda/function-action.ts";
import { replicasPerShard } from "../../optimizer/core/levers/redis/replication-group.ts";
import { sizeAction } from "../../optimizer/core/levers/redis/size-action.ts";
import { type Inventory, resourcesOf } from "../../optimizer/core/levers/resource-kinds.ts";
import { type Action, roundOf } from "../../optimizer/core/model/action.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import type { ResourceRef } from "../../optimizer/core/model/resource-ref.ts";
import { policySchema } from "../../optimizer/core/model/policy.ts";
import type { ScenarioInput } from "../../simulation/scenario/scenario.ts";
import { openAccount, type SimulatedAccount } from "../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../simulation/account/store.ts";
import { services } from "../../simulation/services.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { emptyDeployment } from "./empty-deployment.ts";
import { type AccountScript, driver, openProcess, TestAccount } from "./in-memory-ports.ts";
import { buildTestPlan, east, evenReference } from "./plan-builder.ts";
import { accountScenario } from "./simulated-clients.ts";
import { fixtureStacks, names } from "./terraform-fixture.ts";

/** The actions by which each kind of change is tried on the simulated account. A new kind of change brings its own. */
export const tried: { readonly [K in ChangeKind]: readonly ActionName[] } = {
  "ec2.launch-template-version": ["smaller instances"],
  "asg.launch-template": ["smaller instances"],
  "asg.instance-refresh": ["smaller instances"],
  "asg.refresh-stop": ["smaller instances"],
  "asg.size": ["fewer instances"],
  "dynamodb.index-read-cap": ["no index"],
  "dynamodb.index": ["no index"],
  "dynamodb.contributor-insights": ["no index"],
  "dynamodb.stream": ["no stream"],
  "dynamodb.billing-mode": ["pay by request"],
  "dynamodb.scaling-suspension": ["pay by request"],
  "rds.instance-class": ["smaller writer", "smaller old writer"],
  "rds.failover": ["smaller writer"],
  "rds.backup-retention": ["fewer backups"],
  "rds.instance-backup-retention": ["fewer backups of MySQL"],
  "rds.standalone-class": ["smaller MySQL"],
  "rds.member": ["one reader fewer"],
  "rds.serverless-capacity": ["fewer capacity units"],
  "redis.shards": ["another Redis"],
  "redis.replicas": ["another Redis"],
  "redis.node-type": ["another Redis"],
  "s3.lifecycle": ["Standard-IA"],
  "lambda.configuration": ["smaller function"],
  "lambda.concurrency": ["smaller function"],
  "ecs.task-definition": ["smaller service"],
  "ecs.deployment": ["smaller service"],
  "ecs.scaling-bounds": ["smaller service"],
  "ecs.desired-count": ["smaller service"],
};

export type ActionName = keyof typeof actions;

const actions = {
  "smaller instances": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "auto-scaling-group").map((group) =>
      instanceTypeAction({ rule: "asg.instance-type", resource: group.ref }, group, "m5.2xlarge"),
    ),
  "fewer instances": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "auto-scaling-group").map((group) =>
      capacityAction(
        { rule: "asg.capacity", resource: group.ref },
        group,
        { minSize: 4, desiredCapacity: 6, maxSize: 12 },
        { behind: undefined, isScaled: false },
      ),
    ),
  "no index": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "dynamodb-table").flatMap((table) =>
      (table.billingMode === "PROVISIONED" ? [] : table.indexes)
        .slice(0, 1)
        .map(({ definition, itemCount: items, sizeBytes: bytes }) =>
          unusedGsiAction({ rule: "dynamodb.unused-gsi", resource: table.ref, part: definition.name }, table, { definition, items, bytes }, 60, [
            { region: east, mode: "THROTTLED_KEYS" },
          ]),
        ),
    ),
  "no stream": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "dynamodb-table").flatMap(({ ref }) => {
      if (ref.id !== alone) return [];
      const before = { viewType: "NEW_AND_OLD_IMAGES" } as const;
      const change: ChangeOf<"dynamodb.stream"> = { kind: "dynamodb.stream", region: ref.region, table: ref.id, before, after: { viewType: null } };
      return [plainAction("dynamodb.unread-stream", 1, ref, change)];
    }),
  "pay by request": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "dynamodb-table").flatMap((table) =>
      table.capacity === undefined || table.scaling.kind !== "seen"
        ? []
        : switchAction({ rule: "dynamodb.billing-mode", resource: table.ref }, table, table.capacity, table.scaling.value),
    ),
  "another Redis": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "redis-replication-group").map((group) => {
      const from = { nodeType: group.nodeType, shards: group.nodeGroups.length, replicas: replicasPerShard(group) ?? 0 };
      return sizeAction({ rule: "redis.size", resource: group.ref }, group, {
        from,
        to: { nodeType: "cache.r6g.2xlarge", shards: 1, replicas: 2 },
        dataGib: 0,
      });
    }),
  "Standard-IA": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "s3-bucket").flatMap((bucket): readonly Action[] => {
      if (bucket.lifecycle.kind === "unseen") return [];
      const { judgedBy: _, ...watched } = lifecycleAction({ rule: "s3.lifecycle", resource: bucket.ref }, bucket, bucket.lifecycle.value, 30);
      return [watched];
    }),
  "smaller function": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "lambda-function").map((lambda) =>
      functionAction(
        { rule: "lambda.function", resource: lambda.ref },
        lambda,
        { memoryMb: 1024, timeoutSeconds: 300 },
        { before: { reserved: null }, after: { reserved: 20 } },
      ),
    ),
  "smaller service": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "ecs-service").map((service) => {
      const to = { tasks: 3, size: { cpu: 512, memoryMib: 1024 }, bounds: { minCount: 3, maxCount: 24 }, running: 3 };
      return serviceAction({ rule: "ecs.service", resource: service.ref }, service, to, { tasks: service.desiredCount, isScaled: false });
    }),
  "smaller writer": (inventory: Inventory): readonly Action[] => clusterActions(inventory).slice(0, 1),
  "smaller old writer": clusterActions,
  "one reader fewer": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "aurora-cluster").flatMap((cluster) => {
      const { identifier, definition } = cluster.members.findLast(({ role }) => role === "reader") ?? {};
      if (identifier === undefined || definition === undefined) return [];
      return [removeReader({ rule: "aurora.reader-count", resource: cluster.ref }, cluster, { identifier, definition })];
    }),
  "fewer capacity units": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "aurora-cluster").flatMap((cluster) =>
      cluster.serverless === undefined
        ? []
        : [rangeAction({ rule: "aurora.serverless-capacity", resource: cluster.ref }, cluster, cluster.serverless, { minAcu: 1, maxAcu: 4 })],
    ),
  "fewer backups": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "aurora-cluster").map(({ ref, backupRetentionDays: days }): Action => {
      const change: ChangeOf<"rds.backup-retention"> = {
        kind: "rds.backup-retention",
        region: ref.region,
        cluster: ref.id,
        before: { days },
        after: { days: days + 5 },
      };
      return plainAction("aurora.backup-retention", 3, ref, change);
    }),
  "smaller MySQL": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "rds-instance").map((instance) =>
      classAction({ rule: "rds.instance-class", resource: instance.ref }, instance, "db.m6g.xlarge"),
    ),
  "fewer backups of MySQL": ({ resources }: Inventory): readonly Action[] =>
    resourcesOf({ resources }, "rds-instance").map(({ ref, backupRetentionDays: days }): Action => {
      const change: ChangeOf<"rds.instance-backup-retention"> = {
        kind: "rds.instance-backup-retention",
        region: ref.region,
        instance: ref.id,
        before: { days },
        after: { days: days + 5 },
      };
      return plainAction("rds.backup-retention", 3, ref, change);
    }),
};

/** One step, one way back. */
function plainAction(rule: Action["rule"], phase: Action["phase"], resource: ResourceRef, change: Change): Action {
  return {
    id: `${rule}:${resource.id}`,
    rule,
    phase,
    region: resource.region,
    resource,
    summary: `${resource.id}: ${change.kind}`,
    steps: [{ kind: "change", id: "forward", change, description: "there" }],
    rollback: [{ kind: "change", id: "rollback", change: inverse(change), description: "and back" }],
    reversibility: "immediate",
    undoMinutes: 1,
    disruptions: [],
    writeBack: [],
  };
}

function clusterActions({ resources }: Inventory): readonly Action[] {
  return resourcesOf({ resources }, "aurora-cluster").flatMap((cluster) => {
    const writer = cluster.members.find(({ role }) => role === "writer");
    const reader = cluster.members.find(({ role }) => role === "reader");
    const subject = { rule: "aurora.writer-class", resource: cluster.ref } as const;
    if (writer === undefined || reader === undefined) return [];
    return [promoteResizedReader(subject, cluster, { writer, reader }, "db.r6g.xlarge"), resizeOldWriter(subject, cluster, writer, "db.r6g.xlarge")];
  });
}

export const actionNames = Object.keys(actions) as readonly ActionName[];

const policy = policySchema.parse({
  window: { minutes: 120, soakMinutes: 60, minRequestsForErrorRate: 10, minRequestsForP99: 10, healthySlotsAfterRollback: 2, maxExtensionMinutes: 60 },
  settle: { maxMinutes: 240, pollSeconds: 30 },
});

/** A run of one action, real adapters on a simulated account; only journal, lock and load balancer metrics are in memory. */
export interface SimulatedRun {
  readonly account: SimulatedAccount;
  readonly test: TestAccount;
  readonly clients: ClientFactory;
  readonly plan: Plan;
  readonly action: Action;
  /** Requests of the run itself that change the account, by name and in order. */
  readonly mutations: string[];
  readonly ports: RunPorts;
  drive(): Promise<void>;
  /** With some of the ports replaced. */
  driveWith(ports: RunPorts): Promise<void>;
}

export interface SimulatedRunOptions {
  readonly scenario?: Partial<ScenarioInput>;
  readonly script?: AccountScript;
  /** What stands in the plan instead of the actions as they are. */
  readonly planned?: (actions: readonly Action[]) => readonly Action[];
  /** Settings of the policy's `settle` that are other than usual here. */
  readonly settle?: Partial<Plan["policy"]["settle"]>;
  /** What the run is answered instead of what the account says: it may add to the answer of a command. */
  readonly answer?: Answer;
  /** Whenever time has passed. */
  readonly whenTimePassed?: (run: SimulatedRun) => Promise<void>;
}

/** The output of a command as it reaches the program, by the command's name and input. */
export type Answer = (command: string, output: object, input: object) => object;

export function clientFactoryOf(account: SimulatedAccount, onCall?: (name: string) => void, answer?: Answer): ClientFactory {
  return createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    attach: (client, region) => {
      account.attach(attachable(client), region);
      if (onCall === undefined) return;
      client.middlewareStack.add(
        (next, context) => async (args) => {
          const name = String(context["commandName"]).replace(/Command$/, "");
          onCall(name);
          const result = await next(args);
          return answer === undefined ? result : { ...result, output: answer(name, result.output, args.input) as typeof result.output };
        },
        { step: "initialize" },
      );
    },
  });
}

/** A table without replicas: AWS turns off no stream of a global table. */
const alone = "tap-test-alone";

function stacksWithTableAlone(): StackDocuments {
  const stacks = fixtureStacks() as Record<string, { readonly resource: Record<string, Record<string, object>> }>;
  const { primary } = stacks;
  if (primary === undefined) throw new Error("the fixture has no primary stack");
  const table = {
    name: alone,
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "pk",
    attribute: [{ name: "pk", type: "S" }],
    stream_enabled: true,
    stream_view_type: "NEW_AND_OLD_IMAGES",
  };
  const tables = { ...primary.resource["aws_dynamodb_table"], alone: table };
  return { ...stacks, primary: { ...primary, resource: { ...primary.resource, aws_dynamodb_table: tables } } };
}

/** The audit table and its index have capacity of their own, the index a scaling target. */
export const provisionedRegion = {
  tables: {
    [names.regionalTable]: {
      provisioned: { readCapacityUnits: 40, writeCapacityUnits: 20 },
      indexes: { "by-day": { provisioned: { readCapacityUnits: 20, writeCapacityUnits: 10 } } },
    },
  },
  traffic: { peakRequestsPerSecond: 1 },
  application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 0.5 },
};

/** Every command of the simulated account that changes something. */
export const changing: ReadonlySet<string> = new Set(
  services.flatMap(({ api }) => Object.entries(api?.commands ?? {}).flatMap(([command, { kind }]) => (kind === "mutation" ? [command] : []))),
);

export async function openSimulatedRun(name: ActionName, options: SimulatedRunOptions = {}): Promise<SimulatedRun> {
  const account = openAccount(accountScenario({ regions: { [east]: provisionedRegion }, ...options.scenario }), createMemoryAccountStore());
  account.deploy(stacksWithTableAlone());
  const mutations: string[] = [];
  const clients = clientFactoryOf(
    account,
    (command) => {
      if (changing.has(command)) mutations.push(command);
    },
    options.answer,
  );
  const inventory = await describe(clients, account);
  const planned = (options.planned ?? ((asTheyAre) => asTheyAre))(actions[name](inventory));
  const [action] = planned;
  if (action === undefined) throw new Error(`the account has nothing for ${name}`);
  const plan = planOf(planned, inventory, account.nowMs(), options.settle);
  const test = new TestAccount(plan, options.script ?? {});
  test.nowMs = account.nowMs();
  const memory = openProcess(test);
  const run: SimulatedRun = {
    account,
    test,
    clients,
    plan,
    action,
    mutations,
    ports: {
      ...memory,
      changeReader: createChangeReader(clients),
      changeWriter: createChangeWriter(clients),
      births: createBirthReader(clients),
      resources: createResourceReader(clients, account),
      ...(options.script?.tags === undefined ? { tags: createTagReader(clients) } : {}),
      clock: {
        ...memory.clock,
        nowMs: () => account.nowMs(),
        async sleepUntil(ms, signal) {
          await memory.clock.sleepUntil(ms, signal);
          account.advanceTo(ms);
          await options.whenTimePassed?.(run);
        },
      },
    },
    drive: () => run.driveWith(run.ports),
    async driveWith(ports) {
      if (test.run === undefined) await startRun(test.stored, driver, ports);
      else await resumeRun(test.runId, driver, ports);
    },
  };
  return run;
}

export async function describe(clients: ClientFactory, account: Pick<SimulatedAccount, "nowMs">): Promise<Inventory> {
  const found = await createInventoryReader(clients, account).describe(
    emptyDeployment(east, {
      autoScalingGroups: [names.group],
      tables: [{ name: names.table }, { name: alone }, { name: names.regionalTable }],
      auroraClusters: [names.cluster],
      rdsInstances: [names.mysql],
      redisReplicationGroups: [names.redis],
      dataBuckets: [names.bucket],
      functions: [names.lambda],
      containerServices: [`${names.containers}/${names.service}`],
    }),
  );
  return { accountId: "123456789012", ...found, failedRegions: {} };
}

function planOf(planned: readonly Action[], inventory: Inventory, createdAtMs: number, settle: Partial<Plan["policy"]["settle"]> = {}): Plan {
  const [first] = planned;
  const rounds = [...new Set(planned.map(roundOf))];
  const base = buildTestPlan({
    balancers: [evenReference(east)],
    phases: [
      {
        number: first?.phase ?? 1,
        stages: rounds.map((round) => ({ region: east, round, role: "follower", actions: planned.filter((each) => roundOf(each) === round) })),
      },
    ],
  });
  const balancers = base.inventory.resources.filter(({ kind, ref }) => kind === "load-balancer" && ref.region === east);
  return {
    ...base,
    policy: { ...policy, settle: { ...policy.settle, ...settle } },
    createdAtMs,
    inventory: { ...inventory, resources: [...inventory.resources, ...balancers] },
  };
}
