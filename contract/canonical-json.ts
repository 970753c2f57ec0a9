/**
 * JSON with sorted keys and no white space, so that equal values have equal bytes (and equal hashes).
 * `undefined` members are dropped, as `JSON.stringify` drops them; numbers print as JavaScript prints them (RFC 8785).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, member]) => [key, sortKeys(member)]));
}
