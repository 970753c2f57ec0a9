import { createPriceBook } from "../../optimizer/adapters/prices/list-prices.ts";

export const prices = createPriceBook();
export const monthHours = 730;

/** A price that must be known: the levers are judged in a region whose prices are. */
export function priced(hourlyUsd: number | null, what: string): number {
  if (hourlyUsd === null) throw new Error(`there is no list price of ${what}`);
  return hourlyUsd;
}
