import { number } from "../core/report/figures.ts";
import { type Child, html, type Markup } from "./markup.ts";

export interface Column {
  readonly title: string;
  readonly figure?: true;
}

/** As many rows as a browser lays out within a second, and a reader may still scroll through. */
export const mostRows = 1000;

/** An accessible table: a caption, column headers with scope, the first cell of each row as its header. */
export function table(caption: string, columns: readonly Column[], all: readonly (readonly Child[])[]): Markup {
  if (all.length === 0) return html`<p class="none">None.</p>`;
  const rows = all.slice(0, mostRows);
  const cut =
    all.length === rows.length
      ? undefined
      : html`<p class="soft">The first ${number(rows.length)} of ${number(all.length)} rows; the JSON file beside this page has all of them.</p>`;
  const head = columns.map((column) => html`<th scope="col" ${figureClass(column)}>${column.title}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((child, index) => tableCell(child, index, columns[index]))}
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${head}
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
      </table>
    </div>
    ${cut}`;
}

function tableCell(child: Child, index: number, column: Column | undefined): Markup {
  return index === 0 ? html`<th scope="row">${child}</th>` : html`<td data-label="${column?.title ?? ""}" ${figureClass(column)}><div>${child}</div></td>`;
}

function figureClass(column: Column | undefined): Markup {
  return column?.figure === true ? html` class="figure"` : html``;
}
