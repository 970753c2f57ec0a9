import { type Metric, metricOf } from "../../optimizer/core/metrics/catalogue.ts";
import { noPoints, type Observation, type SeriesKey, seriesId, type Span, type Statistic } from "../../optimizer/core/model/observation.ts";

/** A metric's true course: by hour since the baseline's start (fractions for finer periods); NaN where AWS has no point. */
export type Signal = (hour: number, statistic: Statistic) => number;

/** Every value of every series made another one; `hour` counts as a signal's does. */
export type Turn = (value: number, key: SeriesKey, hour: number) => number;

/** What runs tells no figure twice: its last digits move on, too little to count. */
export const movingOn: Turn = (value, key, hour) => (metricOf(key)?.neverStill === true ? value * (1 + hour * 1e-9) : value);

export interface Course {
  readonly metric: Metric;
  readonly region: string;
  readonly resource: string;
  readonly signal: Signal;
}

interface Watched {
  readonly courses: readonly Course[];
  readonly turns: readonly Turn[];
  readonly span: Span;
  readonly laterHours: number;
}

/**
 * What AWS would answer to keys. Each series is made once, whoever asks for it: most rules on one kind of resource ask for the same ones, and a
 * world is planned many times over.
 */
export function observer({ courses, turns, span, laterHours }: Watched): (keys: readonly SeriesKey[]) => readonly Observation[] {
  const made = new Map<string, Observation>();
  // The newest course wins, so that a test can override one of a ready-made world.
  const courseOf = new Map(courses.map((course) => [placeOf(course.metric, course.region, course.resource), course]));

  function valuesOf(key: SeriesKey, course: Course | undefined): Float64Array {
    const periods = (span.endMs - span.startMs) / (key.periodSeconds * 1000);
    if (course === undefined && turns.length === 0) return noPoints(periods);
    const values = new Float64Array(periods);
    for (let period = 0; period < periods; period += 1) {
      const hour = laterHours + (period * key.periodSeconds) / 3600;
      let value = course?.signal(hour, key.statistic) ?? Number.NaN;
      for (const turn of turns) value = turn(value, key, hour);
      values[period] = value;
    }
    return values;
  }

  function observation(key: SeriesKey): Observation {
    const course = courseOf.get(placeOf(key, key.region, Object.values(key.dimensions).join("/")));
    return { key, unit: course?.metric.unit ?? "None", startMs: span.startMs, values: valuesOf(key, course), status: "complete" };
  }

  return (keys) =>
    keys.map((key) => {
      const id = seriesId(key);
      const known = made.get(id) ?? observation(key);
      made.set(id, known);
      return known;
    });
}

function placeOf({ namespace, metric }: Pick<Metric, "namespace" | "metric">, region: string, resource: string): string {
  return [namespace, metric, region, resource].join("|");
}
