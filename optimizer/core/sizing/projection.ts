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
}

/** Rounding must not refuse what the arithmetic on paper accepts. */
export const rounding = 1e-9;

/**
 * `projected = q_d × (capacity_old × n_old) ÷ (capacity_new × n_new)`, which fits when it is at most `limit` (1 − headroom)
 * (research/optimizer.md §3.2). Undefined when either capacity is unknown.
 */
export function project(demand: Demand, from: string, to: string, limit: number): Projection | undefined {
  const before = demand.capacityOf(from);
  const after = demand.capacityOf(to);
  if (before === undefined || after === undefined) return undefined;
  const projected = (demand.current * (before * demand.instancesBefore)) / (after * demand.instancesAfter);
  const arithmetic = `${figure(demand.current * 100)} % × (${figure(before)} × ${figure(demand.instancesBefore)}) ÷ (${figure(after)} × ${figure(demand.instancesAfter)})`;
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
