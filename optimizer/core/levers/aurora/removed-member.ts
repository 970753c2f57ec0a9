import { pointAt } from "../../model/observation.ts";
import { oncePerInStudy } from "../../model/study-memory.ts";
import type { Series } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { fromEachMember, type Loads, unknown, writerAt, type WriterByHour } from "./lost-member.ts";

/** The cluster without one of its readers, and with the classes that its members have by then. */
export interface Without {
  readonly removed: AuroraMember;
  readonly remaining: readonly AuroraMember[];
  readonly classOf: (member: AuroraMember) => string;
}

/** Whose load goes where: what is made of the members' loads is the same as long as this is. */
export function namesOf({ removed, remaining, classOf }: Without): string {
  return [removed.identifier, ...remaining.map((member) => `${member.identifier} ${classOf(member)}`)].join(", ");
}

/** A reader that is to go for good, one member that stays, and whether any one other member is lost besides. */
export interface Removal {
  readonly removed: AuroraMember;
  readonly carrier: AuroraMember;
  readonly isOneMoreLost: boolean;
}

/**
 * Point by point the most that a member has to do once a reader is gone, out of what each member did. With nothing lost the readers that
 * stay share its load. With one more lost they share that one's, too; where the writer is lost, one of them does the writer's work; and
 * where only one member is left, it does all.
 */
export function carriedWithout(
  name: string,
  cluster: AuroraCluster,
  writers: WriterByHour,
  shareOf: (member: AuroraMember) => Series,
  removal: Removal,
): Series {
  const own = cluster.members.indexOf(removal.carrier);
  const removed = cluster.members.indexOf(removal.removed);
  return fromEachMember(name, cluster, writers, shareOf, (loads) =>
    removal.isOneMoreLost ? withOneMoreLost(loads, own, removed) : withNothingLost(loads, own, removed),
  );
}

/** Roles move: the member that is removed may have been the writer then, whose work a reader of today's then does. */
function withNothingLost({ members, periods, rows, writers }: Loads, own: number, removed: number): Float64Array {
  const readersLeft = members - 2;
  const carried = new Float64Array(periods);
  for (let period = 0; period < periods; period++) {
    const from = period * members;
    const writer = writerAt(writers, period);
    const ownLoad = pointAt(rows, from + own);
    const removedLoad = pointAt(rows, from + removed);
    let most = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < members; place++) if (place !== own && place !== writer) most = Math.max(most, pointAt(rows, from + place));
    if (writer === own) carried[period] = ownLoad;
    else if (writer === removed) carried[period] = Math.max(removedLoad, ownLoad + most / readersLeft);
    else carried[period] = ownLoad + (writer === unknown ? most : removedLoad) / readersLeft;
  }
  return carried;
}

function withOneMoreLost(loads: Loads, own: number, removed: number): Float64Array {
  const { members, periods, rows, writers } = loads;
  const readersLeft = members - 3;
  if (readersLeft < 1) return allTogether(loads);
  const carried = new Float64Array(periods);
  for (let period = 0; period < periods; period++) {
    const from = period * members;
    const writer = writerAt(writers, period);
    const ownLoad = pointAt(rows, from + own);
    if (writer === own) {
      carried[period] = ownLoad;
      continue;
    }
    // The two highest of all others, and the highest of the readers that stay besides.
    let [first, second, reader] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let place = 0; place < members; place++) {
      const load = pointAt(rows, from + place);
      if (place === own) continue;
      second = Math.max(second, Math.min(first, load));
      first = Math.max(first, load);
      if (place !== writer && place !== removed) reader = Math.max(reader, load);
    }
    if (writer === unknown || writer === removed) carried[period] = ownLoad + first + second / readersLeft;
    else carried[period] = Math.max(pointAt(rows, from + writer), ownLoad + (pointAt(rows, from + removed) + reader) / readersLeft);
  }
  return carried;
}

/** Only one member is left, whichever that is. */
const allTogether = oncePerInStudy(({ members, periods, rows }: Loads): Float64Array => {
  const sums = new Float64Array(periods);
  for (let period = 0; period < periods; period++) {
    let sum = 0;
    for (let place = 0; place < members; place++) sum += pointAt(rows, period * members + place);
    sums[period] = sum;
  }
  return sums;
});
