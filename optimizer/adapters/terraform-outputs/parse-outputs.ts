import { UserError } from "../../../contract/user-error.ts";
import type { Deployments, MissingIdentifier } from "../../core/model/deployment.ts";
import { contentsOf, type GroupContents } from "./group-contents.ts";
import { readJsonDocuments } from "./json-documents.ts";
import { outputGroups } from "./output-groups.ts";
import { deploymentOf, missingOf, placeGroup, placeStreams, type RegionContents } from "./region-contents.ts";
import { checkedRegion } from "./region-names.ts";

/** One text that holds one or more JSON documents, and the name to call it in messages: a path or `standard input`. */
export interface OutputsDocument {
  readonly source: string;
  readonly text: string;
}

export interface ParseOptions {
  /** `--region`: keeps these regions, and is assigned to outputs that name none. */
  readonly regions?: readonly string[];
}

const defaultRegion = "us-east-1";

/**
 * Outputs of every shape → identifiers by region. Region of an identifier: its own ARN's, else what its stack names, else the
 * only one its stack's ARNs name, else `--region`, else us-east-1 with a warning; never another's. Throws UserError for input
 * that is broken, names no identifier at all, or contradicts `--region`; a single missing identifier is only noted.
 */
export function parseOutputs(documents: readonly OutputsDocument[], options: ParseOptions = {}): Deployments {
  const asked = (options.regions ?? []).map((region) => checkedRegion(region, "--region"));
  const groups = documents
    .flatMap(({ source, text }) => readJsonDocuments(text, source).flatMap((document) => outputGroups(document, source)))
    .map((group) => contentsOf(group));
  if (groups.every((group) => group.identifiers.length === 0)) throw noIdentifier(documents, groups);

  const warnings: string[] = [];
  const missing: MissingIdentifier[] = [];
  const regions = new Map<string, RegionContents>();
  for (const group of groups) placeGroup(group, homeOf(group, asked, warnings), { regions, missing, warnings });
  placeStreams(groups, regions);
  refuseStrangers(asked, [...regions.keys()]);

  const kept = [...regions].filter(([region]) => asked.length === 0 || asked.includes(region)).sort(([a], [b]) => (a < b ? -1 : 1));
  const keptMissing = missing.filter(({ region }) => kept.some(([other]) => other === region));
  return {
    deployments: kept.map(([region, contents]) => deploymentOf(region, contents)),
    missing: [...keptMissing, ...kept.flatMap(([region, contents]) => missingOf(region, contents))],
    warnings,
  };
}

/** Where identifiers of a group without an ARN of their own belong; `undefined` when its ARNs disagree. */
function homeOf(group: GroupContents, asked: readonly string[], warnings: string[]): string | undefined {
  if (group.explicitRegion !== undefined) return group.explicitRegion;
  if (group.arnRegions.size > 1) return undefined;
  const [fromArns] = [...group.arnRegions];
  if (fromArns !== undefined) return fromArns;
  const [assigned, another] = asked;
  if (another !== undefined) {
    throw new UserError({
      code: "region-unclear",
      message: `${group.source}: these outputs name no region, and --region names several (${asked.join(", ")})`,
      hint: "Add the output stack_region to the stack, or pass one --region.",
    });
  }
  if (assigned !== undefined) return assigned;
  warnings.push(`${group.source}${group.stack === undefined ? "" : ` (${group.stack})`}: no region is named; ${defaultRegion} is assumed. --region sets it.`);
  return defaultRegion;
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
  const wrong = groups.flatMap((group) => group.wrong.map(({ reason }) => reason));
  const detail =
    wrong.length === 0 ? "expected one of alb_full_name, asg_name, dynamodb_tables, aurora_cluster_id, redis_replication_group_id" : wrong.join("; ");
  return new UserError({
    code: "outputs-no-identifier",
    message: `${documents.map(({ source }) => source).join(", ")}: no resource is named; ${detail}`,
    hint: "Pass the outputs of the stacks: terraform -chdir=<stack> output -json. Sensitive outputs are not read.",
  });
}
