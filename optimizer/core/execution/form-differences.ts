import { canonicalJson } from "../../../contract/canonical-json.ts";
import { type Resource, resourceFacts, type UndescribedResource } from "../levers/resource-kinds.ts";
import { refKey } from "../model/resource-ref.ts";

/** In what a resource is another kind of thing than the one that was planned for, in words; empty where it is the same. */
export function formDifferences(planned: Resource, found: Resource | UndescribedResource): readonly string[] {
  const key = refKey(planned.ref);
  if ("reason" in found) return [`${key} cannot be described as the plan saw it any more: ${found.detail}`];
  const before = resourceFacts(planned).form(asComplete(planned, found));
  const after = resourceFacts(found).form(found);
  return Object.keys(before)
    .filter((name) => before[name] !== undefined && canonicalJson(before[name]) !== canonicalJson(after[name] ?? null))
    .map((name) => `${key}: ${name} was ${canonicalJson(before[name])}, is ${canonicalJson(after[name] ?? null)}`);
}

/** What a plan of an older release did not look at, such as a group's habits, counts as it is now. */
function asComplete(planned: Resource, found: Resource): Resource {
  const parts = Object.entries(found).filter(([, value]) => typeof value === "object");
  return { ...Object.fromEntries(parts), ...planned };
}
