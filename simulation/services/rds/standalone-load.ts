import { capacities } from "../../../contract/capacities.ts";
import { rdsCapacity, sampleSpread, vcpuSpeed } from "../../load/known-capacity.ts";
import { rememberPerModel, type LoadModel, type Stage } from "../../load/load-model.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { createWaitingMix, overflowShare } from "../../load/waiting.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { stackOf, type LoadBalancer } from "../../shared/load-balancer.ts";
import type { InstanceState } from "./cluster.ts";
import { database as databaseDemand, type Database } from "./demand.ts";
import { standaloneInstances, type StandaloneInstance } from "./standalone.ts";

/** Figures of an instance by tick; rates are per second, averaged over the part of the tick in which it served. */
export const standaloneField = {
  failed: 0,
  waitMedian: 1,
  waitP99: 2,
  readIoSeconds: 3,
  up: 4,
  cpu: 5,
  connections: 6,
  freeableBytes: 7,
  readIops: 8,
  writeIops: 9,
  bytesIn: 10,
  bytesOut: 11,
} as const;
const averaged = [
  standaloneField.cpu,
  standaloneField.connections,
  standaloneField.freeableBytes,
  standaloneField.readIops,
  standaloneField.writeIops,
  standaloneField.bytesIn,
  standaloneField.bytesOut,
];
const width = 12;

const gib = 1024 ** 3;
/** InnoDB's page: what is read and written at once. */
export const pageBytes = 16_384;
/** RDS for MySQL's default `innodb_buffer_pool_size`: three quarters of the memory. */
const bufferPoolShare = 0.75;
/** The share of memory that the system, and the engine beside its pool, take. */
const ownShare = 0.06;
const mibPerConnection = 3;
/** Reads that miss whatever the memory: new and rare pages. */
const coldShare = 0.0005;
/** One page read from the volume. */
const pageReadSeconds = 0.001;
const pagesPerWrite = 4;
/** A statement with its parameters, and its answer. */
const statementBytes = { in: 400, out: 3_000 } as const;
const waitCeilingSeconds = 300;

interface Load {
  readonly cpu: number;
  readonly connections: number;
  readonly refused: number;
  readonly freeableBytes: number;
  readonly missShare: number;
  readonly readIops: number;
  readonly writeIops: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

interface Asked {
  readonly requests: number;
  readonly appInstances: number;
}

const remembered = rememberPerModel<TickRows>();

/** Figures of an instance by tick; `null` for one that the region does not have, or whose load is not described. */
export function standaloneLoad(model: LoadModel, region: string, id: string): TickRows | null {
  return remembered(model, `${region}/${id}`, () => {
    const database = databaseDemand.of(model.scenario, region);
    const instance = model.state.of(standaloneInstances).get(region, id);
    return database === undefined || instance === undefined ? null : loadRows(model, instance, database);
  });
}

/** A stack's application asks the instance of its own stack: all of it where that takes writes, and the reads where it is a replica. */
export function standaloneStage(model: LoadModel, region: string, balancer: LoadBalancer): Stage | null {
  const instance = instanceOf(model, region, balancer);
  const rows = instance === undefined ? null : standaloneLoad(model, region, instance.id);
  if (rows === null) return null;
  return {
    failed: (tick) => rows.at(tick, standaloneField.failed),
    storageSeconds: (tick) => rows.at(tick, standaloneField.readIoSeconds),
    waitMedian: (tick) => rows.at(tick, standaloneField.waitMedian),
    waitP99: (tick) => rows.at(tick, standaloneField.waitP99),
  };
}

function instanceOf({ state }: LoadModel, region: string, balancer: LoadBalancer): StandaloneInstance | undefined {
  return state
    .of(standaloneInstances)
    .in(region)
    .find((instance) => stackOf(instance) === stackOf(balancer));
}

function loadRows(model: LoadModel, instance: StandaloneInstance, database: Database): TickRows {
  const { scenario, history } = model;
  const { region } = instance;
  const requestsPerSecond = model.requestsThrough(region, (balancer) => instanceOf(model, region, balancer) === instance);
  const appInstancesAt = model.applicationInstances(region);
  const stateAt = history.remember((atMs) => instance.state.at(atMs) ?? null);
  const mix = createWaitingMix();
  const writes = instance.replicaOf === null ? database.writesPerRequest : 0;
  return rememberRows(width, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    mix.clear();
    history.eachPart(region, tick, 0, (atMs, share) => {
      const state = stateAt(atMs);
      if (state === null) return;
      if (!state.serving) {
        addTo(values, offset + standaloneField.failed, share * Math.min(1, writes + database.readsPerRequest));
        return;
      }
      const load = loadOf(state, { requests, appInstances: appInstancesAt(atMs) }, { ...database, writesPerRequest: writes }, scenario);
      addPart(values, offset, share, load, writes + database.readsPerRequest, database);
      mix.add(share * writes, rdsCapacity(state.instanceClass).vcpu, load.cpu, database.writeVcpuSeconds);
      mix.add(share * database.readsPerRequest, rdsCapacity(state.instanceClass).vcpu, load.cpu, database.readVcpuSeconds);
    });
    const up = values[offset + standaloneField.up] ?? 0;
    for (const field of averaged) values[offset + field] = (values[offset + field] ?? Number.NaN) / up;
    values[offset + standaloneField.waitMedian] = mix.exceededBy(0.5, waitCeilingSeconds);
    values[offset + standaloneField.waitP99] = mix.exceededBy(0.01, waitCeilingSeconds);
  });
}

function loadOf({ instanceClass }: InstanceState, { requests, appInstances }: Asked, database: Database, scenario: Scenario): Load {
  const { vcpu, memoryGib } = rdsCapacity(instanceClass);
  const [writes, reads] = [requests * database.writesPerRequest, requests * database.readsPerRequest];
  const seconds = (writes * database.writeVcpuSeconds + reads * database.readVcpuSeconds) / vcpuSpeed(scenario.familySpeed, instanceClass);
  const wanted = appInstances * database.connectionsPerInstance;
  const most = capacities.rdsMysqlMaxConnections(instanceClass) ?? Infinity;
  const connections = Math.min(wanted, most);
  const poolGib = Math.min(bufferPoolShare * memoryGib, database.volumeGib);
  const missShare = coldShare + (1 - coldShare) * (database.workingSetGib <= poolGib ? 0 : 0.5 * (1 - poolGib / database.workingSetGib));
  const usedGib = poolGib + ownShare * memoryGib + (connections * mibPerConnection) / 1024;
  return {
    cpu: (database.backgroundVcpu + seconds) / vcpu,
    connections,
    refused: wanted <= most ? 0 : 1 - most / wanted,
    freeableBytes: Math.max(0.02 * memoryGib, memoryGib - usedGib) * gib,
    missShare,
    readIops: (writes + reads) * database.pageReadsPerStatement * missShare,
    writeIops: writes * pagesPerWrite,
    bytesIn: (writes + reads) * statementBytes.in,
    bytesOut: (writes + reads) * statementBytes.out,
  };
}

function addPart(values: Float64Array, offset: number, share: number, load: Load, statements: number, database: Database): void {
  const lost = Math.max(load.refused, overflowShare(load.cpu, sampleSpread));
  addTo(values, offset + standaloneField.failed, share * Math.min(1, statements * lost));
  addTo(values, offset + standaloneField.readIoSeconds, share * load.missShare * database.pageReadsPerStatement * pageReadSeconds);
  addTo(values, offset + standaloneField.up, share);
  addTo(values, offset + standaloneField.cpu, share * Math.min(1, load.cpu));
  addTo(values, offset + standaloneField.connections, share * load.connections);
  addTo(values, offset + standaloneField.freeableBytes, share * load.freeableBytes);
  addTo(values, offset + standaloneField.readIops, share * load.readIops);
  addTo(values, offset + standaloneField.writeIops, share * load.writeIops);
  addTo(values, offset + standaloneField.bytesIn, share * load.bytesIn);
  addTo(values, offset + standaloneField.bytesOut, share * load.bytesOut);
}
