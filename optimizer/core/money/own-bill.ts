import type { OwnBill } from "../model/money.ts";
import type { PriceBook } from "../model/rule.ts";

/** What the tool's own calls cost, metrics at the price of the dearest region asked. A region of unknown price is left out of it. */
export function ownBill(
  prices: PriceBook,
  regions: readonly string[],
  calls: { readonly metricRequests: number; readonly costExplorerRequests: number },
): OwnBill {
  const dearest = Math.max(0, ...regions.flatMap((region) => prices.metricRequest(region) ?? []));
  return { ...calls, usd: calls.metricRequests * dearest + calls.costExplorerRequests * prices.costExplorerRequest() };
}
