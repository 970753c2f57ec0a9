import { canonicalJson } from "../../../contract/canonical-json.ts";
import { type Change, changeFacts, type ChangeState } from "../levers/change-kinds.ts";

/** Where AWS stands between a change's two states; `foreign` is a third one: somebody else was here. */
export type Standing = "before" | "after" | "in-progress" | "mixed" | "missing" | "foreign";

export function standingOf(change: Change, state: ChangeState): Standing {
  switch (state.kind) {
    case "in-progress":
    case "mixed":
    case "missing":
      return state.kind;
    case "settled":
      if (changeFacts(change).same(state.value, change.after)) return "after";
      return changeFacts(change).same(state.value, change.before) ? "before" : "foreign";
    default:
      return state satisfies never;
  }
}

/** A state in words for the journal. */
export function stateWords(state: ChangeState): string {
  return state.kind === "settled" ? canonicalJson(state.value) : `${state.kind}: ${state.detail}`;
}
