import { type Baseline, isNoPoints, noPoints, pointAt } from "../../model/observation.ts";
import { oncePerInStudy } from "../../model/study-memory.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { type Series, stillOf } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { replicaLag } from "./load.ts";

/** Which member wrote in each hour, by its place in the list of members; −1 where that is not known. */
export type WriterByHour = Int8Array;

/** The place of a member that is not known. */
export const unknown = -1;

/** Who wrote in a period, `unknown` beyond the last one. */
export function writerAt(writers: WriterByHour, period: number): number {
  return writers[period] ?? unknown;
}

/**
 * Roles move with each failover, and only readers report a replica lag: the one member without it wrote. An hour in which several lack it,
 * or none does, tells nothing.
 */
export function writerByHour(baseline: Baseline, { ref, members }: AuroraCluster): WriterByHour {
  const lags = members.map((member) => replicaLag(baseline, ref.region, member).values);
  const writers = new Int8Array(Math.max(0, ...lags.map(({ length }) => length))).fill(unknown);
  const silent = new Float64Array(writers.length);
  for (const [place, lag] of lags.entries()) noteSilence(lag, place, silent, writers);
  for (let hour = 0; hour < writers.length; hour++) if (silent[hour] !== 1) writers[hour] = unknown;
  return writers;
}

/** Counts a member in each hour in which it reports no lag, and notes it as the last one that did not. */
function noteSilence(lag: Float64Array, place: number, silent: Float64Array, last: Int8Array): void {
  for (let hour = 0; hour < silent.length; hour++) {
    if (!Number.isNaN(pointAt(lag, hour))) continue;
    silent[hour] = pointAt(silent, hour) + 1;
    last[hour] = place;
  }
}

/** Who may have to carry a lost member's load, and who may be lost. */
export interface Loss {
  readonly carriers: readonly AuroraMember[];
  readonly lost: readonly AuroraMember[];
}

/**
 * What every member did in each period, and where the writer stood among them, −1 where that is not known. A gap of any member is a gap of all.
 * Whoever goes through them does so in one loop without a call for each period: a number that a call gives back takes room of its own.
 */
export interface Loads {
  readonly members: number;
  readonly periods: number;
  /** Row by row: those of a period stand side by side. NaN throughout where one is a gap. */
  readonly rows: Float64Array;
  /** By period. */
  readonly writers: Int8Array;
}

/** A series made of all members' own. */
export function fromEachMember(
  name: string,
  { members }: AuroraCluster,
  writers: WriterByHour,
  shareOf: (member: AuroraMember) => Series,
  figures: (loads: Loads) => Float64Array,
): Series {
  const shares = members.map(shareOf);
  const [first] = shares;
  if (first === undefined) return { name, keys: [], periodSeconds: hourSeconds, whole: true, values: noPoints(0) };
  const values = shares.map((share) => share.values);
  return {
    name,
    keys: shares.flatMap((share) => share.keys),
    periodSeconds: first.periodSeconds,
    whole: shares.every((share) => share.whole),
    ...stillOf(shares),
    values: values.some(isNoPoints) ? noPoints(first.values.length) : figures(gathered(first, values, writers)),
  };
}

interface Gathered {
  readonly values: readonly Float64Array[];
  readonly loads: Loads;
}

/** By the first member's own, as long as a cluster is looked at: whoever is lost, the loads are the same. */
const known = oncePerInStudy<WriterByHour, Map<Float64Array, Gathered>>(() => new Map());

function gathered(first: Series, values: readonly Float64Array[], writers: WriterByHour): Loads {
  const before = known(writers).get(first.values);
  if (before !== undefined && before.values.length === values.length && before.values.every((own, place) => own === values[place])) return before.loads;
  const loads = loadsOf(first, values, writers);
  known(writers).set(first.values, { values, loads });
  return loads;
}

function loadsOf({ periodSeconds, values: { length: periods } }: Series, values: readonly Float64Array[], writersByHour: WriterByHour): Loads {
  const members = values.length;
  const rows = new Float64Array(periods * members);
  for (const [place, own] of values.entries()) for (let period = 0; period < periods; period++) rows[period * members + place] = pointAt(own, period);
  const writers = new Int8Array(periods);
  const perHour = hourSeconds / periodSeconds;
  for (let period = 0; period < periods; period++) {
    writers[period] = writerAt(writersByHour, Math.floor(period / perHour));
    const [from, until] = [period * members, (period + 1) * members];
    for (let at = from; at < until; at++) if (Number.isNaN(pointAt(rows, at))) rows.fill(Number.NaN, from, until);
  }
  return { members, periods, rows, writers };
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
  const losable: Losable = { mayGo: members.map((member) => lost.includes(member)), isSecondary: globalRole === "secondary" };
  return fromEachMember(name, cluster, writers, shareOf, (loads) => {
    const most = new Float64Array(loads.periods);
    for (const [own, member] of members.entries()) if (carriers.includes(member)) atLeastCarriedBy(most, own, loads, losable);
    return most;
  });
}

interface Losable {
  readonly mayGo: readonly boolean[];
  /** All members of a secondary cluster read. */
  readonly isSecondary: boolean;
}

/**
 * Raises each period to what a member carries. A lost reader's load is shared by the readers that stay; the writer takes reads only where no
 * reader is left. A lost writer's load goes to one reader, whose reads the others take. Where the writer is not known, each may be it.
 */
function atLeastCarriedBy(most: Float64Array, own: number, { members, periods, rows, writers }: Loads, { mayGo, isSecondary }: Losable): void {
  const readers = members - (isSecondary ? 0 : 1);
  const heirs = Math.max(1, readers - 1);
  const others = mayGo.flatMap((may, place) => (may && place !== own ? [place] : []));
  for (let period = 0; period < periods; period++) {
    const from = period * members;
    const writer = isSecondary ? unknown : writerAt(writers, period);
    const isSharedByReaders = writer !== unknown && readers > 1;
    const ownLoad = pointAt(rows, from + own);
    let carried = Math.max(pointAt(most, period), ownLoad);
    for (const other of others) {
      const load = pointAt(rows, from + other);
      if (!isSharedByReaders) carried = Math.max(carried, ownLoad + load / heirs);
      else if (other === writer) carried = Math.max(carried, load);
      else if (own !== writer) carried = Math.max(carried, ownLoad + load / heirs);
    }
    most[period] = carried;
  }
}
