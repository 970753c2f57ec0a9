import { UserError } from "../../contract/user-error.ts";

/** A scenario file as it was read: `place` names it, and resolves what it extends. */
export interface ScenarioDocument {
  readonly document: unknown;
  readonly place: string;
}

/** Finds what `extends` names, as seen from the file at `from`. Throws a UserError that names what is missing. */
export type ReadScenario = (name: string, from: string) => Promise<ScenarioDocument>;

type Members = Readonly<Record<string, unknown>>;

/** Members that tell of one file and not of its account: nobody inherits them. */
const ownMembers = ["$schema", "name", "notes"];

/**
 * The document with everything that it inherits by `extends`, a bundled scenario's name or a file beside it. Objects are merged member by
 * member; any other value replaces the inherited one, lists as a whole; `null` takes the inherited member away.
 */
export async function extendedScenario(from: ScenarioDocument, read: ReadScenario): Promise<unknown> {
  return resolve(from, read, [from.place]);
}

async function resolve({ document, place }: ScenarioDocument, read: ReadScenario, path: readonly string[]): Promise<unknown> {
  if (!isMembers(document) || document["extends"] === undefined) return document;
  const { extends: name, ...own } = document;
  if (typeof name !== "string" || name === "") throw badExtends(place, `extends has to name one scenario, a bundled one or a file: ${JSON.stringify(name)}`);
  const parent = await read(name, place);
  if (path.includes(parent.place)) throw badExtends(place, `the scenarios extend each other in a circle: ${[...path, parent.place].join(" → ")}`);
  const inherited = await resolve(parent, read, [...path, parent.place]);
  if (!isMembers(inherited)) throw badExtends(place, `${parent.place}, which it extends, is no JSON object`);
  return merge(Object.fromEntries(Object.entries(inherited).filter(([member]) => !ownMembers.includes(member))), own);
}

function merge(inherited: Members, own: Members): Members {
  const merged = new Map(Object.entries(inherited));
  for (const [member, value] of Object.entries(own)) {
    const before = merged.get(member);
    if (value === null) merged.delete(member);
    else merged.set(member, isMembers(value) ? merge(isMembers(before) ? before : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function badExtends(place: string, problem: string): UserError {
  return new UserError({ code: "bad-scenario", message: `scenario ${place}: ${problem}`, hint: 'docs/simulation.md, "Scenarios that extend one another"' });
}
