import type { Proposal } from "../core/model/rule.ts";
import { count } from "../core/report/figures.ts";
import { evidenceWords, projectionWords, worstProjection } from "../core/report/words.ts";
import { html, type Markup } from "./markup.ts";

/** What a proposal rests on: the figures that have a limit and the projection nearest to its own first, everything else folded. */
export function evidenceCell({ evidence, chosen }: Proposal): Markup {
  const limited = evidence.filter(({ limit }) => limit !== undefined);
  const worst = chosen === undefined ? undefined : worstProjection(chosen);
  const deciding = [...(limited.length === 0 ? evidence.slice(0, 2) : limited).map(evidenceWords), ...(worst === undefined ? [] : [projectionWords(worst)])];
  const all = [...evidence.map(evidenceWords), ...(chosen?.projections.map(projectionWords) ?? [])];
  const rest = all.filter((words) => !deciding.includes(words));
  if (rest.length === 0) return list(deciding);
  return html`${list(deciding)}
    <details>
      <summary>${count(rest.length, "more figure")}</summary>
      ${list(rest)}
    </details>`;
}

export function list(items: readonly string[]): Markup {
  return items.length === 0
    ? html``
    : html`<ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>`;
}
