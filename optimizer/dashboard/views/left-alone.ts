import type { Skip } from "../../core/model/rule.ts";
import { byReason } from "../../core/report/left-alone.ts";
import { count, monthly } from "../../core/report/figures.ts";
import { approveFlag, evidenceWords, resourceWords, withheldReason } from "../../core/report/words.ts";
import { list } from "../evidence.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";

/** What nothing is done about, grouped by reason, the largest group first. */
export function leftAloneView(skips: readonly Skip[], notes: readonly string[]): Markup {
  const groups = byReason(skips);
  return html`${groups.map(
    ({ reason, skips: own }) =>
      html`<h3>${reason} <small>${count(own.length, "decision")}</small></h3>
        ${skipTable(`Left alone: ${reason}`, own)}`,
  )}${
    notes.length === 0
      ? undefined
      : html`<ul>
          ${notes.map((note) => html`<li>${note}</li>`)}
        </ul>`
  }`;
}

export function skipTable(caption: string, skips: readonly Skip[]): Markup {
  const rows = skips.map((skip) => [
    resourceWords(skip.resource, skip.part),
    skip.resource.region,
    skip.rule,
    skip.withheld === undefined
      ? skip.detail
      : `${withheldReason(skip.withheld)}. It would save ${monthly(skip.withheld.savings)}; to approve: ${approveFlag(skip.withheld)}`,
    list(skip.evidence.map(evidenceWords)),
  ]);
  const hasEvidence = skips.some(({ evidence }) => evidence.length > 0);
  const columns = [{ title: "Resource" }, { title: "Region" }, { title: "Rule" }, { title: "Detail" }, ...(hasEvidence ? [{ title: "Evidence" }] : [])];
  return table(
    caption,
    columns,
    rows.map((row) => row.slice(0, columns.length)),
  );
}
