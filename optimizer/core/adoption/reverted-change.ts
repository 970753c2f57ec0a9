import { sameJson } from "../../../contract/canonical-json.ts";
import { lastingSteps } from "../execution/in-place.ts";
import type { Action, SizingChange, SizingValue } from "../model/action.ts";

/**
 * What takes back what an action wrote into a sizing file: the value that its own steps found before, or nothing where they found none, e.g. no
 * reservation; undefined where none of them says it.
 */
export function revertedChange(action: Action, written: SizingChange): SizingChange | undefined {
  // A flag says only that something is not there.
  if (written.operation !== "set" || written.value === true) return { ...written, operation: "remove" };
  const isNamed = lastingSteps(action).some(({ change }) => Object.hasOwn(fieldsOf(change.after), written.property));
  const others = action.writeBack.map(({ property }) => property).filter((property) => property !== written.property);
  const priors = lastingSteps(action).flatMap(({ change }) => {
    // An instance's own change, where one action has several.
    if ("instance" in change && change.instance !== written.id) return [];
    const [before, after] = [fieldsOf(change.before), fieldsOf(change.after)];
    // Some are called otherwise in a sizing file; what belongs to another of its properties is not this one, however equal the values.
    const names = isNamed ? [written.property] : Object.keys(after).filter((name) => !others.includes(name));
    return names
      .filter((name) => sameJson(sizeOf(after[name]) ?? null, written.value))
      .map((name) => (before[name] === null ? null : sizeOf(before[name])))
      .filter((prior) => prior !== undefined);
  });
  const [prior, another] = new Set(priors);
  // What was switched off is a word of a sizing file's own, e.g. a stream: without the word it is on again.
  if (prior === undefined && leavesNothing(action)) return { ...written, operation: "remove" };
  if (prior === undefined || another !== undefined) return undefined;
  return prior === null ? { ...written, operation: "remove" } : { ...written, value: prior };
}

function leavesNothing(action: Action): boolean {
  return lastingSteps(action).some(({ change }) => Object.values(fieldsOf(change.after)).includes(null));
}

/** A list is written as how long it is, e.g. the shards of a Redis group; several values under one name as they are. */
function sizeOf(value: unknown): Exclude<SizingValue, true> | undefined {
  if (Array.isArray(value)) return value.length;
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, string | number>>;
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function fieldsOf(value: object | null): Readonly<Record<string, unknown>> {
  return { ...value };
}
