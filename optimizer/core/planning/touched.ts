import { type Change, changeFacts } from "../levers/change-kinds.ts";
import type { Inventory } from "../levers/resource-kinds.ts";
import { type Action, changesAmong } from "../model/action.ts";
import type { ResourceRef } from "../model/resource-ref.ts";

/** Every change an action makes on its way forward. */
export function forwardChanges({ steps, afterPass }: Action): readonly Change[] {
  return changesAmong([...steps, ...(afterPass ?? [])]);
}

/** What an action touches besides its own resource. */
export function touchedBy(action: Action, inventory: Inventory): readonly ResourceRef[] {
  return forwardChanges(action).flatMap((change) => changeFacts(change).touches(change, inventory));
}

/** The region of an action, and those of everything else it touches: AWS copies what is done to a global table to its replicas. */
export function regionsTouchedBy(action: Action, inventory: Inventory): readonly string[] {
  return [...new Set([action.region, ...touchedBy(action, inventory).map(({ region }) => region)])];
}
