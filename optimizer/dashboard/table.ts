import { type Child, html, type Markup } from "./markup.ts";

export interface Column {
  readonly title: string;
  readonly figure?: true;
}

/** An accessible table: a caption, column headers with scope, the first cell of each row as its header. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Child[])[]): Markup {
  if (rows.length === 0) return html`<p class="none">None.</p>`;
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
  </div>`;
}

function tableCell(child: Child, index: number, column: Column | undefined): Markup {
  return index === 0 ? html`<th scope="row">${child}</th>` : html`<td data-label="${column?.title ?? ""}" ${figureClass(column)}><div>${child}</div></td>`;
}

function figureClass(column: Column | undefined): Markup {
  return column?.figure === true ? html` class="figure"` : html``;
}
