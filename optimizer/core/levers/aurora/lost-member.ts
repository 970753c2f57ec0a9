import type { Baseline } from "../../model/observation.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { pointAt, type Series } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { replicaLag } from "./load.ts";

/** Which member wrote in each hour, by its place in the list of members; −1 where that is not known. */
export type WriterByHour = Int8Array;

const unknown = -1;

/**
 * Roles move with each failover, and only readers report a replica lag: the one member without it wrote. An hour in which several lack it,
 * or none does, tells nothing.
 */
export function writerByHour(baseline: Baseline, { ref, members }: AuroraCluster): WriterByHour {
  const lags = members.map((member) => replicaLag(baseline, ref.region, member).values);
  return Int8Array.from({ length: lags[0]?.length ?? 0 }, (_, hour) => {
    const silent = lags.flatMap((values, place) => (Number.isNaN(pointAt(values, hour)) ? [place] : []));
    const [only, another] = silent;
    return only === undefined || another !== undefined ? unknown : only;
  });
}

/** Who may have to carry a lost member's load, and who may be lost. */
export interface Loss {
  readonly carriers: readonly AuroraMember[];
  readonly lost: readonly AuroraMember[];
}

/**
 * Point by point the most that one of the carriers has to do when one other member is lost, out of what each member did. Gaps of any
 * member are gaps.
 */
export function mostWithOneLost(
  name: string,
  cluster: AuroraCluster,
  writers: WriterByHour,
  shareOf: (member: AuroraMember) => Series,
  { carriers, lost }: Loss,
): Series {
  const { members } = cluster;
  const shares = members.map(shareOf);
  const periodSeconds = shares[0]?.periodSeconds ?? hourSeconds;
  const loads = new Float64Array(members.length);
  const values = new Float64Array(shares[0]?.values.length ?? 0);
  const carrying = members.flatMap((member, place) => (carriers.includes(member) ? [place] : []));
  const mayGo = members.map((member) => lost.includes(member));
  for (let period = 0; period < values.length; period++) {
    const writer = cluster.globalRole === "secondary" ? unknown : (writers[Math.floor((period * periodSeconds) / hourSeconds)] ?? unknown);
    shares.forEach((share, place) => (loads[place] = pointAt(share.values, period)));
    let most = loads.some(Number.isNaN) ? Number.NaN : 0;
    for (const own of carrying) most = Math.max(most, carriedBy(own, { loads, writer, mayGo, isSecondary: cluster.globalRole === "secondary" }));
    values[period] = most;
  }
  return { name, keys: shares.flatMap(({ keys }) => keys), periodSeconds, whole: shares.every(({ whole }) => whole), values };
}

interface Moment {
  readonly loads: Float64Array;
  readonly writer: number;
  readonly mayGo: readonly boolean[];
  /** All members of a secondary cluster read. */
  readonly isSecondary: boolean;
}

/**
 * A lost reader's load is shared by the readers that stay; the writer takes reads only where no reader is left. A lost writer's load goes
 * to one reader, whose reads the others take. Where the writer is not known, each may be it.
 */
function carriedBy(own: number, { loads, writer, mayGo, isSecondary }: Moment): number {
  const ownLoad = loads[own] ?? Number.NaN;
  const readers = loads.length - (isSecondary ? 0 : 1);
  const heirs = Math.max(1, readers - 1);
  const isSharedByReaders = writer !== unknown && readers > 1;
  let most = ownLoad;
  loads.forEach((load, other) => {
    if (other === own || mayGo[other] !== true) return;
    if (!isSharedByReaders) most = Math.max(most, ownLoad + load / heirs);
    else if (other === writer) most = Math.max(most, load);
    else if (own !== writer) most = Math.max(most, ownLoad + load / heirs);
  });
  return most;
}
