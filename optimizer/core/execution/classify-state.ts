import { canonicalJson } from "../../../contract/canonical-json.ts";
import { differingFields } from "../levers/change-facts.ts";
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
  }
}

/**
 * A way back as it is on top of what somebody else has set besides, or made of the resource meanwhile; as it was planned where nobody has, or where
 * theirs and ours are the same thing.
 */
export function onTopOfOthers<C extends Change>(change: C, state: ChangeState): C {
  const standing = standingOf(change, state);
  if (state.kind !== "settled" || standing === "after") return change;
  const onTop = (changeFacts<Change>(change).onTopOf?.(change, state.value) as C | undefined) ?? change;
  // As it was left it is brought back as planned, unless there is nothing to bring back any more.
  return standing === "foreign" || standingOf(onTop, state) === "after" ? onTop : change;
}

/** Fields in which what a way back found differs from the captured state that it was to bring, in words; none of a state that is not settled. */
export function unrestoredFields(change: Change, state: ChangeState): readonly string[] {
  if (state.kind !== "settled") return [];
  const { unrestored = differingFields } = changeFacts<Change>(change);
  return unrestored(change.after, state.value);
}

/** A state in words for the journal. */
export function stateWords(state: ChangeState): string {
  return state.kind === "settled" ? canonicalJson(state.value) : `${state.kind}: ${state.detail}`;
}
