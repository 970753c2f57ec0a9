import { describe, expect, it } from "vitest";
import { disruptionSpans } from "../../../../optimizer/core/execution/disruption-spans.ts";
import type { JournalRecord, RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import { startMs, west, writerAction } from "../../../support/plan-builder.ts";

const action = writerAction(west);
const op = action.steps.at(-1)?.id ?? "";
const minuteMs = 60_000;
const declaredMs = Math.max(...action.disruptions.map(({ seconds }) => seconds)) * 1000;

function spansOf(...drafts: readonly Pick<RecordDraft, "type" | "body">[]) {
  const records = drafts.map(
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
  return disruptionSpans([action], records);
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

  it("do not go on for ever after the action was given up", () => {
    expect(spansOf(attempt, givenUp)).toEqual([{ startMs, endMs: startMs + declaredMs }]);
  });
});
