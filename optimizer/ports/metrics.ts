import type { Observation, SeriesKey, Span } from "../core/model/observation.ts";

/** Reads metric series, all of one region per call; pages, partial data and throttling are the adapter's business. */
export interface MetricReader {
  /** One observation per key, in the order of `keys`; equal keys are asked once. Every key's period divides the span. */
  read(region: string, keys: readonly SeriesKey[], span: Span): Promise<readonly Observation[]>;
  /** Metrics requested so far, as AWS bills them. */
  requestsMade(): number;
}
