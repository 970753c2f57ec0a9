import { beforeAll, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../optimizer/adapters/aws/change-reader.ts";
import { changeAdapters } from "../../../../optimizer/adapters/aws/change-adapters.ts";
import { createChangeWriter } from "../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { attachable } from "../../../../optimizer/composition/attachable.ts";
import { type Change, type ChangeKind, inverse } from "../../../../optimizer/core/levers/change-kinds.ts";
import { once } from "../../../../optimizer/core/model/once.ts";
import type { SimulatedAccount } from "../../../../simulation/account/account.ts";
import { type ActionName, changing, openSimulatedRun, tried } from "../../../support/simulated-run.ts";

type Answer = Readonly<Record<string, unknown>>;
/** What AWS answers while something else is carried out on the resource, or waits for its maintenance window, where ours would bring it along. */
interface Waiting {
  readonly what: string;
  /** The command whose answer tells so. */
  readonly command: string;
  readonly told: (answer: Answer) => Answer;
}

const updating = (what: string, status: Answer): Waiting => ({
  what,
  command: "DescribeTable",
  told: (answer) => ({ ...answer, Table: { ...(answer["Table"] as Answer), ...status } }),
});
const ofEach = (what: string, command: string, list: string, values: Answer): Waiting => ({
  what,
  command,
  told: (answer) => ({ ...answer, [list]: (answer[list] as readonly Answer[]).map((each) => ({ ...each, ...values })) }),
});
const tableUpdated = updating("the table is being updated", { TableStatus: "UPDATING" });
const clusterModified = ofEach("the cluster is being modified", "DescribeDBClusters", "DBClusters", { Status: "modifying" });
const instanceModified = ofEach("the instance is being modified", "DescribeDBInstances", "DBInstances", { DBInstanceStatus: "modifying" });
const cacheModified = ofEach("the group is being modified", "DescribeReplicationGroups", "ReplicationGroups", { Status: "modifying" });
const cacheWaiting = ofEach("another engine version waits", "DescribeCacheClusters", "CacheClusters", { PendingModifiedValues: { EngineVersion: "7.1" } });
const endingRefresh: Waiting = {
  what: "a refresh is being cancelled",
  command: "DescribeInstanceRefreshes",
  told: (answer) => ({ ...answer, InstanceRefreshes: [{ InstanceRefreshId: "another", Status: "Cancelling" }] }),
};

/** Of each kind of change: what may be in its way, each in AWS's words, or why nothing could. The compiler asks for every kind. */
const waiting: { readonly [K in ChangeKind]: readonly [Waiting, ...Waiting[]] | { readonly nothing: string } } = {
  "ec2.launch-template-version": { nothing: "a version is made at once, whatever runs" },
  "asg.launch-template": { nothing: "the reference of a group is set at once, whatever runs" },
  "asg.instance-refresh": [endingRefresh],
  "asg.refresh-stop": [endingRefresh],
  "asg.size": { nothing: "the numbers of a group are set at once; what its policies or instances do meanwhile goes on" },
  "dynamodb.index-read-cap": [tableUpdated],
  "dynamodb.index": [tableUpdated],
  "dynamodb.contributor-insights": { nothing: "its own state is all there is: it is tried by the adapter's test" },
  "dynamodb.stream": [tableUpdated],
  "dynamodb.billing-mode": [tableUpdated],
  "dynamodb.scaling-suspension": { nothing: "a scaling target is set at once" },
  "rds.instance-class": [
    clusterModified,
    instanceModified,
    ofEach("another class waits", "DescribeDBInstances", "DBInstances", { PendingModifiedValues: { DBInstanceClass: "db.r6g.2xlarge" } }),
    ofEach("another engine version waits", "DescribeDBInstances", "DBInstances", { PendingModifiedValues: { EngineVersion: "8.0.mysql_aurora.3.08.0" } }),
  ],
  "rds.failover": [clusterModified, instanceModified],
  "rds.backup-retention": [
    clusterModified,
    ofEach("other days wait", "DescribeDBClusters", "DBClusters", { PendingModifiedValues: { BackupRetentionPeriod: 21 } }),
    ofEach("another engine version waits", "DescribeDBClusters", "DBClusters", { PendingModifiedValues: { EngineVersion: "8.0.mysql_aurora.3.08.0" } }),
  ],
  "rds.instance-backup-retention": [
    instanceModified,
    ofEach("other days wait", "DescribeDBInstances", "DBInstances", { PendingModifiedValues: { BackupRetentionPeriod: 21 } }),
  ],
  "rds.standalone-class": [
    instanceModified,
    ofEach("its storage is being optimized", "DescribeDBInstances", "DBInstances", { DBInstanceStatus: "storage-optimization" }),
    ofEach("another class waits", "DescribeDBInstances", "DBInstances", { PendingModifiedValues: { DBInstanceClass: "db.m6g.large" } }),
    ofEach("another engine version waits", "DescribeDBInstances", "DBInstances", { PendingModifiedValues: { EngineVersion: "8.4" } }),
  ],
  "rds.member": [clusterModified, instanceModified],
  "rds.serverless-capacity": [
    clusterModified,
    ofEach("another engine version waits", "DescribeDBClusters", "DBClusters", { PendingModifiedValues: { EngineVersion: "17.9" } }),
  ],
  "redis.shards": [
    cacheModified,
    cacheWaiting,
    ofEach("slots are moving", "DescribeReplicationGroups", "ReplicationGroups", {
      PendingModifiedValues: { Resharding: { SlotMigration: { ProgressPercentage: 40 } } },
    }),
  ],
  "redis.replicas": [cacheModified, cacheWaiting],
  "redis.node-type": [
    cacheModified,
    cacheWaiting,
    ofEach("another node type waits", "DescribeCacheClusters", "CacheClusters", { PendingModifiedValues: { CacheNodeType: "cache.r6g.large" } }),
  ],
  "s3.lifecycle": { nothing: "a bucket has one lifecycle, which is replaced at once" },
  "lambda.configuration": [
    { what: "the function is being updated", command: "GetFunctionConfiguration", told: (answer) => ({ ...answer, LastUpdateStatus: "InProgress" }) },
  ],
  "lambda.concurrency": { nothing: "a reservation holds from the answer on, whatever update of the function is under way" },
  "ecs.task-definition": { nothing: "a revision is registered at once, whatever runs" },
  "ecs.deployment": [
    {
      what: "another deployment is under way",
      command: "DescribeServices",
      told: (answer) => ({
        ...answer,
        services: (answer["services"] as readonly Answer[]).map((service) => ({
          ...service,
          deployments: (service["deployments"] as readonly Answer[]).map((each) => ({ ...each, rolloutState: "IN_PROGRESS" })),
        })),
      }),
    },
  ],
  "ecs.scaling-bounds": { nothing: "a scaling target is set at once" },
  "ecs.desired-count": { nothing: "another number is written over at once" },
};

/** Kinds of which AWS tells what waits, and that need fewer than two such cases (the value itself, and another one), each with its reason. */
const fewerWaiting: { readonly [K in ChangeKind]?: { readonly cases: 0 | 1; readonly why: string } } = {
  "rds.failover": { cases: 0, why: "a failover does nothing that waits" },
  "rds.member": { cases: 0, why: "what is made or deleted does nothing that waits" },
  "rds.instance-backup-retention": { cases: 1, why: "it is not made at once, so that nothing else is done along with it" },
  "rds.serverless-capacity": { cases: 1, why: "a range is in effect at once, and never waits itself" },
  "redis.replicas": { cases: 1, why: "replicas come and go by the group's status" },
};

/** Whether an answer of AWS has a place for what waits. */
function tellsWaiting(answer: unknown): boolean {
  return JSON.stringify(answer).includes('"PendingModifiedValues"');
}

/** What a case tells in an answer that told nothing yet. */
function pendingIn(told: Waiting["told"], command: string): Answer {
  const lists = {
    DescribeDBClusters: "DBClusters",
    DescribeDBInstances: "DBInstances",
    DescribeReplicationGroups: "ReplicationGroups",
    DescribeCacheClusters: "CacheClusters",
  };
  const list = Object.entries(lists).find(([name]) => name === command)?.[1];
  return list === undefined ? {} : told({ [list]: [{}] });
}

/** What stands between a client and the account: `answer` asks it, and what it gives may be told otherwise. */
type Between = (name: string, input: Answer, answer: () => Promise<Answer>) => Promise<void>;

function clientsIn(account: SimulatedAccount, between: Between) {
  return createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    attach: (client, region) => {
      account.attach(attachable(client), region);
      client.middlewareStack.add(
        (next, context) => async (args) => {
          const result = once(() => next(args));
          const answer = async (): Promise<Answer> => (await result()).output as unknown as Answer;
          await between(String(context["commandName"]).replace(/Command$/, ""), args.input as Answer, answer);
          return result();
        },
        { step: "initialize" },
      );
    },
  });
}

/** Reads changes in an account whose answers to one command are told otherwise. */
function readerIn(account: SimulatedAccount, { command, told }: Pick<Waiting, "command" | "told">) {
  let answers = 0;
  let isWaitingTold = false;
  const clients = clientsIn(account, async (name, _input, answer) => {
    const result = await answer();
    isWaitingTold ||= tellsWaiting(result);
    if (name !== command) return;
    answers += 1;
    Object.assign(result, told(result));
  });
  return { reader: createChangeReader(clients), answers: () => answers, isWaitingTold: () => isWaitingTold };
}

/** Calls that carry out whatever waits for the maintenance window, as AWS documents `ApplyImmediately` of each, or does not say that they leave it alone. */
const carryingOut: ReadonlySet<string> = new Set(["ModifyDBInstance", "ModifyDBCluster", "ModifyReplicationGroup"]);

/** Makes a change in an account whose answers are told otherwise, and sends none of the calls that change it: what would be sent, or why nothing. */
async function sentFor(account: SimulatedAccount, { command, told }: Pick<Waiting, "command" | "told">, change: Change, queuedToo: boolean) {
  const sent: { readonly command: string; readonly atOnce: boolean }[] = [];
  const clients = clientsIn(account, async (name, input, answer) => {
    if (changing.has(name)) {
      sent.push({ command: name, atOnce: input["ApplyImmediately"] === true });
      throw Object.assign(new Error("not in this test"), { name: "AccessDenied", $fault: "client" });
    }
    const result = await answer();
    if (name === command) Object.assign(result, told(result));
  });
  const refused = await createChangeWriter(clients)
    .apply(change, "token", {}, { queuedToo })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { sent, refused };
}

const kinds = Object.keys(waiting) as readonly ChangeKind[];
const cases = kinds.flatMap((kind) => {
  const known = waiting[kind];
  return "nothing" in known ? [] : known.map((each) => [kind, each.what, each] as const);
});
const opened = new Map<ActionName, Awaited<ReturnType<typeof openSimulatedRun>>>();

describe("what AWS is busy with, or waits to do with what we change", () => {
  beforeAll(async () => {
    for (const name of new Set(cases.map(([kind]) => tried[kind][0]!))) opened.set(name, await openSimulatedRun(name));
  });

  it.each(cases)("%s: is neither where it was nor where it is to be while %s", async (kind, _what, known) => {
    const { account, action } = opened.get(tried[kind][0]!)!;
    const changes = [...action.steps.flatMap((step) => (step.kind === "change" ? [step.change] : [])), ...action.rollback.map(({ change }) => change)];
    const change = changes.find((each): each is Change => each.kind === kind);
    if (change === undefined) throw new Error(`${action.id} has no ${kind}`);
    const { reader, answers } = readerIn(account, known);
    const state = await reader.stateOf(change);
    expect(answers(), `nobody asks ${known.command}`).toBeGreaterThan(0);
    expect(state.kind, `${kind} is said to be ${JSON.stringify(state)} though ${known.what}`).not.toBe("settled");
    const undisturbed = readerIn(account, { command: known.command, told: (answer) => answer });
    expect((await undisturbed.reader.stateOf(change)).kind).toBe("settled");
    if (!undisturbed.isWaitingTold()) return;
    const rows = cases.filter(([each, , { told, command }]) => each === kind && tellsWaiting(pendingIn(told, command)));
    expect(rows.length, `AWS tells of ${kind} what waits: try its own value waiting, and another's, or say in \`fewerWaiting\` why not`).toBeGreaterThanOrEqual(
      fewerWaiting[kind]?.cases ?? 2,
    );
  });

  it.each(kinds)("%s: is not sent where AWS would carry out along with it what somebody queued, unless that is allowed", async (kind) => {
    const { account, action } = opened.get(tried[kind][0]!) ?? (await openSimulatedRun(tried[kind][0]!));
    const change = action.rollback.map(({ change: each }) => each).find((each) => each.kind === kind);
    if (change === undefined) return;
    const undisturbed = { command: "DescribeDBInstances", told: (answer: Answer) => answer };
    const { sent } = await sentFor(account, undisturbed, inverse(change), false);
    const isCarryingOut = sent.some(({ command, atOnce }) => atOnce && carryingOut.has(command));
    expect(changeAdapters[kind].carriesOutQueued === true, `${kind} sends ${JSON.stringify(sent)}`).toBe(isCarryingOut);
    if (!isCarryingOut) return;
    const others = cases.filter(([each, what, { told, command }]) => each === kind && /engine/.test(what) && tellsWaiting(pendingIn(told, command)));
    expect(others.length).toBeGreaterThan(0);
    for (const [, , known] of others) {
      expect(await sentFor(account, known, inverse(change), false)).toMatchObject({
        sent: [],
        refused: { kind: "busy", message: expect.stringContaining("EngineVersion") },
      });
      expect((await sentFor(account, known, inverse(change), true)).sent).toHaveLength(1);
    }
  });

  it("stands in no way of some kinds, each for a reason", () => {
    const reasons = Object.values(waiting).flatMap((known) => ("nothing" in known ? [known.nothing] : []));
    expect(reasons.filter((reason) => reason.split(" ").length < 5)).toEqual([]);
  });
});
