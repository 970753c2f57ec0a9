import { StartInstanceRefreshCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand } from "@aws-sdk/client-ec2";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { beforeAll, describe, expect, it } from "vitest";
import { createChangeWriter } from "../../../optimizer/adapters/aws/change-writer.ts";
import type { ClientFactory } from "../../../optimizer/adapters/aws/client-factory.ts";
import { adopt } from "../../../optimizer/app/adopt.ts";
import { keptActions } from "../../../optimizer/core/adoption/kept-changes.ts";
import { type Change, type ChangeKind, type ChangeOf, inverse } from "../../../optimizer/core/levers/change-kinds.ts";
import { changedServices } from "../../../optimizer/core/money/changed-services.ts";
import { runSummaryBlocks, runSummaryJson } from "../../../optimizer/core/report/run-summary.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import type { RunState } from "../../../optimizer/core/model/run-state.ts";
import { layout } from "../../../optimizer/adapters/terminal/layout.ts";
import { type AccountScript, drive, healthy, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, startMs, west } from "../../support/plan-builder.ts";
import { decisions, groupsOnly, records, refreshOf } from "../../support/run-records.ts";
import { type ActionName, clientFactoryOf, openSimulatedRun, type SimulatedRun, tried } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

type Hand = (clients: ClientFactory, run: SimulatedRun) => Promise<unknown>;

/** How somebody else undoes each kind of change in the middle of its window. */
const hands: { readonly [K in ChangeKind]: { readonly does: Hand; readonly during?: "brownout" } | "only on the way back" } = {
  "ec2.launch-template-version": { does: undo("ec2.launch-template-version") },
  "asg.launch-template": {
    does: (clients, run) =>
      clients(east).autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, LaunchTemplate: { LaunchTemplateId: templateOf(run), Version: "1" } }),
      ),
  },
  "asg.instance-refresh": {
    does: (clients, run) =>
      clients(east).autoScaling.send(
        new StartInstanceRefreshCommand({
          AutoScalingGroupName: names.group,
          DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: templateOf(run), Version: "1" } },
        }),
      ),
  },
  "asg.refresh-stop": "only on the way back",
  "asg.size": { does: undo("asg.size") },
  "dynamodb.index-read-cap": { does: undo("dynamodb.index-read-cap"), during: "brownout" },
  "dynamodb.index": { does: undo("dynamodb.index") },
  "dynamodb.contributor-insights": "only on the way back",
  "dynamodb.stream": { does: undo("dynamodb.stream") },
  "dynamodb.billing-mode": { does: undo("dynamodb.billing-mode") },
  "dynamodb.scaling-suspension": { does: undo("dynamodb.scaling-suspension") },
  "rds.instance-class": { does: undo("rds.instance-class") },
  "rds.failover": { does: undo("rds.failover") },
  "rds.backup-retention": { does: undo("rds.backup-retention") },
  "rds.instance-backup-retention": { does: undo("rds.instance-backup-retention") },
  "rds.standalone-class": { does: undo("rds.standalone-class") },
  "rds.member": { does: undo("rds.member") },
  "rds.serverless-capacity": { does: undo("rds.serverless-capacity") },
  "redis.shards": { does: undo("redis.shards") },
  "redis.replicas": { does: undo("redis.replicas") },
  "redis.node-type": { does: undo("redis.node-type") },
  "s3.lifecycle": { does: undo("s3.lifecycle") },
  "lambda.configuration": { does: undo("lambda.configuration") },
  "lambda.concurrency": { does: undo("lambda.concurrency") },
  "ecs.task-definition": { does: undo("ecs.task-definition") },
  "ecs.deployment": {
    does: (clients) =>
      clients(east).ecs.send(new UpdateServiceCommand({ cluster: names.containers, service: names.service, taskDefinition: `${names.service}:1` })),
  },
  "ecs.scaling-bounds": { does: undo("ecs.scaling-bounds") },
  "ecs.desired-count": { does: undo("ecs.desired-count") },
};

function undo(kind: ChangeKind): Hand {
  return async (clients, { action }) => {
    const change = action.steps.flatMap((step) => (step.kind === "change" && step.change.kind === kind ? step.change : []))[0];
    if (change === undefined) throw new Error(`the action has no ${kind}`);
    const back = inverse(change);
    // Whoever does so by hand looks at no role.
    await createChangeWriter(clients).apply(back.kind === "rds.instance-class" ? withoutRole(back) : back, "by hand");
  };
}

function withoutRole({ role: _role, ...change }: ChangeOf<"rds.instance-class">): Change {
  return change;
}

function templateOf({ action }: SimulatedRun): string {
  const change = action.steps.flatMap((step) => (step.kind === "change" && step.change.kind === "ec2.launch-template-version" ? step.change : []))[0];
  return change?.launchTemplateId ?? "";
}

function stateOf(run: SimulatedRun): RunState {
  return run.test.state();
}

const slotMs = 15 * 60_000;

interface Met {
  readonly run: SimulatedRun;
  readonly handAtMs: number;
  readonly mutationsBefore: number;
}

/** A run whose change somebody else's hand meets two slots into the window, or in the middle of the brownout. */
async function met(
  name: ActionName,
  does: Hand,
  during: "window" | "brownout" = "window",
  script: AccountScript = {},
  planned: (actions: readonly Action[]) => readonly Action[] = (asTheyAre) => asTheyAre,
): Promise<Met> {
  let hand: { readonly atMs: number; readonly mutations: number } | undefined;
  const run = await openSimulatedRun(name, {
    script,
    planned,
    async whenTimePassed(self) {
      const [stage] = stateOf(self).phases[0]?.stages ?? [];
      const isLate = stage?.window !== undefined && self.account.nowMs() > stage.window.startMs + 2 * slotMs;
      const isTime = during === "window" ? stage?.status === "observing" && isLate : stage?.actions[0]?.status === "brownout";
      if (hand !== undefined || !isTime) return;
      hand = { atMs: self.account.nowMs(), mutations: self.mutations.length };
      await does(clientFactoryOf(self.account), self);
    },
  });
  await run.drive();
  if (hand === undefined) throw new Error("the hand never came");
  return { run, handAtMs: hand.atMs, mutationsBefore: hand.mutations };
}

/** As of a service whose number of tasks policies move. */
function scaledByPolicies(actions: readonly Action[]): readonly Action[] {
  const scaled = (change: Change): Change =>
    change.kind === "ecs.desired-count" ? { ...change, before: { ...change.before, full: 8 }, after: { ...change.after, full: 8 } } : change;
  return actions.map((action) => ({
    ...action,
    steps: action.steps.map((step) => (step.kind === "change" ? { ...step, change: scaled(step.change) } : step)),
    rollback: action.rollback.map((step) => ({ ...step, change: scaled(step.change) })),
  }));
}

function said(run: SimulatedRun): string {
  return layout(
    runSummaryBlocks(run.plan, stateOf(run), (words) => words.join(" ")),
    { width: 400, colour: false, unicode: true },
  ).join("\n");
}

const kinds = (Object.entries(hands) as readonly (readonly [ChangeKind, (typeof hands)[ChangeKind]])[]).flatMap(([kind, hand]) =>
  hand === "only on the way back" ? [] : [{ kind, ...hand, name: tried[kind][0]! }],
);

describe.each(kinds)("somebody who undoes a $kind in its window", ({ does, during, name }) => {
  let hand: Met;
  beforeAll(async () => {
    hand = await met(name, does, during);
  });

  it("is met at once: DRIFT says what was expected and what was found", () => {
    const drifts = records(hand.run.test, "DRIFT");
    expect(drifts).toHaveLength(1);
    expect(drifts[0]?.body.found).not.toBe(drifts[0]?.body.expected);
    const slots = records(hand.run.test, "SLOT").filter(({ seq }) => seq < (drifts[0]?.seq ?? 0) && seq > 0);
    expect(slots.filter(({ at }) => at > hand.handAtMs).length).toBeLessThanOrEqual(3);
  });

  it("is the last to write: nothing is kept, counted or adopted", () => {
    const { run, mutationsBefore } = hand;
    expect(run.mutations.slice(mutationsBefore)).toEqual([]);
    expect(stateOf(run).phases[0]?.stages[0]?.actions[0]?.status).toBe("drifted");
    expect(keptActions(run.plan, stateOf(run)).map(({ action }) => action.id)).toEqual([]);
    if (during !== "brownout") expect(changedServices(run.plan, stateOf(run))).toEqual([]);
  });

  it("is told to a human by the summary, in words and as JSON", () => {
    const { run } = hand;
    expect(stateOf(run).needsHuman?.reason).toContain("changed by somebody else");
    expect(said(run)).toContain("changed by somebody else");
    expect(JSON.stringify(runSummaryJson(stateOf(run)))).toContain("drifted");
  });
});

describe("somebody else", () => {
  it("who gives the group a new version of its template with the same type is met as well", async () => {
    const { run } = await met("smaller instances", (clients, self) =>
      clients(east).ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: templateOf(self),
          SourceVersion: "$Latest",
          LaunchTemplateData: { InstanceType: "m5.2xlarge" },
        }),
      ),
    );
    expect(records(run.test, "DRIFT")).toMatchObject([
      { op: expect.stringContaining("template-version"), body: { found: expect.stringContaining('"version":3') } },
    ]);
  });

  it("is not who policies are: tasks that they add in the window are watched on, and what is kept is adopted", async () => {
    const { run } = await met(
      "smaller service",
      (clients) => clients(east).ecs.send(new UpdateServiceCommand({ cluster: names.containers, service: names.service, desiredCount: 10 })),
      "window",
      {},
      scaledByPolicies,
    );
    expect(records(run.test, "DRIFT")).toEqual([]);
    expect(stateOf(run).outcome).toBe("adoptable");
    const sizing = { read: () => Promise.resolve({ version: 1 as const }), write: () => Promise.reject(new Error("no stack declares it")) };
    const { byHand, notLive } = await adopt(run.plan, stateOf(run), { sizing, changes: run.ports.changeReader, births: run.ports.births });
    expect(notLive).toEqual([]);
    expect(byHand.map(({ words }) => words)).toContain(`aws_ecs_service ${names.service}: set desiredCount to 3`);
  });

  it("who lowers the bounds of a service that policies scale is met all the same", async () => {
    const { run } = await met("smaller service", undo("ecs.scaling-bounds"), "window", {}, scaledByPolicies);
    expect(records(run.test, "DRIFT")).toMatchObject([{ op: expect.stringContaining("bounds") }]);
  });

  it("whose change failed when the window would close is waited for, and the region held where that leads nowhere", async () => {
    const run = await openSimulatedRun("smaller function");
    const { changeReader } = run.ports;
    const isLate = (): boolean => stateOf(run).phases[0]?.stages[0]?.status === "observing";
    await run.driveWith({
      ...run.ports,
      changeReader: {
        ...changeReader,
        statesOf: async (changes, look) =>
          (await changeReader.statesOf(changes, look)).map((state, at) =>
            isLate() && changes[at]?.kind === "lambda.configuration" ? { kind: "mixed", detail: "the latest update failed: no such layer" } : state,
          ),
      },
    });
    expect(records(run.test, "WINDOW").flatMap(({ body }) => (body.event === "extended" ? [body.reason] : []))[0]).toContain("no such layer");
    expect(records(run.test, "HOLD")).toMatchObject([{ body: { cause: "coverage", reason: expect.stringContaining("no such layer") } }]);
    expect(keptActions(run.plan, stateOf(run))).toEqual([]);
  });

  it("who marks the resource as a tenant's ends all writing there", async () => {
    const tags: Record<string, string> = {};
    const tagged = async (): Promise<void> => void (tags["TenantId"] = "7");
    const { run, mutationsBefore } = await met("smaller instances", tagged, "window", { tags: () => [{ kind: "tags", tags }] });
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { found: expect.stringContaining("TenantId") } }]);
    expect(run.mutations.slice(mutationsBefore)).toEqual([]);
    expect(stateOf(run).needsHuman?.commands.some((command) => command.startsWith("aws "))).toBe(true);
  });
});

describe("what was changed", () => {
  it("does not pass while nobody can say whether it is still in place: the region is held and told", async () => {
    const denied = new Map<string, number>();
    const account = new TestAccount(groupsOnly(), {
      unreadable: (change) => {
        if (change.kind === "asg.instance-refresh" && account.nowMs > startMs + 6 * 60_000) {
          denied.set(change.region, account.nowMs);
          throw new Error("AccessDenied: autoscaling:DescribeInstanceRefreshes");
        }
      },
    });
    await drive(account);
    expect(denied.has(west)).toBe(true);
    const unreadable = { body: { cause: "unreadable", reason: expect.stringContaining("AccessDenied") } };
    expect(records(account, "HOLD")).toMatchObject([
      { region: west, ...unreadable },
      { region: east, ...unreadable },
    ]);
    expect(account.state().phases[0]?.stages.map(({ status }) => status)).not.toContain("passed");
    expect(keptActions(account.stored.plan, account.state())).toEqual([]);
  });

  it("by a run is no hand of somebody else: a healthy run finds none, with every kind of change in place", async () => {
    const account = new TestAccount(buildTestPlan());
    await drive(account);
    expect(records(account, "DRIFT")).toEqual([]);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("in the canary and undone by somebody else is not rolled out any further", async () => {
    let undone = false;
    const account = new TestAccount(groupsOnly({ window: { soakMinutes: 4 } }), {
      async hand({ aws, records: journaled }) {
        if (undone || !journaled.some(({ type, region, op }) => type === "VERIFIED" && region === west && op?.endsWith("refresh") === true)) return;
        undone = true;
        await aws.set(refreshOf(west), refreshOf(west).before);
      },
    });
    await drive(account);
    expect(account.state().phases[0]?.stages).toMatchObject([
      { region: west, status: "empty", actions: [{ status: "drifted" }] },
      { region: east, status: "cancelled", reason: expect.stringContaining("somebody else") },
    ]);
    expect(account.aws.mutations.filter(({ change }) => change.region === east)).toEqual([]);
  });
});

/** Does something while the last slot of a region's window is read: after the look that came before it, and before the window closes. */
function afterLastLook(region: string, does: (account: TestAccount) => Promise<unknown>, policy: Record<string, unknown> = {}): TestAccount {
  const account: TestAccount = new TestAccount(groupsOnly(policy), {
    traffic(asked, ms) {
      // Slots are on disk only with the next durable record.
      const scored = account.events.filter((event) => event.kind === "recorded" && event.record.type === "SLOT" && event.record.region === region).length;
      if (deed === undefined && asked === region && scored === slotsOfWindow - 1 && ms > startMs) deed = does(account);
      return healthy;
    },
  });
  let deed: Promise<unknown> | undefined;
  return account;
}

const slotsOfWindow = 6;

function replaced(region: string): (account: TestAccount) => Promise<void> {
  return ({ aws }) => aws.set(refreshOf(region), refreshOf(region).before);
}

/** Instances replaced by the same ones: it says nothing of the type until it has ended. */
async function refreshedByHand({ aws }: TestAccount): Promise<void> {
  aws.pace = 40;
  await aws.by((clients) => clients(west).autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: refreshOf(west).autoScalingGroup })));
}

describe("somebody else after the last look of a window", () => {
  it("is met before the window closes", async () => {
    const account = afterLastLook(west, replaced(west));
    await drive(account);
    expect(records(account, "DRIFT")).toMatchObject([{ region: west, body: { found: expect.stringContaining("m5.4xlarge") } }]);
    expect(records(account, "WINDOW").filter(({ region, body }) => region === west && body.event === "closed")).toEqual([]);
    expect(keptActions(account.stored.plan, account.state()).map(({ action }) => action.region)).toEqual([east]);
  });

  it("is met in a region that had passed before, until the phase closes", async () => {
    const account = afterLastLook(east, replaced(west));
    await drive(account);
    expect(records(account, "DRIFT")).toMatchObject([{ region: west }]);
    expect(decisions(account).at(-1)).toBe("all phase-closed passed");
    expect(records(account, "DECISION").at(-1)?.seq).toBeGreaterThan(records(account, "DRIFT")[0]?.seq ?? Number.POSITIVE_INFINITY);
    expect(keptActions(account.stored.plan, account.state()).map(({ action }) => action.region)).toEqual([east]);
  });

  it("and is not through yet is watched for a slot more, and passes where all is as it was left in the end", async () => {
    const account = afterLastLook(west, refreshedByHand);
    await drive(account);
    const extended = records(account, "WINDOW").flatMap(({ region, body }) => (region === west && body.event === "extended" ? [body.reason] : []));
    expect(extended[0]).toContain(`nobody can say yet whether it stays as it was left: ${refreshOf(west).autoScalingGroup}: in-progress`);
    expect(records(account, "DRIFT")).toEqual([]);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("and is not through when the window can be extended no further: the region is held", async () => {
    const account = afterLastLook(west, refreshedByHand, { window: { maxExtensionMinutes: 0 } });
    await drive(account);
    expect(records(account, "HOLD")).toMatchObject([{ region: west, body: { cause: "coverage", reason: expect.stringContaining("in-progress") } }]);
    expect(account.state().phases[0]?.stages.find(({ region }) => region === west)?.status).toBe("observing");
  });
});
