import type { Advice } from "../../core/model/rule.ts";
import { aboutWords, adviceCountWords, stepBackWords } from "../../core/report/advice.ts";
import { monthly } from "../../core/report/figures.ts";
import { evidenceWords } from "../../core/report/words.ts";
import { list } from "../evidence.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";

/** A section of a page, or none where there is no advice. */
export function adviceSection(advice: readonly Advice[]): readonly { readonly id: string; readonly title: string; readonly content: Markup }[] {
  return advice.length === 0 ? [] : [{ id: "advice", title: "Advice", content: adviceView(advice) }];
}

/** The steps in their order, folded where there are any. */
function byHand({ byHand: steps = [] }: Advice): Markup {
  if (steps.length === 0) return html``;
  return html`<details>
    <summary>By hand, in ${steps.length} steps</summary>
    <ol>
      ${steps.map((step) => html`<li>${step.name}: ${step.what} ${step.commands.map((command) => html`<code>${command}</code> `)}<small>${stepBackWords(step)}</small></li>`)}
    </ol>
  </details>`;
}

function adviceView(advice: readonly Advice[]): Markup {
  const rows = advice.map((each) => [
    html`${aboutWords(each)}<small>${each.resource.region}</small>`,
    html`${each.summary}<small>${each.reason}</small>`,
    monthly(each.savesAtMost),
    list([...each.evidence.map(evidenceWords), ...each.warnings]),
    html`<ul>
        ${each.toFindOut.map(({ question, command }) => html`<li>${question} <code>${command}</code></li>`)}
      </ul>
      ${byHand(each)}`,
  ]);
  const columns = [
    { title: "Resources" },
    { title: "Consider" },
    { title: "Saves at most", figure: true as const },
    { title: "Evidence" },
    { title: "What no figure tells" },
  ];
  return html`<p class="soft">advice: ${adviceCountWords(advice)}: a person may follow it, this program does not.</p>
    ${table("What a person may consider", columns, rows)}`;
}
