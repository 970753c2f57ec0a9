import story from "../../simulation/scenarios/story.json" with { type: "json" };
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import { services } from "../../simulation/services.ts";
import { getMetricData } from "../../simulation/services/cloudwatch/get-metric-data.ts";
import { fakeModel, fakeNames, instances, members } from "./fake-account.ts";
import type { LoadModel } from "../../simulation/load/load-model.ts";

export const storyScenario: Scenario = parseScenario(story, "story.json");
export const t0Ms = Date.parse(storyScenario.start);
export const hourMs = 3_600_000;

const tables = { "tap-prod-tenants": { "by-plan": () => -1, "by-domain": () => -1 }, "tap-prod-audit-logs": { "by-actor": () => -1 } };
const redis = { nodeType: "cache.r6g.4xlarge", shards: 4, replicasPerShard: 2 };

export interface StorySizes {
  readonly east?: string;
  readonly west?: string;
  readonly writer?: string;
}

/** The load of the story's account with the sizes of its groups and its writer, the same at all times. */
export function storyModel({ east = "m5.4xlarge", west = "m5.4xlarge", writer = "db.r6g.4xlarge" }: StorySizes = {}): LoadModel {
  const big = "db.r6g.4xlarge";
  return fakeModel(storyScenario, {
    "us-east-1": { group: () => instances(east), members: () => members([writer, big, big]), tables, redis },
    "us-west-2": { group: () => instances(west), members: () => members([big, big], true), tables, redis },
  });
}

export interface Question {
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
  /** Hours after T0. */
  readonly fromHour: number;
  readonly untilHour: number;
}

export const group = { AutoScalingGroupName: fakeNames.group };
export const balancer = { LoadBalancer: fakeNames.loadBalancer };
export const sixtyDays = { fromHour: -60 * 24, untilHour: 0 };

/** Values by start of period, asked well after the span, when all points have come. */
export function ask(model: LoadModel, question: Question): ReadonlyMap<number, number> {
  const { region, namespace, metric, dimensions, statistic, periodSeconds, fromHour, untilHour } = question;
  const { scenario } = model;
  const startMs = Date.parse(scenario.start);
  const values = new Map<number, number>();
  let token: string | undefined;
  do {
    const page = getMetricData(
      {
        MetricDataQueries: [
          {
            Id: "m1",
            MetricStat: {
              Metric: { Namespace: namespace, MetricName: metric, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) },
              Period: periodSeconds,
              Stat: statistic,
            },
          },
        ],
        StartTime: new Date(startMs + fromHour * hourMs),
        EndTime: new Date(startMs + untilHour * hourMs),
        ScanBy: "TimestampAscending",
        NextToken: token,
      },
      { region, nowMs: startMs + untilHour * hourMs + hourMs, scenario, model, services },
    );
    const [result] = page.MetricDataResults ?? [];
    result?.Timestamps?.forEach((timestamp, at) => values.set(timestamp.getTime(), result.Values?.[at] ?? Number.NaN));
    token = page.NextToken;
  } while (token !== undefined);
  return values;
}

export function quantileOf(values: Iterable<number>, rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? Number.NaN;
}
