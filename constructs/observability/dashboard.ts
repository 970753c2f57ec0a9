import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import type { Construct } from "constructs";
import type { Names } from "../names.ts";

/** A chart as data. A search finds its metrics each time, so a dashboard names no instance, node or index that may go. */
export interface Chart {
  readonly title: string;
  readonly stat: string;
  readonly metrics: readonly (readonly [namespace: string, name: string, ...dimensions: string[]] | { readonly search: string })[];
}

export interface DashboardProps {
  readonly names: Names;
  readonly charts: readonly Chart[];
  /** Shown on top. */
  readonly alarmArns: readonly string[];
}

const [columns, width, height, alarmsHeight] = [3, 8, 6, 4];

/** One dashboard a region: the alarms, and below them the charts, three in a row. The name has the region, since dashboards are the account's. */
export function dashboard(scope: Construct, id: string, { names, charts, alarmArns }: DashboardProps): CloudwatchDashboard {
  const widgets = [
    { type: "alarm", x: 0, y: 0, width: columns * width, height: alarmsHeight, properties: { title: "Alarms", alarms: alarmArns } },
    ...charts.map(({ title, stat, metrics }, position) => ({
      type: "metric",
      x: (position % columns) * width,
      y: alarmsHeight + Math.floor(position / columns) * height,
      width,
      height,
      properties: {
        title,
        stat,
        period: 300,
        region: names.region,
        view: "timeSeries",
        metrics: metrics.map((metric) => ("search" in metric ? [{ expression: metric.search }] : metric)),
      },
    })),
  ];
  return new CloudwatchDashboard(scope, id, { dashboardName: names.role("dashboard"), dashboardBody: JSON.stringify({ widgets }) });
}
