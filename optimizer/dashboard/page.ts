import { sha256Base64 } from "./sha256-base64.ts";
import { chartData, type Chart } from "./chart.ts";
import { chartScript } from "./chart-script.ts";
import { html, type Markup } from "./markup.ts";
import { pageStyle } from "./page-style.ts";

/** A part of the page that its navigation leads to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
  /** Folded until a reader opens it, and when printed. */
  readonly folded?: true;
}

export interface Page {
  readonly title: string;
  /** One sentence: what a reader who reads nothing else must know. */
  readonly verdict: string;
  readonly note: string;
  /** Said above everything else, where a reader must not take the page for the last word. */
  readonly notice?: string;
  readonly sections: readonly Section[];
  readonly charts: readonly Chart[];
}

/** To the letter: a space more, and its hash would be another. */
const styleElement: Markup = { markup: `<style id="plotly.js-style-global" class="no-inline-styles">${pageStyle}</style>` };

/**
 * One self-contained page: nothing is loaded, every name is escaped, and the content security policy lets only the two scripts run whose
 * hashes it names. `plotly` is the source of the plotting library. Plotly sets style attributes, which therefore have to be allowed;
 * style sheets are not: it is told that the page brings its own (class `no-inline-styles`).
 */
export function renderPage({ title, verdict, note, notice, sections, charts }: Page, plotly: string): string {
  const drawn = charts.length > 0;
  const scripts = drawn ? [plotly, chartScript] : [];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.length === 0 ? "'none'" : scripts.map((script) => `'sha256-${sha256Base64(script)}'`).join(" ")}`,
    `style-src 'sha256-${sha256Base64(pageStyle)}'`,
    `style-src-elem 'sha256-${sha256Base64(pageStyle)}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const before = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <header>
          <h1>${title}</h1>
          ${notice === undefined ? undefined : html`<p class="notice" role="status">${notice}</p>`}
          <p class="verdict">${verdict}</p>
          <p class="soft">${note}</p>
          <nav aria-label="Sections">
            <ul>
              ${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main id="content">${sections.map(renderSection)}</main>
     `.markup;
  const data = drawn ? `<script type="application/json" id="chart-data">${chartData(charts)}</script>` : "";
  return `${before}${data}${scripts.map((script) => `<script>${script}</script>`).join("")}</body></html>`;
}

function renderSection({ id, title, content, folded }: Section): Markup {
  if (folded === true)
    return html`<section aria-labelledby="${id}">
      <details>
        <summary><h2 id="${id}">${title}</h2></summary>
        ${content}
      </details>
    </section> `;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section> `;
}
