import { componentsSchema, type Components } from "../../../contract/components.ts";
import type { OutputName } from "../../../contract/outputs.ts";
import { UserError } from "../../../contract/user-error.ts";
import { refuseForeignDocument } from "./foreign-documents.ts";
import { readJsonDocuments, type Json } from "./json-documents.ts";
import { isAttributeOf, meaningInRegions, meaningOf, meaningOfOutput, meaningOfRegionsName, type KeyMeaning } from "./key-meanings.ts";
import { accountOfKey, keyWordsOf } from "./key-words.ts";
import { isRegion } from "./region-names.ts";
import { regionSpelled } from "./region-spellings.ts";
import { isReference, isSecret, shapeOf, type Member } from "./output-shapes.ts";

/** One value, and what its key says it is. */
export interface OutputEntry {
  readonly meaning: KeyMeaning;
  /** As the file spells it. */
  readonly key: string;
  /** Words of the key and of the keys around it that it takes its meaning from. */
  readonly words: readonly string[];
  /** A region that the key, or a map's key around it, names. */
  readonly keyRegion?: string;
  /** The key that names it is a stack's name, so it is the region of all in it. */
  readonly isStackRegion: boolean;
  /** The region of a place that the key, or one around it, names. */
  readonly placeRegion?: string;
  /** An account that the key, or one around it, is. */
  readonly keyAccount?: string;
  /** File and key, for messages. */
  readonly place: string;
  readonly source: string;
  readonly value: Json;
  /** The value where it is a text. */
  readonly text?: string;
  /** Within a policy, tags, a tool's backend or a resource's replicas: what it says of regions is of other things than the stack's own. */
  readonly isForeign: boolean;
}

/** Values of one stack, or of one map within it. */
export interface OutputNode {
  readonly source: string;
  readonly name?: string;
  /** What names the node is a stack's name, not a key of a map of resources. */
  readonly isStack: boolean;
  /** The ARN that CloudFormation gives with a stack's outputs. */
  readonly stackId?: string;
  readonly entries: OutputEntry[];
  readonly children: OutputNode[];
  readonly components: Components[];
}

/** `--map`: what the outputs call something → our name for it, and which of them were found. */
export interface KeyMap {
  readonly outputs: ReadonlyMap<string, OutputName>;
  readonly found: Set<string>;
  /** All keys seen, for the nearest one to a key that is not there. */
  readonly seen: Set<string>;
}

interface Around {
  readonly source: string;
  readonly map: KeyMap;
  readonly path: readonly string[];
  readonly isForeign: boolean;
  /** Within a tool's configuration of where it keeps its state, tags, or a database of others: nothing in it is the stack's. */
  readonly isOfTool: boolean;
  /** Within one element of a list. */
  readonly isElement: boolean;
  /** Within a description of a cluster's member. */
  readonly isOfCluster: boolean;
  readonly keyRegion?: string;
  readonly isStackRegion: boolean;
  readonly placeRegion?: string;
  readonly keyAccount?: string;
  /** The key of the map or list this stands in. */
  readonly holder?: string;
  /** What that key means, where it names resources. */
  readonly of?: KeyMeaning;
  readonly words: readonly string[];
}

/** Outputs that cdktf makes for references between stacks; they are sensitive and not for readers. */
const crossStackPrefix = "cross-stack-output-";
const backendKey = /^(?:(?:terraform|tofu|remote|state|tf)?(?:state)?(?:backend|remotestate)(?:config|configuration|s3)?|terraformstate|tfstate)$/;
/** What a table or a cluster has elsewhere: the regions in it are not its own. */
const copiesKey = /^(?:replicas?|replications?|replicationconfigurations?|replicaregions?|copies)$/;
const tagsKey = /^(?:tag|[a-z]*tags|tagsall|labels?)$/;
const foreignKey =
  /^(?:[a-z0-9]*polic(?:y|ies)(?:json)?|statements?|principals?|conditions?|assumerolepolicy|policydocuments?|environment|(?:env|environment)?variables|envvars)$/;
/** Copied out of a page or a chat, texts bring characters of no width. */
const invisible = /[\u200B-\u200D\u2060\uFEFF]/g;
/** Keys that only wrap: their members are their holder's own. */
const transparentKeys: ReadonlySet<string> = new Set(["outputs", "exports", "values"]);

/** Splits a document of any shape into stacks and maps. Sensitive values are dropped here. */
export function outputTree(given: Json, source: string, map: KeyMap): OutputNode {
  // A pipeline that writes JSON as a text of JSON has it in quotes.
  const document = withJsonText(given, source, "the text");
  if (typeof document !== "object" || document === null) {
    throw new UserError({
      code: "outputs-wrong-shape",
      message: `${source} holds ${typeNameOf(document)} where an object of outputs is expected`,
      hint: "Pass what `terraform output -json` (or cdktf --outputs-file) wrote.",
    });
  }
  const root = emptyNode(source);
  refuseForeignDocument(document, source);
  fill(root, document, { source, map, path: [], isForeign: false, isOfTool: false, isElement: false, isOfCluster: false, isStackRegion: false, words: [] });
  return root;
}

/** A JSON type in words, for messages. */
export function typeNameOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function emptyNode(source: string, name?: string, isStack = false, stackId?: string): OutputNode {
  return {
    source,
    ...(name === undefined ? {} : { name }),
    isStack,
    ...(stackId === undefined ? {} : { stackId }),
    entries: [],
    children: [],
    components: [],
  };
}

function fill(node: OutputNode, value: Json, around: Around): void {
  if (value === null || isSecret(value)) return;
  const shape = shapeOf(value, around.path.length === 0 || around.holder === "outputs");
  switch (shape.kind) {
    case "stacks":
      for (const { name, stackId, members } of shape.stacks) {
        const child = emptyNode(node.source, name, name !== undefined, stackId);
        const path = name === undefined ? around.path : [...around.path, name];
        for (const member of members) visit(child, member, { ...around, path, words: [] }, false);
        node.children.push(child);
      }
      return;
    case "members":
      return visitAll(node, shape.members, around);
    case "list":
      for (const element of shape.elements) fillElement(node, element, around);
  }
}

/** An element of a list takes its meaning from the list's key. */
function fillElement(node: OutputNode, element: Json, around: Around): void {
  if (typeof element !== "object" || element === null)
    return addEntry(node, { key: around.holder ?? "", value: element }, around, around.of ?? { kind: "unknown" }, around.words);
  // A document that is a list holds the outputs of one stack each.
  const child = emptyNode(node.source, undefined, around.path.length === 0);
  fill(child, element, { ...around, isElement: true });
  node.children.push(child);
}

function visitAll(node: OutputNode, members: readonly Member[], given: Around): void {
  const around = { ...given, isOfTool: given.isOfTool || isOfOthers(members, given), isOfCluster: isOfMember(members, given) };
  const isCollection = around.of?.kind === "identifier" && holdsResources(members, around.of, around);
  for (const member of members) visit(node, member, { ...around, isElement: false }, isCollection);
}

/** A description of a database of another engine: `DBClusters: [{…, Engine: "docdb"}]`. */
function isOfOthers(members: readonly Member[], { of }: Around): boolean {
  if (of?.kind !== "identifier" || (of.of !== "auroraClusters" && of.of !== "rdsInstances")) return false;
  return hasText(members, /^engine$/i, /^(?:docdb|neptune)/i);
}

/** One of an instance that is a cluster's: `DBInstances: [{…, DBClusterIdentifier: …}]`. */
function isOfMember(members: readonly Member[], { isElement }: Around): boolean {
  return isElement && hasText(members, /^(?:db_?)?cluster_?identifier$/i, /\S/);
}

function hasText(members: readonly Member[], key: RegExp, text: RegExp): boolean {
  return members.some((member) => key.test(member.key) && typeof member.value === "string" && text.test(member.value));
}

/**
 * Whether the members of a map are resources of the kind its key names (`dynamodb_tables`, `asg_name: {api: …, admin: …}`) rather
 * than what is known of one resource (`alb: {arn: …, dns_name: …}`). An element of a list that names a resource itself, as AWS's own
 * descriptions do (`AutoScalingGroups: [{AutoScalingGroupName: …, AvailabilityZones: …}]`), or says where it is, is one; and so is a
 * map with an attribute of its kind (`aurora_clusters: {main: {cluster_identifier: …, endpoint: …}}`).
 */
function holdsResources(members: readonly Member[], of: Extract<KeyMeaning, { kind: "identifier" }>, { isElement, holder }: Around): boolean {
  const isOfOne = ({ key, value }: Member): boolean => {
    const { kind } = meaningOf(key);
    return (
      isAttributeOf(of.of, key, holder) ||
      kind === "attribute" ||
      (isElement && kind === "identifier") ||
      (kind === "region" && typeof value === "string" && isRegion(value.trim()))
    );
  };
  if (members.some(isOfOne)) return false;
  const values = members.map(({ value }) => value).filter((value) => value !== null);
  return (
    values.every((value) => typeof value === "object") ||
    ((of.hasAttribute || of.isPlural) && values.every((value) => typeof value !== "object" || Array.isArray(value)))
  );
}

function visit(node: OutputNode, { key, value: given, meaning }: Member, around: Around, isElement: boolean): void {
  if (key.startsWith(crossStackPrefix)) return;
  const value = withJsonText(given, around.source, key);
  if (value === null || isSecret(value) || isReference(value)) return;
  const path = [...around.path, key];
  const squeezed = key.replaceAll(/[-_\s]/g, "").toLowerCase();
  const isOfTool = around.isOfTool || (typeof value === "object" && (backendKey.test(squeezed) || tagsKey.test(squeezed)));
  const isForeign = around.isForeign || isOfTool || foreignKey.test(squeezed) || (copiesKey.test(squeezed) && typeof value === "object");
  const { words, region, placeRegion = around.placeRegion } = keyWordsOf(key);
  const own = meaning ?? meaningWithin(ownMeaning({ key, value }, path, around, isElement && !isForeign), path, { isOfTool, isOfCluster: around.isOfCluster });
  const keyRegion = region ?? around.keyRegion;
  const keyAccount = accountOfKey(key) ?? around.keyAccount;
  const inherits = own === around.of && around.of !== undefined;
  const isStack = own.kind !== "identifier" && !isElement;
  const inner: Around = {
    ...around,
    path,
    isForeign,
    isOfTool,
    isStackRegion: region === undefined ? around.isStackRegion : isStack && typeof value === "object",
    holder: inherits ? (around.holder ?? key) : key,
    words: inherits ? [...around.words, ...words] : words,
    ...(keyRegion === undefined ? {} : { keyRegion }),
    ...(placeRegion === undefined ? {} : { placeRegion }),
    ...(keyAccount === undefined ? {} : { keyAccount }),
  };
  if (typeof value !== "object") return addEntry(node, { key, value }, inner, own, inner.words);
  if (own.kind === "components") {
    const components = componentsSchema.safeParse(value);
    if (components.success) return void node.components.push(components.data);
  }
  const { of: _, ...plain } = inner;
  const next: Around = own.kind === "identifier" ? { ...plain, of: own } : own.kind === "region" && Array.isArray(value) ? { ...plain, of: own } : plain;
  // A list of CloudFormation outputs is a stack's, as an object of them is; any other list's elements are values of its key.
  const isPlainList = Array.isArray(value) && shapeOf(value, false).kind === "list";
  if (transparentKeys.has(squeezed) || isPlainList) return fill(node, value, next);
  const child = emptyNode(node.source, key, isStack);
  fill(child, value, next);
  node.children.push(child);
}

function ownMeaning({ key, value }: Member, path: readonly string[], around: Around, isElement: boolean): KeyMeaning {
  const { map } = around;
  for (const spelled of [key, path.join(".")]) {
    map.seen.add(spelled);
    const output = map.outputs.get(spelled);
    if (output === undefined) continue;
    map.found.add(spelled);
    return meaningOfOutput(output);
  }
  const isRegionsName = typeof value === "string" && regionSpelled(value) !== undefined;
  const inRegions = around.holder === undefined ? undefined : meaningInRegions(key, around.holder, isRegionsName);
  const byKey = inRegions ?? meaningOf(key, around.holder);
  const own = isRegionsName && byKey.kind !== "region" ? (meaningOfRegionsName(key) ?? byKey) : byKey;
  if (around.of === undefined) return own;
  const isOfAround = own.kind === "identifier" && around.of.kind === "identifier" && own.of === around.of.of;
  if (own.kind === "attribute" || (isElement && (own.kind !== "identifier" || isOfAround))) return around.of;
  return own;
}

/** A tool's own table and a tag's value are none of the stack's, and an instance among a cluster's members is the cluster's. */
function meaningWithin(own: KeyMeaning, path: readonly string[], { isOfTool, isOfCluster }: Pick<Around, "isOfTool" | "isOfCluster">): KeyMeaning {
  if (own.kind !== "identifier") return own;
  const isMember = own.of === "rdsInstances" && (isOfCluster || path.some((key) => /cluster_?(?:members?|instances?)$/i.test(key)));
  return isOfTool || isMember ? { kind: "unknown" } : own;
}

function addEntry(node: OutputNode, { key, value }: Member, around: Around, meaning: KeyMeaning, words: readonly string[]): void {
  node.entries.push({
    meaning,
    key,
    words,
    ...(around.keyRegion === undefined ? {} : { keyRegion: around.keyRegion }),
    isStackRegion: around.isStackRegion,
    ...(around.placeRegion === undefined ? {} : { placeRegion: around.placeRegion }),
    ...(around.keyAccount === undefined ? {} : { keyAccount: around.keyAccount }),
    place: around.path.length === 0 ? around.source : `${around.source}, ${around.path.join(".")}`,
    source: around.source,
    value,
    ...(typeof value === "string" ? { text: value.replaceAll(invisible, "") } : {}),
    isForeign: around.isForeign,
  });
}

/** CloudFormation outputs are texts: a list or an object stands in them as JSON. What only looks like it stays a text. */
function withJsonText(value: Json, source: string, key: string): Json {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    const [parsed, another] = readJsonDocuments(value, `${source}, ${key}`);
    return parsed !== undefined && another === undefined && typeof parsed === "object" ? parsed : value;
  } catch (error) {
    if (error instanceof UserError) return value;
    throw error;
  }
}
