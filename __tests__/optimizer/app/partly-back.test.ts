import { describe, expect, it } from "vitest";
import { abortRun, continueRun, requestRollback, resumeRun } from "../../../optimizer/app/drive-run.ts";
import { humanAsked } from "../../../optimizer/core/execution/human-asked.ts";
import type { RunOutcome } from "../../../optimizer/core/model/journal-record.ts";
import { keptActions } from "../../../optimizer/core/adoption/kept-changes.ts";
import { drive, driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { east } from "../../support/plan-builder.ts";
import { groupsOnly, records, slowWhenSmall } from "../../support/run-records.ts";

/** West passed and is kept; east does harm, and its way back cannot be read for the policy's days. */
async function partlyBack() {
  let broken = true;
  const account: TestAccount = new TestAccount(groupsOnly(), {
    traffic: slowWhenSmall(east),
    unreadable: ({ region }) => {
      if (broken && region === east && records(account, "DECISION").some(({ body }) => body.kind === "breach")) throw new Error("unreachable");
    },
  });
  await drive(account);
  return { account, mend: () => (broken = false) };
}

const commands = {
  resume: (id: string, account: TestAccount) => resumeRun(id, driver, openProcess(account)),
  tick: (id: string, account: TestAccount) => resumeRun(id, { ...driver, mode: "tick" }, openProcess(account)),
  continue: (id: string, account: TestAccount) => continueRun(id, driver, openProcess(account)),
  abort: (id: string, account: TestAccount) => abortRun(id, driver, openProcess(account)),
  rollback: (id: string, account: TestAccount) => requestRollback(id, null, driver, openProcess(account)),
  "rollback --phase 2": (id: string, account: TestAccount) => requestRollback(id, 2, driver, openProcess(account)),
} as const;

interface Row {
  readonly command: keyof typeof commands;
  /** Whether AWS answers again by then. */
  readonly mended: boolean;
  readonly outcome: RunOutcome | undefined;
  readonly regions: readonly [west: string, east: string];
  /** Actions that can be adopted. */
  readonly kept: number;
}

const [passed, incomplete, back] = ["passed", "rollback-incomplete", "rolled-back"];

describe("a run of which one region passed and another one's rollback is incomplete", () => {
  it.each<Row>([
    { command: "resume", mended: true, outcome: undefined, regions: [passed, incomplete], kept: 1 },
    { command: "tick", mended: true, outcome: undefined, regions: [passed, incomplete], kept: 1 },
    { command: "continue", mended: true, outcome: "partly-rolled-back", regions: [passed, back], kept: 1 },
    { command: "continue", mended: false, outcome: undefined, regions: [passed, incomplete], kept: 1 },
    { command: "abort", mended: true, outcome: "rollback-incomplete", regions: [passed, incomplete], kept: 1 },
    { command: "abort", mended: false, outcome: "rollback-incomplete", regions: [passed, incomplete], kept: 1 },
    { command: "rollback", mended: true, outcome: "rolled-back", regions: [back, back], kept: 0 },
    { command: "rollback", mended: false, outcome: undefined, regions: [back, incomplete], kept: 0 },
    { command: "rollback --phase 2", mended: true, outcome: "rolled-back", regions: [back, back], kept: 0 },
  ])("comes by $command to $regions, $outcome (answered again: $mended), and asks for nothing that it would refuse", async (row) => {
    const { account, mend } = await partlyBack();
    const before = account.aws.mutations.length;
    if (row.mended) mend();
    await commands[row.command](account.runId, account);
    const state = account.state();
    expect(state.outcome).toBe(row.outcome);
    expect(state.phases[0]?.stages.map(({ status }) => status)).toEqual(row.regions);
    expect(keptActions(account.stored.plan, state)).toHaveLength(row.kept);
    expect(account.aws.mutations.length > before).toBe(row.regions.includes(back));
    expect(records(account, "LEASE").map(({ body }) => body.event)).toEqual(["acquired", "released", "acquired", "released"]);
    const asked = humanAsked(state)?.commands ?? [];
    const ours = asked.filter((line) => line.startsWith("optimizer "));
    expect(asked.length > 0).toBe(row.regions.includes(incomplete));
    expect(ours.length > 0).toBe(row.regions.includes(incomplete) && row.outcome === undefined);
    if (row.outcome !== undefined) await expect(continueRun(account.runId, driver, openProcess(account))).rejects.toMatchObject({ code: "run-closed" });
  });
});
