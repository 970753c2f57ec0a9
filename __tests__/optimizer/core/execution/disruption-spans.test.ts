import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { disruptionSpans } from "../../../../optimizer/core/execution/disruption-spans.ts";
import type { JournalRecord, RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import { startMs, west, writerAction } from "../../../support/plan-builder.ts";

const action = writerAction(west);
const op = action.steps.at(-1)?.id ?? "";
const minuteMs = 60_000;
const declaredMs = Math.max(...action.disruptions.map(({ seconds }) => seconds)) * 1000;

type Draft = Pick<RecordDraft, "type" | "body">;

function spansOf(...drafts: readonly Draft[]) {
  return disruptionSpans([action], recordsOf(drafts));
}

function recordsOf(drafts: readonly Draft[]): readonly JournalRecord[] {
  return drafts.map(
    (draft, index) =>
      ({
        v: 1,
        seq: index + 1,
        prev: "",
        epoch: 1,
        run: "r",
        account: "a",
        region: west,
        phase: 3,
        op,
        at: startMs + index * minuteMs,
        ...draft,
      }) as JournalRecord,
  );
}

const step = { action: action.id, purpose: "forward" } as const;
const attempt = { type: "ATTEMPT", body: { ...step, number: 1 } } as const;
const rejected = { type: "OUTCOME", body: { ...step, result: "rejected" } } as const;
const verified = { type: "VERIFIED", body: { ...step, state: { kind: "settled", value: { writer: "w" } } } } as const;
const givenUp = { type: "DECISION", body: { kind: "action-skipped", action: action.id, code: "not-settled", detail: "" } } as const;

describe("declared disruptions", () => {
  it("last from the attempt until the change was read back, and as long as declared", () => {
    expect(spansOf(attempt, verified)).toEqual([{ startMs, endMs: startMs + declaredMs }]);
    expect(spansOf(attempt)).toEqual([{ startMs, endMs: Number.POSITIVE_INFINITY }]);
  });

  it("are none where AWS refused the change", () => {
    expect(spansOf(attempt, rejected)).toEqual([]);
    expect(spansOf(attempt, rejected, attempt)).toEqual([{ startMs: startMs + 2 * minuteMs, endMs: Number.POSITIVE_INFINITY }]);
  });

  it("are none before the first record, and are read from it on once that is there", () => {
    const actions = [action];
    expect(disruptionSpans(actions, [])).toEqual([]);
    expect(disruptionSpans(actions, recordsOf([attempt, verified]))).toEqual([{ startMs, endMs: startMs + declaredMs }]);
  });

  it("are the same whether a run asks after each record, or anew after any of them, or of another run between", () => {
    const drafts = fc.array(fc.constantFrom<Draft>(attempt, rejected, verified, givenUp), { minLength: 1, maxLength: 8 });
    const asked = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 8 })), { maxLength: 12 });
    fc.assert(
      fc.property(drafts, drafts, asked, (one, other, questions) => {
        const runs = [recordsOf(one), recordsOf(other)] as const;
        const actions = [action];
        for (const [isOther, length] of questions) {
          const records = runs[isOther ? 1 : 0].slice(0, length);
          expect(disruptionSpans(actions, records)).toEqual(disruptionSpans([action], records));
        }
      }),
    );
  });

  it("do not go on for ever after the action was given up", () => {
    expect(spansOf(attempt, givenUp)).toEqual([{ startMs, endMs: startMs + declaredMs }]);
  });
});
