import type { StageKey } from "../core/execution/effect.ts";
import { plannedStage } from "../core/execution/edit-state.ts";
import { remainingCommands } from "../core/execution/next-undo.ts";
import type { RunContext } from "./run-context.ts";

const tellEveryMs = 3_600_000;

interface Advice {
  /** What a person may do instead, in words. */
  readonly alternatives?: readonly string[];
  /** Shell lines that come before those of the way back. */
  readonly before?: readonly string[];
}

/** Tells a human, once an hour at most, that a region's way back does not get on, and why. It is tried again meanwhile. */
export async function tellDelay(
  { phase, region, round }: StageKey,
  run: RunContext,
  reason: string,
  { alternatives = [], before = [] }: Advice = {},
): Promise<void> {
  const { phases, records } = run.state();
  const told = records.findLast(
    (record) =>
      record.type === "NEEDS_HUMAN" && record.body.goesOn === true && record.phase === phase && record.region === region && (record.round ?? 1) === round,
  );
  if (told !== undefined && run.ports.clock.nowMs() < told.at + tellEveryMs) return;
  const stage = phases.find(({ number }) => number === phase)?.stages.find((each) => each.region === region && each.round === round);
  const { actions } = plannedStage(run.plan, phase, region, round);
  await run.journal({ phase, region, round }, "NEEDS_HUMAN", {
    reason: [`the rollback of ${region} goes on, but does not get on: ${reason}`, ...alternatives].join(". "),
    commands: [...before, ...(stage === undefined || stage.status === "confirming" ? [] : remainingCommands(actions, stage))],
    goesOn: true,
  });
}
