/** The way from today's size to the target, in one family. */
export type Ladder =
  | { readonly kind: "already-there" }
  | { readonly kind: "unsupported"; readonly reason: string }
  /** Sizes below today's down to the target: the target first, the smallest step last. */
  | { readonly kind: "steps"; readonly sizes: readonly string[] };

/** `family` lists the sizes of `from`'s family, smallest first (contract/capacities.ts). A family fixes the processor architecture. */
export function ladder(family: readonly string[], from: string, target: string): Ladder {
  if (from === target) return { kind: "already-there" };
  const current = family.indexOf(from);
  const aim = family.indexOf(target);
  if (current === -1) return { kind: "unsupported", reason: `the capacity of ${from} is not known` };
  if (aim === -1 && familyName(target) === familyName(from)) return { kind: "unsupported", reason: `no size ${target} is known of the family of ${from}` };
  if (aim === -1) return { kind: "unsupported", reason: `${target} is of another family than ${from}, so their capacities do not compare` };
  return aim >= current ? { kind: "already-there" } : { kind: "steps", sizes: family.slice(aim, current) };
}

/** `cache.r6g` of `cache.r6g.xlarge`. */
function familyName(size: string): string {
  return size.slice(0, size.lastIndexOf("."));
}
