import { describe, expect, it } from "vitest";
import type { ResourceKind } from "../../../optimizer/core/model/resource-ref.ts";
import { records } from "../../support/run-records.ts";
import { openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { tagPlaces } from "../../support/tenant-tags.ts";

const slotMs = 15 * 60_000;

const rows = (Object.entries(tagPlaces) as readonly (readonly [ResourceKind, (typeof tagPlaces)[ResourceKind]])[]).flatMap(([kind, places]) =>
  "nothing" in places ? [] : places.flatMap(({ on, by, answer }) => by.map((name) => ({ kind, on, name, answer }))),
);
type Row = (typeof rows)[number];

/** A run that is answered a tenant's tag from the moment on, which is looked at before each answer. */
async function tagged(
  { name, answer }: Row,
  isTime: (run: SimulatedRun) => boolean,
): Promise<{ readonly run: SimulatedRun; readonly mutationsBefore: number }> {
  let opened: SimulatedRun | undefined;
  let mutationsBefore: number | undefined;
  const run = await openSimulatedRun(name, {
    answer: (command, output, input) => {
      if (opened !== undefined && isTime(opened)) mutationsBefore ??= opened.mutations.length;
      return mutationsBefore === undefined ? output : answer(command, output, input);
    },
  });
  opened = run;
  await run.drive();
  if (mutationsBefore === undefined) throw new Error("the tag never came");
  return { run, mutationsBefore };
}

function isObserved({ test, account }: SimulatedRun): boolean {
  const [stage] = test.records.length === 0 ? [] : (test.state().phases[0]?.stages ?? []);
  return stage?.status === "observing" && stage.window !== undefined && account.nowMs() > stage.window.startMs + 2 * slotMs;
}

describe.each(rows)("a tenant's tag on $on of $kind ($name)", (row) => {
  it("that came between plan and act refuses the change before its first write, and names the tag", async () => {
    const { run } = await tagged(row, () => true);
    expect(run.mutations).toEqual([]);
    expect(run.test.state().phases[0]?.stages[0]?.actions[0]).toMatchObject({
      status: "skipped",
      skip: { code: "tenant-resource", detail: expect.stringContaining("customer-tenant") },
    });
  });

  it("that came after the first write ends all writing there, and a person is told", async () => {
    const { run, mutationsBefore } = await tagged(row, ({ mutations }) => mutations.length > 0);
    expect(run.mutations.slice(mutationsBefore)).toEqual([]);
    expect(JSON.stringify(run.test.records.filter(({ type }) => type === "DRIFT" || type === "DECISION"))).toContain("customer-tenant");
    expect(records(run.test, "NEEDS_HUMAN").length).toBeGreaterThan(0);
  });

  it("that came in the window leaves it alone, and a person is told", async () => {
    const { run, mutationsBefore } = await tagged(row, isObserved);
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { found: expect.stringContaining("customer-tenant") } }]);
    expect(run.mutations.slice(mutationsBefore)).toEqual([]);
    expect(run.test.state().needsHuman?.reason).toContain("changed by somebody else");
  });
});
