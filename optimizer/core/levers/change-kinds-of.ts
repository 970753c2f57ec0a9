import type { Action } from "../model/action.ts";
import type { ChangeKind } from "./change-kinds.ts";

/** The kinds of all changes that an action may make: its steps, what lifts a brownout, and its way back. */
export function changeKindsOf({ steps, rollback, afterPass = [] }: Action): readonly ChangeKind[] {
  const there = steps.flatMap((step) => (step.kind === "change" ? [step] : step.lift));
  return [...new Set([...there, ...rollback, ...afterPass].map(({ change }) => change.kind))];
}
