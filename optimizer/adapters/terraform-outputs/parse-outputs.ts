import { UserError } from "../../../contract/user-error.ts";
import type { Deployments } from "../../core/model/deployment.ts";
import { refuseForeignText } from "./foreign-text.ts";
import { contentsOf, type FoundIdentifier, type GroupContents } from "./group-contents.ts";
import { refuseContradiction, regionsOfGroup, type RegionQuestion } from "./home-regions.ts";
import type { IdentifierKind } from "./identifiers.ts";
import { readJsonDocuments, type Json } from "./json-documents.ts";
import { keyMapOf, refuseUnfound } from "./key-map.ts";
import { nearMiss } from "./near-misses.ts";
import { outputGroups } from "./output-groups.ts";
import { pageOf } from "./output-shapes.ts";
import { outputTree, type OutputEntry } from "./output-tree.ts";
import { ownerOf, partitionOfAll } from "./owner.ts";
import {
  addAll,
  componentNames,
  deploymentOf,
  emptyContents,
  furtherOutputs,
  missingOf,
  noteGroup,
  noteStack,
  passedOver,
  placeStreams,
  type RegionContents,
} from "./region-contents.ts";
import { withoutStrangers } from "./region-evidence.ts";
import { checkedRegion } from "./region-spellings.ts";

/** One text that holds one or more JSON documents, and the name to call it in messages: a path or `standard input`. */
export interface OutputsDocument {
  readonly source: string;
  readonly text: string;
}

export interface ParseOptions {
  /** `--region`: keeps these regions, and is assigned to outputs that name none. */
  readonly regions?: readonly string[];
  /** `--map OUTPUT=KEY` */
  readonly map?: readonly string[];
}

interface PlacedIdentifier {
  readonly identifier: FoundIdentifier;
  readonly region: string;
}

/**
 * Outputs of every shape (docs/inputs.md) → identifiers by region, and the account they are in. Throws UserError for input that is
 * broken, names no identifier at all, two regions for one, or two accounts; a single missing identifier is only noted.
 */
export function parseOutputs(documents: readonly OutputsDocument[], options: ParseOptions = {}): Deployments {
  const asked = (options.regions ?? []).map((region) => checkedRegion(region, "--region"));
  const { byDocument: read, cut } = readGroups(documents, options.map ?? []);
  if (read.flat().every((group) => group.identifiers.length === 0)) throw noIdentifier(documents, read.flat());

  const owner = ownerOf(read.flat());
  const byDocument = owner === undefined ? read : read.map((groups) => groups.map((group) => ownEvidence(group, owner.accountId)));
  const groups = byDocument.flat();
  const question = questionOf(byDocument, asked);
  const warnings: string[] = [...cut];
  const regions = new Map<string, RegionContents>();
  const placed = groups.flatMap((group) => placeGroup(group, question, owner?.accountId, { regions, warnings }));
  placeStreams(groups, regions);
  const partition = partitionOfAll(placed);
  refuseStrangers(asked, [...regions.keys()]);

  const kept = [...regions].filter(([region]) => asked.length === 0 || asked.includes(region)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    deployments: kept.map(([region, contents]) => deploymentOf(region, contents)),
    missing: kept.flatMap(([region, contents]) => missingOf(region, contents, unplaced(groups, region))),
    warnings: [...new Set([...warnings, ...kept.flatMap(([, contents]) => passedOver(contents))])].toSorted(),
    ...(owner === undefined ? {} : { owner }),
    ...(partition === undefined ? {} : { partition }),
  };
}

function readGroups(
  documents: readonly OutputsDocument[],
  map: readonly string[],
): { byDocument: readonly (readonly GroupContents[])[]; cut: readonly string[] } {
  const keyMap = keyMapOf(map);
  const read = documents.flatMap(({ source, text }) => {
    refuseForeignText(text, source);
    return readJsonDocuments(text, source).map((document) => ({ source, document }));
  });
  const byDocument = read.map(({ source, document }) => outputGroups(outputTree(document, source, keyMap)).map((group) => contentsOf(group)));
  refuseUnfound(keyMap);
  return { byDocument, cut: cutShort(read) };
}

function ownEvidence(group: GroupContents, accountId: string): GroupContents {
  return {
    ...group,
    evidence: withoutStrangers(group.evidence, accountId),
    around: group.around.map((evidence) => withoutStrangers(evidence, accountId)),
  };
}

const nothing: readonly never[] = [];

function questionOf(byDocument: readonly (readonly GroupContents[])[], asked: readonly string[]): RegionQuestion {
  const evidenceByGroup = new Map(
    byDocument.flatMap((groups) => {
      const ofDocument = groups.flatMap(({ evidence }) => evidence);
      return groups.map((group) => [group, ofDocument] as const);
    }),
  );
  const ofAll = byDocument.flat().flatMap(({ evidence }) => evidence);
  return { asked, ofAll, ofDocument: (group) => evidenceByGroup.get(group) ?? nothing };
}

/**
 * Lists of AWS's of which no page is the last: what stands on later ones would be missed in silence. Which pages belong together nobody says, so that
 * one last page is enough.
 */
function cutShort(read: readonly { readonly source: string; readonly document: Json }[]): readonly string[] {
  const pages = read.flatMap(({ source, document }) => ({ source, ...pageOf(document) }));
  const whole = new Set(pages.flatMap(({ list, next }) => (list === undefined || next !== undefined ? [] : list)));
  return pages.flatMap(({ source, list = "", next }) =>
    next === undefined || whole.has(list)
      ? []
      : `${source}: AWS has more ${list} than stand here (${next}), and what is on later pages is not known; pass all pages, or list them without --max-items and --no-paginate`,
  );
}

/** Puts each identifier of a group into its region, and the rest into the group's. */
function placeGroup(
  group: GroupContents,
  question: RegionQuestion,
  accountId: string | undefined,
  { regions, warnings }: { readonly regions: Map<string, RegionContents>; readonly warnings: string[] },
): readonly PlacedIdentifier[] {
  if (!isPlaced(group)) return [];
  refuseContradiction(group);
  const regionsOf = regionsOfGroup(group, question);
  const placed: PlacedIdentifier[] = [];
  for (const identifier of group.identifiers) {
    const { arn, keyAccount, place, id } = identifier;
    const whose = arn?.account ?? keyAccount;
    if (whose !== undefined && accountId !== undefined && whose !== accountId) {
      warnings.push(`${place}: ${id} is in account ${whose}, the rest in ${accountId}; it is not read`);
      continue;
    }
    const { region, note } = regionsOf.of(identifier);
    if (note !== undefined) warnings.push(note);
    const contents = contentsIn(regions, region);
    contents.identifiers.push(identifier);
    noteStack(contents, group);
    placed.push({ identifier, region });
  }
  const home = regionsOf.certainHome();
  const hasPlaced = (region: string): boolean => placed.some((each) => each.region === region);
  const isEmptyAt = (region: string): boolean => placed.length > 0 && group.wrong.length === 0 && group.components === undefined && !hasPlaced(region);
  if (home === undefined) for (const region of new Set(placed.map((each) => each.region))) addAll(contentsIn(regions, region).wrong, group.wrong);
  // A region in which nothing of a group is holds nothing to look at.
  else if (isEmptyAt(home)) for (const region of new Set(placed.map((each) => each.region))) addAll(contentsIn(regions, region).unread, group.unread);
  else noteGroup(contentsIn(regions, home), group, warnings);
  for (const { identifier, region } of placed) {
    if (home !== undefined && identifier.arn?.region !== undefined && regionsOf.isAstray(identifier, region)) {
      warnings.push(`${group.source}: ${identifier.id} is in ${region} by its ARN, though its stack names ${home}`);
    }
  }
  return placed;
}

/** Texts of outputs that named nothing, unless they are shown to be of another region. */
function unplaced(groups: readonly GroupContents[], region: string): readonly OutputEntry[] {
  const elsewhere = ({ evidence }: GroupContents): boolean => evidence.length > 0 && !evidence.some((each) => each.region === region);
  return groups.filter((group) => !isPlaced(group) && !elsewhere(group)).flatMap(({ unread }) => unread);
}

/** Whether anything of a group has a place in a region. */
function isPlaced({ identifiers, wrong, components }: GroupContents): boolean {
  return identifiers.length > 0 || wrong.length > 0 || components !== undefined;
}

function contentsIn(regions: Map<string, RegionContents>, region: string): RegionContents {
  const known = regions.get(region);
  if (known !== undefined) return known;
  const fresh = emptyContents();
  regions.set(region, fresh);
  return fresh;
}

/** A region asked for that no output is in contradicts the ARNs and names of the outputs. */
function refuseStrangers(asked: readonly string[], named: readonly string[]): void {
  const strangers = asked.filter((region) => !named.includes(region));
  if (strangers.length === 0) return;
  throw new UserError({
    code: "region-conflict",
    message: `--region ${strangers.join(", ")}: by their names and ARNs the outputs belong to ${named.toSorted().join(", ")}`,
    hint: "Pass a region that the outputs name, or the outputs of the region you mean.",
  });
}

function noIdentifier(documents: readonly OutputsDocument[], groups: readonly GroupContents[]): UserError {
  const isBlank = ({ meaning, text }: OutputEntry): boolean => meaning.kind === "identifier" && text?.trim() === "";
  const blank = groups.flatMap(({ entries }) => entries.filter(isBlank).map(({ place }) => `${place} is empty`));
  const wrong = [...groups.flatMap((group) => group.wrong.map(({ reason }) => reason)), ...blank];
  const unread = groups.flatMap((group) => group.unread);
  const kinds: readonly IdentifierKind[] = [...componentNames.map(([kind]) => kind), "rdsInstances"];
  const meant = kinds.map((kind) => nearMiss(kind, unread)).join("");
  const outputs = [...componentNames.map(([, , output]) => output), ...furtherOutputs];
  const detail = wrong.length === 0 ? `expected one of ${outputs.join(", ")}, or an ARN of one${meant}` : wrong.join("; ");
  return new UserError({
    code: "outputs-no-identifier",
    message: `${documents.map(({ source }) => source).join(", ")}: no resource is named; ${detail}`,
    hint: "Pass the outputs of the stacks: terraform -chdir=<stack> output -json. Sensitive outputs are not read. --map OUTPUT=KEY names a key that is called otherwise.",
  });
}
