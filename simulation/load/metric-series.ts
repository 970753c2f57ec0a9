import type { StandardUnit } from "@aws-sdk/client-cloudwatch";

/** The samples of one tick: how many, and their distribution's location and scale. Reused from tick to tick. */
export interface TickSamples {
  /** 0: nothing was published. */
  count: number;
  /** Mean of a normal, logarithm of the median of a log-normal distribution. */
  location: number;
  scale: number;
}

/** One metric of one resource, as samples by tick. */
export interface MetricSeries {
  readonly unit: StandardUnit;
  readonly shape: "normal" | "log-normal";
  /** Whether AWS offers percentiles for it. */
  readonly percentiles: boolean;
  /** No sample is above. */
  readonly ceiling: number;
  /** Fills `samples` for a tick that is over; NaN figures count as nothing published. */
  fill(tick: number, samples: TickSamples): void;
}

/** Samples published each minute by each of `publishers`. */
export function perMinute(samples: TickSamples, publishers: number, mean: number, deviation: number): void {
  samples.count = Number.isNaN(mean) || Number.isNaN(publishers) ? 0 : Math.round(publishers * 5);
  samples.location = mean;
  samples.scale = deviation;
}

/** One sample of value `each` per event: absent when nothing happened. */
export function perEvent(samples: TickSamples, events: number, each: number): void {
  samples.count = Number.isNaN(events) ? 0 : Math.round(events);
  samples.location = each;
  samples.scale = 0;
}

/** Nothing published. */
export function silence(samples: TickSamples): void {
  samples.count = 0;
}
