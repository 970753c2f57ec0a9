import { hourOfWeek } from "./hour-of-week.ts";
import type { LatencyNoise } from "./latency-evidence.ts";
import type { SlotSeries } from "./usual-latency.ts";

const hourMs = 3_600_000;

/** Standard deviation and lag-1 autocorrelation of the hourly means of log(p99 ÷ usual); hours without a value break the chain. */
export function latencyNoise({ startMs, slotMs, values }: SlotSeries, usualByHour: readonly (number | null)[]): LatencyNoise {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, value] of values.entries()) {
    const ms = startMs + index * slotMs;
    const usual = usualByHour[hourOfWeek(ms)] ?? null;
    if (!(value > 0) || usual === null || !(usual > 0)) continue;
    const hour = Math.floor(ms / hourMs);
    const cell = sums.get(hour) ?? { sum: 0, count: 0 };
    sums.set(hour, { sum: cell.sum + Math.log(value / usual), count: cell.count + 1 });
  }
  const hourly = new Map([...sums].map(([hour, { sum, count }]) => [hour, sum / count]));
  return { sigma: deviation([...hourly.values()]), autocorrelation: autocorrelation(hourly) };
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function autocorrelation(hourly: ReadonlyMap<number, number>): number {
  const values = [...hourly.values()];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let together = 0;
  let alone = 0;
  for (const [hour, value] of hourly) {
    alone += (value - mean) ** 2;
    together += (value - mean) * ((hourly.get(hour + 1) ?? mean) - mean);
  }
  return alone > 0 ? together / alone : 0;
}

/**
 * How bursty errors are: max(1, Pearson's χ² ÷ degrees of freedom), which is variance ÷ mean freed from the traffic's own rhythm.
 * `errors[i]` of `requests[i]`.
 */
export function errorDispersion(errors: readonly number[], requests: readonly number[]): number {
  const rate = sum(errors) / sum(requests);
  if (!(rate > 0) || errors.length < 2) return 1;
  const chiSquare = errors.reduce((total, count, index) => {
    const expected = (requests[index] ?? 0) * rate;
    return expected > 0 ? total + (count - expected) ** 2 / expected : total;
  }, 0);
  return Math.max(1, chiSquare / (errors.length - 1));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
