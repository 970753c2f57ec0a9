import type { RunState } from "../model/run-state.ts";
import { isOnWayBack } from "./stage-status.ts";

/** What a human is to know of a run: that it waits for one, or else which ways back do not get on; those are tried again meanwhile. */
export interface HumanAsked {
  readonly reason: string;
  readonly commands: readonly string[];
  /** The run does not wait for the human. */
  readonly goesOn?: true;
}

/** What is asked of a run, such as to continue, a closed one refuses. */
function withoutOpenRun(commands: readonly string[], runId: string): readonly string[] {
  return commands.filter((line) => !(line.startsWith("optimizer ") && line.split(" ").includes(runId)));
}

export function humanAsked({ needsHuman, phases, outcome, runId }: RunState): HumanAsked | undefined {
  if (needsHuman !== undefined) return outcome === undefined ? needsHuman : { ...needsHuman, commands: withoutOpenRun(needsHuman.commands, runId) };
  const delays = phases.flatMap(({ stages }) => stages.flatMap((stage) => (isOnWayBack(stage) ? (stage.delays ?? []) : [])));
  if (delays.length === 0) return undefined;
  return { reason: delays.map(({ reason }) => reason).join("; "), commands: delays.flatMap(({ commands }) => commands), goesOn: true };
}
