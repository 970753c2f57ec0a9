import { lastingSteps } from "../execution/in-place.ts";
import type { Action, SizingChange } from "../model/action.ts";

/** What takes back what an action wrote into a sizing file: the value that its own steps found before; undefined where none of them says it. */
export function revertedChange(action: Action, written: SizingChange): SizingChange | undefined {
  if (written.operation !== "set") return { ...written, operation: "remove" };
  for (const { change } of lastingSteps(action)) {
    // An instance's own change, where one action has several.
    if ("instance" in change && change.instance !== written.id) continue;
    const [before, after] = [fieldsOf(change.before), fieldsOf(change.after)];
    const name = Object.keys(after).find((each) => after[each] === written.value);
    const prior = name === undefined ? undefined : before[name];
    if (typeof prior === "string" || typeof prior === "number") return { ...written, value: prior };
  }
  return undefined;
}

function fieldsOf(value: object | null): Readonly<Record<string, unknown>> {
  return { ...value };
}
