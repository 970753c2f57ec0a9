/**
 * JSON with sorted keys and no white space, so that equal values have equal bytes (and equal hashes).
 * `undefined` members are dropped, as `JSON.stringify` drops them; numbers print as JavaScript prints them (RFC 8785).
 */
export function canonicalJson(value: unknown): string {
  // Written by the engine itself, which takes a fraction of what writing member by member does, the copy included.
  return JSON.stringify(copyOf(value));
}

/** Whether two values have the same canonical JSON, without writing either. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one === "number" || typeof other === "number") return isNull(one) && isNull(other);
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object") return false;
  if (!Array.isArray(one)) return !Array.isArray(other) && sameMembers(one as Members, other as Members);
  return Array.isArray(other) && one.length === other.length && one.every((member: unknown, at) => sameJson(member ?? null, (other[at] as unknown) ?? null));
}

function sameMembers(one: Members, other: Members): boolean {
  const names = Object.keys(one).filter((name) => one[name] !== undefined);
  const others = Object.keys(other).filter((name) => other[name] !== undefined);
  return names.length === others.length && names.every((name) => Object.hasOwn(other, name) && sameJson(one[name], other[name]));
}

/** To JSON: what is no number is none, as null is. */
function isNull(value: unknown): boolean {
  return value === null || (typeof value === "number" && !Number.isFinite(value));
}

type Members = Readonly<Record<string, unknown>>;

/**
 * What reading that text gives, without the text: members in their order, nothing that JSON leaves out. Texts and numbers are shared with the
 * value, of which a copy by way of its JSON takes several times the room.
 */
export function canonicalCopy<T>(value: T): T {
  return copyOf(value, new Map()) as T;
}

/** An object with at least this many members is copied once, however often it occurs: an action of a plan is in its decision and in its stage. */
const leastShared = 8;

/** `copies`: those made so far; absent where nobody keeps them. */
function copyOf(value: unknown, copies?: Map<object, unknown>): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return copyOfList(value, copies);
  const known = copies?.get(value);
  if (known !== undefined) return known;
  const members = value as Members;
  const copy: Record<string, unknown> = {};
  const names = sortedNames(members);
  if (names.length >= leastShared) copies?.set(value, copy);
  for (const name of names) {
    const member = copyOf(members[name], copies);
    if (member === undefined) continue;
    // Assigned, this one would be no member but what the copy inherits from.
    if (name === "__proto__") Object.defineProperty(copy, name, { value: member, enumerable: true, configurable: true, writable: true });
    else copy[name] = member;
  }
  return copy;
}

/** The list itself where its copy would be equal: most of a plan's are names. */
function copyOfList(list: readonly unknown[], copies: Map<object, unknown> | undefined): readonly unknown[] {
  return list.every((member) => typeof member === "string") ? list : list.map((member) => copyOf(member, copies) ?? null);
}

/** Deep enough for a plan: its phases, their stages and the actions of each. */
const levelsOpened = 6;
/** Members of a longer list are a part each: of thousands of decisions none is long. */
const mostOpened = 100;

/**
 * The canonical JSON of an object in parts, so that a large one, and a list in it, need not be in memory as a whole besides. Of what
 * `canonicalCopy` made of it, which whoever stores a plan keeps anyway.
 */
export function jsonPartsOf(canonical: object): Generator<string> {
  return partsOf("", canonical, levelsOpened);
}

function* partsOf(before: string, value: unknown, levels: number): Generator<string> {
  if (levels === 0 || value === null || typeof value !== "object") {
    yield `${before}${JSON.stringify(value)}`;
    return;
  }
  const isList = Array.isArray(value);
  const members = Object.entries(value) as [string, unknown][];
  const levelsBelow = isList && members.length > mostOpened ? 0 : levels - 1;
  let between = `${before}${isList ? "[" : "{"}`;
  for (const [name, member] of members) {
    yield* partsOf(isList ? between : `${between}${JSON.stringify(name)}:`, member, levelsBelow);
    between = ",";
  }
  yield `${members.length === 0 ? between : ""}${isList ? "]" : "}"}`;
}

/** Whole numbers, which JavaScript lists first whatever their order in the object, stand first and by their size; the others by their letters. */
function sortedNames(members: object): readonly string[] {
  const names = Object.keys(members);
  const hasNumbers = /^\d/.test(names[0] ?? "");
  sortInPlace(names);
  return hasNumbers ? Object.keys(Object.fromEntries(names.map((name) => [name, null]))) : names;
}

/** By code units, as `sort` does. An object has few names, and `sort` takes room for each of the hundred thousands in a large plan. */
function sortInPlace(names: string[]): void {
  if (names.length > mostInserted) names.sort();
  else for (let at = 1; at < names.length; at++) insert(names, at);
}

const mostInserted = 40;

/** Moves a name to its place among those before it. */
function insert(names: string[], from: number): void {
  const name = names[from] ?? "";
  let at = from;
  for (; at > 0 && (names[at - 1] ?? "") > name; at--) names[at] = names[at - 1] ?? "";
  names[at] = name;
}
