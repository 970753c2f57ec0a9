import type { Components } from "../../../contract/components.ts";
import { isOtherRole, rolesOf } from "./key-roles.ts";
import { keyWordsOf } from "./key-words.ts";
import type { OutputEntry, OutputNode } from "./output-tree.ts";
import { clipped, regionEvidenceOf, type RegionEvidence } from "./region-evidence.ts";

/** An entry and what it says of regions. */
export interface SeenEntry {
  readonly entry: OutputEntry;
  readonly evidence: readonly RegionEvidence[];
}

/** Values that belong together: one stack's, or one map's where a stack spreads over regions. */
export interface OutputGroup {
  readonly source: string;
  readonly stack?: string;
  readonly stackId?: string;
  readonly entries: readonly SeenEntry[];
  readonly components: readonly Components[];
  /** What the maps around it say of regions, nearest first: it counts where the group itself says nothing. */
  readonly around: readonly (readonly RegionEvidence[])[];
}

interface SeenNode {
  readonly node: OutputNode;
  readonly entries: readonly SeenEntry[];
  readonly children: readonly SeenNode[];
}

/** The groups of a document. A stack is one group unless its parts show different regions. */
export function outputGroups(root: OutputNode): readonly OutputGroup[] {
  return groupsOf(seen(root), undefined, []);
}

function seen(node: OutputNode): SeenNode {
  return {
    node,
    entries: node.entries.map((entry) => ({ entry, evidence: [...keyEvidence(entry), ...regionEvidenceOf(entry)] })),
    children: node.children.map(seen),
  };
}

/** A key that names a region: `asg_name_us_west_2`, a map by region or zone, a stack's name; or a place by which AWS calls one. */
function keyEvidence({ keyRegion, placeRegion, isStackRegion, place, source, isForeign }: OutputEntry): readonly RegionEvidence[] {
  const region = keyRegion ?? placeRegion;
  // The way to the entry, since a key around it may be the one.
  const key = place.slice(source.length + 2);
  if (region === undefined) return [];
  if (keyRegion === undefined) return [{ region, strength: "placed", isHosting: false, roles: [], place, quote: clipped(key) }];
  return [{ region, strength: isForeign ? "hinted" : isStackRegion ? "stated" : "shown", isHosting: false, roles: [], place, quote: clipped(key) }];
}

function groupsOf(seenNode: SeenNode, stack: string | undefined, around: OutputGroup["around"]): readonly OutputGroup[] {
  const { node, entries, children } = seenNode;
  const isWhole = (stack !== undefined || ownEntries(seenNode).some(({ entry }) => isMeaningful(entry))) && isOfOneRegion(seenNode);
  const taken = isWhole ? everything(seenNode) : entries;
  const components = isWhole ? everyComponents(seenNode) : node.components;
  const group: OutputGroup = {
    source: node.source,
    ...(stack === undefined ? {} : { stack }),
    ...(node.stackId === undefined ? {} : { stackId: node.stackId }),
    entries: taken,
    components,
    around,
  };
  const own = taken.length === 0 && components.length === 0 ? [] : [group];
  if (isWhole) return own;
  const evidence = entries.flatMap((entry) => entry.evidence);
  const inner = [...(evidence.length === 0 ? [] : [evidence]), ...around];
  return [...own, ...children.flatMap((child) => groupsOf(child, child.node.isStack ? child.node.name : stack, inner))];
}

/** With those of lists and of maps of resources, which are no stacks of their own. */
function ownEntries({ entries, children }: SeenNode): readonly SeenEntry[] {
  return [...entries, ...children.filter(({ node }) => !node.isStack).flatMap(ownEntries)];
}

/** Entries that are of a stack itself, not a title beside stacks. */
function isMeaningful({ meaning }: OutputEntry): boolean {
  return meaning.kind !== "unknown" && meaning.kind !== "attribute" && meaning.kind !== "account";
}

function isOfOneRegion(node: SeenNode): boolean {
  if (node.children.some((child) => isElsewhereByRole(child, node))) return false;
  const evidence = [...stackEvidence(node), ...everything(node).flatMap((entry) => entry.evidence)];
  const stated = evidence.filter(({ strength }) => strength === "stated");
  const shown = evidence.filter(({ strength }) => strength === "shown");
  // A region stated within a map says nothing against what stands around the map.
  const own = node.entries.flatMap((entry) => entry.evidence);
  const isStatedWithin = node.node.stackId === undefined && own.length > 0 && !own.some(({ strength }) => strength === "stated");
  const shownAround = isStatedWithin ? own.filter(({ strength }) => strength === "shown") : [];
  const deciding = stated.length > 0 ? [...stated, ...shownAround] : shown;
  return new Set(deciding.map(({ region }) => region)).size <= 1;
}

/** `dr: {alb_dns: …}`: what stands in a map of another place, and shows that it is in another region than what stands beside the map. */
function isElsewhereByRole({ node: { name, isStack }, ...child }: SeenNode, { entries }: SeenNode): boolean {
  if (!isStack || !rolesOf(keyWordsOf(name ?? "").words).some(isOtherRole)) return false;
  const sure = ({ evidence }: SeenEntry): readonly string[] =>
    evidence.filter(({ strength }) => strength === "stated" || strength === "shown").map(({ region }) => region);
  const around = new Set(entries.flatMap(sure));
  const within = [...child.entries, ...child.children.flatMap(everything)].flatMap(sure);
  return around.size > 0 && within.length > 0 && !within.some((region) => around.has(region));
}

/** Stacks that CloudFormation lists are stacks of their own, wherever they are. */
function stackEvidence({ node, children }: SeenNode): readonly RegionEvidence[] {
  const own = node.stackId === undefined ? [] : stackIdEvidence(node.stackId, node.source);
  return [...own, ...children.flatMap(stackEvidence)];
}

/** A stack's ARN states where it is. */
export function stackIdEvidence(stackId: string, source: string): readonly RegionEvidence[] {
  const region = /^arn:[^:]+:cloudformation:([a-z0-9-]+):/.exec(stackId)?.[1];
  return region === undefined ? [] : [{ region, strength: "stated", isHosting: true, roles: [], place: `${source}, StackId`, quote: clipped(stackId) }];
}

function everything({ entries, children }: SeenNode): readonly SeenEntry[] {
  return [...entries, ...children.flatMap(everything)];
}

function everyComponents({ node, children }: SeenNode): readonly Components[] {
  return [...node.components, ...children.flatMap(everyComponents)];
}
