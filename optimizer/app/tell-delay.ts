import type { StageKey } from "../core/execution/effect.ts";
import { plannedStage } from "../core/execution/edit-state.ts";
import { remainingCommands } from "../core/execution/next-undo.ts";
import type { DelayCause, RecordOf } from "../core/model/journal-record.ts";
import type { RunContext } from "./run-context.ts";

const tellEveryMs = 3_600_000;

interface Advice {
  /** What a person may do instead, in words. */
  readonly alternatives?: readonly string[];
  /** Shell lines that come before those of the way back. */
  readonly before?: readonly string[];
}

/** What does not get on: a step of a region's way back, or all that is to be read of it. */
type Delayed = StageKey & { readonly step?: { readonly id: string } };

interface Delay {
  readonly cause: DelayCause;
  readonly reason: string;
}

/** Tells a human that a region's way back does not get on, and why: each cause of each step at once, and then once an hour at most. It is tried again meanwhile. */
export async function tellDelay(
  { phase, region, round, step }: Delayed,
  run: RunContext,
  { cause, reason }: Delay,
  { alternatives = [], before = [] }: Advice = {},
): Promise<void> {
  const { phases, records } = run.state();
  const op = step?.id ?? null;
  const isOfIt = ({ op: told, body }: RecordOf<"NEEDS_HUMAN">): boolean => body.cause === undefined || (body.cause === cause && told === op);
  const told = records.findLast(
    (record) =>
      record.type === "NEEDS_HUMAN" &&
      record.body.goesOn === true &&
      record.phase === phase &&
      record.region === region &&
      (record.round ?? 1) === round &&
      isOfIt(record),
  );
  if (told !== undefined && run.ports.clock.nowMs() < told.at + tellEveryMs) return;
  const stage = phases.find(({ number }) => number === phase)?.stages.find((each) => each.region === region && each.round === round);
  const planned = plannedStage(run.plan, phase, region, round);
  await run.journal({ phase, region, round, ...(op === null ? {} : { op }) }, "NEEDS_HUMAN", {
    reason: [`the rollback of ${region} goes on, but does not get on: ${reason}`, ...alternatives].join(". "),
    commands: [
      ...before,
      ...(stage === undefined || stage.status === "confirming" ? [] : remainingCommands(planned, stage, { queuedToo: cause === "queued" })),
    ],
    goesOn: true,
    cause,
  });
}
