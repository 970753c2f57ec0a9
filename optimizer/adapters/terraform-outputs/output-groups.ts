import { UserError } from "../../../contract/user-error.ts";
import type { Json, JsonObject } from "./json-documents.ts";
import { meaningOf, type KeyMeaning } from "./output-names.ts";

/** One value that means something to us, and where it stood. */
export interface OutputEntry {
  readonly meaning: Exclude<KeyMeaning, { readonly kind: "unknown" }>;
  readonly key: string;
  readonly value: Json;
}

/** Values that belong to one stack; without a stack name where the shape has none. */
export interface OutputGroup {
  readonly source: string;
  readonly stack?: string;
  readonly entries: readonly OutputEntry[];
}

interface Node {
  readonly entries: OutputEntry[];
  readonly children: (readonly [name: string, node: Node])[];
}

/** Outputs that cdktf makes for references between stacks; they are sensitive and not for readers. */
const crossStackPrefix = "cross-stack-output-";

/**
 * Splits a document of any shape into groups: `terraform output -json`, values nested by stack (and construct) as cdktf and
 * CDK write them, and CloudFormation's lists of OutputKey and OutputValue. Sensitive values are dropped here.
 */
export function outputGroups(document: Json, source: string): readonly OutputGroup[] {
  if (Array.isArray(document) && outputList(document) === undefined) return document.flatMap((member: Json) => outputGroups(member, source));
  const node = nodeOf(document, source, "");
  if (node === undefined) {
    throw new UserError({
      code: "outputs-wrong-shape",
      message: `${source} holds ${typeNameOf(document)} where an object of outputs is expected`,
      hint: "Pass what `terraform output -json` (or cdktf --outputs-file) wrote.",
    });
  }
  return groupsOf(node, source, undefined);
}

/** A JSON type in words, for messages. */
export function typeNameOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nodeOf(value: Json, source: string, path: string): Node | undefined {
  const outputs = outputList(value);
  if (outputs !== undefined) return nodeOfMembers(outputs, source, path);
  if (isObject(value)) return nodeOfMembers(Object.entries(value), source, path);
  return undefined;
}

function nodeOfMembers(members: readonly (readonly [string, Json])[], source: string, path: string): Node {
  const node: Node = { entries: [], children: [] };
  for (const [name, wrapped] of members) {
    const value = unwrap(wrapped);
    if (value === undefined || name.startsWith(crossStackPrefix)) continue;
    const key = path === "" ? name : `${path}.${name}`;
    const meaning = meaningOf(name);
    if (meaning.kind === "output" && meaning.name === "exports" && isObject(value)) {
      node.entries.push(...nodeOfMembers(Object.entries(value), source, key).entries);
    } else if (meaning.kind === "unknown" || (meaning.kind === "output" && meaning.name === "stack_region" && isObject(value))) {
      const child = nodeOf(value, source, key);
      if (child !== undefined) node.children.push([name, child]);
    } else {
      node.entries.push({ meaning, key, value });
    }
  }
  return node;
}

/** The value inside Terraform's `{sensitive, type, value}`; `undefined` for a sensitive one. */
function unwrap(value: Json): Json | undefined {
  if (!isObject(value) || !("value" in value) || !("sensitive" in value || "type" in value)) return value;
  return value["sensitive"] === true ? undefined : value["value"];
}

/** Members of CloudFormation's `[{OutputKey, OutputValue}]`; `undefined` for anything else. */
function outputList(value: Json): readonly (readonly [string, Json])[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const members: (readonly [string, Json])[] = [];
  for (const member of value as readonly Json[]) {
    if (!isObject(member)) return undefined;
    const { OutputKey: key, OutputValue: output } = member;
    if (typeof key !== "string" || output === undefined) return undefined;
    members.push([key, output]);
  }
  return members;
}

function groupsOf(node: Node, source: string, stack: string | undefined): readonly OutputGroup[] {
  const isStack = stack !== undefined || node.entries.length > 0;
  const whole = isStack && namedRegions(node).size <= 1;
  const entries = whole ? allEntries(node) : node.entries;
  const own = entries.length === 0 ? [] : [{ source, ...(stack === undefined ? {} : { stack }), entries }];
  return whole ? own : [...own, ...node.children.flatMap(([name, child]) => groupsOf(child, source, name))];
}

function allEntries(node: Node): readonly OutputEntry[] {
  return [...node.entries, ...node.children.flatMap(([, child]) => allEntries(child))];
}

function namedRegions(node: Node): ReadonlySet<Json> {
  return new Set(allEntries(node).flatMap((entry) => (entry.meaning.kind === "output" && entry.meaning.name === "stack_region" ? [entry.value] : [])));
}
