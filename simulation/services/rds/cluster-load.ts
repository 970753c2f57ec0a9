import { capacities } from "../../../contract/capacities.ts";
import type { AccountState } from "../../account/state.ts";
import { sampleSpread, vcpuSpeed } from "../../load/known-capacity.ts";
import { rememberPerModel, type ByTick, type LoadModel, type Stage } from "../../load/load-model.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { createWaitingMix, overflowShare, type WaitingMix } from "../../load/waiting.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { stackOf, type LoadBalancer } from "../../shared/load-balancer.ts";
import { clusters, instances, type DbCluster, type DbInstance, type InstanceState } from "./cluster.ts";
import { database as databaseDemand, type Database } from "./demand.ts";
import { busyVcpu, fixedSize, loadOfMember, type MemberCapacity, type MemberLoad, type MemberSize } from "./member-load.ts";
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
  commits: 13,
} as const;

const clusterFields = 4;
const memberFields = 14;
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

/** A member that answers. */
interface Answering {
  readonly member: MemberCapacity;
  readonly isWriter: boolean;
  /** Whether it gets reads. */
  readonly isReader: boolean;
  /** How fast one vCPU is. */
  readonly speed: number;
  /** What it has when it is given so many capacity units; one of a fixed size is given none. */
  readonly sizeAt: (acu: number) => MemberSize;
}

/** The members of a moment and who does what of them: ticks of the past share it, so that what is looked up of a class is looked up once. */
interface Crew {
  readonly all: readonly MemberCapacity[];
  readonly up: readonly Answering[];
  /** Place of the writer among those that answer, −1 where none does. */
  readonly writer: number;
  /** Places of those that get reads. */
  readonly readers: readonly number[];
}

interface Part {
  readonly crew: Crew;
  readonly earlier: Crew;
  readonly requests: number;
  readonly appInstances: number;
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
  const maxConnections = capacities.auroraServerlessMaxConnections(engine, range) ?? Infinity;
  return { serverless: { range, maxConnections, followsWriter: promotionTier <= lastFollowingTier } };
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
  const crewOf = history.remember((atMs) => crewAt(membersAt(state, cluster, atMs), scenario));
  const atStart = crewOf(Date.parse(scenario.start) - 1)?.all.length ?? maxMembers;
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
      const crew = crewOf(atMs);
      if (crew === null) return;
      // A whole tick without a cut: nothing changed shortly before it either.
      const earlier = share === 1 ? crew : (crewOf(atMs - echoMs) ?? crew);
      const part: Part = { crew, earlier, requests, appInstances: appInstancesAt(atMs) };
      const loads = shareOut(part, database);
      addTo(values, offset + clusterField.failed, share * failedShare(part, loads, database));
      addTo(values, offset + clusterField.readIoSeconds, share * readIoSeconds(crew, loads, database));
      for (let at = 0; at < loads.length; at++) {
        const [answering, load] = [crew.up[at], loads[at]];
        if (answering === undefined || load === undefined) continue;
        addMember(values, offset + slotOf(answering.member.identifier), share, answering.isWriter, load, database);
      }
      addWaits(mix, share, crew, loads, database);
    });
    averageOverUptime(values, offset, Math.min(slots.size, room));
    values[offset + clusterField.waitMedian] = mix.exceededBy(0.5, waitCeilingSeconds);
    values[offset + clusterField.waitP99] = mix.exceededBy(0.01, waitCeilingSeconds);
  });
  return { rows, memberFieldOf: (identifier, field) => slotOf(identifier) + field, identifiers: () => slots.keys() };
}

function crewAt(all: readonly MemberCapacity[] | null, { familySpeed }: Scenario): Crew | null {
  if (all === null) return null;
  const answering = all.filter((member) => member.available);
  const writer = answering.findIndex(({ role }) => role === "writer");
  const others = answering.flatMap(({ role }, at) => (role === "reader" ? [at] : []));
  const readers = others.length > 0 || writer === -1 ? others : [writer];
  const up = answering.map((member, at) => ({
    member,
    isWriter: at === writer,
    isReader: readers.includes(at),
    speed: vcpuSpeed(familySpeed, member.instanceClass),
    sizeAt: sizeOf(member),
  }));
  return { all, up, writer, readers };
}

function sizeOf(member: MemberCapacity): (acu: number) => MemberSize {
  const { serverless } = member;
  if (serverless !== undefined) return (acu) => serverlessSize(acu, serverless);
  const size = fixedSize(member);
  return () => size;
}

/** Writes go to the writer; reads to the readers that answer, or to the writer when none does. A secondary cluster forwards its writes. */
function shareOut({ crew, requests, appInstances }: Part, database: Database): readonly MemberLoad[] {
  const { up, writer, readers } = crew;
  const readsEach = readers.length === 0 ? 0 : (requests * database.readsPerRequest) / readers.length;
  const pool = appInstances * database.connectionsPerInstance;
  const works = up.map((answering) => {
    const { isWriter, isReader, speed } = answering;
    const writes = isWriter ? requests * database.writesPerRequest : 0;
    const reads = isReader ? readsEach : 0;
    const connections = (isWriter ? pool : 0) + (isReader ? pool / readers.length : 0);
    const busy = busyVcpu(writes, reads, database, speed);
    return { answering, writes, reads, connections, busy, acu: ownAcu(answering, busy) };
  });
  const writersAcu = works[writer]?.acu ?? 0;
  return works.map((work) => {
    const { member, sizeAt } = work.answering;
    const acu = member.serverless?.followsWriter === true ? Math.max(work.acu, writersAcu) : work.acu;
    return loadOfMember(work, database, sizeAt(acu));
  });
}

/** Capacity units that a member's own work asks for; 0 for one of a fixed size. */
function ownAcu({ member: { serverless } }: Answering, busyVcpus: number): number {
  return serverless === undefined ? 0 : wantedAcu(busyVcpus, serverless);
}

/** Share of requests whose statement fails: no writer, a reader that just went away, or members that are full. */
function failedShare({ crew, earlier }: Part, loads: readonly MemberLoad[], database: Database): number {
  const { all, writer, readers } = crew;
  const hasWriter = writer !== -1 || all.some((member) => member.role === "writer");
  const writesFailed = writer === -1 ? (hasWriter ? 1 : 0) : lostShare(loads[writer]);
  const gone = earlier === crew ? 0 : earlier.up.filter(({ member: { role, identifier } }) => role === "reader" && !isUp(crew, identifier)).length;
  const asked = readers.length + gone;
  const readsLost = readers.reduce((sum, at) => sum + lostShare(loads[at]), 0);
  const readsFailed = asked === 0 ? 1 : (gone + readsLost) / asked;
  return Math.min(1, database.writesPerRequest * writesFailed + database.readsPerRequest * readsFailed);
}

function isUp({ up }: Crew, identifier: string): boolean {
  return up.some(({ member }) => member.identifier === identifier);
}

function lostShare(load: MemberLoad | undefined): number {
  return load === undefined ? 0 : Math.max(load.refused, overflowShare(load.cpu, sampleSpread));
}

function readIoSeconds({ readers }: Crew, loads: readonly MemberLoad[], database: Database): number {
  const misses = readers.reduce((sum, at) => sum + 1 - (loads[at]?.hitShare ?? 1), 0);
  return readers.length === 0 ? 0 : (misses / readers.length) * database.pageReadsPerStatement * pageReadSeconds;
}

function addWaits(mix: WaitingMix, share: number, { writer, readers }: Crew, loads: readonly MemberLoad[], database: Database): void {
  if (writer !== -1) addWait(mix, share * database.writesPerRequest, loads[writer], database.writeVcpuSeconds);
  for (const at of readers) addWait(mix, (share * database.readsPerRequest) / readers.length, loads[at], database.readVcpuSeconds);
}

function addWait(mix: WaitingMix, share: number, load: MemberLoad | undefined, serviceSeconds: number): void {
  if (load === undefined) return;
  // A part of a vCPU is a slower one: statements wait longer for one another there, and each computes longer.
  const servers = Math.max(1, Math.round(load.vcpu));
  const longerSeconds = serviceSeconds / Math.min(1, load.vcpu) - serviceSeconds;
  mix.add(share, servers, load.cpu, (serviceSeconds * servers) / load.vcpu, longerSeconds);
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
  // Each statement is a transaction of its own.
  addTo(values, slot + memberField.commits, share * (load.reads + load.writes));
}

function averageOverUptime(values: Float64Array, offset: number, slots: number): void {
  for (let slot = 0; slot < slots; slot++) {
    const at = offset + clusterFields + slot * memberFields;
    const up = values[at + memberField.up] ?? 0;
    for (let field = memberField.cpu as number; field < memberFields; field++) values[at + field] = (values[at + field] ?? Number.NaN) / up;
  }
}
