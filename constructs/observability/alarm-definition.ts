/** One CloudWatch metric as an alarm reads it. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Maximum` … or a percentile such as `p99`. */
  readonly stat: string;
}

/**
 * What an alarm looks at: one metric; a formula over several, by their ids; or a Metrics Insights query, which finds its metrics
 * each time and so names no resource that may go.
 */
export type AlarmSource =
  | { readonly kind: "metric"; readonly metric: AlarmMetric }
  | { readonly kind: "formula"; readonly expression: string; readonly metrics: Readonly<Record<string, AlarmMetric>> }
  | { readonly kind: "query"; readonly sql: string };

/** An alarm as data. It fires when `datapoints` of the last `periods` are beyond the threshold. */
export interface AlarmDefinition {
  /** `tap-{suffix}-{key}` is its name. */
  readonly key: string;
  readonly description: string;
  readonly source: AlarmSource;
  readonly beyond: "above" | "at-or-above" | "below";
  readonly threshold: number;
  /** The threshold is a share of what the class takes that the stack is made with, and stays as it is when another is adopted. */
  readonly fitsClassAtCreation?: true;
  readonly periodSeconds: 60 | 300;
  readonly periods: number;
  readonly datapoints: number;
}

/** A sum of metrics that are absent while nothing happens. */
export function sumOf(metrics: Readonly<Record<string, AlarmMetric>>): AlarmSource {
  return { kind: "formula", expression: `SUM(FILL(METRICS(), 0))`, metrics };
}
