import { count, usd } from "../../core/report/figures.ts";
import { percent } from "../../core/model/percent.ts";
import type { Pictures } from "../../core/report/page/pictures.ts";
import type { ServiceCost } from "../../core/report/page/service-costs.ts";
import { chartFigure, type Chart, plainText } from "../chart.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";

/** Slices below this share are drawn as one, so that the picture stays readable; the table lists every service. */
const smallestSlice = 0.02;
const slots = ["@one", "@two", "@three", "@four", "@five", "@soft"];

export function costsChart({ costs }: Pictures): Chart | undefined {
  if (costs === null || costs.length === 0) return undefined;
  const total = costs.reduce((sum, { beforeUsd }) => sum + beforeUsd, 0);
  const drawn = costs.filter(({ beforeUsd }) => beforeUsd >= smallestSlice * total);
  const rest = costs.filter((cost) => !drawn.includes(cost));
  const slices = rest.length === 0 ? drawn : [...drawn, summed(count(rest.length, "smaller service"), rest)];
  const pie = (usdOf: (cost: ServiceCost) => number, name: string, column: number) => ({
    type: "pie",
    name,
    title: { text: name, position: "bottom center" },
    labels: slices.map(({ service }) => plainText(shortened(service))),
    values: slices.map((cost) => Math.round(usdOf(cost) * 100) / 100),
    sort: false,
    hole: 0.5,
    textinfo: "percent",
    textposition: "inside",
    insidetextfont: { color: "@paper" },
    insidetextorientation: "horizontal",
    hovertemplate: "%{label}<br>$%{value:,.0f} a month (%{percent})<extra></extra>",
    marker: { colors: slices.map((_, index) => slots[index % slots.length]), line: { color: "@paper", width: 2 } },
    domain: { row: 0, column },
  });
  return {
    id: "costs",
    description: `Monthly cost by service before and after; ${slices.map(({ service, beforeUsd, afterUsd }) => `${service} ${usd(beforeUsd)} to ${usd(afterUsd)}`).join(", ")}`,
    variants: [{ label: "before and after", traces: [pie((cost) => cost.beforeUsd, "before", 0), pie((cost) => cost.afterUsd, "after", 1)] }],
    layout: { grid: { rows: 1, columns: 2 }, legend: { orientation: "h", y: -0.15, yanchor: "top" }, margin: { l: 8, r: 8, t: 8, b: 8 } },
    heightPx: 360,
  };
}

/** As a legend has room for on a phone; the table has the whole name. */
export function shortened(service: string): string {
  const name = service.replace(/^(?:Amazon|AWS) /, "");
  return name.length <= 32 ? name : `${name.slice(0, 20)}…${name.slice(-11)}`;
}

function summed(service: string, costs: readonly ServiceCost[]): ServiceCost {
  return costs.reduce((sum, cost) => ({ service, beforeUsd: sum.beforeUsd + cost.beforeUsd, afterUsd: sum.afterUsd + cost.afterUsd }), {
    service,
    beforeUsd: 0,
    afterUsd: 0,
  });
}

export function costsView(pictures: Pictures): Markup {
  const { costs, afterMeans } = pictures;
  if (costs === null) return html`<p class="none">Cost Explorer could not be read, so the bill by service is not known.</p>`;
  const total = summed("all services", costs);
  const rows = [...costs, total].map(({ service, beforeUsd, afterUsd }) => [
    service,
    usd(beforeUsd),
    usd(afterUsd),
    beforeUsd === afterUsd ? "untouched" : `−${usd(beforeUsd - afterUsd)}`,
    total.beforeUsd === 0 ? "" : percent(beforeUsd / total.beforeUsd),
  ]);
  const columns = [
    { title: "Service" },
    { title: "Before, a month", figure: true as const },
    { title: "After, a month", figure: true as const },
    { title: "Difference", figure: true as const },
    { title: "Of the bill", figure: true as const },
  ];
  const chart = costsChart(pictures);
  return html`<p class="soft">The whole bill of these regions, amortized, at the pace of the last two weeks; after: ${afterMeans}, by list prices.</p>
    ${chart === undefined ? undefined : chartFigure(chart)}${table("Cost by service, before and after", columns, rows)}`;
}
