const dayMs = 24 * 60 * 60 * 1000;
/** Cost Explorer's newest two days are not complete. */
const settleMs = 2 * dayMs;

/** Amortized US dollars of one service on one UTC day, after the account's discounts where they are told. */
export interface DailyCost {
  readonly dayStartMs: number;
  readonly service: string;
  readonly amortizedUsd: number;
}

/** What days are compared by: cost by the hour at the same weekday, cost by use at the same weekday and as many requests. */
export type ComparedAt = "equal-weekdays" | "equal-requests";

/** When a service was changed: first and last change. */
export interface ChangedService {
  readonly service: string;
  /** `whichever-is-less`: a part of what changed was paid by the hour and a part by use, and neither comparison tells a saving from other traffic. */
  readonly comparedAt: ComparedAt | "whichever-is-less";
  /** Whether something of it was changed that reservations or Savings Plans may cover. */
  readonly isCommittable: boolean;
  readonly firstChangeMs: number;
  readonly lastChangeMs: number;
}

export interface RealizedSaving {
  readonly service: string;
  readonly comparedAt: ComparedAt;
  /** Complete days after the last change that had the same weekday before the first. */
  readonly days: number;
  readonly usd: number;
}

/** Requests of a region by the start of a UTC day; a day that is not there was not seen whole. */
export type RequestsByDay = ReadonlyMap<number, number>;

/**
 * What each changed service really cost less: each complete day after its last change against the mean of the same weekday before
 * its first. Where requests are what is paid for, the days before are taken at the day's own requests: a promotion is no cost of a change, and
 * a quiet week no saving. Days younger than 48 h are left out, and so are those whose requests are not known where they matter. A service
 * without any such day has no entry: not yet seen is not 0.
 */
export function realizedSavings(
  costs: readonly DailyCost[],
  changes: readonly Omit<ChangedService, "isCommittable">[],
  requests: RequestsByDay,
  nowMs: number,
): readonly RealizedSaving[] {
  return changes.flatMap((change) => {
    const ways = change.comparedAt === "whichever-is-less" ? (["equal-weekdays", "equal-requests"] as const) : [change.comparedAt];
    const found = ways.flatMap((comparedAt) => savedOf(costs, { ...change, comparedAt }, requests, nowMs) ?? []);
    return found.toSorted((a, b) => a.usd - b.usd).slice(0, 1);
  });
}

function savedOf(
  costs: readonly DailyCost[],
  { service, comparedAt, firstChangeMs, lastChangeMs }: Omit<ChangedService, "isCommittable" | "comparedAt"> & { readonly comparedAt: ComparedAt },
  requests: RequestsByDay,
  nowMs: number,
): RealizedSaving | undefined {
  const own = costs.filter((day) => day.service === service && day.dayStartMs + dayMs + settleMs <= nowMs);
  const before = own.filter(({ dayStartMs }) => dayStartMs + dayMs <= firstChangeMs);
  const savedByDay = own
    .filter(({ dayStartMs }) => dayStartMs >= lastChangeMs)
    .flatMap((day) => {
      const alike = before.filter(({ dayStartMs }) => weekday(dayStartMs) === weekday(day.dayStartMs));
      const usual = comparedAt === "equal-requests" ? usualAtRequests(alike, requests, requests.get(day.dayStartMs)) : meanUsd(alike);
      return usual === undefined ? [] : [usual - day.amortizedUsd];
    });
  return savedByDay.length === 0 ? undefined : { service, comparedAt, days: savedByDay.length, usd: savedByDay.reduce((sum, usd) => sum + usd, 0) };
}

/** What as many requests cost on the days before; undefined where no such day is known with its requests. */
function usualAtRequests(before: readonly DailyCost[], requests: RequestsByDay, asMany: number | undefined): number | undefined {
  if (asMany === undefined) return undefined;
  let usd = 0;
  let seen = 0;
  for (const day of before) {
    const own = requests.get(day.dayStartMs);
    if (own === undefined || own <= 0) continue;
    usd += day.amortizedUsd;
    seen += own;
  }
  return seen === 0 ? undefined : (usd / seen) * asMany;
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
