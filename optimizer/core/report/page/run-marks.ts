import type { Plan } from "../../model/plan.ts";
import type { PhaseNumber } from "../../model/rule-id.ts";
import type { RunState } from "../../model/run-state.ts";
import { stepWords } from "../record-lines.ts";

/** A moment of the run that a reader looks for beside the curves. */
export interface RunMark {
  readonly atMs: number;
  readonly region: string | null;
  readonly kind: "change" | "breach" | "rollback" | "rolled-back" | "hold";
  readonly text: string;
}

/** A stretch of the run: a window that watched, or a brownout that probed. */
export interface RunSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly region: string;
  readonly phase: PhaseNumber;
  readonly kind: "window" | "brownout";
  readonly text: string;
}

/** Changes as they were read back, breaches, holds and rollbacks, in order of time. */
export function runMarks(plan: Plan, state: RunState): readonly RunMark[] {
  return state.records.flatMap((record): readonly RunMark[] => {
    const place = { atMs: record.at, region: record.region };
    if (record.type === "VERIFIED") return [{ ...place, kind: "change", text: stepWords(plan, record.op, record.body.action) }];
    if (record.type === "RB_VERIFIED") return [{ ...place, kind: "rollback", text: stepWords(plan, record.op, record.body.action) }];
    if (record.type === "HOLD") return record.body.releasedBy === undefined ? [{ ...place, kind: "hold", text: record.body.reason }] : [];
    if (record.type !== "DECISION") return [];
    if (record.body.kind === "breach") return [{ ...place, kind: "breach", text: record.body.verdict.detail }];
    return record.body.kind === "rolled-back-verified" ? [{ ...place, kind: "rolled-back", text: "rolled back and verified" }] : [];
  });
}

/** Windows and brownouts with their beginning and end; an open one ends with the newest record. */
export function runSpans(state: RunState): readonly RunSpan[] {
  const lastMs = state.records.at(-1)?.at ?? state.startedAtMs;
  const windows = state.phases.flatMap(({ number, stages }) =>
    stages.flatMap(({ region, window }): readonly RunSpan[] => {
      if (window === undefined) return [];
      const endMs = window.slots.at(-1)?.endMs ?? Math.min(lastMs, window.deadlineMs);
      return [{ startMs: window.startMs, endMs, region, phase: number, kind: "window", text: window.closed?.kind ?? "watching" }];
    }),
  );
  const brownouts = state.records.flatMap((record): readonly RunSpan[] => {
    if (record.type !== "BROWN_OUT" || record.body.event !== "started" || record.region === null || record.phase === null) return [];
    const { startMs, endMs, detail } = record.body;
    return [{ startMs, endMs: Math.min(endMs, lastMs), region: record.region, phase: record.phase, kind: "brownout", text: detail }];
  });
  return [...brownouts, ...windows].sort((a, b) => a.startMs - b.startMs);
}
