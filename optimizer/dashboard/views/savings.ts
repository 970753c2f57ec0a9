import type { Savings } from "../../core/model/money.ts";
import { usd } from "../../core/report/figures.ts";
import type { Pictures } from "../../core/report/page/pictures.ts";
import { projectedMonths } from "../../core/report/page/savings-projection.ts";
import { rangeWords, rateWords } from "../../core/report/spending.ts";
import { chartFigure, type Chart } from "../chart.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";

const colours = ["@soft", "@two", "@good"];

/** Beside the capped figure of a card. */
export function cappedCardNote(savings: Savings): string {
  return ["what is really paid on demand today", rateWords(savings), rangeWords(savings)].filter((words) => words !== undefined).join("; ");
}

/** Each kind of saving as it would add up over a year. */
export function savingsChart({ savings }: Pictures): Chart {
  const months = Array.from({ length: projectedMonths + 1 }, (_, month) => month);
  const known = savings.lines.filter(({ monthlyUsd }) => monthlyUsd !== null);
  return {
    id: "savings",
    description: `Cumulative savings over ${projectedMonths} months: ${known.map(({ name, monthlyUsd }) => `${name} ${usd((monthlyUsd ?? 0) * projectedMonths)}`).join(", ")}`,
    variants: [
      {
        label: "cumulative",
        traces: known.map(({ name, monthlyUsd }, index) => ({
          type: "scatter",
          mode: "lines",
          name,
          x: months,
          y: months.map((month) => Math.round((monthlyUsd ?? 0) * month)),
          line: { color: colours[index % colours.length], width: 2 },
          hovertemplate: `$%{y:,.0f} after %{x} months<extra>${name}</extra>`,
        })),
      },
    ],
    layout: {
      xaxis: { title: { text: "months" }, dtick: 1 },
      yaxis: { title: { text: "saved, cumulative" }, tickprefix: "$", rangemode: "tozero" },
      legend: { orientation: "h", y: -0.25, yanchor: "top" },
    },
    heightPx: 340,
  };
}

export function savingsView(pictures: Pictures, cards: Markup, note: string): Markup {
  const rows = pictures.savings.lines.map(({ name, monthlyUsd, note: origin }) => [
    name,
    monthlyUsd === null ? "unknown" : usd(monthlyUsd),
    monthlyUsd === null ? "unknown" : usd(monthlyUsd * 3),
    monthlyUsd === null ? "unknown" : usd(monthlyUsd * projectedMonths),
    origin,
  ]);
  const columns = [
    { title: "Kind" },
    { title: "A month", figure: true as const },
    { title: "A quarter", figure: true as const },
    { title: "A year", figure: true as const },
    { title: "Where it comes from" },
  ];
  return html`${cards}
    <p class="soft">Estimated, commitment-capped and realized savings are three different figures; they are never added up. ${note}</p>
    ${chartFigure(savingsChart(pictures))}${table("Savings as they would go on", columns, rows)}`;
}
