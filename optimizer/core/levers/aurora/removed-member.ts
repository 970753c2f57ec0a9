import { total } from "../../sizing/quantile.ts";
import type { Series } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { fromEachMember, unknown, type WriterByHour } from "./lost-member.ts";

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
  const carried = removal.isOneMoreLost ? withOneMoreLost : withNothingLost;
  return fromEachMember(name, cluster, writers, shareOf, (loads, writer) => carried(loads, writer, own, removed));
}

/** Roles move: the member that is removed may have been the writer then, whose work a reader of today's then does. */
function withNothingLost(loads: Float64Array, writer: number, own: number, removed: number): number {
  const ownLoad = loads[own] ?? Number.NaN;
  const removedLoad = loads[removed] ?? Number.NaN;
  const readersLeft = loads.length - 2;
  if (writer === own) return ownLoad;
  const most = mostOf(loads, Number.NEGATIVE_INFINITY, own, writer);
  if (writer === removed) return Math.max(removedLoad, ownLoad + most / readersLeft);
  return ownLoad + (writer === unknown ? most : removedLoad) / readersLeft;
}

function withOneMoreLost(loads: Float64Array, writer: number, own: number, removed: number): number {
  const ownLoad = loads[own] ?? Number.NaN;
  const readersLeft = loads.length - 3;
  if (readersLeft < 1) return total(loads);
  if (writer === unknown || writer === removed) {
    const first = placeOfMost(loads, own);
    return ownLoad + (loads[first] ?? 0) + (loads[placeOfMost(loads, own, first)] ?? 0) / readersLeft;
  }
  if (writer === own) return ownLoad;
  const lostReader = mostOf(loads, 0, own, writer, removed);
  return Math.max(loads[writer] ?? Number.NaN, ownLoad + ((loads[removed] ?? Number.NaN) + lostReader) / readersLeft);
}

/** The highest load, `least` where there is none, of members at other places than these. */
function mostOf(loads: Float64Array, least: number, own: number, other: number, third = unknown): number {
  let most = least;
  for (let place = 0; place < loads.length; place++) {
    if (place !== own && place !== other && place !== third) most = Math.max(most, loads[place] ?? Number.NaN);
  }
  return most;
}

/** −1 where no other place is left. */
function placeOfMost(loads: Float64Array, own: number, other = unknown): number {
  let found = unknown;
  for (let place = 0; place < loads.length; place++) {
    if (place === own || place === other) continue;
    if (found === unknown || (loads[place] ?? Number.NaN) > (loads[found] ?? Number.NaN)) found = place;
  }
  return found;
}
