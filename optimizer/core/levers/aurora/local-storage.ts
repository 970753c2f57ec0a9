import type { Projection } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { quantile } from "../../sizing/quantile.ts";
import { oncePer } from "../../model/once.ts";
import { oncePerInStudy } from "../../model/study-memory.ts";
import type { AuroraMember } from "./cluster.ts";
import type { ClusterLoad } from "./cluster-load.ts";
import { freeLocalStorage } from "./load.ts";

const gib = 1024 ** 3;

export interface LocalStorage {
  readonly besides: (target: string) => readonly Projection[];
  /** Why nothing is projected, where that is so. */
  readonly warnings: (target: string) => readonly string[];
}

/** Temporary files of the members that get a new class: sorts, index builds, logs. A smaller class has less room for them. */
export function localStorage(load: ClusterLoad, resized: readonly AuroraMember[]): LocalStorage {
  const { facts, cluster } = load;
  const { policy, capacities } = facts;
  const limit = 1 - policy.rules.headroom;
  const most = (instanceClass: string) => capacities.auroraLocalStorageGib(cluster.engine, instanceClass);
  const unknown = (target: string): readonly string[] =>
    resized.flatMap((member) => {
      if (most(member.instanceClass) === undefined || most(target) === undefined)
        return [`the local storage of ${member.instanceClass} or ${target} is not known`];
      const { gap } = leastFree(load)(member);
      return gap === undefined ? [] : [`local storage of ${member.identifier} is not projected: ${gap}`];
    });
  return {
    warnings: unknown,
    besides: (target) => {
      const room = most(target);
      if (room === undefined || unknown(target).length > 0) return [];
      return resized.map((member): Projection => {
        const before = most(member.instanceClass) ?? Number.NaN;
        const used = Math.max(0, before - leastFree(load)(member).bytes / gib);
        const projected = used / room;
        const method = `${Math.ceil(used)} GiB of ${member.identifier}'s ${before} GiB in ${room} GiB`;
        return { dimension: "local storage", current: used / before, projected, limit, fits: projected <= limit, method };
      });
    },
  };
}

/** The least that was free while a member had its class, or why that is not known. */
const leastFree = oncePerInStudy(({ facts: { baseline, policy }, cluster, counted }: ClusterLoad) =>
  oncePer((member: AuroraMember) => {
    const free = freeLocalStorage(baseline, cluster.ref.region, member);
    return { gap: incompleteness(free, policy), bytes: quantile(counted(member)(free).values, 0) };
  }),
);
