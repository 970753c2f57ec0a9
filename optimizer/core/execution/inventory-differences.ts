import { canonicalJson } from "../../../contract/canonical-json.ts";
import { refKey } from "../model/resource-ref.ts";
import type { Rule } from "../model/rule.ts";
import { type Inventory, type Resource, resourceFacts } from "../levers/resource-kinds.ts";

/** What differs between the inventory a plan was made from and the one of now, in words; only what a rule or a rollback rests on. */
export function inventoryDifferences(planned: Inventory, found: Inventory, rules: readonly Rule[]): readonly string[] {
  const before = byKey(planned);
  const after = byKey(found);
  const changed = [...before].flatMap(([key, resource]) => {
    const now = after.get(key);
    return now === undefined ? [`${key} is gone`] : differencesOf(key, essentials(resource, rules), essentials(now, rules));
  });
  const added = [...after.keys()].filter((key) => !before.has(key)).map((key) => `${key} is new`);
  return [...changed, ...added];
}

function byKey({ resources }: Inventory): ReadonlyMap<string, Resource> {
  return new Map(resources.map((resource) => [refKey(resource.ref), resource]));
}

type Essentials = Readonly<Record<string, unknown>>;

function differencesOf(key: string, before: Essentials, after: Essentials): readonly string[] {
  return Object.keys(before)
    .filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]))
    .map((name) => `${key}: ${name} was ${canonicalJson(before[name])}, is ${canonicalJson(after[name])}`);
}

/** Counts, sizes and statuses move by themselves; what is always shown of a resource, and what a rule says it rests on, does not. */
function essentials(resource: Resource, rules: readonly Rule[]): Essentials {
  const rested = rules.filter(({ resourceKind }) => resourceKind === resource.kind).map((rule) => rule.restsOn(resource));
  return Object.assign({}, resourceFacts(resource).restsOnAlways(resource), ...rested) as Essentials;
}
