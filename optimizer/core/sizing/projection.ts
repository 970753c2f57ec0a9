import type { Projection } from "../model/rule.ts";

/** What a resource needs of one dimension at the moment that binds, measured against what it has today. */
export interface Demand {
  readonly dimension: Projection["dimension"];
  /** Utilization then, 0 to 1. */
  readonly current: number;
  /** What `current` is, e.g. `p99.5 of hourly maxima`. */
  readonly statistic: string;
  /** Instances that carried the load then, and that are left to carry it. */
  readonly instancesBefore: number;
  readonly instancesAfter: number;
  /** Said after the arithmetic, e.g. `one zone of 3 lost`. */
  readonly note: string;
  /** Capacity of one instance of a type in this dimension, in any one unit; undefined when it is not known. */
  readonly capacityOf: (type: string) => number | undefined;
  /** What an instance uses without any load, in that unit: it is not shared out anew. Absent: nothing of it is known. */
  readonly idle?: number;
}

/** Rounding must not refuse what the arithmetic on paper accepts. */
export const rounding = 1e-9;

/**
 * `projected = q_d × (capacity_old × n_old) ÷ (capacity_new × n_new)`, which fits when it is at most `limit` (1 − headroom)
 * (research/optimizer.md §3.2); of what is used without any load, each instance has its own. Undefined when either capacity is unknown.
 */
export function project(demand: Demand, from: string, to: string, limit: number): Projection | undefined {
  const before = demand.capacityOf(from);
  const after = demand.capacityOf(to);
  if (before === undefined || after === undefined) return undefined;
  const { current, instancesBefore, instancesAfter, idle = 0 } = demand;
  const projected = ((current * before - idle) * instancesBefore) / (after * instancesAfter) + idle / after;
  const measured = `${figure(current * 100)} %`;
  const arithmetic =
    idle === 0
      ? `${measured} × (${figure(before)} × ${figure(instancesBefore)}) ÷ (${figure(after)} × ${figure(instancesAfter)})`
      : `${measured} of ${figure(before)}, of which ${figure(idle)} without load, so ${figure(idle)} + ${figure(current * before - idle)} × ${figure(instancesBefore)} ÷ ${figure(instancesAfter)}, of ${figure(after)}`;
  return {
    dimension: demand.dimension,
    current: demand.current,
    projected,
    limit,
    fits: projected <= limit + rounding,
    method: [`${demand.statistic} ${arithmetic}`, demand.note].filter((part) => part !== "").join(", "),
  };
}

/** The worst dimension is the risk, 0 (none) to 1 (full or more). */
export function riskOf(projections: readonly Projection[]): number {
  return Math.min(1, Math.max(0, ...projections.map(({ projected }) => projected)));
}

export function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}
