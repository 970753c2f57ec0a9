import { hourSeconds } from "../../sizing/estimate.ts";
import { pointAt, type Series } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import type { WriterByHour } from "./lost-member.ts";

/** A reader that is to go for good, one member that stays, and whether any one other member is lost besides. */
export interface Removal {
  readonly removed: AuroraMember;
  readonly carrier: AuroraMember;
  readonly isOneMoreLost: boolean;
}

/**
 * Point by point the most that a member has to do once a reader is gone, out of what each member did. With nothing lost the readers that
 * stay share its load. With one more lost they share that one's, too; where the writer is lost, one of them does the writer's work; and
 * where only one member is left, it does all. Gaps of any member are gaps.
 */
export function carriedWithout(
  name: string,
  cluster: AuroraCluster,
  writers: WriterByHour,
  shareOf: (member: AuroraMember) => Series,
  removal: Removal,
): Series {
  const { members } = cluster;
  const shares = members.map(shareOf);
  const periodSeconds = shares[0]?.periodSeconds ?? hourSeconds;
  const values = new Float64Array(shares[0]?.values.length ?? 0);
  const places = { own: members.indexOf(removal.carrier), removed: members.indexOf(removal.removed) };
  for (let period = 0; period < values.length; period++) {
    const loads = shares.map((share) => pointAt(share.values, period));
    const writer = writers[Math.floor((period * periodSeconds) / hourSeconds)] ?? unknown;
    const moment = { loads, writer, ...places };
    values[period] = loads.some(Number.isNaN) ? Number.NaN : removal.isOneMoreLost ? withOneMoreLost(moment) : withNothingLost(moment);
  }
  return { name, keys: shares.flatMap(({ keys }) => keys), periodSeconds, whole: shares.every(({ whole }) => whole), values };
}

const unknown = -1;

interface Moment {
  readonly loads: readonly number[];
  /** Places of members; the writer's may be unknown. */
  readonly writer: number;
  readonly own: number;
  readonly removed: number;
}

/** Roles move: the member that is removed may have been the writer then, whose work a reader of today's then does. */
function withNothingLost({ loads, writer, own, removed }: Moment): number {
  const ownLoad = loads[own] ?? Number.NaN;
  const removedLoad = loads[removed] ?? Number.NaN;
  const readersLeft = loads.length - 2;
  if (writer === own) return ownLoad;
  const most = Math.max(...loads.filter((_, place) => place !== own && place !== writer));
  if (writer === removed) return Math.max(removedLoad, ownLoad + most / readersLeft);
  return ownLoad + (writer === unknown ? most : removedLoad) / readersLeft;
}

function withOneMoreLost({ loads, writer, own, removed }: Moment): number {
  const ownLoad = loads[own] ?? Number.NaN;
  const others = loads.filter((_, place) => place !== own);
  const readersLeft = loads.length - 3;
  if (readersLeft < 1) return loads.reduce((sum, load) => sum + load, 0);
  if (writer === unknown || writer === removed) {
    const [most = 0, next = 0] = others.toSorted((a, b) => b - a);
    return ownLoad + most + next / readersLeft;
  }
  if (writer === own) return ownLoad;
  const readers = loads.filter((_, place) => place !== own && place !== writer && place !== removed);
  const lostReader = Math.max(0, ...readers);
  return Math.max(loads[writer] ?? Number.NaN, ownLoad + ((loads[removed] ?? Number.NaN) + lostReader) / readersLeft);
}
