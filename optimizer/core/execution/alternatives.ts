import { type Change, changeFacts } from "../levers/change-kinds.ts";
import { type Inventory, resourceAt, resourceFacts } from "../levers/resource-kinds.ts";

/** More sizes than these are no help to whoever has to decide. */
const mostSizes = 3;

/**
 * What a person may do where AWS has no capacity for `change.after`, in words: sizes of the same family that are at least as large, which keep
 * the architecture and carry the load, and other zones. A size chosen so is somebody else's change, which the rollback leaves alone.
 */
export function alternativesTo(change: Change, inventory: Inventory): readonly string[] {
  const resource = resourceAt(inventory, changeFacts(change).resourceOf(change));
  return [...otherSizes(change), ...(resource === undefined ? [] : [resourceFacts(resource).otherZones(resource)])];
}

function otherSizes(change: Change): readonly string[] {
  const sized = changeFacts(change).sized?.(change);
  if (sized === undefined) return [];
  const { family, size, to } = sized;
  const larger = family.includes(size) ? family.slice(family.indexOf(size) + 1, family.indexOf(size) + 1 + mostSizes) : [];
  if (larger.length === 0) return [`no larger size of the family of ${size} is known`];
  return [
    `of the same family, and larger: ${larger.join(", ")}`,
    ...larger.slice(0, 1).map((other) => `with ${other}: ${changeFacts(to(other)).command(to(other))}`),
  ];
}
