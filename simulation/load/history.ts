import type { AccountState } from "../account/state.ts";
import type { Timeline } from "../account/timeline.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { followsPolicies } from "../shared/scaling.ts";
import { tickMs } from "./tick.ts";

/**
 * The account's capacity as the load meets it. What is deployed has run unchanged for `historyDays` before the start, so all
 * those ticks ask for the last moment before it; from the start on, the account's own history counts.
 */
export interface History {
  /** The same look, but all the ticks before the start, which meet the same capacity, cost one. */
  remember<T>(look: (atMs: number) => T | null): (atMs: number) => T | null;
  /**
   * Visits the parts of a tick during which nothing changes, with a moment inside and the part's share of the tick.
   * `echoMs`: how long after a change something else changes because of it.
   */
  eachPart(region: string, tick: number, echoMs: number, visit: (atMs: number, share: number) => void): void;
}

/** `timelinesOf`: what changes the capacity of a region. Where its policies are followed, it has changed before the start, too. */
export function createHistory(scenario: Scenario, state: AccountState, timelinesOf: (region: string) => readonly Timeline<unknown>[]): History {
  const startMs = Date.parse(scenario.start);
  const asDeployedMs = startMs - 1;
  const firstMs = startMs - scenario.historyDays * 86_400_000;
  const changesOf = rememberByRevision(state, timelinesOf);
  return {
    remember: (look) => {
      // Never at the start itself, when changes may begin.
      let asDeployed: ReturnType<typeof look> = null;
      return (atMs) => (atMs === asDeployedMs ? (asDeployed ??= look(atMs)) : look(atMs));
    },
    eachPart(region, tick, echoMs, visit) {
      const fromMs = tick * tickMs;
      const untilMs = fromMs + tickMs;
      if (fromMs < firstMs) return;
      if (untilMs <= startMs) return visit(followsPolicies(scenario, region) ? fromMs + tickMs / 2 : asDeployedMs, 1);
      let partFromMs = fromMs;
      for (const cutMs of [...cuts(changesOf(region), fromMs, untilMs, echoMs), untilMs]) {
        if (cutMs <= partFromMs) continue;
        visit(Math.max(startMs, (partFromMs + cutMs) / 2), (cutMs - partFromMs) / tickMs);
        partFromMs = cutMs;
      }
    },
  };
}

function cuts(changes: readonly number[], fromMs: number, untilMs: number, echoMs: number): readonly number[] {
  return changes
    .filter((changeMs) => changeMs >= fromMs - echoMs && changeMs < untilMs)
    .flatMap((changeMs) => (echoMs === 0 ? [changeMs] : [changeMs, changeMs + echoMs]))
    .filter((cutMs) => cutMs > fromMs && cutMs < untilMs)
    .sort((a, b) => a - b);
}

/** Every moment at which something of the region changes its capacity, ascending, planned ones included: made anew when the account changed. */
function rememberByRevision(state: AccountState, timelinesOf: (region: string) => readonly Timeline<unknown>[]): (region: string) => readonly number[] {
  let revision = -1;
  const known = new Map<string, readonly number[]>();
  return (region) => {
    if (state.revision !== revision) known.clear();
    revision = state.revision;
    const made = known.get(region) ?? [...new Set(timelinesOf(region).flatMap((timeline) => timeline.moments()))].sort((a, b) => a - b);
    known.set(region, made);
    return made;
  };
}
