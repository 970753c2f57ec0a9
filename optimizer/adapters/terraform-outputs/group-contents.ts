import { componentsSchema, type Components } from "../../../contract/components.ts";
import { tableOutputSchema, type OutputName } from "../../../contract/outputs.ts";
import { UserError } from "../../../contract/user-error.ts";
import { expectedForm, identifierOf, type Identifier, type IdentifierKind } from "./identifiers.ts";
import { readJsonDocuments, type Json } from "./json-documents.ts";
import { isObject, typeNameOf, type OutputEntry, type OutputGroup } from "./output-groups.ts";
import { arnRegionOf, checkedRegion } from "./region-names.ts";

/** A value that should be an identifier of a kind and is not. */
export interface WrongIdentifier {
  readonly kind: IdentifierKind;
  readonly reason: string;
}

/** What one group of outputs says, typed. */
export interface GroupContents {
  readonly source: string;
  readonly stack?: string;
  readonly explicitRegion?: string;
  /** Regions of all ARNs among the values. */
  readonly arnRegions: ReadonlySet<string>;
  readonly suffix?: string;
  readonly identifiers: readonly Identifier[];
  readonly streamArns: readonly string[];
  readonly wrong: readonly WrongIdentifier[];
  readonly components?: Components;
}

const kindsByOutput: Partial<Readonly<Record<OutputName, IdentifierKind>>> = {
  alb_arn: "loadBalancers",
  alb_full_name: "loadBalancers",
  target_group_full_names: "targetGroups",
  asg_name: "autoScalingGroups",
  asg_arn: "autoScalingGroups",
  aurora_cluster_id: "auroraClusters",
  aurora_global_cluster_id: "auroraGlobalClusters",
  redis_replication_group_id: "redisReplicationGroups",
};

/** What is collected while a group's entries are read. */
interface Collected {
  readonly source: string;
  readonly regions: Set<string>;
  readonly arnRegions: Set<string>;
  readonly suffixes: Set<string>;
  readonly stacks: string[];
  readonly identifiers: Identifier[];
  readonly streamArns: string[];
  readonly wrong: WrongIdentifier[];
  readonly components: Components[];
}

/** Reads a group's values; a known key with a value of the wrong JSON type is a UserError naming file, key and expectation. */
export function contentsOf({ source, stack, entries }: OutputGroup): GroupContents {
  const collected: Collected = {
    source,
    regions: new Set(),
    arnRegions: new Set(),
    suffixes: new Set(),
    stacks: stack === undefined ? [] : [stack],
    identifiers: [],
    streamArns: [],
    wrong: [],
    components: [],
  };
  for (const entry of entries) take(collected, entry);
  return summary(collected);
}

function summary(collected: Collected): GroupContents {
  const { source, arnRegions, identifiers, streamArns, wrong } = collected;
  const [explicitRegion, another] = [...collected.regions];
  if (explicitRegion !== undefined && another !== undefined) throw contradiction(source, explicitRegion, another);
  for (const region of identifiers.flatMap((identifier) => identifier.region ?? [])) arnRegions.add(checkedRegion(region, source));
  // A stack's own word about its name comes after the key it stood under.
  const stack = collected.stacks.at(-1);
  const [suffix] = [...collected.suffixes];
  return {
    source,
    ...(stack === undefined ? {} : { stack }),
    ...(explicitRegion === undefined ? {} : { explicitRegion }),
    arnRegions,
    ...(suffix === undefined ? {} : { suffix }),
    identifiers,
    streamArns,
    wrong,
    ...(collected.components.length === 0 ? {} : { components: Object.assign({}, ...collected.components) as Components }),
  };
}

function take(collected: Collected, entry: OutputEntry): void {
  // Terraform prints null, and CloudFormation an empty text, for what a stack does not have.
  if (entry.value === null || entry.value === "") return;
  if (entry.meaning.kind === "output") {
    if (entry.meaning.suffix !== undefined) collected.suffixes.add(entry.meaning.suffix);
    takeOutput(collected, entry, entry.meaning.name);
  } else if (entry.meaning.kind === "table" && entry.meaning.attribute === "stream-arn") {
    collected.streamArns.push(...texts(entry, collected.source));
  } else {
    identify(collected, "tables", texts(entry, collected.source), entry.key);
  }
}

function takeOutput(collected: Collected, entry: OutputEntry, name: OutputName): void {
  if (name === "dynamodb_tables") return takeTables(collected, entry);
  if (name === "components") return takeComponents(collected, entry);
  const values = texts(entry, collected.source);
  const place = `${collected.source}, ${entry.key}`;
  for (const region of values.flatMap((value) => arnRegionOf(value) ?? [])) collected.arnRegions.add(checkedRegion(region, place));
  const kind = kindsByOutput[name];
  if (kind !== undefined) identify(collected, kind, values, entry.key);
  else if (name === "stack_region") for (const value of values) collected.regions.add(checkedRegion(value, place));
  else if (name === "environment_suffix") for (const value of values) collected.suffixes.add(value);
  else if (name === "stack_name") collected.stacks.push(...values);
}

function takeTables(collected: Collected, entry: OutputEntry): void {
  const { source } = collected;
  const tables = parsed(entry, source);
  if (!isObject(tables)) return identify(collected, "tables", texts(entry, source), entry.key);
  for (const [key, value] of Object.entries(tables)) {
    const table = tableOutputSchema.safeParse(value);
    if (!table.success) throw wrongType(source, `${entry.key}.${key}`, "an object with the texts name and arn", value);
    identify(collected, "tables", [table.data.arn], `${entry.key}.${key}.arn`);
    if (table.data.stream_arn !== undefined) collected.streamArns.push(table.data.stream_arn);
  }
}

function takeComponents(collected: Collected, entry: OutputEntry): void {
  const result = componentsSchema.safeParse(parsed(entry, collected.source));
  if (!result.success) throw wrongType(collected.source, entry.key, "an object of sizing paths with type and id", entry.value);
  collected.components.push(result.data);
}

function identify(collected: Collected, kind: IdentifierKind, values: readonly string[], key: string): void {
  for (const value of values) {
    const identifier = identifierOf(kind, value);
    if (identifier !== undefined) collected.identifiers.push(identifier);
    else collected.wrong.push({ kind, reason: `${collected.source}, ${key}: ${JSON.stringify(value)} is not ${expectedForm(kind)}` });
  }
}

/** CloudFormation outputs are texts: a list or an object stands in them as JSON. */
function parsed(entry: OutputEntry, source: string): Json {
  const { value } = entry;
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  return readJsonDocuments(value, `${source}, ${entry.key}`)[0] ?? null;
}

/** A text, a list of texts, or a comma-separated text. */
function texts(entry: OutputEntry, source: string): readonly string[] {
  const value = parsed(entry, source);
  if (typeof value === "string") return value.split(",").map((part) => part.trim());
  if (!Array.isArray(value)) throw wrongType(source, entry.key, "a text or a list of texts", value);
  return value.map((member: Json) => {
    if (typeof member !== "string") throw wrongType(source, entry.key, "a list of texts", member);
    return member;
  });
}

function wrongType(source: string, key: string, expected: string, found: Json): UserError {
  return new UserError({
    code: "outputs-wrong-type",
    message: `${source}, ${key}: expected ${expected}, found ${typeNameOf(found)}`,
    hint: "Pass the outputs as Terraform, cdktf or CloudFormation wrote them, or correct this value.",
  });
}

function contradiction(source: string, one: string, other: string): UserError {
  return new UserError({
    code: "outputs-two-regions",
    message: `${source}: the outputs of one stack name two regions, ${one} and ${other}`,
    hint: "Pass each stack's outputs as a document of its own, or nested under the stack's name.",
  });
}
