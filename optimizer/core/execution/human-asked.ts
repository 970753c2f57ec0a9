import type { RunState } from "../model/run-state.ts";
import { isOnWayBack } from "./stage-status.ts";

/** What a human is to know of a run: that it waits for one, or else which ways back do not get on; those are tried again meanwhile. */
export interface HumanAsked {
  readonly reason: string;
  readonly commands: readonly string[];
  /** The run does not wait for the human. */
  readonly goesOn?: true;
}

export function humanAsked({ needsHuman, phases }: RunState): HumanAsked | undefined {
  if (needsHuman !== undefined) return needsHuman;
  const delays = phases.flatMap(({ stages }) => stages.flatMap((stage) => (isOnWayBack(stage) ? (stage.delays ?? []) : [])));
  if (delays.length === 0) return undefined;
  return { reason: delays.map(({ reason }) => reason).join("; "), commands: delays.flatMap(({ commands }) => commands), goesOn: true };
}
