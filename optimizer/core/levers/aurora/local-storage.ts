import type { Projection, RuleFacts } from "../../model/rule.ts";
import { isNoPoints } from "../../model/observation.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { heldFor, mapped, pointAt, type Series } from "../../sizing/series.ts";
import { quantile } from "../../sizing/quantile.ts";
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
  const lastLarger = free.values.findLastIndex((bytes) => bytes > most * gib);
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

export interface LocalStorage {
  readonly besides: (target: string) => readonly Projection[];
  /** Why nothing is projected, where that is so. */
  readonly warnings: (target: string) => readonly string[];
}

/** Temporary files of the members that get a new class: sorts, index builds, logs. A smaller class has less room for them. */
export function localStorage(facts: RuleFacts, cluster: AuroraCluster, resized: readonly AuroraMember[]): LocalStorage {
  const { baseline, policy, capacities } = facts;
  const limit = 1 - policy.rules.headroom;
  const most = (instanceClass: string) => capacities.auroraLocalStorageGib(cluster.engine, instanceClass);
  const unknown = (target: string): readonly string[] =>
    resized.flatMap((member) => {
      if (most(member.instanceClass) === undefined || most(target) === undefined)
        return [`the local storage of ${member.instanceClass} or ${target} is not known`];
      const gap = incompleteness(freeLocalStorage(baseline, cluster.ref.region, member), policy);
      return gap === undefined ? [] : [`local storage of ${member.identifier} is not projected: ${gap}`];
    });
  return {
    warnings: unknown,
    besides: (target) => {
      const room = most(target);
      if (room === undefined || unknown(target).length > 0) return [];
      return resized.map((member): Projection => {
        const before = most(member.instanceClass) ?? Number.NaN;
        const free = sinceTodaysClass(facts, cluster, member)(freeLocalStorage(baseline, cluster.ref.region, member));
        const used = Math.max(0, before - quantile(free.values, 0) / gib);
        const projected = used / room;
        const method = `${Math.ceil(used)} GiB of ${member.identifier}'s ${before} GiB in ${room} GiB`;
        return { dimension: "local storage", current: used / before, projected, limit, fits: projected <= limit, method };
      });
    },
  };
}
