import type { Components } from "../../../contract/components.ts";
import type { Deployment, MissingIdentifier, TableIdentifier } from "../../core/model/deployment.ts";
import { arnOf } from "./arns.ts";
import type { FoundIdentifier, GroupContents, WrongIdentifier } from "./group-contents.ts";
import type { IdentifierKind } from "./identifiers.ts";
import { nearMiss } from "./near-misses.ts";
import type { OutputEntry } from "./output-tree.ts";
import { wordsOfPlace } from "./region-subjects.ts";

/** What is known of one region while groups are placed. */
export interface RegionContents {
  readonly identifiers: FoundIdentifier[];
  readonly streamArns: Map<string, string>;
  readonly stacks: Set<string>;
  readonly suffixes: Set<string>;
  readonly components: Record<string, Components>;
  readonly wrong: WrongIdentifier[];
  readonly unread: OutputEntry[];
}

export const componentNames: readonly (readonly [IdentifierKind, component: string, outputs: string])[] = [
  ["loadBalancers", "load balancer", "alb_full_name or alb_arn"],
  ["autoScalingGroups", "Auto Scaling group", "asg_name or asg_arn"],
  ["tables", "DynamoDB tables", "dynamodb_tables"],
  ["auroraClusters", "Aurora cluster", "aurora_cluster_id"],
  ["redisReplicationGroups", "Redis replication group", "redis_replication_group_id"],
];

/** What many stacks rightly lack is told only where a key of it holds something else. */
const furtherComponents: readonly (readonly [IdentifierKind, component: string])[] = [
  ["targetGroups", "target groups"],
  ["auroraGlobalClusters", "Aurora global database"],
  ["rdsInstances", "RDS instance"],
  ["dataBuckets", "data bucket"],
  ["functions", "Lambda functions"],
  ["containerClusters", "ECS cluster"],
  ["containerServices", "ECS service"],
];

/** Outputs of ours that many stacks rightly lack: their absence is not told. */
export const furtherOutputs = ["rds_instance_id", "function_names", "ecs_service_names", "data_bucket_name"] as const;

export function emptyContents(): RegionContents {
  return {
    identifiers: [],
    streamArns: new Map(),
    stacks: new Set(),
    suffixes: new Set(),
    components: Object.create(null) as Record<string, Components>,
    wrong: [],
    unread: [],
  };
}

/** Notes which stack, of which environment, contributed to a region. */
export function noteStack(contents: RegionContents, { stack, suffix }: GroupContents): void {
  if (stack !== undefined) contents.stacks.add(stack);
  if (suffix !== undefined) contents.suffixes.add(suffix);
}

/** Of a large document, more than a call takes arguments. */
export function addAll<T>(to: T[], more: readonly T[]): void {
  for (const each of more) to.push(each);
}

/** What is said of a group as a whole. */
export function noteGroup(contents: RegionContents, group: GroupContents, warnings: string[]): void {
  noteStack(contents, group);
  addAll(contents.wrong, group.wrong);
  addAll(contents.unread, group.unread);
  if (group.components === undefined) return;
  if (group.stack === undefined) warnings.push(`${group.source}: the output components has no stack_name beside it, so adopt can only print its changes`);
  else contents.components[group.stack] = { ...contents.components[group.stack], ...group.components };
}

/** Streams say nothing of where a stack is: they only join tables of a region that is known already. */
export function placeStreams(groups: readonly GroupContents[], regions: ReadonlyMap<string, RegionContents>): void {
  for (const text of groups.flatMap(({ streamArns }) => streamArns).toSorted()) {
    const arn = arnOf(text);
    const table = /^table\/([^/]+)\/stream\//.exec(arn?.resource ?? "")?.[1];
    if (table !== undefined && arn?.region !== undefined) regions.get(arn.region)?.streamArns.set(table, text);
  }
}

/** Sorted and without repetition, so that equal outputs give equal deployments whatever their order. */
export function deploymentOf(region: string, contents: RegionContents): Deployment {
  const [environmentSuffix] = [...contents.suffixes].toSorted();
  const idsOf = (kind: IdentifierKind): readonly string[] => [...new Set(contents.identifiers.filter((it) => it.kind === kind).map(({ id }) => id))].toSorted();
  const functions = idsOf("functions");
  const containerServices = containerServicesOf(contents).flatMap(({ id }) => id ?? []);
  return {
    region,
    stacks: [...contents.stacks].toSorted(),
    ...(environmentSuffix === undefined ? {} : { environmentSuffix }),
    ...(isSecondary(contents) ? { role: "secondary" as const } : {}),
    loadBalancers: idsOf("loadBalancers"),
    targetGroups: idsOf("targetGroups"),
    autoScalingGroups: idsOf("autoScalingGroups"),
    tables: tablesOf(idsOf("tables"), contents),
    auroraClusters: idsOf("auroraClusters"),
    auroraGlobalClusters: idsOf("auroraGlobalClusters"),
    rdsInstances: idsOf("rdsInstances"),
    redisReplicationGroups: idsOf("redisReplicationGroups"),
    dataBuckets: idsOf("dataBuckets"),
    ...(functions.length === 0 ? {} : { functions }),
    ...(containerServices.length === 0 ? {} : { containerServices }),
    components: { ...contents.components },
  };
}

/**
 * By the names that our stacks have: `secondary`, and `secondary-<region>` from the third region on. Only of stacks that say themselves which
 * components they have is it known what is there.
 */
function isSecondary({ stacks, components }: RegionContents): boolean {
  return stacks.size > 0 && [...stacks].every((stack) => /^secondary(?:-|$)/.test(stack) && Object.hasOwn(components, stack));
}

interface FoundService {
  readonly name: string;
  /** `<cluster>/<service>`; undefined where the outputs do not say which cluster it is in. */
  readonly id: string | undefined;
}

/**
 * A service's name is unique in its cluster alone: one that is named without it is in the one that is told of in the same words
 * (`blue_ecs_service_name`, `blue_ecs_cluster_name`, or both in a map `blue`), else in the region's only one.
 */
function containerServicesOf({ identifiers }: RegionContents): readonly FoundService[] {
  const clusters = identifiers.filter(({ kind }) => kind === "containerClusters");
  const services = identifiers.filter(({ kind }) => kind === "containerServices").toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  const found = services.map((service): FoundService => {
    const { id: name } = service;
    if (name.includes("/")) return { name, id: name };
    const told = otherWords(service);
    const cluster = onlyOne(clusters.filter((each) => otherWords(each) === told)) ?? onlyOne(clusters);
    return { name, id: cluster === undefined ? undefined : `${cluster}/${name}` };
  });
  return [...new Map(found.map((each) => [each.id ?? each.name, each])).values()];
}

const serviceWords: ReadonlySet<string> = new Set("ecs fargate cluster service name id arn identifier".split(" "));

/** Words of the keys of a cluster or a service that say which of several it is. */
function otherWords(identifier: FoundIdentifier): string {
  return [...wordsOfPlace(identifier)].filter((word) => !serviceWords.has(word)).join(" ");
}

function onlyOne(clusters: readonly FoundIdentifier[]): string | undefined {
  const [id, another] = new Set(clusters.map((each) => each.id));
  return another === undefined ? id : undefined;
}

function tablesOf(names: readonly string[], { identifiers, streamArns }: RegionContents): readonly TableIdentifier[] {
  const arns = new Map(identifiers.flatMap(({ kind, id, arn }) => (kind === "tables" && arn !== undefined ? [[id, arn.text] as const] : [])));
  return names.map((name) => {
    const arn = arns.get(name);
    const streamArn = streamArns.get(name);
    return { name, ...(arn === undefined ? {} : { arn }), ...(streamArn === undefined ? {} : { streamArn }) };
  });
}

/**
 * Components that the outputs of a region lack, or name in a form that is none; and the key that may be one by another name, also in
 * outputs that named nothing (`unplaced`).
 */
export function missingOf(region: string, contents: RegionContents, unplaced: readonly OutputEntry[]): readonly MissingIdentifier[] {
  const unread = [...contents.unread, ...unplaced];
  const homeless = containerServicesOf(contents).filter(({ id }) => id === undefined);
  const services = homeless.map(({ name }) => ({
    region,
    component: "ECS service",
    reason: `the outputs of ${region} do not say in which cluster the service ${name} is: exactly one ecs_cluster_name, or the service's ARN, would`,
  }));
  const components = componentNames.flatMap(([kind, component, outputs]) => {
    if (contents.identifiers.some((it) => it.kind === kind)) return [];
    const wrong = wrongOf(region, contents, [kind, component]);
    return wrong.length > 0 ? wrong : [{ region, component, reason: `the outputs of ${region} hold no ${outputs}${nearMiss(kind, unread)}` }];
  });
  const further = furtherComponents.flatMap((each) => wrongOf(region, contents, each));
  return [...components, ...further, ...instancesOf(region, contents, unread), ...services];
}

/** Why values under keys of a kind are none, where nothing else is one. */
function wrongOf(region: string, { identifiers, wrong }: RegionContents, [kind, component]: readonly [IdentifierKind, string]): readonly MissingIdentifier[] {
  if (identifiers.some((it) => it.kind === kind)) return [];
  const reasons = wrong.filter((it) => it.kind === kind).map(({ reason }) => reason);
  return [...new Set(reasons)].toSorted().map((reason) => ({ region, component, reason }));
}

/** Most stacks have no RDS instance, so its absence is told only where a key looks like one. */
function instancesOf(region: string, { identifiers }: RegionContents, unread: readonly OutputEntry[]): readonly MissingIdentifier[] {
  if (identifiers.some(({ kind }) => kind === "rdsInstances" || kind === "auroraClusters")) return [];
  const meant = nearMiss("rdsInstances", unread);
  return meant === "" ? [] : [{ region, component: "RDS instance", reason: `the outputs of ${region} hold no rds_instance_id${meant}` }];
}

/** Values in a wrong form beside right ones: the component is not skipped, they are. */
export function passedOver({ identifiers, wrong }: RegionContents): readonly string[] {
  return wrong.filter(({ kind }) => identifiers.some((it) => it.kind === kind)).map(({ reason }) => `${reason}; it is passed over`);
}
