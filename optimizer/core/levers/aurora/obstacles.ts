import type { Refusal } from "../lever.ts";
import type { Seen } from "../../model/seen.ts";
import { unseenSizes } from "../../sizing/sizes-before.ts";
import { type AuroraCluster, type AuroraMember, serverlessClass, type Surroundings } from "./cluster.ts";

/** Members that reader auto scaling made (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html). */
const madeByAutoScaling = "application-autoscaling-";

/** Why no member may be restarted, replaced or removed, whatever the load. The first of the reasons. */
export function obstacleOf(cluster: AuroraCluster): Refusal | undefined {
  const unseen = unseenOf(cluster.surroundings) ?? unseenClasses(cluster);
  if (unseen !== undefined) return { code: "unreadable", detail: unseen };
  const [detail] = [...ofItself(cluster), ...ofMembers(cluster), ...waitingOf(cluster), ...ofSurroundings(cluster.surroundings)];
  return detail === undefined ? undefined : { code: "unsupported", detail };
}

/** Why no member may get less memory, though it may be restarted: what follows the memory by default was set by somebody. */
export function memoryObstacleOf({ surroundings }: AuroraCluster): Refusal | undefined {
  const [set] = valueOf(surroundings?.memoryParameters);
  return set === undefined ? undefined : { code: "unsupported", detail: `a parameter group of it sets ${set}: what that is with less memory nobody has tried` };
}

/** Why nobody knows how many connections a member takes: what somebody set counts then, and not what its class has by default. */
export function connectionsObstacleOf({ surroundings }: AuroraCluster): Refusal | undefined {
  const set = valueOf(surroundings?.memoryParameters).find((parameter) => parameter.startsWith("max_connections"));
  return set === undefined
    ? undefined
    : { code: "unsupported", detail: `a parameter group of it sets ${set}: how many connections the members that stay take is not known` };
}

/** Why the capacity of a cluster's members may not be touched, though none of them restarts by it. The first of the reasons. */
export function rangeObstacleOf(cluster: AuroraCluster): Refusal | undefined {
  const { ref, waiting = [], members, surroundings } = cluster;
  const unseen = unseenOf(surroundings) ?? unseenClasses(cluster);
  if (unseen !== undefined) return { code: "unreadable", detail: unseen };
  const [detail] = [
    ...ofItself(cluster),
    ...members
      .filter(({ identifier }) => identifier.startsWith(madeByAutoScaling))
      .map(({ identifier }) => `${identifier} was made by reader auto scaling, which adds and removes readers by load`),
    // What waits for a member is not done by a change of its cluster.
    ...waiting.map((what) => `${ref.id} waits with ${what}, which would be done along with ours`),
    ...ofSurroundings(surroundings),
  ];
  return detail === undefined ? memoryObstacleOf(cluster) : { code: "unsupported", detail };
}

function unseenClasses({ members }: AuroraCluster): string | undefined {
  return members.flatMap(({ identifier, sizesBefore }) => unseenSizes(identifier, sizesBefore) ?? [])[0];
}

/** What is said of a proposal, though it stands in no way. */
export function remarksOn(cluster: AuroraCluster): readonly string[] {
  return remarks(cluster, { ofProxies: "falls with the class, and is billed by the instances' vCPUs (price unknown)", supportBilledBy: "the members' vCPUs" });
}

/** The same where the capacity of serverless members changes. */
export function rangeRemarksOn(cluster: AuroraCluster): readonly string[] {
  return remarks(cluster, { ofProxies: "follows the cluster's maximum, and is billed by capacity units (price unknown)", supportBilledBy: "capacity units" });
}

interface Billed {
  readonly ofProxies: string;
  /** Extended Support of an old version: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/extended-support-charges.html */
  readonly supportBilledBy: string;
}

function remarks(cluster: AuroraCluster, { ofProxies, supportBilledBy }: Billed): readonly string[] {
  const { surroundings } = cluster;
  const offered = valueOf(surroundings?.maintenance).filter(({ isPlanned }) => !isPlanned);
  const proxies = valueOf(surroundings?.proxies);
  return [
    ...offered.map(({ resource, action }) => `maintenance is offered, without a date: ${action} of ${resource}`),
    ...proxies.map((proxy) => `RDS Proxy ${proxy} pools a share of max_connections, which ${ofProxies}`),
    ...(mayBeInExtendedSupport(cluster) ? [`RDS Extended Support, where it is charged, is billed by ${supportBilledBy}: what falls of it is not counted`] : []),
  ];
}

/**
 * Aurora MySQL 2, and Aurora PostgreSQL up to 13, are past their standard support; whether a cluster takes part in it is the account's choice:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html
 */
function mayBeInExtendedSupport({ engine, engineVersion }: AuroraCluster): boolean {
  const major = Number.parseInt(engineVersion, 10);
  return engine === "aurora-mysql" ? major < 8 : major <= 13;
}

function ofItself({ engineMode = "provisioned" }: AuroraCluster): readonly string[] {
  return engineMode === "provisioned" ? [] : [`the cluster's engine mode is ${engineMode}, not provisioned`];
}

function ofMembers({ members }: AuroraCluster): readonly string[] {
  const [first] = members;
  return members.flatMap((member) => {
    const { identifier, instanceClass } = member;
    if (instanceClass === serverlessClass) return [`${identifier} is serverless: its capacity follows the load, so that its figures compare with no class`];
    if (identifier.startsWith(madeByAutoScaling)) return [`${identifier} was made by reader auto scaling, which adds and removes readers by load`];
    if (first !== undefined && generationOf(first) !== generationOf(member))
      return [`${identifier} is ${instanceClass} beside ${first.identifier} of ${first.instanceClass}: vCPUs of two generations do not compare`];
    return [];
  });
}

function generationOf({ instanceClass }: AuroraMember): string {
  return instanceClass.slice(0, instanceClass.lastIndexOf("."));
}

/** What a change of the cluster itself would do along with it, in words. */
export function clusterWaits({ ref, waiting = [] }: AuroraCluster): readonly string[] {
  return waiting.map((what) => `${ref.id} waits with ${what}, which would be done along with ours`);
}

/** A restart, and any change that is made at once, also does what waits (RDS API reference, ModifyDBInstance, ApplyImmediately). */
function waitingOf(cluster: AuroraCluster): readonly string[] {
  return [
    ...clusterWaits(cluster),
    ...cluster.members.flatMap(({ identifier, waiting: own = [] }) =>
      own.map((what) => `${identifier} waits with ${what}, which would be done along with ours`),
    ),
  ];
}

function ofSurroundings(surroundings: Surroundings | undefined): readonly string[] {
  const planned = valueOf(surroundings?.maintenance).filter(({ isPlanned }) => isPlanned);
  return [
    ...planned.map(({ resource, action }) => `maintenance of ${resource} is planned: ${action}`),
    ...valueOf(surroundings?.customEndpoints).map(
      (name) => `custom endpoint ${name} sends traffic of its own to chosen members: what each must carry is not known`,
    ),
    ...valueOf(surroundings?.readerScaling).map((bounds) => `reader auto scaling keeps ${bounds} readers by load, and would add some of the smaller class`),
    ...valueOf(surroundings?.blueGreenDeployments).map((name) => `the cluster is part of blue/green deployment ${name}`),
  ];
}

const whatIsRead: Readonly<Record<keyof Surroundings, string>> = {
  maintenance: "pending maintenance",
  customEndpoints: "custom endpoints",
  blueGreenDeployments: "blue/green deployments",
  proxies: "RDS proxies",
  readerScaling: "reader auto scaling",
  memoryParameters: "parameters that are set",
};

function unseenOf(surroundings: Surroundings | undefined): string | undefined {
  const unseen = (Object.keys(whatIsRead) as readonly (keyof Surroundings)[]).flatMap((name) => {
    const read = surroundings?.[name];
    return read?.kind === "unseen" ? [`${whatIsRead[name]} could not be seen (${read.reason})`] : [];
  });
  return unseen.length === 0 ? undefined : unseen.join("; ");
}

function valueOf<T>(read: Seen<readonly T[]> | undefined): readonly T[] {
  return read?.kind === "seen" ? read.value : [];
}
