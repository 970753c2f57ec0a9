import type { Lines } from "../levers/change-facts.ts";
import { type Change, changeFacts, type Marks } from "../levers/change-kinds.ts";
import type { PhaseNumber } from "../model/rule-id.ts";

/**
 * Shell lines that lead to each `change.after`, in order, for whoever has to do by hand what we could not. They can be pasted as they are:
 * what is in the way is cancelled or waited for first, and each line ends when the next may begin.
 */
export function awsCommands(changes: readonly Change[]): readonly string[] {
  return commandsAfter(changes.map((change) => ({ change })));
}

interface Left {
  readonly change: Change;
  /** What the steps before it left, where those were read back. */
  readonly marks?: Marks;
}

/** The same of changes with what came before them. `queuedToo`: what somebody has queued is carried out along with them; else it is waited for. */
export function commandsAfter(left: readonly Left[], { queuedToo = false }: { readonly queuedToo?: boolean } = {}): readonly string[] {
  const lines: string[] = [];
  for (const { change, marks } of left) {
    const { command, first, unqueued, wait } = changeFacts<Change>(change);
    const before = [...linesOf(first, change), ...(unqueued === undefined || queuedToo ? [] : [unqueued(change)])];
    // What was cancelled once does not begin again by itself.
    lines.push(...before.filter((line) => !lines.includes(line)), command(change, marks), ...linesOf(wait, change));
  }
  return lines;
}

function linesOf(lines: Lines<Change>, change: Change): readonly string[] {
  return "notNeeded" in lines ? [] : lines(change);
}

/** What can be asked of the optimizer when a run waits for a human. */
export function optimizerCommands(runId: string, phase: PhaseNumber | null): readonly string[] {
  return [`optimizer continue ${runId}`, `optimizer rollback ${runId}${phase === null ? "" : ` --phase ${phase}`}`, `optimizer abort ${runId}`];
}

/** A command of our own as it can be pasted here, by `command`; AWS's commands are whole already. */
export function pasteable(text: string, command: (words: readonly string[]) => string): string {
  const [program, ...words] = text.split(" ");
  return program === "optimizer" ? command(words) : text;
}
