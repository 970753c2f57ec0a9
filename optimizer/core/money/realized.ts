const dayMs = 24 * 60 * 60 * 1000;
/** Cost Explorer's newest two days are not complete. */
const settleMs = 2 * dayMs;

/** Amortized US dollars of one service in one region on one UTC day. */
export interface DailyCost {
  readonly dayStartMs: number;
  readonly service: string;
  readonly amortizedUsd: number;
}

/** When a service was changed: first and last change. */
export interface ChangedService {
  readonly service: string;
  readonly firstChangeMs: number;
  readonly lastChangeMs: number;
}

export interface RealizedSaving {
  readonly service: string;
  /** Complete days after the last change that had the same weekday before the first. */
  readonly days: number;
  readonly usd: number;
}

/**
 * What each changed service really cost less: each complete day after its last change against the mean of the same weekday before
 * its first. Days younger than 48 h are left out. A service without any such day has no entry: not yet seen is not 0.
 */
export function realizedSavings(costs: readonly DailyCost[], changes: readonly ChangedService[], nowMs: number): readonly RealizedSaving[] {
  return changes.flatMap((change) => {
    const own = costs.filter(({ service, dayStartMs }) => service === change.service && dayStartMs + dayMs + settleMs <= nowMs);
    const before = own.filter(({ dayStartMs }) => dayStartMs + dayMs <= change.firstChangeMs);
    const savedByDay = own
      .filter(({ dayStartMs }) => dayStartMs >= change.lastChangeMs)
      .flatMap((day) => {
        const usual = meanUsd(before.filter(({ dayStartMs }) => weekday(dayStartMs) === weekday(day.dayStartMs)));
        return usual === undefined ? [] : [usual - day.amortizedUsd];
      });
    return savedByDay.length === 0 ? [] : [{ service: change.service, days: savedByDay.length, usd: savedByDay.reduce((sum, usd) => sum + usd, 0) }];
  });
}

/** When the first whole UTC day after a change can be counted: at its end, and Cost Explorer's time to complete it. */
export function firstRealizedDayEndMs(lastChangeMs: number): number {
  return Math.ceil(lastChangeMs / dayMs) * dayMs + dayMs + settleMs;
}

/** All services together; null before anything could be seen. */
export function realizedSoFarUsd(savings: readonly RealizedSaving[]): number | null {
  return savings.length === 0 ? null : savings.reduce((sum, { usd }) => sum + usd, 0);
}

function weekday(dayStartMs: number): number {
  return Math.floor(dayStartMs / dayMs) % 7;
}

function meanUsd(days: readonly DailyCost[]): number | undefined {
  return days.length === 0 ? undefined : days.reduce((sum, { amortizedUsd }) => sum + amortizedUsd, 0) / days.length;
}
