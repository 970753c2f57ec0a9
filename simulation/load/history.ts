import type { CapacityView } from "../capacity-view.ts";
import type { Scenario } from "../scenario.ts";
import { tickMs } from "./tick.ts";

const lookMs = 10_000;

/**
 * The account's capacity as the load meets it. What is deployed has run unchanged for `historyDays` before the start, so all
 * those ticks ask for the last moment before it; from the start on, the account's own history counts.
 */
export interface History {
  readonly view: CapacityView;
  /** The same look, but all the ticks before the start, which meet the same capacity, cost one. */
  remember<T>(look: (atMs: number) => T | null): (atMs: number) => T | null;
  /**
   * Visits the parts of a tick during which nothing changes, with a moment inside and the part's share of the tick.
   * `echoMs`: how long after a change something else changes because of it.
   */
  eachPart(region: string, tick: number, echoMs: number, visit: (atMs: number, share: number) => void): void;
}

/** The view, read as the scenario says. */
export function createHistory(scenario: Scenario, view: CapacityView): History {
  const startMs = Date.parse(scenario.start);
  const asDeployedMs = startMs - 1;
  const firstMs = startMs - scenario.historyDays * 86_400_000;
  return {
    view,
    remember: (look) => {
      // Never at the start itself, when changes may begin.
      let asDeployed: ReturnType<typeof look> = null;
      return (atMs) => (atMs === asDeployedMs ? (asDeployed ??= look(atMs)) : look(atMs));
    },
    eachPart(region, tick, echoMs, visit) {
      const fromMs = tick * tickMs;
      const untilMs = fromMs + tickMs;
      if (fromMs < firstMs) return;
      if (untilMs <= startMs) return visit(asDeployedMs, 1);
      let partFromMs = fromMs;
      for (const cutMs of [...cuts(view, region, fromMs, untilMs, echoMs), untilMs]) {
        if (cutMs <= partFromMs) continue;
        visit(Math.max(startMs, (partFromMs + cutMs) / 2), (cutMs - partFromMs) / tickMs);
        partFromMs = cutMs;
      }
    },
  };
}

function cuts(view: CapacityView, region: string, fromMs: number, untilMs: number, echoMs: number): readonly number[] {
  if (view.changesBetween === undefined) return Array.from({ length: tickMs / lookMs - 1 }, (_, at) => fromMs + (at + 1) * lookMs);
  return view
    .changesBetween(region, fromMs - echoMs, untilMs)
    .flatMap((changeMs) => (echoMs === 0 ? [changeMs] : [changeMs, changeMs + echoMs]))
    .filter((cutMs) => cutMs > fromMs && cutMs < untilMs)
    .sort((a, b) => a - b);
}
