import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlanStore } from "../../optimizer/adapters/files/plan-store.ts";
import { createRunStore } from "../../optimizer/adapters/files/run-store.ts";
import { foldAll } from "../../optimizer/core/execution/fold.ts";
import { inProcess } from "../support/deployed-state.ts";
import { figuresOf, type GoldenExpectation, interruptAfter, unpackState } from "../support/golden-run.ts";

const here = import.meta.dirname;
const versions = readdirSync(here).filter((name) => /^v\d+$/.test(name));
let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "golden-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it("has a recorded run of the first format version", () => {
  expect(versions).toContain("v1");
});

describe.each(versions)("a state folder that format version %s left behind", (version) => {
  const recorded = join(here, version);
  const expected = JSON.parse(readFileSync(join(recorded, "expected.json"), "utf8")) as GoldenExpectation;
  const { runId } = expected;

  function stateFolder(name: string): { readonly state: string; readonly world: readonly string[] } {
    const state = join(scratch, `${version}-${name}`);
    unpackState(join(recorded, "state"), state);
    return { state, world: ["--state", state, "--aws", "simulated", "--clock", "virtual", "--scenario", join(recorded, "scenario.json"), "--json"] };
  }

  it("has a whole chain and folds to the end it came to", async () => {
    const { state } = stateFolder("folded");
    const { run, journal } = await createRunStore(state).open(runId);
    const { plan } = await createPlanStore(state).load(run.planHash);
    const folded = foldAll(plan, runId, await journal.read());
    expect(folded.records).toHaveLength(expected.records);
    expect(folded.outcome).toBe(expected.report.outcome);
  });

  it("is listed, shown and verified by the commands", async () => {
    const { world } = stateFolder("commands");
    const listed = await inProcess(["runs", ...world]);
    expect(JSON.parse(listed.out)).toMatchObject([{ runId, open: false }]);
    const shown = await inProcess(["status", runId, ...world]);
    expect(JSON.parse(shown.out)).toMatchObject({ outcome: expected.report.outcome });
    const verified = await inProcess(["verify-journal", runId, ...world]);
    expect(JSON.parse(verified.out)).toMatchObject({ records: expected.records, whole: true });
    expect([listed.code, shown.code, verified.code]).toEqual([0, 0, 0]);
  });

  it("is reported with the figures it had", async () => {
    const { state, world } = stateFolder("reported");
    const { code, out } = await inProcess(["report", runId, ...world]);
    expect(code).toBe(0);
    expect(figuresOf(out)).toEqual(expected.report);
    expect(existsSync(join(state, "reports", runId, "dashboard.html"))).toBe(true);
  });

  it.each([1, 2, 3])("is gone on with to the same end when it was interrupted in the middle of phase %i's window", async (phase) => {
    const { state, world } = stateFolder(`interrupted-${phase}`);
    let slots = 0;
    const isInside = (record: { readonly type: string; readonly phase: number | null }): boolean => {
      if (record.type === "SLOT" && record.phase === phase) slots += 1;
      return slots === 20;
    };
    const kept = interruptAfter(state, runId, isInside);
    expect(kept).toBeGreaterThan(20);
    expect(kept).toBeLessThan(expected.records);
    const resumed = await inProcess(["resume", runId, ...world]);
    expect(resumed.code).toBe(expected.exitCode);
    const reported = await inProcess(["report", runId, ...world]);
    expect(figuresOf(reported.out)).toEqual(expected.report);
  });
});
