import { canonicalJson } from "../../../contract/canonical-json.ts";
import type { Change, ChangeState } from "../levers/change-kinds.ts";
import type { IndexDefinition } from "../levers/dynamodb/table.ts";

/** Where AWS stands between a change's two states; `foreign` is a third one: somebody else was here. */
export type Standing = "before" | "after" | "in-progress" | "mixed" | "missing" | "foreign";

export function standingOf(change: Change, state: ChangeState): Standing {
  switch (state.kind) {
    case "in-progress":
    case "mixed":
    case "missing":
      return state.kind;
    case "settled":
      if (same(change, state.value, change.after)) return "after";
      return same(change, state.value, change.before) ? "before" : "foreign";
    default:
      return state satisfies never;
  }
}

type Value = Change["before"] | Change["after"];

/** Of an index only what makes it that index counts: its caps and capacities are changed by steps of their own. */
function same(change: Change, one: Value, other: Value): boolean {
  if (change.kind !== "dynamodb.index") return canonicalJson(one) === canonicalJson(other);
  return canonicalJson(identity(one)) === canonicalJson(identity(other));
}

function identity(value: Value): unknown {
  if (value === null || !("projection" in value)) return value;
  const { name, key, projection }: IndexDefinition = value;
  return { name, key: key.map((attribute) => [attribute.name, attribute.keyType]), type: projection.type, attributes: projection.nonKeyAttributes.toSorted() };
}

/** A state in words for the journal. */
export function stateWords(state: ChangeState): string {
  return state.kind === "settled" ? canonicalJson(state.value) : `${state.kind}: ${state.detail}`;
}
