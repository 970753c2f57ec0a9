import type { Components } from "../../../contract/components.ts";
import { UserError } from "../../../contract/user-error.ts";
import { arnOf, arnsWithin } from "./arns.ts";
import {
  expectedForm,
  identifierOf,
  identifierOfArn,
  identifierOfFullName,
  isServiceOfOurs,
  serviceOf,
  type Identifier,
  type IdentifierKind,
} from "./identifiers.ts";
import { isDocumentOrGraph, isEdgeFunction, isElsewhere, isLock, isLockName, isOtherCluster } from "./key-meanings.ts";
import { rolesOf } from "./key-roles.ts";
import { stackIdEvidence, type OutputGroup, type SeenEntry } from "./output-groups.ts";
import { typeNameOf, type OutputEntry } from "./output-tree.ts";
import { isPlaceholder } from "./placeholders.ts";
import { isRegion } from "./region-names.ts";
import { clipped, type RegionEvidence } from "./region-evidence.ts";
import { checkedRegion, regionSpelled } from "./region-spellings.ts";
import { aboutness, wordsOfPlace } from "./region-subjects.ts";

/** An identifier, and where it stood. */
export interface FoundIdentifier extends Identifier {
  readonly place: string;
  readonly source: string;
  readonly roles: readonly string[];
  /** A region that its key names. */
  readonly keyRegion?: string;
  /** An account that a key around it is. */
  readonly keyAccount?: string;
  /** Its key says that it may be somebody else's: `shared_alb_arn`. */
  readonly isElsewhere: boolean;
}

/** A value that should be an identifier of a kind and is not. */
export interface WrongIdentifier {
  readonly kind: IdentifierKind;
  readonly reason: string;
}

/** A region stated in a form that is none, and what its key says it is of. */
export interface UnreadableRegion {
  readonly place: string;
  readonly text: string;
  readonly roles: readonly string[];
  readonly subject?: readonly string[];
}

/** What one group of outputs says, typed. */
export interface GroupContents {
  readonly source: string;
  readonly stack?: string;
  readonly stackId?: string;
  readonly suffix?: string;
  readonly identifiers: readonly FoundIdentifier[];
  readonly streamArns: readonly string[];
  readonly wrong: readonly WrongIdentifier[];
  /** Texts that nothing was read from: one of them may be what a missing component is called. */
  readonly unread: readonly OutputEntry[];
  readonly components?: Components;
  readonly entries: readonly OutputEntry[];
  readonly evidence: readonly RegionEvidence[];
  readonly unreadableRegions: readonly UnreadableRegion[];
  readonly around: OutputGroup["around"];
}

type IdentifierMeaning = Extract<OutputEntry["meaning"], { readonly kind: "identifier" }>;

/** What is collected while a group's entries are read. */
interface Collected {
  readonly suffixes: string[];
  readonly stacks: string[];
  readonly identifiers: FoundIdentifier[];
  readonly streamArns: string[];
  readonly wrong: WrongIdentifier[];
  readonly unread: OutputEntry[];
  readonly evidence: RegionEvidence[];
  readonly unreadableRegions: UnreadableRegion[];
}

/** Reads a group's values; one of our own outputs with a value of the wrong JSON type is a UserError naming file, key and expectation. */
export function contentsOf(group: OutputGroup): GroupContents {
  const { source, stackId } = group;
  const collected: Collected = {
    suffixes: [],
    stacks: group.stack === undefined ? [] : [group.stack],
    identifiers: [],
    streamArns: [],
    wrong: [],
    unread: [],
    evidence: stackId === undefined ? [] : [...stackIdEvidence(stackId, source)],
    unreadableRegions: [],
  };
  for (const entry of group.entries) take(collected, entry);
  // What is told, and what is found first, is the same whatever the order of keys.
  collected.evidence.sort((a, b) => compare(a.place, b.place) || compare(a.quote, b.quote) || compare(a.region, b.region));
  collected.identifiers.sort((a, b) => compare(a.place, b.place) || compare(a.id, b.id));
  collected.unreadableRegions.sort((a, b) => compare(a.place, b.place));
  // A stack's own word about its name comes after the key it stood under; several words are taken in one order, whatever theirs.
  const named = collected.stacks.slice(group.stack === undefined ? 0 : 1).toSorted();
  const stack = named[0] ?? group.stack;
  const [suffix] = collected.suffixes.toSorted();
  const { streamArns, wrong, unreadableRegions } = collected;
  const identifiers = withoutOthers(collected.identifiers, group);
  const evidence = toldApartByThings(collected);
  const others = namedByOtherArns(group);
  const unread = collected.unread.filter(({ text = "" }) => !others.has(text.trim()));
  return {
    source,
    ...(stack === undefined ? {} : { stack }),
    ...(stackId === undefined ? {} : { stackId }),
    ...(suffix === undefined ? {} : { suffix }),
    identifiers,
    streamArns,
    wrong,
    unread,
    ...(group.components.length === 0 ? {} : { components: Object.assign({}, ...group.components) as Components }),
    entries: group.entries.map(({ entry }) => entry),
    evidence,
    unreadableRegions,
    around: group.around,
  };
}

/**
 * `web_region` and `api_region` are about what has these words in its key where they differ; else one of them may as well be about all, under a
 * project's name.
 */
function toldApartByThings({ evidence, identifiers }: Collected): readonly RegionEvidence[] {
  const stated = evidence.filter(({ strength }) => strength === "stated");
  if (new Set(stated.map(({ region }) => region)).size <= 1 || stated.every(({ subject }) => subject === undefined)) return evidence;
  const { all } = aboutness(stated);
  const ofThings = new Set(identifiers.flatMap((identifier) => all(identifier)));
  return evidence.map((each) => (ofThings.has(each) ? { ...each, strength: "component" } : each));
}

const otherDatabaseHost = /(?<![a-z0-9.-])([a-z0-9-]+)\.cluster-(?:ro-)?[a-z0-9]+\.[a-z0-9-]+\.(?:docdb|neptune)\.amazonaws\.com/g;

/** Without clusters whose host says that they are DocumentDB's or Neptune's, and without the nodes of a cache beside the cache. */
function withoutOthers(identifiers: readonly FoundIdentifier[], { entries }: OutputGroup): readonly FoundIdentifier[] {
  const others = new Set(entries.flatMap(({ entry: { text = "" } }) => [...text.matchAll(otherDatabaseHost)].map(([, name]) => name)));
  const caches = new Set(identifiers.filter(({ kind }) => kind === "redisReplicationGroups").map(({ id }) => id));
  return identifiers.filter(({ kind, id }) => {
    if (kind === "auroraClusters") return !others.has(id);
    const cache = kind === "redisReplicationGroups" ? /^(.+?)(?:-\d{4})?-\d{3}$/.exec(id)?.[1] : undefined;
    return cache === undefined || !caches.has(cache);
  });
}

/** Names of what is known to be something else, such as an EKS cluster, by its ARN beside the name. */
function namedByOtherArns({ entries }: OutputGroup): ReadonlySet<string> {
  const arns = entries.flatMap(({ entry: { text = "" } }) => arnsWithin(text));
  return new Set(arns.filter(({ service }) => !isServiceOfOurs(service)).flatMap(({ resource }) => resource.split(/[/:]/)));
}

function take(collected: Collected, { entry, evidence }: SeenEntry): void {
  for (const each of evidence) collected.evidence.push(each);
  const { meaning, text, place } = entry;
  // Terraform prints null, and CloudFormation an empty text, for what a stack does not have.
  if (entry.value === null || text?.trim() === "") return;
  if ((meaning.kind === "identifier" || meaning.kind === "region") && meaning.suffix !== undefined) collected.suffixes.push(meaning.suffix);
  switch (meaning.kind) {
    case "identifier":
      return takeIdentifier(collected, entry, meaning);
    case "region":
      if (text !== undefined && !isPlaceholder(text) && meaning.isOurs) checkedRegion(text, place);
      else if (text !== undefined && !isPlaceholder(text) && meaning.isStated && regionSpelled(text) === undefined)
        collected.unreadableRegions.push({ place, text, roles: rolesOf(entry.words), ...(meaning.subject.length === 0 ? {} : { subject: meaning.subject }) });
      return;
    case "environment-suffix":
      if (text !== undefined) collected.suffixes.push(text);
      return;
    case "stack-name":
      if (text !== undefined) collected.stacks.push(text);
      return;
    case "account":
    case "components":
      return;
    case "attribute":
    case "unknown":
      if (text !== undefined && takeByShape(collected, entry, text) === "no-arn") collected.unread.push(entry);
      return;
    default:
      return meaning satisfies never;
  }
}

function takeIdentifier(collected: Collected, entry: OutputEntry, meaning: IdentifierMeaning): void {
  if (entry.text === undefined) {
    // A flag or a number under a word of ours (`alb: true`) is nothing of ours; under our own output it is a mistake.
    if (meaning.isOurs) throw wrongType(entry);
    return;
  }
  const parts = isPlaceholder(entry.text) ? [entry.text] : entry.text.split(separatorsOf(meaning));
  for (const text of parts.map((part) => unquoted(part.trim())).filter((part) => part !== "")) takePart(collected, entry, meaning, text);
}

/** A shell puts several into one text in its own ways; but a group may have a name with blanks in it, which a single key tells of any kind. */
function separatorsOf({ of, isPlural, isOurs }: IdentifierMeaning): RegExp {
  return of === "autoScalingGroups" || !isPlural || isOurs ? /[,\n\t]/ : /[,;\s]/;
}

/** A shell or jq without -r leaves quotes around a text. */
function unquoted(text: string): string {
  return /^(["'])([^"']*)\1$/.exec(text)?.[2] ?? text;
}

function takePart(collected: Collected, entry: OutputEntry, meaning: IdentifierMeaning, text: string): void {
  const { of } = meaning;
  if (isPlaceholder(text)) return void collected.wrong.push({ kind: of, reason: `${entry.place}: ${JSON.stringify(clipped(text))} is a placeholder, no name` });
  const arn = arnOf(text);
  const identifier = arn === undefined && !isTrusted(entry, meaning, text) ? undefined : identifierOf(of, text);
  if (identifier !== undefined) return takeFound(collected, entry, identifier);
  if (arn === undefined) return noteWrong(collected, entry, meaning, text);
  // An ARN says itself what it is of; only one of the same service is likely a mistake.
  const isOther = takeByShape(collected, entry, text) === "identified" || arn.service !== serviceOf(of);
  if (!isOther) noteWrong(collected, entry, meaning, text);
}

/** A bare noun is often the key of something else about the thing: an endpoint, an engine, a region, a sentence. */
function isTrusted({ words }: OutputEntry, { hasAttribute, isOurs }: IdentifierMeaning, text: string): boolean {
  if (isOurs || hasAttribute) return true;
  return !/\s|\.amazonaws\.com/.test(text) && !isRegion(text) && words.at(-1) !== "aurora" && words.at(-1) !== "dynamodb";
}

/** What an ARN names, whatever its key. A policy's or a tag's ARN may be of anybody's resource. */
function takeByShape(collected: Collected, entry: OutputEntry, whole: string): "identified" | "other-arn" | "no-arn" {
  let seen: "identified" | "other-arn" | "no-arn" = "no-arn";
  for (const text of whole.split(",").map((part) => part.trim())) {
    const arn = arnOf(text);
    const fullName = arn === undefined && !entry.isForeign ? identifierOfFullName(text) : undefined;
    if (fullName !== undefined) {
      takeFound(collected, entry, fullName);
      seen = "identified";
    }
    if (arn === undefined) continue;
    if (seen === "no-arn") seen = "other-arn";
    if (entry.isForeign) continue;
    if (arn.service === "dynamodb" && arn.resource.includes("/stream/")) collected.streamArns.push(text);
    const identifier = identifierOfArn(arn);
    if (identifier === undefined) continue;
    takeFound(collected, entry, identifier);
    seen = "identified";
  }
  return seen;
}

/**
 * The table in which a tool keeps its locks is none of the application's, a function at CloudFront's edges takes another one's place by its version, and
 * a DocumentDB cluster has an ARN of Aurora's form.
 */
function takeFound({ identifiers }: Collected, { place, source, words, keyRegion, keyAccount }: OutputEntry, identifier: Identifier): void {
  if (identifier.kind === "tables" && (isLock(words) || isLockName(identifier.id))) return;
  if (identifier.kind === "auroraClusters" && (isOtherCluster(words) || isDocumentOrGraph(wordsOfPlace({ place, source })))) return;
  if (identifier.kind === "functions" && isEdgeFunction(words)) return;
  const named = { ...(keyRegion === undefined ? {} : { keyRegion }), ...(keyAccount === undefined ? {} : { keyAccount }) };
  identifiers.push({ ...identifier, place, source, roles: rolesOf(words), ...named, isElsewhere: isElsewhere(words) });
}

/** Told only where the key is sure to mean what it seems to: our own output, or an ARN of the right service but of another thing. */
function noteWrong(collected: Collected, entry: OutputEntry, meaning: IdentifierMeaning, text: string): void {
  const { of, isOurs, hasAttribute } = meaning;
  const isFullName = of === "loadBalancers" || of === "targetGroups";
  // A load balancer's or target group's mere name leads nowhere, and other keys than ours often hold just that.
  if (!isOurs && (!hasAttribute || isFullName)) return void collected.unread.push(entry);
  collected.wrong.push({ kind: of, reason: `${entry.place}: ${JSON.stringify(clipped(text))} is not ${expectedForm(of)}` });
}

function wrongType({ place, value }: OutputEntry): UserError {
  return new UserError({
    code: "outputs-wrong-type",
    message: `${place}: expected a text or a list of texts, found ${typeNameOf(value)}`,
    hint: "Pass the outputs as Terraform, cdktf or CloudFormation wrote them, or correct this value.",
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
