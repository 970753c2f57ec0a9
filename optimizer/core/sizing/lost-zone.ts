import { oncePerNameInStudy } from "../model/study-memory.ts";
import type { Projection } from "../model/rule.ts";
import { survivors } from "./fleet-size.ts";
import { mapped } from "./series.ts";
import { type HourlyDemand, type HourLimits, worstHour } from "./worst-hour.ts";

/** The whole of what is left: while a zone or a member is lost, no room is kept beyond what the load takes. */
const all: HourLimits = { usual: 1, worst: 1 };

const withoutZone = oncePerNameInStudy<HourlyDemand>();

/** All dimensions have the same instances. */
const survivorsByHour = oncePerNameInStudy<Float64Array>();

/**
 * The highest sample of each hour: with nothing lost within the policy's limit, and with a zone lost within all that the others have. The
 * latter is told only where it is not. A p99.5 with a zone lost leaves out seven hours of sixty days, in which a lost zone would fail requests.
 */
export function worstHours(
  hourly: readonly HourlyDemand[],
  { from, to, zones, limits }: { readonly from: string; readonly to: string; readonly zones: number; readonly limits: HourLimits },
): readonly Projection[] {
  return hourly.flatMap((demand) =>
    worstHour(demand, from, to, limits).flatMap((worst): readonly Projection[] =>
      zones < 2 || worst.projected * mostConcentrated <= 1 ? [worst] : [worst, ...overflowing(lostZone(demand, zones), from, to)],
    ),
  );
}

/** Of three instances in two zones one is left, and nowhere fewer than a third: what takes no more of each fits without a zone, too. */
const mostConcentrated = 3;

function lostZone(demand: HourlyDemand, zones: number): HourlyDemand {
  const left = (instances: Float64Array): Float64Array =>
    survivorsByHour(instances, String(zones), () => mapped(instances, (count) => survivors(count, zones)));
  return withoutZone(demand, String(zones), () => ({
    ...demand,
    instancesAfter: left(demand.instancesAfter),
    ...(demand.instancesGrown === undefined ? {} : { instancesGrown: left(demand.instancesGrown) }),
    note: `one zone of ${zones} lost`,
  }));
}

/** The highest sample where it asks for more than all there is. */
export function overflowing(demand: HourlyDemand, from: string, to: string): readonly Projection[] {
  return worstHour(demand, from, to, all).filter(({ fits }) => !fits);
}
