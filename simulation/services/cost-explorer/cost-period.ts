import type { Granularity } from "@aws-sdk/client-cost-explorer";
import { NotSimulated } from "../../account/not-simulated.ts";
import { dataUnavailable, validationException } from "./service-errors.ts";

const dayMs = 86_400_000;
/** Cost Explorer answers for the current month and the 13 before it, unless more history was asked for. */
const keptDays = 425;

export interface CostPeriod {
  readonly startMs: number;
  readonly endMs: number;
}

/** The asked days, end exclusive, checked as AWS checks them. `firstDayMs`: the account's first day. */
export function checkedPeriod(
  period: { readonly Start?: string | undefined; readonly End?: string | undefined } | undefined,
  nowMs: number,
  firstDayMs: number,
): CostPeriod {
  const startMs = dateMs(period?.Start, "Start");
  const endMs = dateMs(period?.End, "End");
  if (startMs >= endMs) throw validationException("Start date (and hour) should be before end date (and hour)");
  if (startMs > nowMs) throw validationException("Start date cannot be after the current date");
  if (nowMs - startMs > keptDays * dayMs) throw validationException("You haven't enabled historical data beyond 14 months");
  if (endMs <= firstDayMs) throw dataUnavailable("The requested data is unavailable.");
  return { startMs, endMs };
}

function dateMs(text: string | undefined, member: string): number {
  const ms = text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw validationException(`TimePeriod ${member} is invalid. Value: ${text}. Valid format: YYYY-MM-DD`);
  return ms;
}

/** Days or calendar months of the period, cut at its ends. */
export function stepsOf({ startMs, endMs }: CostPeriod, granularity: Granularity | undefined): readonly CostPeriod[] {
  switch (granularity) {
    case "DAILY":
      return Array.from({ length: (endMs - startMs) / dayMs }, (_, day) => ({ startMs: startMs + day * dayMs, endMs: startMs + (day + 1) * dayMs }));
    case "MONTHLY":
      return months(startMs, endMs);
    case "HOURLY":
      throw new NotSimulated("Cost Explorer's hourly granularity");
    case undefined:
      throw validationException("Granularity is required");
    default:
      return granularity satisfies never;
  }
}

function months(startMs: number, endMs: number): readonly CostPeriod[] {
  const steps: CostPeriod[] = [];
  for (let fromMs = startMs; fromMs < endMs;) {
    const day = new Date(fromMs);
    const nextMs = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1);
    steps.push({ startMs: fromMs, endMs: Math.min(nextMs, endMs) });
    fromMs = nextMs;
  }
  return steps;
}

/** `YYYY-MM-DD`. */
export function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
