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
  // The largest first, so that no dot hides a smaller one; each with its number in the table.
  const placed = risks
    .flatMap(({ usedShare, ...risk }, index) => (usedShare === null ? [] : [{ ...risk, usedShare, number: index + 1 }]))
    .sort((a, b) => (b.monthlyUsd ?? 0) - (a.monthlyUsd ?? 0));
  if (placed.length === 0) return undefined;
  const most = Math.max(1, placed[0]?.monthlyUsd ?? 1);
  const used = placed.map(({ usedShare }) => usedShare * 100);
  const leastUsed = used.reduce((least, each) => Math.min(least, each), 100);
  const mostUsed = used.reduce((highest, each) => Math.max(highest, each), 100);
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
            x: used.map((share) => Math.round(share * 10) / 10),
            y: placed.map(({ requestsPerSecond }) => Math.round(requestsPerSecond * 10) / 10),
            text: placed.map(({ number }) => `${number}`),
            textfont: { color: "@paper", size: 11 },
            customdata: placed.map(({ resource, region, change, monthlyUsd }) => [
              plainText(`${resource}, ${region}`),
              plainText(`${change}, ${dollars(monthlyUsd)} a month`),
            ]),
            hovertemplate: "%{customdata[0]}<br>%{customdata[1]}<br>%{x} % of what is allowed, %{y} requests a second<extra></extra>",
            marker: {
              size: placed.map(({ monthlyUsd }) => 18 + 30 * Math.sqrt(Math.max(0, monthlyUsd ?? 0) / most)),
              color: placed.map(({ level }) => levelColours[level]),
              opacity: 0.9,
              line: { color: "@paper", width: 1 },
            },
            cliponaxis: false,
          },
        ],
      },
    ],
    layout: {
      xaxis: { title: { text: "% of what is allowed" }, range: [Math.max(0, Math.floor(leastUsed / 10) * 10 - 10), mostUsed + 8] },
      yaxis: { title: { text: "requests a second" }, rangemode: "tozero" },
      shapes: [{ type: "line", xref: "x", yref: "paper", x0: 100, x1: 100, y0: 0, y1: 1, line: { color: "@bad", width: 1, dash: "dash" } }],
      showlegend: false,
    },
    heightPx: 360,
  };
}

function dollars(usdAMonth: number | null): string {
  return usdAMonth === null ? "unknown" : usd(usdAMonth);
}

export function riskView(pictures: Pictures): Markup {
  const chart = riskChart(pictures);
  const rows = pictures.risks.map(({ resource, region, change, usedShare, level, requestsPerSecond, monthlyUsd, wayBack }, index) => [
    html`<span class="soft">${index + 1}</span> ${resource}`,
    region,
    change,
    html`<span class="${level === "high" ? "bad" : level === "medium" ? "warn" : "soft"}">${level}</span>`,
    usedShare === null ? "no capacity changes" : percent(usedShare),
    number(requestsPerSecond),
    dollars(monthlyUsd),
    wayBack,
  ]);
  const columns = [
    { title: "Resource" },
    { title: "Region" },
    { title: "Change" },
    { title: "Level" },
    { title: "Of what is allowed", figure: true as const },
    { title: "Requests a second", figure: true as const },
    { title: "A month", figure: true as const },
    { title: "Way back" },
  ];
  return html`<p class="soft of-chart">
      Each dot is the change of that number in the table, as large as its saving: across by its worst projected dimension, up by the requests behind it. Right
      of the dashed line a size is refused. High: 95 % of what is allowed or more; medium: 75 %.
    </p>
    ${chart === undefined ? undefined : chartFigure(chart)}${table("Changes by how near they come to their limit, and what stands behind them", columns, rows)}`;
}
