import { UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CreateDBInstanceCommand, DeleteDBInstanceCommand, DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { definitionOf } from "../../../optimizer/adapters/aws/aurora/member-definition.ts";
import { adopt, type AdoptPorts } from "../../../optimizer/app/adopt.ts";
import { startRun } from "../../../optimizer/app/drive-run.ts";
import { creationOf } from "../../../optimizer/core/levers/aurora/member-definition.ts";
import { keptActions } from "../../../optimizer/core/adoption/kept-changes.ts";
import { emptySizing } from "../../../contract/sizing.ts";
import type { BirthReader } from "../../../optimizer/ports/inventory.ts";
import { driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { type ActionName, clientFactoryOf, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const slotMs = 15 * 60_000;

/** One of each kind of resource that AWS tells apart from another one of its name. */
const told: readonly ActionName[] = ["fewer instances", "no stream", "smaller writer", "smaller MySQL", "another Redis", "smaller service"];

function isLate({ test, account }: SimulatedRun): boolean {
  const [stage] = test.records.length === 0 ? [] : (test.state().phases[0]?.stages ?? []);
  return stage?.status === "observing" && stage.window !== undefined && account.nowMs() > stage.window.startMs + 2 * slotMs;
}

/** As AWS answers once the resource was deleted, and another one made under its name that looks the same. */
function madeAnew(run: SimulatedRun, when: () => boolean): BirthReader {
  return { bornOf: async (refs, look) => (when() ? refs.map(() => "another") : run.ports.births.bornOf(refs, look)) };
}

function adoption(run: SimulatedRun, births: BirthReader): ReturnType<typeof adopt> {
  const sizing: AdoptPorts["sizing"] = { read: async () => emptySizing, write: () => Promise.reject(new Error("no stack declares it")) };
  return adopt(run.plan, run.test.state(), { sizing, changes: run.ports.changeReader, births });
}

describe.each(told)("a resource that was deleted and made anew under its name (%s)", (name) => {
  it("in the window is somebody else's: DRIFT at once, nothing more is written there, and nothing kept", async () => {
    const run = await openSimulatedRun(name);
    let mutations = 0;
    const births = madeAnew(run, () => {
      if (!isLate(run)) mutations = run.mutations.length;
      return isLate(run);
    });
    await run.driveWith({ ...run.ports, births });
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { found: expect.stringContaining("another one was made under its name") } }]);
    expect(run.mutations).toHaveLength(mutations);
    expect(keptActions(run.plan, run.test.state()).map(({ action }) => action.id)).not.toContain(run.action.id);
    expect(run.test.state().needsHuman?.reason).toContain("changed by somebody else");
  });

  it("before its way back is left alone, and no command is printed that would change it", async () => {
    let isAsked = false;
    const run = await openSimulatedRun(name, {
      async whenTimePassed(self) {
        if (isAsked || self.test.state().phases[0]?.stages[0]?.status !== "observing") return;
        isAsked = true;
        await self.ports.runs.request(self.test.runId, { phase: null, by: "tester" });
      },
    });
    let mutations = 0;
    const births = madeAnew(run, () => {
      if (!isAsked) mutations = run.mutations.length;
      return isAsked;
    });
    await run.driveWith({ ...run.ports, births });
    expect(run.mutations).toHaveLength(mutations);
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    const commands = records(run.test, "NEEDS_HUMAN").flatMap(({ body }) => body.commands);
    expect(commands.filter((command) => command.includes("aws "))).toEqual([]);
    expect(commands).toContainEqual(expect.stringContaining("no command can undo more where something is not there any more"));
  });

  it("between plan and act is not changed at all", async () => {
    const run = await openSimulatedRun(name);
    await run.driveWith({ ...run.ports, births: madeAnew(run, () => true) });
    expect(run.mutations).toEqual([]);
    expect(records(run.test, "DECISION")).toContainEqual(
      expect.objectContaining({
        body: expect.objectContaining({
          kind: "action-skipped",
          code: "not-found",
          detail: expect.stringContaining("another one was made") as string,
        }) as object,
      }),
    );
  });

  it("between the end of the run and adopt is not adopted", async () => {
    const run = await openSimulatedRun(name);
    await run.drive();
    const kept = keptActions(run.plan, run.test.state()).map(({ action }) => action.id);
    expect(kept).toContain(run.action.id);
    expect((await adoption(run, run.ports.births)).notLive).toEqual([]);
    const { adopted, byHand, notLive } = await adoption(
      run,
      madeAnew(run, () => true),
    );
    expect({ adopted, byHand }).toEqual({ adopted: [], byHand: [] });
    expect(notLive.map(({ actionId, found }) => ({ actionId, isSaid: found.includes("another one was made under its name") }))).toEqual(
      kept.map((actionId) => ({ actionId, isSaid: true })),
    );
  });
});

/** Deletes a member of the cluster and makes one of the same name, definition and class again, as somebody does who wants it in another state. */
async function memberMadeAnew({ account }: SimulatedRun, identifier: string): Promise<void> {
  const { rds, writers } = clientFactoryOf(account)(east);
  const { DBInstances: [instance] = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
  if (instance === undefined) throw new Error(`no instance ${identifier}`);
  await writers.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: identifier, SkipFinalSnapshot: true }));
  account.advanceTo(account.nowMs() + 3 * slotMs);
  await writers.rds.send(new CreateDBInstanceCommand(creationOf(names.cluster, identifier, definitionOf(instance))));
  account.advanceTo(account.nowMs() + 3 * slotMs);
}

function oldWriterOf({ plan }: SimulatedRun): string {
  const steps = plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions, round }) => (round === 2 ? actions.flatMap((action) => action.steps) : [])));
  const [step] = steps;
  if (step?.kind !== "change" || step.change.kind !== "rds.instance-class") throw new Error("the plan resizes no old writer");
  return step.change.instance;
}

function isWatched({ test }: SimulatedRun, round: number): boolean {
  return test.state().phases[0]?.stages.find((stage) => stage.round === round)?.status === "observing";
}

describe("an instance that was deleted and made anew inside of its cluster", () => {
  const another = expect.stringContaining("was deleted, and another one was made under its name") as string;

  it("in the window, with the class that it was given, is somebody else's: DRIFT at once, and nothing more is written there", async () => {
    let mutations: number | undefined;
    const run = await openSimulatedRun("smaller old writer", {
      async whenTimePassed(self) {
        if (mutations !== undefined || !isWatched(self, 2)) return;
        mutations = self.mutations.length;
        await memberMadeAnew(self, oldWriterOf(self));
      },
    });
    await run.drive();
    expect(mutations).toBeGreaterThan(0);
    expect(records(run.test, "DRIFT")).toMatchObject([{ round: 2, body: { found: another } }]);
    expect(run.mutations).toHaveLength(mutations ?? 0);
    expect(run.test.state().needsHuman?.reason).toContain("changed by somebody else");
  });

  it("between plan and act is not deleted as the one that the plan is about", async () => {
    const run = await openSimulatedRun("one reader fewer");
    const [step] = run.action.steps;
    if (step?.kind !== "change" || step.change.kind !== "rds.member") throw new Error("the action deletes nothing");
    await memberMadeAnew(run, step.change.instance);
    await run.drive();
    expect(run.mutations).toEqual([]);
    expect(records(run.test, "DECISION").map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ kind: "action-skipped", code: "not-found", detail: another }),
    );
  });

  it("by the run's own way back is ours: the way back is verified", async () => {
    const run = await openSimulatedRun("one reader fewer", {
      async whenTimePassed({ test, ports }) {
        const state = test.state();
        if (state.phases[0]?.stages[0]?.status === "observing" && state.rollbackRequested === undefined && test.requests.length === 0)
          await ports.runs.request(test.runId, { phase: null, by: "tester" });
      },
    });
    await run.drive();
    expect(run.mutations).toEqual(["DeleteDBInstance", "CreateDBInstance"]);
    expect(records(run.test, "DRIFT")).toEqual([]);
    expect(run.test.state().outcome).toBe("rolled-back");
  });
});

describe("a function", () => {
  const deployed = (run: SimulatedRun) =>
    clientFactoryOf(run.account)(east).lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: names.lambda, Timeout: 300 }));

  it("that somebody deploys in its window, with the size that it was given, is watched on and kept: left small without a look it could harm unseen", async () => {
    let isDone = false;
    const run = await openSimulatedRun("smaller function", {
      async whenTimePassed(self) {
        if (isDone || !isLate(self)) return;
        isDone = true;
        await deployed(self);
      },
    });
    await run.drive();
    expect(isDone).toBe(true);
    expect(records(run.test, "DRIFT")).toEqual([]);
    expect(keptActions(run.plan, run.test.state()).map(({ action }) => action.id)).toContain(run.action.id);
  });

  it("that somebody deploys after its window is adopted, since its size is the one that was watched", async () => {
    const run = await openSimulatedRun("smaller function");
    await run.drive();
    run.account.advanceTo(run.account.nowMs() + slotMs);
    await deployed(run);
    run.account.advanceTo(run.account.nowMs() + slotMs);
    expect((await adoption(run, run.ports.births)).notLive).toEqual([]);
  });
});

it("a plan is refused where one of its resources was made anew since, and taken as it is where it does not say what AWS gave them", async () => {
  const base = buildTestPlan();
  const born = (when: string) => base.inventory.resources.map((resource) => (resource.kind === "dynamodb-table" ? { ...resource, born: when } : resource));
  const started = async (planned: string | undefined): Promise<unknown> => {
    const account = new TestAccount(planned === undefined ? base : { ...base, inventory: { ...base.inventory, resources: born(planned) } }, {
      born: () => "second",
    });
    const describe = async ({ region }: { readonly region: string }) => ({
      resources: born("second").filter(({ ref }) => ref.region === region),
      undescribed: [],
    });
    return startRun(account.stored, driver, { ...openProcess(account), inventory: { describe } }).catch((error: unknown) => error);
  };
  expect(String(await started("first"))).toContain("was deleted, and another one was made under its name");
  expect(await started("second")).toMatchObject({ stopped: "closed" });
  expect(await started(undefined)).toMatchObject({ stopped: "closed" });
});
