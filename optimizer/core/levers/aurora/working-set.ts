import { hoursPerMonth } from "../../money/monthly.ts";
import { oncePerInStudy, oncePerNameInStudy } from "../../model/study-memory.ts";
import type { AuroraCluster } from "./cluster.ts";
import type { ClusterLoad } from "./cluster-load.ts";
import type { Evidence, Projection, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { lowestHitPercent, type Members, mostReadIops, volumeBytes } from "./load.ts";
import { evidence } from "../../sizing/evidence.ts";
import { mean, quantile } from "../../sizing/quantile.ts";

/**
 * Share of an instance's memory that its buffer pool takes by default: `{DBInstanceClassMemory*3/4}` of Aurora MySQL, and of Aurora
 * PostgreSQL `SUM({DBInstanceClassMemory/12038},-50003)` pages of 8 KiB, which is less than 68 %
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html).
 */
export const poolShares: Readonly<Record<AuroraCluster["engine"], number>> = { "aurora-mysql": 0.75, "aurora-postgresql": 0.68 };
/** Below this the pool is too small for the working set today already. */
const leastHitPercent = 95;
/** A mean hides the hours in which pages are fetched: the lowest 0.5 % of hours count, as with the load. */
const worstHours = 0.005;
const secondsPerHour = 3600;

/**
 * What is known of the pages a database needs in memory. Used memory is no demand, since the pool fills whatever it gets;
 * only the volume's whole size bounds the working set from above.
 */
export interface WorkingSet {
  readonly evidence: readonly Evidence[];
  /** Why no smaller pool may be tried at all. */
  readonly obstacle: { readonly code: "insufficient-data" | "does-not-fit"; readonly detail: string } | undefined;
  readonly besides: (target: string) => readonly Projection[];
  readonly warnings: (target: string) => readonly string[];
}

/** `sizes` as a ladder gives them: the smallest step last. */
export function workingSet(load: ClusterLoad, members: Members, { from, sizes }: { readonly from: string; readonly sizes: readonly string[] }): WorkingSet {
  const besides = (target: string) => poolProjections(load, { from, sizes, target });
  return {
    ...poolsOf(load, members.identifiers.join(" "), () => poolToday(load.facts, members)),
    besides,
    warnings: (target) => (besides(target).length > 0 ? [] : unproven(load)),
  };
}

/** Reads a second by which the price of more of them is told. */
const toldReads = 100;

/** What is said where a smaller buffer pool may miss more: standard storage bills each read, and no metric tells how many more there will be. */
export function unproven({ facts: { prices }, cluster: { ref, storage = "standard" } }: Pick<ClusterLoad, "facts" | "cluster">): readonly string[] {
  const words = "nothing proves the working set smaller than the buffer pool: watch hit ratio and read IOPS after the change";
  if (storage !== "standard") return [words];
  const request = prices.auroraIoRequest(ref.region);
  const price =
    request === null
      ? "price unknown"
      : `$${(toldReads * secondsPerHour * hoursPerMonth * request).toFixed(2)} a month for each ${toldReads} reads a second more`;
  return [words, `its storage bills each read, and what a smaller buffer pool misses more is not counted (${price})`];
}

/** However the load is read, and by either rule. */
const poolsOf = oncePerNameInStudy<Pick<WorkingSet, "evidence" | "obstacle">>();

/** Whether today's buffer pool holds what is read, and by which figures. */
export function poolToday({ baseline, policy }: RuleFacts, members: Members): Pick<WorkingSet, "evidence" | "obstacle"> {
  const hits = lowestHitPercent(baseline, members);
  const incomplete = incompleteness(hits, policy);
  const hitPercent = quantile(hits.values, worstHours);
  const iops = mostReadIops(baseline, members);
  const seen = [
    ...(incomplete === undefined
      ? [evidence("buffer cache hit ratio in its worst hours", hitPercent, { series: hits, statistic: "p0.5 of hourly averages", unit: "Percent" })]
      : []),
    ...(incompleteness(iops, policy) === undefined
      ? [evidence("reads from storage", mean(iops.values), { series: iops, statistic: "Average", unit: "Count/Second" })]
      : []),
  ];
  return { evidence: seen, obstacle: obstacle(incomplete, hitPercent) };
}

/** GiB of all data, undefined where that is not known: no working set is larger. */
const volumeGib = oncePerInStudy(({ facts: { baseline, policy }, cluster }: ClusterLoad): number | undefined => {
  const volume = volumeBytes(baseline, cluster);
  return incompleteness(volume, policy) === undefined ? quantile(volume.values, 1) / 1024 ** 3 : undefined;
});

function obstacle(incomplete: string | undefined, hitPercent: number): WorkingSet["obstacle"] {
  if (incomplete !== undefined) return { code: "insufficient-data", detail: incomplete };
  if (hitPercent >= leastHitPercent) return undefined;
  return {
    code: "does-not-fit",
    detail: `buffer cache hit ratio ${Math.round(hitPercent * 10) / 10} % in its worst hours, at least ${leastHitPercent} % is needed: the working set does not fit today's memory`,
  };
}

/** Proven to fit when the whole volume does; otherwise one size a run, and nothing is claimed of the memory. */
function poolProjections(
  load: ClusterLoad,
  { from, sizes, target }: { readonly from: string; readonly sizes: readonly string[]; readonly target: string },
): readonly Projection[] {
  const { facts, cluster } = load;
  const { policy, capacities } = facts;
  const before = capacities.rds(from)?.memoryGib;
  const after = capacities.rds(target)?.memoryGib;
  if (before === undefined || after === undefined) return [];
  const poolShare = poolShares[cluster.engine];
  const gib = volumeGib(load);
  if (gib !== undefined) {
    const limit = 1 - policy.rules.headroom;
    const projected = gib / (poolShare * after);
    const method = `the whole volume of ${Math.round(gib * 10) / 10} GiB in a buffer pool of ${poolShare * after} GiB`;
    if (projected <= limit) return [{ dimension: "memory", current: gib / (poolShare * before), projected, limit, fits: true, method }];
  }
  if (target === sizes.at(-1)) return [];
  const method = "a full buffer pool, since nothing proves the working set smaller: one size a run";
  return [{ dimension: "memory", current: 1, projected: before / after, limit: 1, fits: false, method }];
}
