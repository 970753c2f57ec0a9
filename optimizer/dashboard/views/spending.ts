import { count, usd } from "../../core/report/figures.ts";
import { percent } from "../../core/model/percent.ts";
import type { MonthlyTrend, ServiceTrend, Spending } from "../../core/model/spending.ts";
import type { Pictures } from "../../core/report/page/pictures.ts";
import { commitmentName, riseWords, trendWords } from "../../core/report/spending.ts";
import { chartFigure, type Chart, plainText } from "../chart.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";

/** Services drawn each in a colour of its own; the rest are drawn as one, and the table lists them. */
const drawnServices = 5;
const colours = ["@one", "@two", "@three", "@four", "@five", "@soft"];

/** The section of the bill by month and of commitments; none in plans that lack them. */
export function spendingSection(pictures: Pictures): readonly { readonly id: string; readonly title: string; readonly content: Markup }[] {
  return pictures.spending === undefined ? [] : [{ id: "months", title: "Bill by month", content: spendingView(pictures.spending) }];
}

/** Complete months as bars by service, and the running one, at its own pace, paler beside them. */
export function monthsChart({ spending }: Pictures): Chart | undefined {
  return spending === undefined || spending.trend === null ? undefined : chartOf(spending.trend);
}

function chartOf(trend: MonthlyTrend): Chart {
  const { months, running } = trend;
  const services = byService(trend);
  const rest = services.slice(drawnServices);
  const drawn =
    rest.length === 0
      ? services
      : [
          ...services.slice(0, drawnServices),
          {
            service: count(rest.length, "smaller service"),
            usd: months.concat(running === null ? [] : running.month).map((_, month) => rest.reduce((sum, each) => sum + (each.usd[month] ?? 0), 0)),
          },
        ];
  const labels = [...months, ...(running === null ? [] : [`${running.month}, ${count(running.days, "day")}`])];
  return {
    id: "months",
    description: `Cost by month and service, each month as 730 hours: ${trendWords(trend)}`,
    variants: [
      {
        label: "by service",
        traces: drawn.map(({ service, usd: amounts }, index) => ({
          type: "bar",
          name: plainText(service),
          x: labels,
          y: amounts.map((amount) => Math.round(amount * 100) / 100),
          marker: { color: colours[index % colours.length], opacity: labels.map((_, month) => (month < months.length ? 1 : 0.45)) },
          hovertemplate: `%{x}<br>$%{y:,.0f} a month<extra>${plainText(service)}</extra>`,
        })),
      },
    ],
    layout: {
      barmode: "stack",
      bargap: 0.35,
      xaxis: { type: "category" },
      yaxis: { title: { text: "a month" }, tickprefix: "$", rangemode: "tozero" },
      legend: { orientation: "h", y: -0.2, yanchor: "top", traceorder: "normal" },
    },
    heightPx: 360,
  };
}

/** All regions together, the dearest service of the last complete month first. */
function byService({ services, running }: MonthlyTrend): readonly { readonly service: string; readonly usd: readonly number[] }[] {
  const sums = new Map<string, readonly number[]>();
  for (const each of services) {
    const amounts = [...each.monthlyUsd, ...(running === null ? [] : [each.runningMonthlyUsd ?? 0])];
    const known = sums.get(each.service);
    sums.set(each.service, known === undefined ? amounts : amounts.map((amount, month) => amount + (known[month] ?? 0)));
  }
  const last = services[0]?.monthlyUsd.length ?? 0;
  return [...sums].map(([service, amounts]) => ({ service, usd: amounts })).sort((a, b) => (b.usd[last - 1] ?? 0) - (a.usd[last - 1] ?? 0));
}

function spendingView(spending: Spending): Markup {
  return html`${trendView(spending.trend)}
    <h3>Reservations and Savings Plans</h3>
    <p class="soft">
      Reported, never bought. Recommendations are AWS's own, for one year without anything upfront, from usage before these changes: what is made smaller needs
      less.
    </p>
    ${commitmentsTable(spending)}${recommendationsTable(spending)}${unreadList(spending)}`;
}

function trendView(trend: MonthlyTrend | null): Markup {
  if (trend === null) return html`<p class="none">Cost Explorer shows no complete month.</p>`;
  const { months, running, services } = trend;
  const shown = months.slice(-3);
  const first = months.length - shown.length;
  const columns = [
    { title: "Service" },
    { title: "Region" },
    ...shown.map((month) => ({ title: month, figure: true as const })),
    ...(running === null ? [] : [{ title: `${running.month} so far`, figure: true as const }]),
    { title: "Trend" },
  ];
  const rows = services.map((each) => [
    each.service,
    each.region,
    ...shown.map((_, month) => usd(each.monthlyUsd[first + month] ?? 0)),
    ...(running === null ? [] : [usd(each.runningMonthlyUsd ?? 0)]),
    trendCell(each),
  ]);
  const pace = running === null ? "" : ` ${running.month} has ${count(running.days, "complete day")} and is told at their pace.`;
  return html`<p class="soft">Amortized, complete months only, each as 730 hours: ${trendWords(trend)}.${pace}</p>
    ${chartFigure(chartOf(trend))}${table("Cost by month, service and region", columns, rows)}`;
}

function trendCell({ risingUsd }: ServiceTrend): Markup {
  if (risingUsd === null) return html`<span class="soft">one month only</span>`;
  const words = riseWords(risingUsd);
  return words.startsWith("rising") ? html`<span class="warn">${words}</span>` : html`${words}`;
}

function commitmentsTable({ coverage, utilization }: Spending): Markup {
  const rows = [
    ...coverage.map((each) => [
      commitmentName(each),
      each.region ?? "every region",
      percent(each.coveredShare),
      each.kind === "reservation" ? "running hours covered" : "spend covered, at on-demand rates",
    ]),
    ...utilization.map((each) => [
      commitmentName(each),
      "every region",
      percent(each.usedShare),
      each.unusedUsd < 0.005 ? "of what is paid for is used" : html`of what is paid for is used; <span class="warn">${usd(each.unusedUsd)} for nothing</span>`,
    ]),
  ];
  return table(
    "Coverage and utilization, the last 30 days",
    [{ title: "Commitment" }, { title: "Region" }, { title: "Share", figure: true as const }, { title: "Of what" }],
    rows,
  );
}

function recommendationsTable({ recommendations }: Spending): Markup {
  const rows = recommendations.map((each) => [commitmentName(each), each.what, `${usd(each.monthlySavingsUsd)}/month`]);
  return table(
    "What AWS recommends to buy",
    [{ title: "Commitment" }, { title: "What" }, { title: "AWS's estimate of its saving", figure: true as const }],
    rows,
  );
}

function unreadList({ unread }: Spending): Markup | undefined {
  if (unread.length === 0) return undefined;
  return table(
    "What Cost Explorer did not tell",
    [{ title: "What" }, { title: "Why" }],
    unread.map(({ what, reason }) => [what, reason]),
  );
}
