import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { createChangeReader } from "../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../optimizer/adapters/aws/change-writer.ts";
import { continueRun } from "../../../optimizer/app/drive-run.ts";
import { standingOf } from "../../../optimizer/core/execution/classify-state.ts";
import type { ChangeKind } from "../../../optimizer/core/levers/change-kinds.ts";
import { ChangeRejected } from "../../../optimizer/errors.ts";
import { driver } from "../../support/in-memory-ports.ts";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { runLines } from "../../support/shell-lines.ts";
import { type ActionName, clientFactoryOf, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

/** A run that is asked back in its window, and whose way back AWS denies for changes of these kinds. */
async function denied(name: ActionName, kinds: readonly ChangeKind[]): Promise<SimulatedRun> {
  const run = await openSimulatedRun(name, {
    async whenTimePassed({ test, ports }) {
      const state = test.state();
      if (state.phases[0]?.stages[0]?.status === "observing" && state.rollbackRequested === undefined && test.requests.length === 0)
        await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
  await run.driveWith({
    ...run.ports,
    changeWriter: {
      async apply(change, token, marks) {
        const isBack = run.action.rollback.some((step) => JSON.stringify(step.change) === JSON.stringify(change));
        if (isBack && kinds.includes(change.kind)) throw new ChangeRejected("denied", "AccessDenied", "no");
        await run.ports.changeWriter.apply(change, token, marks);
      },
    },
  });
  return run;
}

/** The same with somebody else at work on a step of the action just before it is asked back: how a person helps who sees the harm. */
async function metOnTheWay(name: ActionName, helps: (run: SimulatedRun) => Promise<unknown>): Promise<SimulatedRun> {
  const run = await openSimulatedRun(name, {
    async whenTimePassed(self) {
      const { test, ports } = self;
      const state = test.state();
      if (state.phases[0]?.stages[0]?.status !== "observing" || state.rollbackRequested !== undefined || test.requests.length > 0) return;
      await helps(self);
      await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
  await run.drive();
  return run;
}

async function standings(run: SimulatedRun): Promise<Readonly<Record<string, string>>> {
  const back = run.action.rollback.filter(({ urgent }) => urgent !== true).map(({ change }) => change);
  const states = await createChangeReader(run.clients).statesOf(back);
  return Object.fromEntries(back.map((change, at) => [change.kind, states[at] === undefined ? "unread" : standingOf(change, states[at])]));
}

/** Of each kind of the way back whether it holds, by what was denied. */
const cases: readonly (readonly [ActionName, readonly ChangeKind[], Readonly<Record<string, string>>])[] = [
  ["smaller function", ["lambda.concurrency"], { "lambda.concurrency": "before", "lambda.configuration": "after" }],
  ["smaller function", ["lambda.configuration"], { "lambda.concurrency": "after", "lambda.configuration": "before" }],
  [
    "smaller service",
    ["ecs.scaling-bounds"],
    { "ecs.scaling-bounds": "before", "ecs.desired-count": "after", "ecs.task-definition": "after", "ecs.deployment": "after" },
  ],
  [
    "smaller service",
    ["ecs.scaling-bounds", "ecs.desired-count"],
    { "ecs.scaling-bounds": "before", "ecs.desired-count": "before", "ecs.task-definition": "after", "ecs.deployment": "after" },
  ],
  // A deployment to a revision that could not be registered would be one of the size that did harm.
  [
    "smaller service",
    ["ecs.task-definition"],
    { "ecs.scaling-bounds": "after", "ecs.desired-count": "after", "ecs.task-definition": "before", "ecs.deployment": "before" },
  ],
  // Larger nodes first, scaling of capacity that is there: what comes later rests on what came before.
  ["another Redis", ["redis.node-type"], { "redis.node-type": "before", "redis.replicas": "before", "redis.shards": "before" }],
  ["pay by request", ["dynamodb.billing-mode"], { "dynamodb.billing-mode": "before", "dynamodb.scaling-suspension": "before" }],
];

describe.each(cases)("a way back of %s of which AWS denies %j", (name, kinds, expected) => {
  it("is taken as far as nothing rests on that, and is told as incomplete with the commands of what is left", async () => {
    const run = await denied(name, kinds);
    const { account, test } = run;
    expect(await standings(run)).toEqual(expected);
    expect(test.state().phases[0]?.stages[0]).toMatchObject({ status: "rollback-incomplete", actions: [{ status: "rollback-incomplete" }] });
    expect(JSON.stringify(records(test, "DECISION").findLast(({ body }) => body.kind === "action-skipped")?.body)).toContain("AccessDenied");
    const commands = (test.state().needsHuman?.commands ?? []).filter((command) => !command.startsWith("optimizer "));
    await runLines(commands, { clients: clientFactoryOf(account), sleep: (seconds) => account.advanceTo(account.nowMs() + seconds * 1000) });
    expect(await standings(run)).toEqual(Object.fromEntries(Object.keys(expected).map((kind) => [kind, "after"])));
  });

  it("is taken to its end by whoever continues once it is allowed, which writes nothing twice", async () => {
    const run = await denied(name, kinds);
    const before = run.mutations.length;
    const left = Object.values(expected).filter((standing) => standing === "before").length;
    await continueRun(run.test.runId, driver, run.ports);
    expect(await standings(run)).toEqual(Object.fromEntries(Object.keys(expected).map((kind) => [kind, "after"])));
    expect(run.test.state().outcome).toBe("rolled-back");
    expect(run.mutations.slice(before)).toHaveLength(left);
  });
});

const place = { cluster: names.containers, service: names.service };
const helped: readonly (readonly [string, ActionName, (run: SimulatedRun) => Promise<unknown>, Readonly<Record<string, string>>])[] = [
  [
    "the number of tasks",
    "smaller service",
    ({ account }) => clientFactoryOf(account)(east).writers.ecs.send(new UpdateServiceCommand({ ...place, desiredCount: 5 })),
    { "ecs.scaling-bounds": "after", "ecs.desired-count": "foreign", "ecs.task-definition": "after", "ecs.deployment": "after" },
  ],
  [
    "the bounds of its number of tasks",
    "smaller service",
    ({ account, action }) => {
      const change = action.rollback.map((step) => step.change).find((each) => each.kind === "ecs.scaling-bounds");
      if (change === undefined) throw new Error("the action leaves the bounds");
      return createChangeWriter(clientFactoryOf(account)).apply({ ...change, after: { minCount: 4, maxCount: 40 } }, "by hand");
    },
    { "ecs.scaling-bounds": "foreign", "ecs.desired-count": "after", "ecs.task-definition": "after", "ecs.deployment": "after" },
  ],
  [
    "the reservation of a function",
    "smaller function",
    ({ account }) =>
      clientFactoryOf(account)(east).writers.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: names.lambda, ReservedConcurrentExecutions: 40 })),
    { "lambda.concurrency": "foreign", "lambda.configuration": "after" },
  ],
];

describe.each(helped)("a way back before which somebody else changed %s", (_, name, helps, expected) => {
  it("leaves that alone, takes all that rests on nothing of it, and is told as incomplete", async () => {
    const run = await metOnTheWay(name, helps);
    expect(await standings(run)).toEqual(expected);
    expect(run.test.state().phases[0]?.stages[0]).toMatchObject({ status: "rollback-incomplete", actions: [{ status: "rollback-incomplete" }] });
    expect(records(run.test, "DRIFT").map(({ body }) => body.goesOn)).toEqual([true]);
    const skipped = records(run.test, "DECISION").findLast(({ body }) => body.kind === "action-skipped");
    expect(JSON.stringify(skipped?.body)).toContain("changed by somebody else");
  });
});
