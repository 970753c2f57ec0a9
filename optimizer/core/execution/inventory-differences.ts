import { canonicalJson, sameJson } from "../../../contract/canonical-json.ts";
import { refKey } from "../model/resource-ref.ts";
import type { Rule } from "../model/rule.ts";
import { type Inventory, type Resource, resourceFacts } from "../levers/resource-kinds.ts";

/** What differs between the inventory a plan was made from and the one of now, in words; only what a rule or a rollback rests on. */
export function inventoryDifferences(planned: Inventory, found: Inventory, rules: readonly Rule[]): readonly string[] {
  const before = byKey(planned);
  const after = byKey(found);
  const changed = [...before].flatMap(([key, resource]) => {
    const now = after.get(key);
    if (now === undefined) return [`${key} is gone`];
    if (isAnother(resource.born, now.born)) return [`${key} was deleted, and another one was made under its name`];
    return [...partsMadeAnew(key, resource, now), ...differencesOf(key, resource, now, rules)];
  });
  const added = [...after.keys()].filter((key) => !before.has(key)).map((key) => `${key} is new`);
  return [...changed, ...added];
}

/** Plans of older releases do not say what AWS gave a resource, or a part of it, when it was made. */
function isAnother(planned: string | undefined, found: string | undefined): boolean {
  return planned !== undefined && found !== undefined && planned !== found;
}

function partsMadeAnew(key: string, { partsBorn: planned = {} }: Resource, { partsBorn: found = {} }: Resource): readonly string[] {
  const anew = Object.keys(planned).filter((part) => isAnother(planned[part], found[part]));
  return anew.map((part) => `${key}: ${part} was deleted, and another one was made under its name`);
}

function byKey({ resources }: Inventory): ReadonlyMap<string, Resource> {
  return new Map(resources.map((resource) => [refKey(resource.ref), resource]));
}

type Values = Readonly<Record<string, unknown>>;
/** What is compared of a resource of one kind. */
type RestsOn = (resource: Resource) => Values;

/** Counts, sizes and statuses move by themselves; what is always shown of a resource, and what a rule says it rests on, does not. */
function differencesOf(key: string, planned: Resource, found: Resource, rules: readonly Rule[]): readonly string[] {
  const own = rules
    .filter(({ resourceKind }) => resourceKind === found.kind)
    .map(
      (rule): RestsOn =>
        (resource) =>
          rule.restsOn(resource),
    );
  const said = [(resource: Resource) => resourceFacts(resource).restsOnAlways(resource), ...own].flatMap((restsOn) => compared(planned, found, restsOn));
  // Rules that rest on one thing call it by one name.
  return [...new Map(said)].map(([name, words]) => `${key}: ${name} was ${words}`);
}

/**
 * A plan of an older release lacks what only newer ones look at, and what is not looked at cannot be rested on: whatever `restsOn` reads of the
 * resource as it was found has to be in the plan, too.
 */
function compared(planned: Resource, found: Resource, restsOn: RestsOn): readonly (readonly [name: string, words: string])[] {
  const { values: after, read } = reading(found, restsOn);
  const lacking = read.filter((name) => valueAt(planned, name) === undefined && valueAt(found, name) !== undefined);
  if (lacking.length > 0) return lacking.map((name) => [name, `not in the plan, is ${canonicalJson(valueAt(found, name))}`]);
  const before = restsOn(planned);
  return Object.keys(before)
    .filter((name) => !sameJson(before[name], after[name]))
    .map((name) => [name, `${canonicalJson(before[name])}, is ${canonicalJson(after[name])}`]);
}

/** What `restsOn` says of a resource, and the names of the facts that it read for that. */
function reading(resource: Resource, restsOn: RestsOn): { readonly values: Values; readonly read: readonly string[] } {
  const read = new Set<string>();
  const values = restsOn(
    new Proxy(resource, {
      get(target, name, receiver): unknown {
        read.add(String(name));
        return Reflect.get(target, name, receiver);
      },
    }),
  );
  return { values, read: [...read] };
}

function valueAt(resource: Resource, name: string): unknown {
  return new Map<string, unknown>(Object.entries(resource)).get(name);
}
