import { describe, expect, it } from "vitest";
import type { ChangeStep } from "../../../../optimizer/core/model/action.ts";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { StageState } from "../../../../optimizer/core/model/run-state.ts";
import type { SlotCounts, WindowVerdict } from "../../../../optimizer/core/model/window.ts";
import { recordLine, regionLines, slotsWords, verdictWords } from "../../../../optimizer/core/report/record-lines.ts";
import { sampleAction, samplePlan, sampleRecord, sampleSlot, sampleStage, sampleStartMs, sampleState } from "../../../support/sample-run.ts";

const minuteMs = 60_000;
const place = { at: sampleStartMs, region: "us-east-1", phase: 2, op: null } as const;
const [step] = sampleAction().steps;
if (step?.kind !== "change") throw new Error("the sample's step is a change");
const lift: ChangeStep = { ...step, id: "take-back", description: "give the index its readers back" };
const brownout = { kind: "brownout", id: "hide", minutes: 60, probes: [], lift: [lift], description: "hide the index" } as const;
const action = sampleAction({ steps: [brownout, step], afterPass: [{ ...step, id: "tidy", description: "tidy up" }] });
const lost = sampleAction({ reversibility: "irreversible", cannotComeBack: "the older backups" });

function planOf(own: typeof action) {
  return samplePlan({ phases: [{ number: 2, stages: [{ region: "us-east-1", role: "canary", actions: [own] }] }] });
}

/** Without time and region, which have columns of their own. */
function told(draft: RecordDraft, state = sampleState(), plan = planOf(action)): string | undefined {
  return recordLine(sampleRecord(draft, 9), plan, state)
    ?.slice(2)
    .map(({ text }) => text)
    .join("");
}

const verdict: WindowVerdict = {
  kind: "hold",
  rule: "coverage",
  detail: "too few slots",
  errorRate: null,
  medianP99Ratio: null,
  conclusiveShare: 0.5,
  slots: 10,
};
const own = { action: action.id, purpose: "forward" } as const;
const wait = { startMs: sampleStartMs, endMs: sampleStartMs + 60 * minuteMs, action: action.id };
const shift = { all: { p99Ratio: 1.1, errorRate: 0 }, busy: { p99Ratio: 1.25, errorRate: 0 } };

type Bodied<T extends RecordDraft["type"]> = Extract<RecordDraft, { readonly type: T }>["body"];

function draft<T extends RecordDraft["type"]>(type: T, body: Bodied<T>, op: string | null = null): RecordDraft {
  return { ...place, op, type, body } as RecordDraft;
}

describe("what a record tells", () => {
  it.each<readonly [RecordDraft, string | undefined]>([
    [draft("LEASE", { event: "stolen", holder: "host-1" }), "lock taken over  from host-1"],
    [draft("LEASE", { event: "acquired", holder: "host-1" }), undefined],
    [draft("INTENT", { ...own, change: step.change, token: "t" }, "us-east-1-refresh"), "replace the instances"],
    [draft("INTENT", { ...own, change: step.change, token: "t" }, "tidy"), "tidy up"],
    [draft("INTENT", { ...own, change: step.change, token: "t" }, "of an older plan"), "m5.4xlarge to m5.2xlarge"],
    [draft("RB_INTENT", { ...own, purpose: "lift", change: step.change, token: "t" }, "take-back"), "undo: give the index its readers back"],
    [draft("INTENT", { ...own, action: "nobody's", change: step.change, token: "t" }, "x"), "nobody's"],
    [draft("ATTEMPT", { ...own, number: 1 }, "us-east-1-refresh"), undefined],
    [draft("ATTEMPT", { ...own, number: 3 }, "us-east-1-refresh"), "attempt 3  replace the instances"],
    [draft("OUTCOME", { ...own, result: "none-needed" }), undefined],
    [draft("OUTCOME", { ...own, result: "recovered" }), "the reply was lost, the change was not"],
    [
      draft("RB_OUTCOME", { ...own, result: "unknown", error: { name: "TimeoutError", message: "no answer" } }),
      "no clear answer; AWS will be asked what holds  TimeoutError: no answer",
    ],
    [draft("VERIFIED", { ...own, state: { kind: "settled", value: null } }), "✓ done and read back"],
    [draft("RB_VERIFIED", { ...own, state: { kind: "settled", value: null } }), undefined],
    [draft("BROWN_OUT", { ...wait, event: "started", detail: "3 probes" }), "brownout of 1 h begins  3 probes"],
    [draft("BROWN_OUT", { ...wait, event: "silent", detail: "" }), "✓ brownout was silent"],
    [draft("BROWN_OUT", { ...wait, event: "read", detail: "12 reads" }), "read during the brownout: kept  12 reads"],
    [draft("BROWN_OUT", { ...wait, event: "unclear", detail: "no points" }), "brownout unclear  no points"],
    [draft("WINDOW", { event: "extended", deadlineMs: sampleStartMs + 90 * minuteMs, reason: "a gap" }), "window extended  until day 1 01:30: a gap"],
    [
      draft("WINDOW", { event: "compared", throughMs: 0, regions: ["us-west-2"], common: shift }),
      "compared with untouched regions  us-west-2: p99 ×1.10, in the busiest hours ×1.25",
    ],
    [
      draft("WINDOW", { event: "compared", throughMs: 0, regions: ["us-west-2"], common: null }),
      "compared with untouched regions  us-west-2 could not be read for long enough",
    ],
    [
      draft("WINDOW", {
        event: "compared",
        throughMs: 0,
        regions: ["us-west-2", "eu-west-1"],
        common: shift,
        unread: [{ region: "eu-west-1", reason: "AccessDenied: no" }],
      }),
      "compared with untouched regions  us-west-2: p99 ×1.10, in the busiest hours ×1.25; eu-west-1 gave no answer: AccessDenied: no",
    ],
    [
      draft("WINDOW", {
        event: "compared",
        throughMs: 0,
        regions: ["us-west-2"],
        common: null,
        unread: [{ region: "us-west-2", reason: "AccessDenied: no" }],
      }),
      "compared with untouched regions  us-west-2 gave no answer: AccessDenied: no",
    ],
    [
      draft("WINDOW", { event: "closed", verdict: { ...verdict, kind: "pass", detail: "", errorRate: 0.001, medianP99Ratio: 1.03 } }),
      "✓ window passed  10 slots, 50 % conclusive, errors 0.1 %, p99 ×1.03",
    ],
    [draft("WINDOW", { event: "closed", verdict }), "window closed: hold  too few slots; 10 slots, 50 % conclusive"],
    [draft("DECISION", { kind: "breach", verdict: { ...verdict, rule: "own-check" } }), "✗ breach (own check): rolling back  too few slots"],
    [draft("DECISION", { kind: "action-skipped", action: "a", code: "still-read", detail: "12 reads" }), "left alone: still-read  12 reads"],
    [draft("DECISION", { kind: "approved", action: action.id, by: "ops" }), "approved: m5.4xlarge to m5.2xlarge  by ops"],
    [draft("DECISION", { kind: "approved", action: "nobody's", by: "ops" }), "approved: nobody's  by ops"],
    [
      draft("DECISION", { kind: "unhealthy", action: action.id, detail: "errors 2 %" }),
      "not healthy now, so nothing is changed yet: m5.4xlarge to m5.2xlarge  errors 2 %",
    ],
    [draft("DECISION", { kind: "healthy", action: "a" }), "✓ healthy again"],
    [draft("DECISION", { ...own, kind: "busy", detail: "a snapshot" }), "something else moves on the resource; waiting for it  a snapshot"],
    [draft("DECISION", { ...own, kind: "step-left", detail: "refused" }), "left out; going on without it  refused"],
    [draft("DECISION", { ...own, kind: "step-given-up", detail: "gone" }), "cannot be undone; going on with what does not rest on it  gone"],
    [
      draft("DECISION", { kind: "poll-failed", of: "metrics", reason: "throttled", retryAtMs: sampleStartMs + 5 * minuteMs }),
      "no answer; trying again day 1 00:05  throttled",
    ],
    [draft("DECISION", { kind: "poll-succeeded", of: "metrics" }), "✓ answers again"],
    [draft("DECISION", { kind: "region-cancelled", reason: "the canary breached" }), "cancelled in this phase  the canary breached"],
    [draft("DECISION", { kind: "soaked" }), "✓ canary soaked"],
    [draft("DECISION", { kind: "phase-closed", result: "passed" }), "phase 2 passed"],
    [draft("DECISION", { kind: "phase-closed", result: "partly-rolled-back" }), "phase 2 partly rolled back"],
    [draft("DECISION", { kind: "rollback-requested", by: "ops" }), "rollback requested  by ops"],
    [draft("DECISION", { kind: "rolled-back-verified" }), "✓ rolled back and verified"],
    [draft("DECISION", { kind: "rollback-incomplete", remaining: ["aws x", "aws y"] }), "✗ rollback incomplete  aws x; aws y"],
    [draft("HOLD", { reason: "metrics are late" }), "on hold  metrics are late"],
    [draft("HOLD", { reason: "continued", releasedBy: "ops" }), "released from its hold  by ops: continued"],
    [draft("DRIFT", { ...own, expected: "m5.2xlarge", found: "m5.large" }), "someone else changed this; left alone  expected m5.2xlarge, found m5.large"],
    [draft("CRED_LOST", { detail: "expired" }), "credentials lost  expired"],
    [draft("NEEDS_HUMAN", { reason: "held", commands: ["optimizer continue r"] }), "a human is needed: held  optimizer continue r"],
    [draft("CLOSED", { outcome: "adoptable" }), "run closed: succeeded"],
    [draft("CLOSED", { outcome: "aborted" }), "run closed: aborted"],
    [draft("PAGED", { event: "breach:4", channel: "sns", result: "sent" }), "paged by sns  breach:4"],
    [draft("PAGED", { event: "breach:4", channel: "sns", result: "failed", detail: "throttled" }), "paging by sns failed  breach:4: throttled"],
    [draft("PAGED", { event: "breach:4", channel: "sns", result: "failed" }), "paging by sns failed  breach:4: no reason was given"],
  ])("%#: %j is told as %j", (record, words) => {
    expect(told(record)).toBe(words);
  });

  it("leaves the region's column empty where a record is about the whole run", () => {
    const line = recordLine(sampleRecord({ ...place, region: null, phase: null, type: "CRED_LOST", body: { detail: "expired" } }), samplePlan(), sampleState());
    expect(line?.[1]?.text.trim()).toBe("");
  });

  it("colours what passed, what breached and what is neither", () => {
    const tone = (kind: WindowVerdict["kind"]) =>
      recordLine(sampleRecord(draft("WINDOW", { event: "closed", verdict: { ...verdict, kind } })), samplePlan(), sampleState())?.[2]?.tone;
    expect([tone("pass"), tone("breach"), tone("extend")]).toEqual(["good", "bad", "warn"]);
  });

  it("says how long a change took since its last intent, where it took a minute at least", () => {
    const intended = (type: "INTENT" | "RB_INTENT", seq: number, op = "us-east-1-refresh") =>
      sampleRecord({ ...place, type, op, body: { ...own, change: step.change, token: "t" } }, seq);
    const read = (type: "VERIFIED" | "RB_VERIFIED", minutes: number, ...records: readonly ReturnType<typeof intended>[]) =>
      told(
        { ...place, at: sampleStartMs + minutes * minuteMs, type, op: "us-east-1-refresh", body: { ...own, state: { kind: "settled", value: null } } },
        sampleState({ records }),
      );
    expect(read("VERIFIED", 119.7, intended("INTENT", 1))).toBe("✓ done and read back  after 2 h");
    expect(read("VERIFIED", 0.5, intended("INTENT", 1))).toBe("✓ done and read back");
    expect(read("VERIFIED", 5, intended("INTENT", 1, "another"), intended("INTENT", 10))).toBe("✓ done and read back");
    expect(read("RB_VERIFIED", 5, intended("RB_INTENT", 1))).toBe("✓ undone and read back  after 5 min");
    expect(read("RB_VERIFIED", 5, intended("INTENT", 1), intended("RB_INTENT", 1, "another"), intended("RB_INTENT", 10))).toBeUndefined();
  });

  it("names what a rollback does not bring back, of the region's round alone", () => {
    const steps = { "forward:us-east-1-refresh": { stepId: "us-east-1-refresh", purpose: "forward", status: "verified", attempts: 1, at: 0 } } as const;
    const stage = { ...sampleStage("us-east-1", "rolled-back"), actions: [{ actionId: lost.id, status: "rolled-back" as const, steps }] };
    const state = sampleState({ phases: [{ number: 2, status: "open", stages: [stage] }] });
    const back = draft("DECISION", { kind: "rolled-back-verified" });
    expect(told(back, state, planOf(lost))).toBe("✓ rolled back and verified  does not come back: the older backups");
    expect(told({ ...back, round: 2 }, state, planOf(lost))).toBe("✓ rolled back and verified");
    const { cannotComeBack: _, ...unsaid } = lost;
    expect(told(draft("DECISION", { kind: "rollback-requested", by: "ops" }), state, planOf(unsaid))).toBe(
      "rollback requested  by ops; does not come back: m5.4xlarge to m5.2xlarge",
    );
  });
});

describe("what a slot tells", () => {
  const after = { ...sampleStage("us-east-1", "rolled-back"), confirmation: [sampleSlot(4), sampleSlot(5, "breach")] };
  const state = sampleState({ phases: [{ number: 2, status: "open", stages: [after] }] });
  const slot = (index: number, kind: "pass" | "breach", watch: "after-rollback" | "window" = "after-rollback") =>
    draft("SLOT", { watch, score: sampleSlot(index, kind) });

  it("is its number after a rollback, wherever the count stands now; one from before the count began anew has none", () => {
    expect(told(slot(4, "pass"), state)).toBe("slot 1 after the rollback: pass  within limits");
    expect(told(slot(5, "breach"), state)).toBe("slot 2 after the rollback: breach  p99 over its limit");
    expect(told(slot(3, "pass"), state)).toBe("slot after the rollback: pass  within limits");
  });

  it("is nothing, or its own verdict, where the state knows no such region", () => {
    const nowhere = sampleState({ phases: [] });
    expect(told(slot(4, "pass"), nowhere)).toBe("slot after the rollback: pass  within limits");
    expect(told(slot(4, "pass", "window"), nowhere)).toBeUndefined();
    expect(told(slot(4, "breach", "window"), nowhere, samplePlan({ phases: [] }))).toBe("slot over a limit  p99 over its limit");
  });
});

describe("errors of many slots", () => {
  const none: Partial<SlotCounts> = { requests: null, target5xx: null, elb5xx: null };
  const of = (counts: Partial<SlotCounts>) => {
    const slot = sampleSlot(0);
    return { ...slot, counts: slot.counts.map((each) => ({ ...each, ...counts })) };
  };

  it.each<readonly [string, Partial<SlotCounts>, string]>([
    ["an outage in which no request found a target", { ...none, elb5xx: 10_002 }, "2 slots: 2 passed; errors 50 %"],
    ["a slot without figures", none, "2 slots: 2 passed; errors 0.02 %"],
  ])("count %s as the window does", (_, counts, words) => {
    expect(slotsWords([of({}), of(counts)])).toBe(words);
  });

  it("are not told where there was no traffic at all", () => {
    expect(slotsWords([of(none)])).toBe("1 slot: 1 passed");
    expect(verdictWords({ ...verdict, kind: "pass", detail: "" })).toBe("10 slots, 50 % conclusive");
  });
});

describe("the line of a region", () => {
  const shown = (...stages: readonly StageState[]) =>
    regionLines(samplePlan(), sampleState({ phases: [{ number: 2, status: "open", stages }] })).map((line) => line.map(({ text }) => text).join(""));
  const stage = (status: StageState["status"], rest: Partial<StageState> = {}): StageState => ({ ...sampleStage("us-east-1"), status, ...rest });

  it.each<readonly [StageState, string]>([
    [stage("acting"), "acting"],
    [stage("rolling-back"), "rolling back"],
    [stage("confirming", { confirmation: [sampleSlot(1)] }), "1 slot after the rollback"],
  ])("says what it does where nothing is watched", (own, words) => {
    expect(shown(own)).toEqual([`phase 2 compute and cache  ${"us-east-1".padEnd(15)}${words}`]);
  });

  it("says nothing of a later round that waits, and all of one that is at work", () => {
    expect(shown(stage("passed"), stage("pending", { round: 2 }))).toHaveLength(1);
    expect(shown(stage("passed"), stage("acting", { round: 2 }))[1]).toContain("us-east-1, round 2 acting");
  });
});
