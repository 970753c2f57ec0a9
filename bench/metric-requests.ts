/** `tsx bench/metric-requests.ts`: what a plan of the story asks of CloudWatch, counted where requests leave the SDK clients. */
import { inScratch, show } from "./measure.ts";
import { accounts, rehearsals } from "./rehearsals.ts";

await inScratch(async (scratch) => {
  const { metricCalls, series, billedMetrics, billedByOptimizer } = (await rehearsals(scratch))(accounts.story);
  const each = (count: number): string => `${(count / series).toFixed(2)} per series`;
  show(`CloudWatch, one plan: ${series} series of metrics over the baseline`, [
    ["one request per series", `${series} calls`],
    ["GetMetricData", `${metricCalls} calls`, each(metricCalls), `1 : ${(series / metricCalls).toFixed(1)}`],
    ["billed", `${billedMetrics} metrics`, each(billedMetrics), `the plan says ${billedByOptimizer}`],
  ]);
});
