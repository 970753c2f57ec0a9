import { type Baseline, isNoPoints, noPoints } from "../../model/observation.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import type { Series } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { replicaLag } from "./load.ts";

/** Which member wrote in each hour, by its place in the list of members; −1 where that is not known. */
export type WriterByHour = Int8Array;

/** The place of a member that is not known. */
export const unknown = -1;

/**
 * Roles move with each failover, and only readers report a replica lag: the one member without it wrote. An hour in which several lack it,
 * or none does, tells nothing.
 */
export function writerByHour(baseline: Baseline, { ref, members }: AuroraCluster): WriterByHour {
  const lags = members.map((member) => replicaLag(baseline, ref.region, member).values);
  const writers = new Int8Array(lags[0]?.length ?? 0).fill(unknown);
  for (let hour = 0; hour < writers.length; hour++) {
    let [silent, last] = [0, unknown];
    for (let place = 0; place < lags.length; place++) {
      if (!Number.isNaN(lags[place]?.[hour] ?? Number.NaN)) continue;
      silent += 1;
      last = place;
    }
    if (silent === 1) writers[hour] = last;
  }
  return writers;
}

/** Who may have to carry a lost member's load, and who may be lost. */
export interface Loss {
  readonly carriers: readonly AuroraMember[];
  readonly lost: readonly AuroraMember[];
}

/**
 * A figure point by point out of what each member did and where the writer stood among them, −1 where that is not known. Gaps of any member are
 * gaps. `loads` is one array for all points: one for each of them took longer than the arithmetic.
 */
export function fromEachMember(
  name: string,
  { members }: AuroraCluster,
  writers: WriterByHour,
  shareOf: (member: AuroraMember) => Series,
  figure: (loads: Float64Array, writer: number) => number,
): Series {
  const shares = members.map(shareOf);
  const periodSeconds = shares[0]?.periodSeconds ?? hourSeconds;
  const keys = shares.flatMap((share) => share.keys);
  const whole = shares.every((share) => share.whole);
  const periods = shares[0]?.values.length ?? 0;
  if (shares.some((share) => isNoPoints(share.values))) return { name, keys, periodSeconds, whole, values: noPoints(periods) };
  return {
    name,
    keys,
    periodSeconds,
    whole,
    values: eachPeriod(
      shares.map(({ values }) => values),
      periodSeconds,
      writers,
      figure,
    ),
  };
}

function eachPeriod(
  shares: readonly Float64Array[],
  periodSeconds: number,
  writers: WriterByHour,
  figure: (loads: Float64Array, writer: number) => number,
): Float64Array {
  const values = new Float64Array(shares[0]?.length ?? 0);
  const loads = new Float64Array(shares.length);
  const perHour = hourSeconds / periodSeconds;
  for (let period = 0; period < values.length; period++) {
    let isKnown = true;
    for (let place = 0; place < loads.length; place++) {
      const load = shares[place]?.[period] ?? Number.NaN;
      loads[place] = load;
      if (Number.isNaN(load)) isKnown = false;
    }
    values[period] = isKnown ? figure(loads, writers[Math.floor(period / perHour)] ?? unknown) : Number.NaN;
  }
  return values;
}

/** Point by point the most that one of the carriers has to do when one other member is lost. */
export function mostWithOneLost(
  name: string,
  cluster: AuroraCluster,
  writers: WriterByHour,
  shareOf: (member: AuroraMember) => Series,
  { carriers, lost }: Loss,
): Series {
  const { members, globalRole } = cluster;
  const carrying = members.flatMap((member, place) => (carriers.includes(member) ? [place] : []));
  const losable: Losable = { mayGo: members.map((member) => lost.includes(member)), isSecondary: globalRole === "secondary" };
  return fromEachMember(name, cluster, writers, shareOf, (loads, writer) => {
    let most = 0;
    for (const own of carrying) most = Math.max(most, carriedBy(own, loads, losable.isSecondary ? unknown : writer, losable));
    return most;
  });
}

interface Losable {
  readonly mayGo: readonly boolean[];
  /** All members of a secondary cluster read. */
  readonly isSecondary: boolean;
}

/**
 * A lost reader's load is shared by the readers that stay; the writer takes reads only where no reader is left. A lost writer's load goes
 * to one reader, whose reads the others take. Where the writer is not known, each may be it.
 */
function carriedBy(own: number, loads: Float64Array, writer: number, { mayGo, isSecondary }: Losable): number {
  const ownLoad = loads[own] ?? Number.NaN;
  const readers = loads.length - (isSecondary ? 0 : 1);
  const heirs = Math.max(1, readers - 1);
  const isSharedByReaders = writer !== unknown && readers > 1;
  let most = ownLoad;
  for (let other = 0; other < loads.length; other++) {
    if (other === own || mayGo[other] !== true) continue;
    const load = loads[other] ?? Number.NaN;
    if (!isSharedByReaders) most = Math.max(most, ownLoad + load / heirs);
    else if (other === writer) most = Math.max(most, load);
    else if (own !== writer) most = Math.max(most, ownLoad + load / heirs);
  }
  return most;
}
