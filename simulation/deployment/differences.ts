/** One attribute that applying would change; `undefined` where it is not set. */
export interface Difference {
  /** As Terraform writes it, e.g. `launch_template[0].version`; members of sets by their key, e.g. `global_secondary_index["gsi1"]`. */
  readonly path: string;
  readonly live: unknown;
  readonly configured: unknown;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Terraform's comparison: null, absent and empty are the same, "15" is 15, and sets have no order. `sets` names the blocks that are
 * sets in the type's schema, by what tells their members apart.
 */
export function differences(live: Values, configured: Values, sets: Readonly<Record<string, string>> = {}): readonly Difference[] {
  const keyed = (values: Values): Values => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, keyedSet(sets[name], value)]));
  return compare("", keyed(live), keyed(configured));
}

function keyedSet(key: string | undefined, value: unknown): unknown {
  if (key === undefined || !Array.isArray(value)) return value;
  return new Map(value.map((member) => [String(Object(member)[key]), member]));
}

function compare(path: string, live: unknown, configured: unknown): readonly Difference[] {
  if (isAbsent(live) && isAbsent(configured)) return [];
  if (isAbsent(live) || isAbsent(configured)) return [{ path, live, configured }];
  const left = membersOf(path, live);
  const right = membersOf(path, configured);
  if (left === null || right === null) return left === right && String(live) === String(configured) ? [] : [{ path, live, configured }];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((member) => compare(member, left.get(member), right.get(member)));
}

/** Members by their full path, or null for a scalar. */
function membersOf(path: string, value: unknown): ReadonlyMap<string, unknown> | null {
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [`${path}[${JSON.stringify(key)}]`, member]));
  if (Array.isArray(value)) return new Map(value.map((member, index) => [`${path}[${index}]`, member]));
  if (typeof value !== "object" || value === null) return null;
  return new Map(Object.entries(value).map(([key, member]) => [path === "" ? key : `${path}.${key}`, member]));
}

function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (value instanceof Map) return value.size === 0;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.values(value).every(isAbsent);
}
