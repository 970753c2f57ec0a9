import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { runExitCode } from "../../../optimizer/commands/run-result.ts";
import { humanAsked } from "../../../optimizer/core/execution/human-asked.ts";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { clientFactoryOf, openSimulatedRun, type SimulatedRun, type SimulatedRunOptions } from "../../support/simulated-run.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

const hourMs = 3_600_000;

/** Fargate has no capacity for tasks that services ask for, from one hour of the scenario to another. */
function shortage(from: number, until: number): NonNullable<SimulatedRunOptions["scenario"]> {
  return { faults: [{ kind: "insufficient-capacity", from, until, commands: ["UpdateService"] }] };
}

async function serviceOf({ account }: SimulatedRun) {
  const { ecs } = clientFactoryOf(account)(east);
  return (await ecs.send(new DescribeServicesCommand({ cluster: names.containers, services: [names.service] }))).services?.[0];
}

function changedInEcs({ account }: SimulatedRun): readonly string[] {
  const changed = account.driftAgainst(fixtureStacks()).change.map(({ address }) => address);
  return changed.filter((address) => address.includes("aws_ecs") || address.includes("appautoscaling"));
}

function told({ test }: SimulatedRun) {
  return records(test, "NEEDS_HUMAN").filter(({ body }) => body.goesOn === true);
}

/** A run that is asked back an hour after its start, when Fargate has no capacity for so many hours. */
async function askedBack(
  hours: number,
  options: Partial<SimulatedRunOptions> = {},
): Promise<{ readonly run: SimulatedRun; readonly exitCodes: readonly number[] }> {
  const exitCodes: number[] = [];
  let startMs = 0;
  const run = await openSimulatedRun("smaller service", {
    scenario: shortage(1, 1 + hours),
    ...options,
    async whenTimePassed(self) {
      const { test, ports, account } = self;
      const state = test.state();
      exitCodes.push(runExitCode(state));
      const isTime = account.nowMs() >= startMs + 1.2 * hourMs && state.phases[0]?.stages[0]?.status === "observing";
      if (isTime && state.rollbackRequested === undefined && test.requests.length === 0) await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
  startMs = run.account.nowMs();
  await run.drive();
  return { run, exitCodes };
}

describe("forward, tasks for which Fargate has no capacity", () => {
  it("are given up with their deployment by ECS, which is told with the reason, and the service is as it was", async () => {
    const run = await openSimulatedRun("smaller service", { scenario: shortage(0, 2) });
    await run.drive();
    expect(records(run.test, "DECISION").map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ kind: "action-skipped", code: "invalid", detail: expect.stringContaining("Capacity is unavailable at this time") }),
    );
    const given = records(run.test, "DECISION").find(({ body }) => body.kind === "action-skipped");
    expect((given?.at ?? Number.POSITIVE_INFINITY) - run.test.records[0]!.at).toBeLessThan(hourMs);
    // One of the smaller tasks; the old size as one more revision is asked for until it takes.
    expect(run.mutations.filter((name) => name === "UpdateService").length).toBeLessThan(12);
    expect(await serviceOf(run)).toMatchObject({ desiredCount: 8, runningCount: 8 });
    expect(changedInEcs(run)).toEqual([]);
    expect(run.account.nowMs() - run.test.records[0]!.at).toBeLessThan(6 * hourMs);
  });

  it("that Fargate has some minutes later are waited for", async () => {
    const run = await openSimulatedRun("smaller service", { scenario: shortage(0, 5 / 60) });
    await run.drive();
    expect(run.test.state().outcome).toBe("adoptable");
  });
});

describe("back, tasks for which Fargate has no capacity", () => {
  it("are told at once with what a person may do, asked for until they are there, and told once an hour at most", async () => {
    const { run, exitCodes } = await askedBack(4);
    const [first] = told(run);
    const begun = records(run.test, "RB_INTENT")[0];
    expect((first?.at ?? Number.POSITIVE_INFINITY) - (begun?.at ?? 0)).toBeLessThanOrEqual(5 * 60_000);
    expect(first?.body.reason).toContain("Capacity is unavailable at this time");
    expect(first?.body.reason).toContain("Fargate places its tasks in");
    expect(told(run).length).toBeGreaterThan(2);
    for (const [index, { at }] of told(run).slice(1).entries()) expect(at - (told(run)[index]?.at ?? 0)).toBeGreaterThanOrEqual(hourMs);
    expect(exitCodes).toContain(6);
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
    expect(humanAsked(run.test.state())).toBeUndefined();
    expect(await serviceOf(run)).toMatchObject({ desiredCount: 8, runningCount: 8 });
    expect(changedInEcs(run)).toEqual([]);
  });

  it("end as an incomplete rollback after the policy's days, with the commands", async () => {
    const { run } = await askedBack(24, { settle: { rollbackMaxDays: 0.1 } });
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    const last = records(run.test, "NEEDS_HUMAN").at(-1);
    expect(last?.body.goesOn).toBeUndefined();
    expect(last?.body.commands.some((command) => command.startsWith("aws ecs update-service"))).toBe(true);
    const begun = records(run.test, "RB_INTENT")[0]?.at ?? 0;
    expect((last?.at ?? 0) - begun).toBeGreaterThanOrEqual(2.4 * hourMs);
    // Each step has its time.
    expect((last?.at ?? 0) - begun).toBeLessThan(4 * 2.4 * hourMs);
  });

  it("keep a deployment of the old size asked for again each time that ECS gives it up", async () => {
    // As of a service of which nothing but the size was changed.
    const { run } = await askedBack(4, {
      planned: (actions) =>
        actions.map((action) => ({
          ...action,
          steps: action.steps.filter(({ id }) => /task-definition|deployment/.test(id)),
          rollback: action.rollback.filter(({ id }) => /task-definition|deployment/.test(id)),
        })),
    });
    expect((told(run)[0]?.at ?? Number.POSITIVE_INFINITY) - (records(run.test, "RB_INTENT")[0]?.at ?? 0)).toBeLessThanOrEqual(10 * 60_000);
    const deployments = run.mutations.filter((name) => name === "UpdateService").length;
    expect(deployments).toBeGreaterThan(4);
    expect(deployments).toBeLessThan(20);
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
    expect(changedInEcs(run)).toEqual([]);
  });
});
