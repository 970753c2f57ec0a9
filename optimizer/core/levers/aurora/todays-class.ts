import { isNoPoints, pointAt } from "../../model/observation.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { heldFor, mapped, type Series } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { freeLocalStorage } from "./load.ts";

const gib = 1024 ** 3;

/**
 * A percentage belongs to the class that ran at that hour. More free local storage than a member's class has proves that its class was
 * larger then: what was measured until that hour is not counted. The hours of a smaller class would count for more than they were, which
 * is no danger.
 */
export function sinceTodaysClass({ baseline, capacities }: RuleFacts, { ref, engine }: AuroraCluster, member: AuroraMember): (series: Series) => Series {
  const most = capacities.auroraLocalStorageGib(engine, member.instanceClass);
  if (most === undefined) return (series) => series;
  const free = freeLocalStorage(baseline, ref.region, member);
  const lastLarger = lastAbove(free.values, most * gib);
  if (lastLarger === -1) return (series) => series;
  // The hour after it is still part of the change.
  const counted = mapped(free.values, (_, hour) => (hour <= lastLarger + 1 ? Number.NaN : 1));
  return (series) => {
    const held = series.periodSeconds === free.periodSeconds ? counted : heldFor(counted, free.periodSeconds, series);
    return {
      ...series,
      name: `${series.name} since ${member.identifier} is ${member.instanceClass}`,
      values: isNoPoints(series.values) ? series.values : mapped(series.values, (value, period) => value * pointAt(held, period)),
    };
  };
}

/** Place of the last point above the limit, or −1. */
function lastAbove(values: Float64Array, limit: number): number {
  let hour = values.length - 1;
  while (hour >= 0 && !(pointAt(values, hour) > limit)) hour--;
  return hour;
}
