import { ListAliasesCommand, ListVersionsByFunctionCommand, PublishVersionCommand, UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import type { ChangeState, Leftover } from "../../../optimizer/core/levers/change-kinds.ts";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { runLines } from "../../support/shell-lines.ts";
import { clientFactoryOf, openSimulatedRun, provisionedRegion, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const hourMs = 3_600_000;
const served: Leftover = { words: "version 7 keeps 1024 MB: alias live serves it", isServing: true, commands: ["aws lambda update-alias --name live"] };
const unserved: Leftover = { words: "version 8 keeps 1024 MB", isServing: false, commands: [] };

/** A function whose smaller size was published while it had it, and that is asked back; the alias is led elsewhere after some hours. */
async function askedBack(leftover: Leftover, hours: number, rollbackMaxDays = 7): Promise<SimulatedRun> {
  let backMs: number | undefined;
  const run = await openSimulatedRun("smaller function", {
    settle: { rollbackMaxDays },
    async whenTimePassed({ test, ports, account }) {
      const state = test.state();
      if (state.phases[0]?.stages[0]?.status !== "observing" || state.rollbackRequested !== undefined || test.requests.length > 0) return;
      backMs = account.nowMs();
      await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
  const { changeReader } = run.ports;
  await run.driveWith({
    ...run.ports,
    changeReader: {
      ...changeReader,
      async stateOf(change) {
        const state: ChangeState<typeof change> = await changeReader.stateOf(change);
        const isThere = backMs !== undefined && run.account.nowMs() < backMs + hours * hourMs;
        return isThere && change.kind === "lambda.configuration" && state.kind === "settled" ? { ...state, leftovers: [leftover] } : state;
      },
    },
  });
  return run;
}

function told({ test }: SimulatedRun) {
  return records(test, "NEEDS_HUMAN").filter(({ body }) => body.goesOn === true);
}

describe("a version that was published with the smaller size", () => {
  it("and is served by an alias is told with what to do as soon as the function is back, which is not called so before the alias is led elsewhere", async () => {
    const run = await askedBack(served, 5);
    const [first] = told(run);
    const asked = records(run.test, "RB_OUTCOME").find(({ op }) => op?.includes("configuration") === true || op?.includes("size") === true);
    expect(first?.body.reason).toContain("alias live serves it");
    expect(first?.body.commands[0]).toBe("aws lambda update-alias --name live");
    expect((first?.at ?? Number.POSITIVE_INFINITY) - (asked?.at ?? run.test.records[0]!.at)).toBeLessThan(hourMs);
    const verified = records(run.test, "RB_VERIFIED").filter(({ body }) => body.state.kind === "settled" && "memoryMb" in (body.state.value as object));
    expect(verified).toHaveLength(1);
    expect((verified[0]?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(4 * hourMs);
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
  });

  it("and is served for longer than the policy's days is an incomplete rollback", async () => {
    const run = await askedBack(served, 48, 0.25);
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    expect(records(run.test, "DECISION").some(({ body }) => JSON.stringify(body).includes("alias live serves it"))).toBe(true);
  });

  it("and is served by no alias is told once, and the function is back", async () => {
    const run = await askedBack(unserved, 48);
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
    expect(records(run.test, "NEEDS_HUMAN").filter(({ body }) => body.reason.includes("version 8 keeps 1024 MB"))).toHaveLength(1);
  });
});

/** The function is asked back after somebody has published it in its window and led an alias there; a person pastes what is told. */
describe("a version that a pipeline publishes on the simulated account while the function is small", () => {
  const named = { FunctionName: names.lambda };

  async function deployed(weights: Readonly<Record<string, number>> | undefined): Promise<SimulatedRun> {
    let [isPublished, isHelped] = [false, false];
    const run = await openSimulatedRun("smaller function", {
      // What was published before the plan is in it.
      scenario: { regions: { [east]: { ...provisionedRegion, functions: { [names.lambda]: { versions: ["1"], aliases: { live: "1" } } } } } },
      async whenTimePassed(self) {
        const { test, ports, account } = self;
        const { lambda } = clientFactoryOf(account)(east);
        const state = test.state();
        const [first] = told(self);
        if (first !== undefined && !isHelped) {
          isHelped = true;
          await runLines(first.body.commands.slice(0, 1), { clients: clientFactoryOf(account), sleep: () => undefined });
        }
        if (state.phases[0]?.stages[0]?.status !== "observing" || state.rollbackRequested !== undefined || test.requests.length > 0) return;
        if (!isPublished) {
          isPublished = true;
          const { Version: version = "" } = await lambda.send(new PublishVersionCommand(named));
          const routing = weights === undefined ? {} : { RoutingConfig: { AdditionalVersionWeights: { [version]: 0.1 } } };
          await lambda.send(new UpdateAliasCommand({ ...named, Name: "live", ...(weights === undefined ? { FunctionVersion: version } : routing) }));
        }
        await ports.runs.request(test.runId, { phase: null, by: "tester" });
      },
    });
    await run.drive();
    return run;
  }

  it.each<[string, Readonly<Record<string, number>> | undefined, object]>([
    ["an alias serves it alone", undefined, { FunctionVersion: "3" }],
    ["an alias gives it a tenth of its calls", { small: 0.1 }, { FunctionVersion: "1", RoutingConfig: { AdditionalVersionWeights: { "3": 0.1 } } }],
  ])("is told, replaced by the printed line where %s, and then the function is back", async (_words, weights, expected) => {
    const run = await deployed(weights);
    expect(told(run)).toHaveLength(1);
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
    const { lambda } = clientFactoryOf(run.account)(east);
    const { Aliases: [alias] = [] } = await lambda.send(new ListAliasesCommand(named));
    expect(alias).toMatchObject(expected);
    const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand(named));
    expect(Versions.map(({ MemorySize }) => MemorySize)).toEqual([3008, 3008, 1024, 3008]);
  });
});
