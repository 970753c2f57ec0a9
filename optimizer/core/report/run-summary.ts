import { keptActions } from "../adoption/kept-changes.ts";
import { type HumanAsked, humanAsked } from "../execution/human-asked.ts";
import { pasteable } from "../execution/manual-commands.ts";
import { next } from "../execution/next.ts";
import type { RunOutcome } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { Proposal } from "../model/rule.ts";
import type { RunState, StageState } from "../model/run-state.ts";
import { type Block, cell, type Line, piece, type Tone } from "../model/telling.ts";
import { keptPart } from "../money/kept-part.ts";
import { sumMonthly } from "../money/monthly.ts";
import { utcMinute } from "../model/utc.ts";
import { count, dayAndTime, monthly } from "./figures.ts";
import { proposalsOf } from "./plan-blocks.ts";
import { outcomeWords, roundWords } from "./words.ts";
import { isChangedByOthers } from "../execution/settle-stage.ts";
import { type PagedEvent, pagedEvents } from "../paging/paged-events.ts";
import { lostWords } from "./lost-words.ts";
import { pagedLines } from "./paged-lines.ts";
import { actionWords, regionLines, slotsWords, verdictWords } from "./record-lines.ts";

/** The result of `run`, `resume`, `tick`, `status` and `rollback` for programs. */
export interface RunSummaryJson {
  readonly version: 1;
  readonly run: string;
  readonly plan: string;
  readonly outcome: RunOutcome | null;
  readonly hold: string | null;
  readonly needsHuman: HumanAsked | null;
  /** Who was told outside of the terminal, and what could not be told. */
  readonly paged: readonly PagedEvent[];
  readonly phases: readonly { readonly phase: number; readonly status: string; readonly regions: readonly RegionSummaryJson[] }[];
}

interface RegionSummaryJson {
  readonly region: string;
  /** Absent: the first. */
  readonly round?: number;
  readonly status: StageState["status"];
  readonly slots: number;
  readonly errorRate: number | null;
  readonly medianP99Ratio: number | null;
  readonly actions: readonly { readonly id: string; readonly status: string; readonly detail?: string }[];
}

export function runSummaryJson(state: RunState): RunSummaryJson {
  return {
    version: 1,
    run: state.runId,
    plan: state.planHash,
    outcome: state.outcome ?? null,
    hold: state.hold?.reason ?? null,
    needsHuman: humanAsked(state) ?? null,
    paged: pagedEvents(state),
    phases: state.phases.map((phase) => ({
      phase: phase.number,
      status: phase.status,
      regions: phase.stages.map((stage) => ({
        region: stage.region,
        ...(stage.round === 1 ? {} : { round: stage.round }),
        status: stage.status,
        slots: stage.window?.slots.length ?? 0,
        errorRate: stage.window?.closed?.errorRate ?? null,
        medianP99Ratio: stage.window?.closed?.medianP99Ratio ?? null,
        actions: stage.actions.map(({ actionId, status, skip }) => ({ id: actionId, status, ...(skip === undefined ? {} : { detail: skip.detail }) })),
      })),
    })),
  };
}

/** Where a run stands: a row per phase and region, what it earned, what to do next. */
export function runSummaryBlocks(plan: Plan, state: RunState, command: (words: readonly string[]) => string): readonly Block[] {
  return [
    { kind: "gap" },
    { kind: "heading", text: `Run ${state.runId}`, note: standingWords(state) },
    { kind: "table", indent: 1, right: [], rows: state.phases.flatMap((phase) => phase.stages.map((stage) => stageRow(phase.number, stage))) },
    ...regionLines(plan, state).map((line): Block => ({ kind: "line", indent: 1, line })),
    { kind: "line", indent: 1, line: [piece("applied and kept  ", "dim"), ...keptLine(plan, state)] },
    ...dueBlocks(plan, state),
    ...changedByOthersBlocks(plan, state),
    ...lostBlocks(plan, state),
    ...pagedLines(state).map((line): Block => ({ kind: "line", indent: 1, line })),
    ...nextBlocks(state, command),
  ];
}

/** What it came to, or how far it is. */
function standingWords(state: RunState): string {
  if (state.outcome !== undefined) return outcomeWords[state.outcome];
  if (humanAsked(state) !== undefined) return "needs a human";
  const lastMs = state.records.at(-1)?.at ?? state.startedAtMs;
  return `open, ${dayAndTime(lastMs - state.startedAtMs)}`;
}

function stageRow(phase: number, stage: StageState): readonly Line[] {
  const closed = stage.window?.closed;
  const detail = closed !== undefined ? verdictWords(closed) : (stage.reason ?? (stage.window === undefined ? "" : slotsWords(stage.window.slots)));
  const acted = stage.actions.filter((action) => action.status !== "skipped" && action.status !== "pending").length;
  return [
    cell(`phase ${phase}`),
    cell(`${stage.region}${roundWords(stage.round)}`),
    cell(stage.status.replaceAll("-", " "), toneOf(stage.status)),
    cell(count(acted, "action"), "dim"),
    cell(detail, "dim"),
  ];
}

function toneOf(status: StageState["status"]): Tone {
  switch (status) {
    case "passed":
      return "good";
    case "rolled-back":
    case "rolling-back":
    case "confirming":
    case "cancelled":
      return "warn";
    case "rollback-incomplete":
      return "bad";
    case "pending":
    case "acting":
    case "observing":
    case "empty":
      return "plain";
  }
}

function keptLine(plan: Plan, state: RunState): Line {
  const kept = keptProposals(plan, state);
  return [piece(count(kept.length, "change")), piece(`, ${monthly(sumMonthly(kept.map(({ savings }) => savings)))} by list prices`, "good")];
}

/** What was applied and kept, with the money of what was. */
export function keptProposals(plan: Plan, state: RunState): readonly Proposal[] {
  const kept = new Set(keptActions(plan, state).map(({ action }) => action.id));
  return proposalsOf(plan).flatMap((proposal) => keptPart(proposal, kept) ?? []);
}

/** What comes next, and when; from the journal alone, so it is what holds at its last record. */
function dueBlocks(plan: Plan, state: RunState): readonly Block[] {
  if (state.outcome !== undefined || state.needsHuman !== undefined) return [];
  const lastMs = state.records.at(-1)?.at ?? state.startedAtMs;
  const effect = next(plan, state, lastMs);
  const due: Line = effect.kind === "wait" ? [piece(`${utcMinute(effect.untilMs)} UTC`), piece(`  ${effect.reason}`, "dim")] : cell("now");
  const endMs = state.startedAtMs + Math.max(0, ...plan.calendar.map(({ atMinutes }) => atMinutes)) * 60_000;
  return [
    { kind: "line", indent: 1, line: [piece("due               ", "dim"), ...due] },
    ...(endMs > lastMs
      ? [
          {
            kind: "line" as const,
            indent: 1,
            line: [piece("ends              ", "dim"), piece(`${utcMinute(endMs)} UTC`), piece("  by the plan's calendar", "dim")],
          },
        ]
      : []),
  ];
}

/** What is no longer as the run left it: neither counted nor adopted. */
function changedByOthersBlocks(plan: Plan, state: RunState): readonly Block[] {
  return state.phases
    .flatMap(({ stages }) => stages.flatMap((stage) => stage.actions))
    .filter(isChangedByOthers)
    .map(({ actionId, skip }): Block => ({ kind: "line", indent: 1, line: cell(`${actionWords(plan, actionId)}: ${skip.detail}`, "warn") }));
}

/** What a rollback did not bring back. */
function lostBlocks(plan: Plan, state: RunState): readonly Block[] {
  const rolledBack = state.phases.some(({ stages }) => stages.some(({ status }) => status === "rolled-back"));
  return rolledBack ? lostWords(plan, state).map((words): Block => ({ kind: "line", indent: 1, line: cell(words, "warn") })) : [];
}

function nextBlocks(state: RunState, command: (words: readonly string[]) => string): readonly Block[] {
  const asked = humanAsked(state);
  const commands = asked?.commands ?? [];
  const reason = asked?.reason ?? state.hold?.reason;
  return [
    ...(reason === undefined ? [] : [{ kind: "line", indent: 1, line: cell(reason, "bad") } as const]),
    ...commands.map((each): Block => ({ kind: "line", indent: 2, line: cell(pasteable(each, command), "strong") })),
  ];
}
