import { capacities } from "../../../contract/capacities.ts";
import { rdsCapacity } from "../../load/known-capacity.ts";
import type { CapacityRange } from "./cluster.ts";
import type { Database } from "./demand.ts";

/** Aurora MySQL's default `innodb_buffer_pool_size`: three quarters of the instance's memory (Aurora User Guide, reference of parameters). */
const bufferPoolShare = 0.75;
/** Reads that miss whatever the memory: new and rare pages. */
const coldShare = 0.0005;
/** Half of the page reads go to a small core that always fits, half are spread evenly over the working set. */
const evenlySpreadShare = 0.5;
const mibPerConnection = 2;
const usualTemporaryGib = 8;
const bytesPerGib = 1_073_741_824;

/** One member of an Aurora cluster at a moment; `available` is false while it restarts or fails over. */
export interface MemberCapacity {
  readonly identifier: string;
  readonly instanceClass: string;
  readonly role: "writer" | "reader";
  readonly available: boolean;
  /** Present for an instance of the class db.serverless. */
  readonly serverless?: Serverless;
}

export interface Serverless {
  readonly range: CapacityRange;
  /** By its range: AWS changes it with the next restart; here it goes with the range. */
  readonly maxConnections: number;
  /** A reader of tier 0 or 1 has at least the writer's capacity. */
  readonly followsWriter: boolean;
}

/** Statements a member gets in a second, connections it holds, and vCPUs that are busy with all that. */
export interface WorkOfMember {
  readonly writes: number;
  readonly reads: number;
  readonly connections: number;
  readonly busy: number;
}

export interface MemberLoad {
  /** Demand ÷ vCPUs; above 1 when it does not fit. */
  readonly cpu: number;
  /** The same as CloudWatch tells it: of a serverless instance, of what its cluster's maximum gives. */
  readonly toldCpu: number;
  readonly vcpu: number;
  /** Capacity units, and what share of the maximum they are; not a number for a class of fixed size. */
  readonly acu: number;
  readonly acuShare: number;
  readonly freeableBytes: number;
  readonly hitShare: number;
  readonly readIops: number;
  readonly writeIops: number;
  /** Share of connection attempts above `max_connections`. */
  readonly refused: number;
  readonly connections: number;
  /** Of the local storage that its class has; not a number for a class whose local storage is not known. */
  readonly freeLocalBytes: number;
  /** Read and write statements a second. */
  readonly reads: number;
  readonly writes: number;
}

/** vCPUs that are busy with so many statements a second. */
export function busyVcpu(writes: number, reads: number, { backgroundVcpu, writeVcpuSeconds, readVcpuSeconds }: Database, speed: number): number {
  return backgroundVcpu + (writes * writeVcpuSeconds + reads * readVcpuSeconds) / speed;
}

/** What statements do to one member: the buffer pool takes what memory there is, and what does not fit is read from storage. */
export function loadOfMember(demand: WorkOfMember, database: Database, size: MemberSize): MemberLoad {
  const { vcpu, memoryGib, maxConnections } = size;
  const missShare = missShareOf(memoryGib * bufferPoolShare, database.workingSetGib);
  const freeGib = memoryGib * (1 - bufferPoolShare) * 0.8 - (demand.connections * mibPerConnection) / 1024;
  return {
    cpu: demand.busy / vcpu,
    toldCpu: demand.busy / size.toldVcpu,
    vcpu,
    acu: size.acu,
    acuShare: size.acuShare,
    freeableBytes: Math.max(0.02 * memoryGib, freeGib) * bytesPerGib,
    freeLocalBytes: Math.max(0, size.localGib - (database.temporaryGib ?? usualTemporaryGib)) * bytesPerGib,
    hitShare: 1 - missShare,
    readIops: (demand.writes + demand.reads) * database.pageReadsPerStatement * missShare,
    writeIops: demand.writes * 4,
    refused: demand.connections <= maxConnections ? 0 : 1 - maxConnections / demand.connections,
    connections: Math.min(demand.connections, maxConnections),
    reads: demand.reads,
    writes: demand.writes,
  };
}

/** What a member has at a moment. */
export interface MemberSize {
  readonly vcpu: number;
  /** What its CPU is told as a share of. */
  readonly toldVcpu: number;
  readonly memoryGib: number;
  readonly maxConnections: number;
  /** Local storage; not a number for a class of which it is not known. */
  readonly localGib: number;
  readonly acu: number;
  readonly acuShare: number;
}

export function fixedSize({ instanceClass }: MemberCapacity): MemberSize {
  const { vcpu, memoryGib } = rdsCapacity(instanceClass);
  const maxConnections = capacities.auroraMysqlMaxConnections(instanceClass) ?? Infinity;
  return { vcpu, toldVcpu: vcpu, memoryGib, maxConnections, localGib: localGibOf(instanceClass), acu: Number.NaN, acuShare: Number.NaN };
}

function localGibOf(instanceClass: string): number {
  return capacities.auroraLocalStorageGib("aurora-mysql", instanceClass) ?? Number.NaN;
}

/** Share of page reads that miss a buffer pool of the given size. */
export function missShareOf(bufferPoolGib: number, workingSetGib: number): number {
  const outside = workingSetGib <= bufferPoolGib ? 0 : 1 - bufferPoolGib / workingSetGib;
  return coldShare + (1 - coldShare) * evenlySpreadShare * outside;
}
