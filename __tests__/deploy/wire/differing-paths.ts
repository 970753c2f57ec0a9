import { canonicalJson } from "../../../contract/canonical-json.ts";

/**
 * The members in which two descriptions differ, without positions in lists: `Table.GlobalSecondaryIndexes[].IndexStatus`. The order of a
 * list counts for nothing, since AWS promises none.
 */
export function differingPaths(one: unknown, other: unknown): readonly string[] {
  return [...new Set(differing(plain(one), plain(other), ""))].toSorted();
}

/** As it came over the wire: dates as texts, and without what is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function differing(one: unknown, other: unknown, path: string): readonly string[] {
  if (Array.isArray(one) && Array.isArray(other)) {
    const [ours, theirs] = [sorted(one), sorted(other)];
    return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, index) => differing(ours[index], theirs[index], `${path}[]`)).flat();
  }
  if (isRecord(one) && isRecord(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].flatMap((name) => differing(one[name], other[name], path === "" ? name : `${path}.${name}`));
  }
  return canonicalJson(one ?? null) === canonicalJson(other ?? null) ? [] : [path];
}

function sorted(list: readonly unknown[]): readonly unknown[] {
  return list.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a path is the named one or stands in it. */
export function standsIn(path: string, named: string): boolean {
  return path === named || path.startsWith(`${named}.`) || path.startsWith(`${named}[`);
}
