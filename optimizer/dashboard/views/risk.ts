import { number, usd } from "../../core/report/figures.ts";
import { percent } from "../../core/model/percent.ts";
import type { Pictures } from "../../core/report/page/pictures.ts";
import type { Risk } from "../../core/report/page/risk-matrix.ts";
import { chartFigure, type Chart, plainText } from "../chart.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";

const levelColours: Readonly<Record<Risk["level"], string>> = { low: "@good", medium: "@warn", high: "@bad", "not by capacity": "@soft" };

/** How much of the allowed utilization a change uses, against the requests behind it; the larger the dot, the more dollars. */
export function riskChart({ risks }: Pictures): Chart | undefined {
  const placed = risks.filter(({ usedShare }) => usedShare !== null);
  if (placed.length === 0) return undefined;
  const most = Math.max(1, ...placed.map(({ monthlyUsd }) => monthlyUsd));
  return {
    id: "risk",
    description: `${placed.length} changes by the share of the allowed utilization that they use and the requests a second behind them; the table below lists them`,
    variants: [
      {
        label: "all",
        traces: [
          {
            type: "scatter",
            mode: "markers+text",
            x: placed.map(({ usedShare }) => Math.round((usedShare ?? 0) * 1000) / 10),
            y: placed.map(({ requestsPerSecond }) => Math.round(requestsPerSecond * 10) / 10),
            text: placed.map(({ resource, region }) => plainText(`${resource}, ${region}`)),
            textposition: placed.map((_, index) => (index % 2 === 0 ? "top left" : "bottom left")),
            customdata: placed.map(({ change, monthlyUsd }) => plainText(`${change}, ${usd(monthlyUsd)} a month`)),
            hovertemplate: "%{text}<br>%{customdata}<br>%{x} % of what is allowed, %{y} requests a second<extra></extra>",
            marker: {
              size: placed.map(({ monthlyUsd }) => 12 + 36 * Math.sqrt(monthlyUsd / most)),
              color: placed.map(({ level }) => levelColours[level]),
              opacity: 0.75,
            },
            cliponaxis: false,
          },
        ],
      },
    ],
    layout: {
      xaxis: { title: { text: "worst projected dimension, % of what is allowed" }, range: [0, 110] },
      yaxis: { title: { text: "requests a second behind it" }, rangemode: "tozero" },
      shapes: [{ type: "line", xref: "x", yref: "paper", x0: 100, x1: 100, y0: 0, y1: 1, line: { color: "@bad", width: 1, dash: "dash" } }],
      showlegend: false,
    },
    heightPx: 360,
  };
}

export function riskView(pictures: Pictures): Markup {
  const chart = riskChart(pictures);
  const rows = pictures.risks.map(({ resource, region, change, usedShare, level, requestsPerSecond, monthlyUsd, reversibility }) => [
    resource,
    region,
    change,
    html`<span class="${level === "high" ? "bad" : level === "medium" ? "warn" : "soft"}">${level}</span>`,
    usedShare === null ? "no capacity changes" : percent(usedShare),
    `${number(requestsPerSecond)} requests a second`,
    `${usd(monthlyUsd)} a month`,
    reversibility,
  ]);
  const columns = [
    { title: "Resource" },
    { title: "Region" },
    { title: "Change" },
    { title: "Level" },
    { title: "Of what is allowed", figure: true as const },
    { title: "Reach", figure: true as const },
    { title: "Dollars", figure: true as const },
    { title: "Way back" },
  ];
  return html`<p class="soft">Right of the dashed line a size is refused. High: 95 % of what is allowed or more; medium: 75 %.</p>
    ${chart === undefined ? undefined : chartFigure(chart)}${table("Changes by how near they come to their limit, and what stands behind them", columns, rows)}`;
}
