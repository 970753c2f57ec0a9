import { windowPolicyOf } from "../execution/slot-grid.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState, StageState } from "../model/run-state.ts";
import { cell, type Line, piece, type Tone } from "../model/telling.ts";
import { duration } from "./figures.ts";
import { roundWords } from "./words.ts";

const minuteMs = 60_000;
/** Together they fit 80 columns with the longest of AWS's region names. */
const regionWidth = 15;
const phaseWidth = 13;
const barWidth = 6;

/** The live view of a run: a row for each region, a column for each phase, and how much time is left. */
export function progressLines(plan: Plan, state: RunState): readonly Line[] {
  if (!state.phases.some(({ status }) => status === "open")) return [];
  const nowMs = state.records.at(-1)?.at ?? state.startedAtMs;
  const regions = [...new Set(state.phases.flatMap(({ stages }) => stages.map(({ region }) => region)))].toSorted((a, b) => (a < b ? -1 : 1));
  return [
    [piece(leftWords(plan, state, nowMs).padEnd(regionWidth), "dim"), ...state.phases.map(({ number }) => piece(`phase ${number}`.padEnd(phaseWidth), "dim"))],
    ...regions.map((region): Line => [
      piece(`${region} `.padEnd(regionWidth), "strong"),
      ...state.phases.map(({ stages }) => {
        const { text, tone } = phaseCell(stages.filter((stage) => stage.region === region));
        return piece(`${text} `.padEnd(phaseWidth), tone);
      }),
      ...windowPieces(plan, state, region, nowMs),
    ]),
  ];
}

/** By the plan's calendar alone: other waits cannot be known. */
function leftWords(plan: Plan, state: RunState, nowMs: number): string {
  const endMs = state.startedAtMs + Math.max(0, ...plan.calendar.map(({ atMinutes }) => atMinutes)) * minuteMs;
  return endMs > nowMs ? `${shortDuration(endMs - nowMs)} left` : "";
}

/** What a region does in a phase: the first of its rounds that is not through, else its last. */
function phaseCell(stages: readonly StageState[]): { readonly text: string; readonly tone: Tone } {
  const stage = stages.find(({ status }) => !isThrough(status)) ?? stages.at(-1);
  if (stage === undefined) return { text: "–", tone: "dim" };
  if (stage.status === "acting" && stage.actions.some(({ status }) => status === "brownout")) return { text: "brownout", tone: "plain" };
  const round = stage.round === 1 ? "" : roundWords(stage.round).replace("round ", "r");
  return { text: `${stage.status === "passed" ? "✓ " : ""}${stageWords[stage.status]}${round}`, tone: tones[stage.status] };
}

function isThrough(status: StageState["status"]): boolean {
  return status === "passed" || status === "empty" || status === "cancelled" || status === "rolled-back";
}

/** How far the window is that is open in the region, and how much of it is left. */
function windowPieces(plan: Plan, state: RunState, region: string, nowMs: number): Line {
  const stage = state.phases.flatMap(({ stages }) => stages).find((each) => each.region === region && each.status === "observing" && each.window !== undefined);
  if (stage?.window === undefined) return [];
  const { window } = stage;
  const expected = Math.round((window.deadlineMs - window.startMs) / (windowPolicyOf(plan.policy.window, stage.round).slotMinutes * minuteMs));
  return [
    piece(progressBar(window.slots.length / expected, barWidth)),
    piece(` slot ${window.slots.length}/${expected}`),
    ...(window.deadlineMs > nowMs ? cell(`, ${shortDuration(window.deadlineMs - nowMs)}`, "dim") : []),
  ];
}

/** `█████░░░░░` for a half. */
export function progressBar(share: number, width: number): string {
  const full = Math.max(0, Math.min(width, Math.round(share * width)));
  return "█".repeat(full) + "░".repeat(width - full);
}

/** Whole hours are enough for what changes every few minutes and takes days. */
function shortDuration(ms: number): string {
  return ms >= 60 * minuteMs ? duration(Math.round(ms / (60 * minuteMs)) * 60 * minuteMs) : duration(ms);
}

const stageWords: Readonly<Record<StageState["status"], string>> = {
  pending: "waits",
  acting: "changing",
  observing: "watching",
  passed: "passed",
  "rolling-back": "rolling back",
  confirming: "confirming",
  "rolled-back": "rolled back",
  "rollback-incomplete": "incomplete",
  cancelled: "cancelled",
  empty: "–",
};

const tones: Readonly<Record<StageState["status"], Tone>> = {
  pending: "dim",
  acting: "plain",
  observing: "plain",
  passed: "good",
  "rolling-back": "warn",
  confirming: "warn",
  "rolled-back": "warn",
  "rollback-incomplete": "bad",
  cancelled: "warn",
  empty: "dim",
};
