import { noPoints, type Observation, type SeriesKey, type Span, type Unit } from "../../core/model/observation.ts";
import { metricOf } from "../../core/metrics/catalogue.ts";
import { pointsOf } from "../../core/metrics/metric-batches.ts";

/** One answer for a series: any part of its points, in any order. */
export interface MetricPage {
  readonly timestamps: readonly Date[];
  readonly values: readonly number[];
}

/** Collects the pages of one series into its grid of periods. */
export interface SeriesPoints {
  add(page: MetricPage): void;
  observation(status: "complete" | "unfinished"): Observation;
}

/**
 * Points are placed by time, so pages may come split anywhere and in any order. Of two values for one period the one read
 * later stands: a repeated read is of newer data. Points outside the span and values that are no finite number are left out; so are those below zero,
 * which nothing that is read here can be: as demand, they would speak for a change. A zero of what is never nothing is left out likewise.
 */
export function createSeriesPoints(key: SeriesKey, span: Span, unit: Unit): SeriesPoints {
  const values = new Float64Array(pointsOf(key, span)).fill(Number.NaN);
  const periodMs = key.periodSeconds * 1000;
  const isPossible = metricOf(key)?.neverZero === true ? isAboveZero : isAtLeastZero;
  return {
    add(page) {
      page.timestamps.forEach((timestamp, index) => {
        const slot = Math.floor((timestamp.getTime() - span.startMs) / periodMs);
        const value = page.values[index];
        if (slot >= 0 && slot < values.length && value !== undefined && Number.isFinite(value) && isPossible(value)) values[slot] = value;
      });
    },
    observation(status) {
      const found = values.some((value) => !Number.isNaN(value));
      const kept = found ? values : noPoints(values.length);
      return { key, unit, startMs: span.startMs, values: kept, status: status === "complete" ? "complete" : found ? "partial" : "failed" };
    },
  };
}

function isAtLeastZero(value: number): boolean {
  return value >= 0;
}

function isAboveZero(value: number): boolean {
  return value > 0;
}
