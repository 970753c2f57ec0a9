import type { SimulatedAccount } from "../../simulation/account/account.ts";
import { services } from "../../simulation/services.ts";
import { groups } from "../../simulation/services/auto-scaling/group.ts";
import { capacityAt, type GroupCapacity } from "../../simulation/services/auto-scaling/load.ts";
import { indexesAt, tables, type TableIndex } from "../../simulation/services/dynamodb/table.ts";
import { clusters } from "../../simulation/services/rds/cluster.ts";
import { membersAt } from "../../simulation/services/rds/cluster-load.ts";
import type { MemberCapacity } from "../../simulation/services/rds/member-load.ts";

/** What the load meets of an account at a moment; `null` for what was not there. */
export function groupAt({ state }: SimulatedAccount, region: string, name: string, atMs: number): GroupCapacity | null {
  const group = state.of(groups).get(region, name);
  return group === undefined ? null : capacityAt(group, atMs);
}

export function clusterAt({ state }: SimulatedAccount, region: string, id: string, atMs: number): readonly MemberCapacity[] | null {
  const cluster = state.of(clusters).get(region, id);
  return cluster === undefined ? null : membersAt(state, cluster, atMs);
}

export function indexAt({ state }: SimulatedAccount, region: string, table: string, name: string, atMs: number): TableIndex | null {
  const core = state.of(tables).get(region, table)?.core;
  return (core && indexesAt(core, atMs).find((index) => index.name === name)) ?? null;
}

/** Moments from which the load of a region meets something else, ascending. */
export function changesIn({ state }: SimulatedAccount, region: string, fromMs = 0): readonly number[] {
  const timelines = services.flatMap((service) => service.capacity?.(state, region) ?? []);
  return [...new Set(timelines.flatMap((timeline) => timeline.moments()))].filter((ms) => ms >= fromMs).toSorted((a, b) => a - b);
}
