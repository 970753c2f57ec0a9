import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { foldAll, foldRecord, startState } from "../../../../optimizer/core/execution/fold.ts";
import { next } from "../../../../optimizer/core/execution/next.ts";
import { isLive } from "../../../../optimizer/core/execution/action-steps.ts";
import { plannedAction, plannedStage } from "../../../../optimizer/core/execution/edit-state.ts";
import type { JournalRecord } from "../../../../optimizer/core/model/journal-record.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import { Fault } from "../../../../optimizer/errors.ts";
import { drive, healthy, TestAccount } from "../../../support/in-memory-ports.ts";
import { buildTestPlan, startMs, west } from "../../../support/plan-builder.ts";

interface Story {
  readonly plan: Plan;
  readonly records: readonly JournalRecord[];
  readonly runId: string;
}

const stories: Story[] = [];

beforeAll(async () => {
  const minuteMs = 60_000;
  const scripts = [
    {},
    { traffic: (region: string, ms: number) => (region === west && ms >= startMs + 30 * minuteMs ? { ...healthy, errors: 500 } : healthy) },
    { indexReads: (ms: number) => (ms > startMs + 5 * minuteMs ? 2 : 0) },
    { tags: () => [{ kind: "unreadable" as const, reason: "denied" }] },
  ];
  for (const script of scripts) {
    const account = new TestAccount(buildTestPlan(), script);
    await drive(account);
    stories.push({ plan: account.stored.plan, records: account.records, runId: account.runId });
  }
});

const anyPrefix = fc.tuple(fc.nat({ max: 3 }), fc.double({ min: 0, max: 1, noNaN: true }));

function prefix([which, share]: readonly [number, number]): Story & { readonly length: number } {
  const story = stories[which]!;
  return { ...story, length: Math.round(share * story.records.length) };
}

describe("the fold of a journal", () => {
  it("is defined for every prefix, and the same record by record or all at once", () => {
    fc.assert(
      fc.property(anyPrefix, (drawn) => {
        const { plan, records, runId, length } = prefix(drawn);
        const whole = foldAll(plan, runId, records.slice(0, length));
        expect(whole.lastSeq).toBe(length);
        const halved = records
          .slice(Math.floor(length / 2), length)
          .reduce((state, record) => foldRecord(plan, state, record), foldAll(plan, runId, records.slice(0, Math.floor(length / 2))));
        expect(halved).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it("has something to do next at every prefix, and always the same", () => {
    fc.assert(
      fc.property(anyPrefix, (drawn) => {
        const { plan, records, runId, length } = prefix(drawn);
        fc.pre(length > 0);
        const state = foldAll(plan, runId, records.slice(0, length));
        const nowMs = records[length - 1]!.at;
        const effect = next(plan, state, nowMs);
        expect(effect).toEqual(next(plan, state, nowMs));
        expect(effect.kind === "stop").toBe(state.outcome !== undefined || state.needsHuman !== undefined);
      }),
      { numRuns: 100 },
    );
  });

  it("leads back from every prefix in which a change is live: a requested rollback has a change to make", () => {
    fc.assert(
      fc.property(anyPrefix, (drawn) => {
        const { plan, records, runId, length } = prefix(drawn);
        const state = foldAll(plan, runId, records.slice(0, length));
        fc.pre(length > 0 && state.outcome === undefined);
        const live = state.phases.flatMap((phase) =>
          phase.stages.filter((stage) =>
            stage.actions.some((action) => isLive(plannedAction(plannedStage(plan, phase.number, stage.region, stage.round), action.actionId), action)),
          ),
        );
        const request = {
          ...records[length - 1]!,
          seq: length + 1,
          type: "DECISION",
          region: null,
          phase: null,
          op: null,
          body: { kind: "rollback-requested", by: "tester" },
        } as JournalRecord;
        const after = foldRecord(plan, state, request);
        const back = after.phases
          .flatMap(({ stages }) => stages)
          .filter(({ status }) => status === "rolling-back" || status === "confirming" || status === "rolled-back");
        expect(back.length).toBeGreaterThanOrEqual(live.length);
      }),
      { numRuns: 100 },
    );
  });

  it("refuses records that are missing, doubled or exchanged", () => {
    fc.assert(
      fc.property(fc.nat({ max: 3 }), fc.nat(), (which, drawn) => {
        const { plan, records, runId } = stories[which]!;
        const at = 1 + (drawn % (records.length - 2));
        const without = records.filter((_, index) => index !== at);
        expect(() => foldAll(plan, runId, without)).toThrow(Fault);
        const doubled = [...records.slice(0, at + 1), ...records.slice(at)];
        expect(() => foldAll(plan, runId, doubled)).toThrow(Fault);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, (record: JournalRecord) => boolean]>([
    ["an ATTEMPT without its INTENT", ({ type }) => type === "INTENT"],
    ["a VERIFIED without its OUTCOME", ({ type }) => type === "OUTCOME"],
    ["a SLOT without a WINDOW", ({ type }) => type === "WINDOW"],
    ["a journal without its PLAN", ({ type }) => type === "PLAN"],
  ])("refuses %s, even with numbers that fit", (_, isLeftOut) => {
    const { plan, records, runId } = stories[0]!;
    const left = records.findIndex(isLeftOut);
    const renumbered = records.filter((__, index) => index !== left).map((record, index) => ({ ...record, seq: index + 1 }));
    expect(() => foldAll(plan, runId, renumbered)).toThrow(/out of order/);
  });

  it("refuses anything but lease records once the run is closed, and records of another run", () => {
    const { plan, records, runId } = stories[0]!;
    const closed = foldAll(plan, runId, records);
    const last = records.at(-1)!;
    expect(() => foldRecord(plan, closed, { ...last, seq: closed.lastSeq + 1, type: "CRED_LOST", body: { detail: "" } })).toThrow(/closed/);
    expect(() => foldRecord(plan, startState(plan, "another"), records[0]!)).toThrow(/belongs to run/);
  });
});
