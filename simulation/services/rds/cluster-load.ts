import type { AccountState } from "../../account/state.ts";
import { sampleSpread } from "../../load/known-capacity.ts";
import { rememberPerModel, type ByTick, type LoadModel, type Stage } from "../../load/load-model.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { createWaitingMix, overflowShare, type WaitingMix } from "../../load/waiting.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { stackOf, type LoadBalancer } from "../../shared/load-balancer.ts";
import { clusters, instances, type DbCluster, type DbInstance, type InstanceState } from "./cluster.ts";
import { database as databaseDemand, type Database } from "./demand.ts";
import { busyVcpu, fixedSize, loadOfMember, type MemberCapacity, type MemberDemand, type MemberLoad } from "./member-load.ts";
import { serverlessClass, serverlessSize, wantedAcu } from "./serverless-size.ts";

/** Fields of a cluster's row; the members' fields follow, see `memberField`. Shares are of all requests. */
export const clusterField = { failed: 0, waitMedian: 1, waitP99: 2, readIoSeconds: 3 } as const;

/** Fields of a member. Rates are per second, averaged over the part of the tick in which it was there. */
export const memberField = {
  /** Share of the tick in which it answered. */
  up: 0,
  /** Share of the tick in which it was up as the writer. */
  upAsWriter: 1,
  cpu: 2,
  connections: 3,
  freeableBytes: 4,
  hitShare: 5,
  readIops: 6,
  writeIops: 7,
  lagMilliseconds: 8,
  selects: 9,
  freeLocalBytes: 10,
  acu: 11,
  acuShare: 12,
} as const;

const clusterFields = 4;
const memberFields = 13;
/** A cluster has one writer and up to 15 readers (Aurora User Guide, quotas). */
const maxMembers = 16;
const spareMembers = 3;
/** One page read from Aurora storage. */
const pageReadSeconds = 0.001;
/** Longer waits are the application's time-out, which is the load balancer's business. */
const waitCeilingSeconds = 300;

export interface ClusterLoad {
  readonly rows: TickRows;
  /** Field of a member within the cluster's rows. */
  memberFieldOf(identifier: string, field: number): number;
  /** Members met so far. */
  identifiers(): Iterable<string>;
}

interface Part {
  readonly members: readonly MemberCapacity[];
  readonly earlier: readonly MemberCapacity[];
  readonly requests: number;
  readonly appInstances: number;
}

/** Statements of one moment, as the members share them. */
interface Statements {
  readonly loads: ReadonlyMap<string, MemberLoad>;
  readonly writer: MemberCapacity | undefined;
  readonly readers: readonly MemberCapacity[];
}

const remembered = rememberPerModel<ClusterLoad>();

/** Figures of a cluster by tick; `null` for one that the region does not have, or whose load is not described. */
export function clusterLoad(model: LoadModel, region: string, id: string): ClusterLoad | null {
  return remembered(model, `${region}/${id}`, () => {
    const demand = databaseDemand.of(model.scenario, region);
    const cluster = model.state.of(clusters).get(region, id);
    if (demand === undefined || cluster === undefined) return null;
    const requests = model.requestsThrough(region, (balancer) => clusterOf(model, region, balancer) === cluster);
    return loadOfCluster(model, cluster, demand, requests);
  });
}

/** A stack's application asks the cluster of its own stack. */
export function clusterStage(model: LoadModel, region: string, balancer: LoadBalancer): Stage | null {
  const cluster = clusterOf(model, region, balancer);
  const rows = (cluster && clusterLoad(model, region, cluster.id))?.rows;
  if (rows === undefined) return null;
  return {
    failed: (tick) => rows.at(tick, clusterField.failed),
    storageSeconds: (tick) => rows.at(tick, clusterField.readIoSeconds),
    waitMedian: (tick) => rows.at(tick, clusterField.waitMedian),
    waitP99: (tick) => rows.at(tick, clusterField.waitP99),
  };
}

function clusterOf({ state }: LoadModel, region: string, balancer: LoadBalancer): DbCluster | undefined {
  return state
    .of(clusters)
    .in(region)
    .find((cluster) => stackOf(cluster) === stackOf(balancer));
}

/** The members of a cluster at a moment; `null` before it was there. */
export function membersAt(state: AccountState, cluster: DbCluster, atMs: number): readonly MemberCapacity[] | null {
  const roles = cluster.state.at(atMs);
  if (roles === undefined) return null;
  return cluster.memberIds.flatMap((identifier): MemberCapacity[] => {
    const instance = state.of(instances).get(cluster.region, identifier);
    const member = instance?.state.at(atMs);
    if (instance === undefined || member === undefined || !isRunning(member)) return [];
    const { instanceClass, serving: available } = member;
    const role = roles.writer === identifier ? "writer" : "reader";
    return [{ identifier, instanceClass, role, available, ...(instanceClass === serverlessClass ? serverlessOf(cluster, instance, atMs) : {}) }];
  });
}

/** Readers that may be promoted at once keep up with the writer (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html). */
const lastFollowingTier = 1;

function serverlessOf({ engine, capacityRange }: DbCluster, { promotionTier }: DbInstance, atMs: number): Pick<MemberCapacity, "serverless"> {
  const range = capacityRange?.at(atMs);
  if (range === undefined || (engine !== "aurora-mysql" && engine !== "aurora-postgresql")) return {};
  return { serverless: { engine, range, followsWriter: promotionTier <= lastFollowingTier } };
}

/** Neither load nor a bill: on its way to be there, or gone from the moment that it is deleted. */
function isRunning({ status }: InstanceState): boolean {
  return status !== "creating" && status !== "deleting" && status !== "deleted";
}

/** An Aurora cluster under load: the writer takes the writes, the readers that answer share the reads. */
function loadOfCluster(model: LoadModel, cluster: DbCluster, database: Database, requestsPerSecond: ByTick): ClusterLoad {
  const { scenario, state, history } = model;
  const { region } = cluster;
  const slots = new Map<string, number>();
  const appInstancesAt = model.applicationInstances(region);
  const membersOf = history.remember((atMs) => membersAt(state, cluster, atMs));
  const atStart = membersOf(Date.parse(scenario.start) - 1)?.length ?? maxMembers;
  const room = Math.min(maxMembers, atStart + spareMembers);
  const slotOf = (identifier: string): number => {
    const slot = slots.get(identifier) ?? slots.size % room;
    slots.set(identifier, slot);
    return clusterFields + slot * memberFields;
  };
  const mix = createWaitingMix();
  const echoMs = database.reconnectSeconds * 1000;

  const rows = rememberRows(clusterFields + room * memberFields, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    mix.clear();
    history.eachPart(region, tick, echoMs, (atMs, share) => {
      const members = membersOf(atMs);
      if (members === null) return;
      // A whole tick without a cut: nothing changed shortly before it either.
      const earlier = share === 1 ? members : (membersOf(atMs - echoMs) ?? members);
      const part: Part = { members, earlier, requests, appInstances: appInstancesAt(atMs) };
      const statements = shareOut(part, database, scenario);
      addTo(values, offset + clusterField.failed, share * failedShare(part, statements, database));
      addTo(values, offset + clusterField.readIoSeconds, share * readIoSeconds(statements, database));
      for (const [identifier, load] of statements.loads) {
        addMember(values, offset + slotOf(identifier), share, identifier === statements.writer?.identifier, load, database);
      }
      addWaits(mix, share, statements, database);
    });
    averageOverUptime(values, offset, Math.min(slots.size, room));
    values[offset + clusterField.waitMedian] = mix.exceededBy(0.5, waitCeilingSeconds);
    values[offset + clusterField.waitP99] = mix.exceededBy(0.01, waitCeilingSeconds);
  });
  return { rows, memberFieldOf: (identifier, field) => slotOf(identifier) + field, identifiers: () => slots.keys() };
}

interface Roles {
  readonly up: readonly MemberCapacity[];
  readonly writer: MemberCapacity | undefined;
  readonly readers: readonly MemberCapacity[];
}

/** Ticks of the past share their members, so who does what of them is found once. */
const rolesByMembers = new WeakMap<readonly MemberCapacity[], Roles>();

function rolesOf(members: readonly MemberCapacity[]): Roles {
  const known = rolesByMembers.get(members);
  if (known !== undefined) return known;
  const up = members.filter((member) => member.available);
  const writer = up.find((member) => member.role === "writer");
  const others = up.filter((member) => member.role === "reader");
  const roles = { up, writer, readers: others.length > 0 || writer === undefined ? others : [writer] };
  rolesByMembers.set(members, roles);
  return roles;
}

/** Writes go to the writer; reads to the readers that answer, or to the writer when none does. A secondary cluster forwards its writes. */
function shareOut(part: Part, database: Database, scenario: Scenario): Statements {
  const { up, writer, readers } = rolesOf(part.members);
  const readsEach = readers.length === 0 ? 0 : (part.requests * database.readsPerRequest) / readers.length;
  const pool = part.appInstances * database.connectionsPerInstance;
  const loads = new Map<string, MemberLoad>();
  const demands = new Map<MemberCapacity, MemberDemand & { readonly busy: number }>();
  for (const member of up) {
    const isWriter = member === writer;
    const isReader = readers.includes(member);
    const demand = {
      writes: isWriter ? part.requests * database.writesPerRequest : 0,
      reads: isReader ? readsEach : 0,
      connections: (isWriter ? pool : 0) + (isReader ? pool / readers.length : 0),
    };
    demands.set(member, { ...demand, busy: busyVcpu(member, demand, database, scenario.familySpeed) });
  }
  const writersAcu = ownAcu(writer, demands);
  for (const [member, demand] of demands) {
    const { serverless } = member;
    const acu = Math.max(ownAcu(member, demands), serverless?.followsWriter === true ? writersAcu : 0);
    const size = serverless === undefined ? fixedSize(member) : serverlessSize(acu, serverless);
    loads.set(member.identifier, loadOfMember(member, demand, database, demand.busy, size));
  }
  return { loads, writer, readers };
}

/** Capacity units that a member's own work asks for; 0 for one of a fixed size. */
function ownAcu(member: MemberCapacity | undefined, demands: ReadonlyMap<MemberCapacity, { readonly busy: number }>): number {
  const busy = member === undefined ? undefined : demands.get(member)?.busy;
  return busy === undefined || member?.serverless === undefined ? 0 : wantedAcu(busy, member.serverless);
}

/** Share of requests whose statement fails: no writer, a reader that just went away, or members that are full. */
function failedShare(part: Part, { loads, writer, readers }: Statements, database: Database): number {
  const hasWriter = part.members.some((member) => member.role === "writer");
  const writesFailed = writer === undefined ? (hasWriter ? 1 : 0) : lostShare(loads.get(writer.identifier));
  const gone = part.earlier.filter((before) => before.role === "reader" && before.available && !isUp(part.members, before.identifier)).length;
  const asked = readers.length + gone;
  const readsLost = readers.reduce((sum, reader) => sum + lostShare(loads.get(reader.identifier)), 0);
  const readsFailed = asked === 0 ? 1 : (gone + readsLost) / asked;
  return Math.min(1, database.writesPerRequest * writesFailed + database.readsPerRequest * readsFailed);
}

function isUp(members: readonly MemberCapacity[], identifier: string): boolean {
  return members.some((member) => member.identifier === identifier && member.available);
}

function lostShare(load: MemberLoad | undefined): number {
  return load === undefined ? 0 : Math.max(load.refused, overflowShare(load.cpu, sampleSpread));
}

function readIoSeconds({ loads, readers }: Statements, database: Database): number {
  const misses = readers.reduce((sum, reader) => sum + 1 - (loads.get(reader.identifier)?.hitShare ?? 1), 0);
  return readers.length === 0 ? 0 : (misses / readers.length) * database.pageReadsPerStatement * pageReadSeconds;
}

function addWaits(mix: WaitingMix, share: number, { loads, writer, readers }: Statements, database: Database): void {
  if (writer !== undefined) addWait(mix, share * database.writesPerRequest, writer, loads, database.writeVcpuSeconds);
  for (const reader of readers) addWait(mix, (share * database.readsPerRequest) / readers.length, reader, loads, database.readVcpuSeconds);
}

function addWait(mix: WaitingMix, share: number, member: MemberCapacity, loads: Statements["loads"], serviceSeconds: number): void {
  const { vcpu = 1, cpu = 0 } = loads.get(member.identifier) ?? {};
  // A part of a vCPU is a slower one.
  const servers = Math.max(1, Math.round(vcpu));
  mix.add(share, servers, cpu, (serviceSeconds * servers) / vcpu);
}

function addMember(values: Float64Array, slot: number, share: number, isWriter: boolean, load: MemberLoad, database: Database): void {
  const cpu = Math.min(1, load.toldCpu);
  addTo(values, slot + memberField.up, share);
  addTo(values, slot + memberField.upAsWriter, isWriter ? share : 0);
  addTo(values, slot + memberField.cpu, share * cpu);
  addTo(values, slot + memberField.connections, share * load.connections);
  addTo(values, slot + memberField.freeableBytes, share * load.freeableBytes);
  addTo(values, slot + memberField.hitShare, share * load.hitShare);
  addTo(values, slot + memberField.readIops, share * load.readIops);
  addTo(values, slot + memberField.writeIops, share * load.writeIops);
  addTo(values, slot + memberField.lagMilliseconds, isWriter ? 0 : (share * database.replicaLagMilliseconds) / (1 - Math.min(0.98, cpu)));
  addTo(values, slot + memberField.selects, share * load.reads);
  addTo(values, slot + memberField.freeLocalBytes, share * load.freeLocalBytes);
  addTo(values, slot + memberField.acu, share * load.acu);
  addTo(values, slot + memberField.acuShare, share * load.acuShare);
}

function averageOverUptime(values: Float64Array, offset: number, slots: number): void {
  for (let slot = 0; slot < slots; slot++) {
    const at = offset + clusterFields + slot * memberFields;
    const up = values[at + memberField.up] ?? 0;
    for (let field = memberField.cpu as number; field < memberFields; field++) values[at + field] = (values[at + field] ?? Number.NaN) / up;
  }
}
