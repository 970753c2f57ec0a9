import { canonicalJson, sameJson } from "../../../contract/canonical-json.ts";
import { type Resource, resourceFacts, type UndescribedResource } from "../levers/resource-kinds.ts";
import { refKey } from "../model/resource-ref.ts";

/** How a resource compares with the one that was planned for, each in words. */
export interface FormCompared {
  /** In what it is another kind of thing. */
  readonly differences: readonly string[];
  /** What AWS does not let us see of it now, with the call: neither the same nor another. */
  readonly unseen: readonly string[];
}

/** What keeps a description from saying anything of the resource itself. */
const saysNothing: ReadonlySet<UndescribedResource["reason"]> = new Set(["access-denied", "failed"] as const);

export function compareForm(planned: Resource, found: Resource | UndescribedResource): FormCompared {
  const key = refKey(planned.ref);
  if ("reason" in found)
    return saysNothing.has(found.reason)
      ? { differences: [], unseen: [`${key} could not be described: ${found.detail}`] }
      : { differences: [`${key} cannot be described as the plan saw it any more: ${found.detail}`], unseen: [] };
  const before = resourceFacts(planned).form(asComplete(planned, found));
  const after = resourceFacts(found).form(found);
  const compared = Object.keys(before).filter((name) => before[name] !== undefined && !sameJson(before[name], after[name] ?? null));
  return {
    differences: compared
      .filter((name) => unseenReason(after[name]) === undefined)
      .map((name) => `${key}: ${name} was ${canonicalJson(before[name])}, is ${canonicalJson(after[name] ?? null)}`),
    unseen: compared.flatMap((name) => {
      const reason = unseenReason(after[name]);
      return reason === undefined ? [] : [`${key}: ${name} could not be seen (${reason})`];
    }),
  };
}

/** Why a part of a form was not seen, where it was not (`model/seen.ts`). */
function unseenReason(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "unseen" || !("reason" in value)) return undefined;
  return String(value.reason);
}

/** What a plan of an older release did not look at, such as a group's habits, counts as it is now. */
function asComplete(planned: Resource, found: Resource): Resource {
  const parts = Object.entries(found).filter(([, value]) => typeof value === "object");
  return { ...Object.fromEntries(parts), ...planned };
}
