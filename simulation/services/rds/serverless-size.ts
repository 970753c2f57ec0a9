import type { MemberSize, Serverless } from "./member-load.ts";

/** "About 2 GiB"; of processors AWS says "corresponding": eight GiB a vCPU, as memory-optimized classes have (aurora-serverless-v2.how-it-works.html). */
const gibPerAcu = 2;
export const vcpuPerAcu = gibPerAcu / 8;
/** CPU at which capacity is added here; AWS names no figure. */
const aimedCpu = 0.7;
export const serverlessClass = "db.serverless";

/** Capacity units that so much work asks for, within the range: at once, since a tick is longer than AWS takes. */
export function wantedAcu(busyVcpu: number, { range }: Serverless): number {
  return Math.min(range.maxAcu, Math.max(range.minAcu, busyVcpu / aimedCpu / vcpuPerAcu));
}

export function serverlessSize(acu: number, { range, maxConnections }: Serverless): MemberSize {
  return {
    vcpu: acu * vcpuPerAcu,
    toldVcpu: range.maxAcu * vcpuPerAcu,
    memoryGib: acu * gibPerAcu,
    maxConnections,
    localGib: Number.NaN,
    acu,
    acuShare: acu / range.maxAcu,
  };
}
