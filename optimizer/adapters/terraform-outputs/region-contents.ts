import type { Components } from "../../../contract/components.ts";
import type { Deployment, MissingIdentifier, TableIdentifier } from "../../core/model/deployment.ts";
import type { GroupContents, WrongIdentifier } from "./group-contents.ts";
import type { Identifier, IdentifierKind } from "./identifiers.ts";
import { arnRegionOf } from "./region-names.ts";

/** What is known of one region while groups are placed. */
export interface RegionContents {
  readonly identifiers: Identifier[];
  readonly streamArns: Map<string, string>;
  readonly stacks: Set<string>;
  readonly suffixes: Set<string>;
  readonly components: Record<string, Components>;
  readonly wrong: WrongIdentifier[];
}

const componentNames: readonly (readonly [IdentifierKind, component: string, outputs: string])[] = [
  ["loadBalancers", "load balancer", "alb_full_name or alb_arn"],
  ["autoScalingGroups", "Auto Scaling group", "asg_name or asg_arn"],
  ["tables", "DynamoDB tables", "dynamodb_tables"],
  ["auroraClusters", "Aurora cluster", "aurora_cluster_id"],
  ["redisReplicationGroups", "Redis replication group", "redis_replication_group_id"],
];

/** Where groups are placed: what each region holds, and what could not be placed. */
export interface Placement {
  readonly regions: Map<string, RegionContents>;
  readonly missing: MissingIdentifier[];
  readonly warnings: string[];
}

/** Puts each identifier of a group into the region of its own ARN, else into the group's home; without either it is missing. */
export function placeGroup(group: GroupContents, home: string | undefined, placement: Placement): void {
  const { regions, missing, warnings } = placement;
  const ownRegions = new Map(group.identifiers.flatMap(({ kind, id, region }) => (region === undefined ? [] : [[`${kind}:${id}`, region] as const])));
  for (const identifier of group.identifiers) {
    const region = identifier.region ?? ownRegions.get(`${identifier.kind}:${identifier.id}`) ?? home;
    if (region === undefined) {
      const reason = `${group.source}: ${identifier.id} has no ARN, and the ARNs beside it name several regions; add the output stack_region`;
      for (const named of group.arnRegions) missing.push({ region: named, component: identifier.kind, reason });
      continue;
    }
    if (home !== undefined && region !== home) warnings.push(`${group.source}: ${identifier.id} is in ${region} by its ARN, though its stack names ${home}`);
    const contents = contentsIn(regions, region);
    contents.identifiers.push(identifier);
    noteStack(contents, group);
  }
  if (home !== undefined) placeStack(group, contentsIn(regions, home), warnings);
}

function placeStack(group: GroupContents, contents: RegionContents, warnings: string[]): void {
  noteStack(contents, group);
  contents.wrong.push(...group.wrong);
  if (group.components === undefined) return;
  if (group.stack === undefined) warnings.push(`${group.source}: the output components has no stack_name beside it, so adopt can only print its changes`);
  else contents.components[group.stack] = { ...contents.components[group.stack], ...group.components };
}

/** Streams say nothing of where a stack is: they only join tables of a region that is known already. */
export function placeStreams(groups: readonly GroupContents[], regions: ReadonlyMap<string, RegionContents>): void {
  for (const arn of groups.flatMap(({ streamArns }) => streamArns)) {
    const table = /:table\/([^/]+)\/stream\//.exec(arn)?.[1];
    const region = arnRegionOf(arn);
    if (table !== undefined && region !== undefined) regions.get(region)?.streamArns.set(table, arn);
  }
}

function contentsIn(regions: Map<string, RegionContents>, region: string): RegionContents {
  const known = regions.get(region);
  if (known !== undefined) return known;
  const fresh: RegionContents = {
    identifiers: [],
    streamArns: new Map(),
    stacks: new Set(),
    suffixes: new Set(),
    components: Object.create(null) as Record<string, Components>,
    wrong: [],
  };
  regions.set(region, fresh);
  return fresh;
}

function noteStack(contents: RegionContents, group: GroupContents): void {
  if (group.stack !== undefined) contents.stacks.add(group.stack);
  if (group.suffix !== undefined) contents.suffixes.add(group.suffix);
}

/** Sorted and without repetition, so that equal outputs give equal deployments whatever their order. */
export function deploymentOf(region: string, contents: RegionContents): Deployment {
  const [environmentSuffix] = [...contents.suffixes];
  const idsOf = (kind: IdentifierKind): readonly string[] => [...new Set(contents.identifiers.filter((it) => it.kind === kind).map(({ id }) => id))].toSorted();
  return {
    region,
    stacks: [...contents.stacks].toSorted(),
    ...(environmentSuffix === undefined ? {} : { environmentSuffix }),
    loadBalancers: idsOf("loadBalancers"),
    targetGroups: idsOf("targetGroups"),
    autoScalingGroups: idsOf("autoScalingGroups"),
    tables: idsOf("tables").map((name) => tableOf(name, contents)),
    auroraClusters: idsOf("auroraClusters"),
    auroraGlobalClusters: idsOf("auroraGlobalClusters"),
    redisReplicationGroups: idsOf("redisReplicationGroups"),
    components: { ...contents.components },
  };
}

function tableOf(name: string, contents: RegionContents): TableIdentifier {
  const arn = contents.identifiers.find((it) => it.kind === "tables" && it.id === name && it.arn !== undefined)?.arn;
  const streamArn = contents.streamArns.get(name);
  return { name, ...(arn === undefined ? {} : { arn }), ...(streamArn === undefined ? {} : { streamArn }) };
}

/** Components that the outputs of a region lack, or name in a form that is none. */
export function missingOf(region: string, contents: RegionContents): readonly MissingIdentifier[] {
  return componentNames.flatMap(([kind, component, outputs]) => {
    const wrong = contents.wrong.filter((it) => it.kind === kind);
    if (wrong.length > 0) return wrong.map(({ reason }) => ({ region, component, reason }));
    if (contents.identifiers.some((it) => it.kind === kind)) return [];
    return [{ region, component, reason: `the outputs of ${region} hold no ${outputs}` }];
  });
}
