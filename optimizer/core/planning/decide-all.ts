import { certainly } from "../model/certainly.ts";
import { type SeriesKey, seriesId } from "../model/observation.ts";
import { ownerByTags } from "../levers/owners.ts";
import { type Inventory, resourceAt, resourceFacts, resourceKinds } from "../levers/resource-kinds.ts";
import { type ResourceRef, refKey } from "../model/resource-ref.ts";
import type { Decision, Rule, RuleFacts } from "../model/rule.ts";
import { skip } from "../sizing/skip.ts";
import { tenantReason } from "../sizing/tenant.ts";
import { touchedBy } from "./touched.ts";

/** The inventory in one order, so that equal inventories make equal plans; one that is in order stays the same object, and what is known of it stays known. */
export function sortInventory(inventory: Inventory): Inventory {
  const { resources, undescribed } = inventory;
  return isSorted(resources) && isSorted(undescribed) ? inventory : { ...inventory, resources: sorted(resources), undescribed: sorted(undescribed) };
}

interface Referred {
  readonly ref: ResourceRef;
}

function sorted<R extends Referred>(all: readonly R[]): readonly R[] {
  return all.toSorted((a, b) => compare(refKey(a.ref), refKey(b.ref)));
}

function isSorted(all: readonly Referred[]): boolean {
  let before = "";
  return all.every(({ ref }) => {
    const key = refKey(ref);
    const follows = compare(before, key) <= 0;
    before = key;
    return follows;
  });
}

/** What every rule says of everything it knows, by phase, rule, region, resource and part. */
export function decideAll(rules: readonly Rule[], facts: RuleFacts): readonly Decision[] {
  const inOrder = { ...facts, inventory: sortInventory(facts.inventory) };
  return rules
    .toSorted((a, b) => a.phase - b.phase || compare(a.id, b.id))
    .flatMap((rule) =>
      rule
        .decide(inOrder)
        .map((decision) => unlessForbidden(decision, inOrder))
        .toSorted((a, b) => compare(placeOf(a), placeOf(b))),
    );
}

/**
 * A change touches more than its own resource: what is a tenant's there, or was not read, refuses the whole proposal. And what somebody else keeps
 * as it is would be put back, in a window or later, and nobody would know by whom.
 */
function unlessForbidden(decision: Decision, { inventory, policy }: RuleFacts): Decision {
  if (decision.kind !== "proposal") return decision;
  const { evidence, refused } = decision;
  const own = certainly(resourceAt(inventory, decision.resource), "rules decide about what is in the inventory");
  const owner = ownerByTags([own.tags]);
  if (owner !== undefined) return skip(decision, "unsupported", `${owner}: a change would be put back`, { evidence, refused });
  for (const ref of touchedBy(decision.action, inventory)) {
    const words = `it would also change ${resourceKinds[ref.kind].word} ${ref.id} in ${ref.region}`;
    const touched = resourceAt(inventory, ref);
    if (touched === undefined) return skip(decision, "unreadable", `${words}, which was not read`, { evidence, refused });
    const tenant = tenantReason(resourceFacts(touched).tags(touched), policy.tenantTags);
    if (tenant !== undefined) return skip(decision, "tenant-resource", `${words}: ${tenant}`, { evidence, refused });
  }
  return decision;
}

/** Each series once, in one order. */
export function uniqueKeys(keys: Iterable<SeriesKey>): readonly SeriesKey[] {
  const byId = new Map<string, SeriesKey>();
  for (const key of keys) byId.set(seriesId(key), key);
  return [...byId].sort(([a], [b]) => compare(a, b)).map(([, key]) => key);
}

function placeOf({ resource, part }: Decision): string {
  return [resource.region, resource.id, part ?? ""].join("|");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
