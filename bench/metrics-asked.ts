import { z } from "zod";

const inputSchema = z.object({
  MetricDataQueries: z.array(z.object({ MetricStat: z.object({ Metric: z.record(z.string(), z.unknown()), Period: z.number(), Stat: z.string() }) })),
  StartTime: z.date(),
  EndTime: z.date(),
});

/** What was asked of GetMetricData. */
export interface MetricsAsked {
  readonly metricCalls: number;
  /** Statistics of a metric over a span, pages of the same answer not counted again. */
  readonly series: number;
  /** As AWS bills: every metric of every page, up to five statistics of one metric as one (CloudWatch pricing page). */
  readonly billedMetrics: number;
}

/** Counts requests as they leave the SDK clients, apart from the optimizer's own count. */
export function metricsAsked(): { add(region: string, input: object): void; sofar(): MetricsAsked } {
  let metricCalls = 0;
  let billedMetrics = 0;
  const series = new Set<string>();
  return {
    add(region, input) {
      const { MetricDataQueries: queries, StartTime: from, EndTime: until } = inputSchema.parse(input);
      const statistics = new Map<string, number>();
      for (const { MetricStat: asked } of queries) {
        const metric = JSON.stringify([region, asked.Metric, asked.Period]);
        statistics.set(metric, (statistics.get(metric) ?? 0) + 1);
        series.add(JSON.stringify([metric, asked.Stat, from, until]));
      }
      metricCalls += 1;
      billedMetrics += [...statistics.values()].reduce((sum, count) => sum + Math.ceil(count / 5), 0);
    },
    sofar: () => ({ metricCalls, series: series.size, billedMetrics }),
  };
}
