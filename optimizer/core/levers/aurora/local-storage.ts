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
  const projected = (member: AuroraMember, target: string): Projection | string => {
    const [before, room] = [most(member.instanceClass), most(target)];
    if (before === undefined || room === undefined) return `the local storage of ${member.instanceClass} or ${target} is not known`;
    const { gap, bytes } = leastFree(load)(member);
    if (gap !== undefined) return `local storage of ${member.identifier} is not projected: ${gap}`;
    const used = Math.max(0, before - bytes / gib);
    const method = `${Math.ceil(used)} GiB of ${member.identifier}'s ${before} GiB in ${room} GiB`;
    return { dimension: "local storage", current: used / before, projected: used / room, limit, fits: used / room <= limit, method };
  };
  const each = (target: string) => resized.map((member) => projected(member, target));
  return {
    warnings: (target) => each(target).filter((one) => typeof one === "string"),
    besides: (target) => {
      const known = each(target).filter((one) => typeof one !== "string");
      return known.length === resized.length ? known : [];
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
