import { describe, expect, it } from "vitest";
import { resourceFacts } from "../../../optimizer/core/levers/resource-kinds.ts";
import type { ResourceKind } from "../../../optimizer/core/model/resource-ref.ts";
import type { Becoming } from "../../support/becomings/becoming.ts";
import { becomings } from "../../support/becomings/becomings.ts";
import { records } from "../../support/run-records.ts";
import { type ActionName, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";

const slotMs = 15 * 60_000;

/** Actions of more than one write. */
const inSteps: readonly ActionName[] = [
  "smaller instances",
  "no index",
  "pay by request",
  "another Redis",
  "smaller function",
  "smaller service",
  "smaller writer",
];

type Moment = "before the first write" | "before the second write" | "in the window";

interface Played {
  readonly run: SimulatedRun;
  /** The number of the last record before it became another. */
  readonly seq: number;
}

/** A run whose resource becomes another kind of thing at that moment. */
async function played({ by, answer }: Becoming, moment: Moment): Promise<Played> {
  let opened: SimulatedRun | undefined;
  let seq: number | undefined;
  const run = await openSimulatedRun(by, {
    answer: (command, output, input) => {
      if (moment === "before the second write" && opened !== undefined && opened.mutations.length > 0) seq ??= opened.test.records.length;
      return seq === undefined ? output : answer(command, output, input);
    },
    async whenTimePassed({ account, test }) {
      const [stage] = test.state().phases[0]?.stages ?? [];
      if (moment !== "in the window" || stage?.status !== "observing" || stage.window === undefined) return;
      if (account.nowMs() > stage.window.startMs + 2 * slotMs) seq ??= test.records.length;
    },
  });
  opened = run;
  if (moment === "before the first write") seq = 0;
  await run.drive();
  if (seq === undefined) throw new Error(`${moment} never came`);
  return { run, seq };
}

/** What the run said of it, as it stands in the journal. */
function saidOf({ run, seq }: Played): string {
  return run.test.records
    .filter((record) => record.seq > seq && (record.type === "DRIFT" || (record.type === "DECISION" && record.body.kind === "action-skipped")))
    .map(({ body }) => JSON.stringify(body).replaceAll('\\"', '"'))
    .join("\n");
}

function statusOf({ run }: Played): string | undefined {
  return run.test.state().phases[0]?.stages[0]?.actions[0]?.status;
}

const rows = (Object.entries(becomings) as readonly (readonly [ResourceKind, (typeof becomings)[ResourceKind]])[]).flatMap(([kind, all]) =>
  "nothing" in all ? [] : all.map((becoming) => ({ ...becoming, kind })),
);

describe.each(rows)("$kind: one that $what", (row) => {
  it("between plan and act is not written to at all, and the reason names what it has become", async () => {
    const found = await played(row, "before the first write");
    expect(found.run.mutations).toEqual([]);
    expect(saidOf(found)).toMatch(row.said);
    expect(statusOf(found)).toMatch(/^(?:skipped|drifted)$/);
  });

  it("in the window is left alone where what was set is not told any more, and watched on where it is", async () => {
    const found = await played(row, "in the window");
    const isLeftAlone = row.inWindow === "left alone";
    expect(records(found.run.test, "DRIFT")).toHaveLength(isLeftAlone ? 1 : 0);
    if (isLeftAlone) expect(saidOf(found)).toMatch(row.said);
    expect(statusOf(found)).toBe(isLeftAlone ? "drifted" : "applied");
  });
});

describe.each(rows.filter(({ by }) => inSteps.includes(by)))("$kind: one that $what", (row) => {
  it("between two steps is changed no further, and the reason names what it has become", async () => {
    const found = await played(row, "before the second write");
    expect(records(found.run.test, "INTENT").filter(({ seq }) => seq > found.seq)).toEqual([]);
    expect(saidOf(found)).toMatch(row.said);
    expect(statusOf(found)).toMatch(/^(?:skipped|drifted|rolled-back|rollback-incomplete)$/);
  });
});

it("whatever tells of a kind's form is tried by what a resource of that kind may become", async () => {
  const { plan } = await openSimulatedRun("smaller function");
  for (const resource of plan.inventory.resources) {
    const tried = rows.flatMap(({ kind, fact }) => (kind === resource.kind ? [fact] : []));
    expect(tried, resource.kind).toEqual(expect.arrayContaining(Object.keys(resourceFacts(resource).form(resource))));
  }
});
