import { checkedPeriod, type CostPeriod } from "./cost-period.ts";
import type { CostContext } from "./daily-usage.ts";
import { validationException } from "./service-errors.ts";

const dayMs = 86_400_000;

/** The asked days, as the reports on commitments check them: none of them may lie ahead. */
export function reportPeriod(asked: Parameters<typeof checkedPeriod>[0], { scenario, nowMs }: CostContext): CostPeriod {
  const period = checkedPeriod(asked, nowMs, Date.parse(scenario.start) - scenario.historyDays * dayMs);
  if (period.endMs > nowMs) throw validationException("End date should not be in the future");
  return period;
}

/** As AWS writes shares: percent, as text. */
export function percentText(part: number, whole: number): string {
  return whole === 0 ? "0" : String((part / whole) * 100);
}
