import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import type { ActionState, RunState, StageState } from "../../../../optimizer/core/model/run-state.ts";
import type { MonthlyUsd } from "../../../../optimizer/core/model/money.ts";
import { adoptionMarkdown } from "../../../../optimizer/core/report/adoption-markdown.ts";
import { planVerdict, runVerdict } from "../../../../optimizer/core/report/page/verdict.ts";
import { progressLines } from "../../../../optimizer/core/report/progress-lines.ts";
import { reportJson } from "../../../../optimizer/core/report/report-json.ts";
import { reportView } from "../../../../optimizer/core/report/report-view.ts";
import { runSummaryBlocks, runSummaryJson } from "../../../../optimizer/core/report/run-summary.ts";
import {
  sampleAction,
  sampleAdvice,
  samplePlan,
  sampleProposal,
  sampleRecord,
  sampleSkip,
  sampleSlot,
  sampleStage,
  sampleStartMs,
  sampleState,
} from "../../../support/sample-run.ts";
import { someSpending } from "../../../support/some-spending.ts";

const hourMs = 3_600_000;
const place = { at: sampleStartMs + hourMs, region: "us-east-1", phase: 2, op: null } as const;
const action = sampleAction();
const applied: ActionState = {
  actionId: action.id,
  status: "applied",
  steps: { "forward:us-east-1-refresh": { stepId: "us-east-1-refresh", purpose: "forward", status: "verified", attempts: 1, at: sampleStartMs } },
};
const closed = sampleStage("us-east-1", "rolled-back").window?.closed;
if (closed === undefined) throw new Error("the sample's window is closed");
const breach = { ...place, type: "DECISION", body: { kind: "breach", verdict: closed } } as const;
const plan = samplePlan({ phases: [{ number: 2, stages: [{ region: "us-east-1", role: "canary", actions: [action] }] }] });

function stage(status: StageState["status"], rest: Partial<StageState> = {}): StageState {
  const { window: _, ...base } = sampleStage("us-east-1");
  return { ...base, status, actions: [applied], ...rest };
}

/** A run that is open, with one stage. */
function openState(own: StageState, rest: Partial<RunState> = {}): RunState {
  const { outcome: _, ...state } = sampleState();
  return { ...state, phases: [{ number: 2, status: "open", stages: [own] }], ...rest };
}

function recorded(...drafts: readonly RecordDraft[]): Pick<RunState, "records"> {
  return { records: drafts.map((draft, index) => sampleRecord(draft, index + 1)) };
}

function shown(state: RunState, of: Plan = plan): string {
  const blocks = runSummaryBlocks(of, state, (words) => ["npx", "optimizer", ...words].join(" "));
  return layout(blocks, { width: 200, colour: false, unicode: true }).join("\n");
}

describe("where a run stands", () => {
  it("is its outcome once it is closed, without a word of what is due", () => {
    expect(shown(sampleState())).toContain("partly rolled back");
    expect(shown(sampleState())).not.toMatch(/due|ends {2}/);
  });

  it.each<readonly [StageState["status"], string]>([
    ["passed", "passed"],
    ["rolling-back", "rolling back"],
    ["confirming", "confirming"],
    ["rolled-back", "rolled back"],
    ["rollback-incomplete", "rollback incomplete"],
    ["cancelled", "cancelled"],
    ["pending", "pending"],
  ])("has a row for a region that is %s", (status, words) => {
    expect(shown(sampleState({ phases: [{ number: 2, status: "open", stages: [stage(status)] }] }))).toMatch(
      new RegExp(`phase 2 +us-east-1 +${words} +1 action`),
    );
  });

  it("is how long it has been open, when something is due and when the calendar ends, up to the newest record", () => {
    const start = openState(stage("pending", { actions: [{ ...applied, status: "pending", steps: {} }] }));
    expect(shown(start)).toMatch(/open, day 1 00:00/);
    expect(shown(start)).toMatch(/due +now\n.*ends +2026-06-03 00:00 UTC {2}by the plan's calendar/);
    const late = { ...place, at: sampleStartMs + 48 * hourMs, type: "CRED_LOST", body: { detail: "expired" } } as const;
    const later = shown({ ...start, ...recorded(late) });
    expect(later).toMatch(/open, day 3 00:00/);
    expect(later).not.toContain("by the plan's calendar");
  });

  it("is that it needs a human, with why and the commands as they can be pasted here", () => {
    const text = shown(openState(stage("acting"), { needsHuman: { reason: "metrics are late", commands: ["optimizer continue run-1", "aws x y"] } }));
    expect(text).toMatch(/Run run-1 +needs a human/);
    expect(text).toContain("metrics are late");
    expect(text).toContain("npx optimizer continue run-1");
    expect(text).toMatch(/^ +aws x y$/m);
    expect(text).not.toContain("due  ");
  });

  it("is why it is on hold", () => {
    expect(shown(openState(stage("acting"), { hold: { reason: "metrics are late", region: "us-east-1", sinceMs: 0 } }))).toContain("metrics are late");
  });

  it("says what somebody else changed, and what a rollback does not bring back", () => {
    const drifted: ActionState = { ...applied, status: "drifted", skip: { code: "changed-since", detail: "changed by somebody else: m5.large" } };
    expect(shown(sampleState({ phases: [{ number: 2, status: "open", stages: [stage("empty", { actions: [drifted] })] }] }))).toContain(
      "m5.4xlarge to m5.2xlarge: changed by somebody else: m5.large",
    );
    const lost = sampleAction({ reversibility: "irreversible", cannotComeBack: "the older backups" });
    const lasting = samplePlan({ phases: [{ number: 2, stages: [{ region: "us-east-1", role: "canary", actions: [lost] }] }] });
    const undone = sampleState({ phases: [{ number: 2, status: "rolled-back", stages: [stage("rolled-back", { actions: [applied] })] }] });
    expect(shown(undone, lasting)).toContain("does not come back: the older backups");
    expect(shown(undone)).not.toContain("does not come back");
  });
});

describe("a run for programs", () => {
  it("has null where there is no outcome, no window and no verdict yet, later rounds by number, and why an action was left alone", () => {
    const skipped: ActionState = { ...applied, status: "skipped", skip: { code: "still-read", detail: "12 reads" } };
    const { phases, outcome } = runSummaryJson(openState(stage("acting", { round: 2, actions: [skipped, applied] })));
    expect(outcome).toBeNull();
    expect(phases[0]?.regions).toEqual([
      {
        region: "us-east-1",
        round: 2,
        status: "acting",
        slots: 0,
        errorRate: null,
        medianP99Ratio: null,
        actions: [
          { id: action.id, status: "skipped", detail: "12 reads" },
          { id: action.id, status: "applied" },
        ],
      },
    ]);
  });

  it("keeps the part of a resource, what waits, the spending and proposals without arithmetic", () => {
    const { chosen: _, ...proposal } = sampleProposal(action, { part: "by-plan" });
    const withheld = { action: "a:b", summary: "s", savings: { kind: "known", usd: 3 }, why: "history is lost" } as const;
    const decisions = [proposal, sampleAdvice({ part: "orders by day" }), sampleSkip({ part: "by-day", code: "needs-approval", withheld })];
    const json = reportJson(reportView(samplePlan({ decisions, spending: someSpending }), sampleState(), { kind: "not-yet", reason: "too early" }));
    expect(json).toMatchObject({
      spending: someSpending,
      resources: [{ part: "by-plan", utilization: [] }],
      skipped: [{ part: "by-day", withheld }],
      advice: [{ part: "orders by day" }],
    });
  });
});

describe("the report of a run", () => {
  const view = (state: RunState, of: Plan = plan) => reportView(of, state, { kind: "not-yet", reason: "too early" });
  const window = { startMs: sampleStartMs, deadlineMs: sampleStartMs + 48 * hourMs, slots: [sampleSlot(0)] };
  const foreign = [
    { ...breach, body: { kind: "breach", verdict: { ...closed, detail: "another round" } }, round: 2 },
    { ...breach, body: { kind: "breach", verdict: { ...closed, detail: "another region" } }, region: "us-west-2" },
    { ...breach, body: { kind: "breach", verdict: { ...closed, detail: "another phase" } }, phase: 1 },
    { ...place, type: "DECISION", body: { kind: "soaked" } },
    { ...place, type: "CRED_LOST", body: { detail: "expired" } },
  ] as const satisfies readonly RecordDraft[];

  it("has the verdict of a window that a breach ended before its time: that of its own phase, region and round", () => {
    const [own] = view(openState(stage("rolling-back", { window }), recorded(breach, ...foreign))).windows;
    expect(own?.verdict?.detail).toBe("p99 ×2.40 for two slots");
    expect(view(openState(stage("observing", { window }), recorded(...foreign))).windows[0]).not.toHaveProperty("verdict");
  });

  it.each<readonly [string, Partial<StageState>, readonly RecordDraft[], string]>([
    ["its window's verdict", { window: { ...window, closed }, reason: "r" }, [breach], "p99 ×2.40 for two slots"],
    ["the region's own reason", { reason: "an action could not be undone" }, [breach], "an action could not be undone"],
    ["the breach", {}, [breach], "p99 ×2.40 for two slots"],
    ["that somebody asked for it", {}, foreign, "requested"],
  ])("gives as the reason of a rollback %s", (_, rest, drafts, reason) => {
    expect(view(openState(stage("rollback-incomplete", rest), recorded(...drafts))).rollbacks).toMatchObject([{ verified: false, reason }]);
  });

  it("leaves slots of windows out of the journal, and records that only the journal needs", () => {
    const score = sampleSlot(0);
    const lines = view(
      openState(
        stage("confirming", { confirmation: [score] }),
        recorded(
          { ...place, type: "SLOT", body: { watch: "window", score: sampleSlot(1, "breach") } },
          { ...place, type: "SLOT", body: { watch: "after-rollback", score } },
          { ...place, type: "LEASE", body: { event: "released", holder: "h" } },
        ),
      ),
    ).journal;
    expect(lines.map(({ seq, text }) => [seq, text])).toEqual([[2, "slot 1 after the rollback: pass: within limits"]]);
  });

  it("says in one sentence what somebody else changed, which rollbacks are open, and whom a refusal concerns", () => {
    const shared = sampleSkip({ code: "shared", detail: "group acme follows it", resource: { kind: "auto-scaling-group", region: "us-east-1", id: "g" } });
    const worstHour = { atMs: sampleStartMs, rarePeaksMs: [] };
    const projection = { dimension: "cpu", current: 0.9, projected: 0.95, limit: 0.9, fits: false, method: "", worstHour } as const;
    const tight = (id: string) =>
      sampleSkip({
        code: "does-not-fit",
        resource: { kind: "auto-scaling-group", region: "us-east-1", id },
        refused: [{ target: "t", projections: [projection], fits: false, monthlySavings: { kind: "known", usd: 1 } }],
      });
    const refusing = { ...plan, decisions: [sampleProposal(action), shared, tight("x"), tight("y"), sampleSkip({ code: "threshold-not-met" })] };
    const state = openState(stage("rolling-back", { actions: [{ ...applied, status: "drifted" }] }));
    expect(runVerdict(refusing, state, view(state, refusing))).toBe(
      "The run is still going; 0 of 1 change kept; 1 rollback not finished; something was changed by somebody else and left alone; " +
        "2 refused by its worst hour; g in us-east-1 refused: shared with others; no tenant's resource was touched.",
    );
  });
});

describe("a plan in one sentence", () => {
  const waiting = sampleSkip({ code: "needs-approval", withheld: { action: "a", summary: "s", savings: { kind: "known", usd: 1 }, why: "w" } });

  it.each([
    [1, "; 1 needs approval; 1 left alone"],
    [2, "; 2 need approval; 1 left alone"],
  ])("counts %d that wait for an approval apart", (amount, words) => {
    expect(planVerdict(samplePlan({ decisions: [sampleSkip(), ...Array.from({ length: amount }, () => waiting)] }))).toContain(words);
  });

  it("names what its figure leaves out", () => {
    const estimated: MonthlyUsd = { kind: "partly", usd: 5, unknown: [{ what: "backup storage", reason: "price unknown" }] };
    expect(planVerdict(samplePlan({ savings: { ...samplePlan().savings, estimated } }))).toContain("at list prices, and backup storage (price unknown)");
  });
});

describe("the body of a pull request of an open run", () => {
  it("says that it is still open, and tells no window that has not closed", () => {
    const text = adoptionMarkdown(plan, openState(stage("acting")), [], []);
    expect(text).toContain("<sub>run run-1, still open; plan");
    expect(text).not.toContain("**Windows**");
  });
});

describe("the live view", () => {
  const lines = (...stages: readonly StageState[]) =>
    progressLines(plan, openState(stage("pending"), { phases: [{ number: 2, status: "open", stages }] })).map((line) => line.map(({ text }) => text).join(""));
  const at = (region: string, status: StageState["status"]) => ({ ...stage(status), region });

  it("has the regions in order of their names", () => {
    expect(lines(at("us-west-2", "pending"), at("eu-west-1", "pending"), at("us-east-1", "pending")).map((line) => line.slice(0, 9).trim())).toEqual([
      "48 h left",
      "eu-west-1",
      "us-east-1",
      "us-west-2",
    ]);
  });

  it("says that a brownout is on, or which round is at work", () => {
    expect(lines(stage("acting", { actions: [{ ...applied, status: "brownout" }] }))[1]).toContain("brownout");
    expect(lines(stage("acting"))[1]).toContain("changing");
    expect(lines(stage("passed"), stage("observing", { round: 2 }))[1]).toContain("watching, r2");
  });

  it("counts minutes below an hour, and nothing past the end", () => {
    const observing = stage("observing", { window: { startMs: sampleStartMs, deadlineMs: sampleStartMs + hourMs, slots: [sampleSlot(0)] } });
    const after = (ms: number) => {
      const late = { ...place, at: sampleStartMs + ms, type: "CRED_LOST", body: { detail: "expired" } } as const;
      return progressLines(plan, openState(observing, recorded(late))).map((line) =>
        line
          .map(({ text }) => text)
          .join("")
          .trimEnd(),
      );
    };
    expect(after(hourMs / 2)[1]).toMatch(/slot 1\/4, 30 min$/);
    expect(after(hourMs)[1]).toMatch(/slot 1\/4$/);
    expect(after(49 * hourMs)[0]).toBe(`${" ".repeat(15)}phase 2`);
  });
});
