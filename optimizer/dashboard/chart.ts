import { html, type Markup, withoutInvisible } from "./markup.ts";

/** A trace or layout in Plotly's own words; colours are names of the page's palette (`good`, `bad` …), resolved by its script. */
export type ChartJson = Readonly<Record<string, unknown>>;

/** One picture, and what a reader without script sees beside it: its table. */
export interface Chart {
  readonly id: string;
  /** Said to a screen reader in place of the picture. */
  readonly description: string;
  /** Several where a reader may choose, e.g. a dimension; the first is shown. */
  readonly variants: readonly { readonly label: string; readonly traces: readonly ChartJson[] }[];
  readonly layout: ChartJson;
  readonly heightPx: number;
}

/** The place of a picture; the page's script fills it from the data block. Without script nothing is missing but the picture. */
export function chartFigure(chart: Chart): Markup {
  const choice =
    chart.variants.length < 2
      ? undefined
      : html`<label class="choice"
          >Show
          <select data-choice="${chart.id}">
            ${chart.variants.map(({ label }, index) => html`<option value="${index}">${label}</option>`)}
          </select></label
        >`;
  return html`<figure class="chart">
    ${choice}
    <div class="plot" data-chart="${chart.id}" data-height="${chart.heightPx}" role="img" aria-label="${chart.description}"></div>
  </figure>`;
}

/** All pictures as one inert block of JSON: `<` is written as an escape, so that no name can end the block. */
export function chartData(charts: readonly Chart[]): string {
  return JSON.stringify(Object.fromEntries(charts.map(({ id, variants, layout }) => [id, { variants, layout }]))).replaceAll("<", String.raw`\u003c`);
}

/** A name as Plotly shall show it: it reads some markup and `%{…}` in texts, so both are written as themselves. */
export function plainText(name: string): string {
  return withoutInvisible(name).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("%{", "% {");
}
