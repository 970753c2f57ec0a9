import type { Plan } from "../model/plan.ts";
import type { RunState } from "../model/run-state.ts";
import { sumMonthly } from "../money/monthly.ts";
import { count, monthly } from "./figures.ts";
import { markdownRow, plainMarkdown } from "./plan-markdown.ts";
import { keptProposals } from "./run-summary.ts";
import { outcomeWords, resourceWords, roundWords } from "./words.ts";
import { verdictWords } from "./record-lines.ts";

/** One value that `adopt` writes: `prod/primary.json`, `aurora.instances.db-1.instanceClass`, `db.r6g.2xlarge`. */
export interface WrittenSize {
  readonly file: string;
  readonly property: string;
  readonly value: string;
}

/** The body of a pull request that adopts a run: what is live already and why it is safe, what the files say now, what was undone. */
export function adoptionMarkdown(plan: Plan, state: RunState, sizes: readonly WrittenSize[], byHand: readonly string[]): string {
  const kept = keptProposals(plan, state);
  const stages = state.phases.flatMap(({ number, stages: all }) => all.map((stage) => ({ number, stage })));
  const windows = stages.flatMap(({ number, stage }) =>
    stage.window?.closed === undefined
      ? []
      : [
          `- phase ${number}, ${stage.region}${roundWords(stage.round)}: ${stage.status.replaceAll("-", " ")}; ${plainMarkdown(verdictWords(stage.window.closed))}`,
        ],
  );
  const undone = stages.filter(({ stage }) => stage.status === "rolled-back");
  return [
    `### Adopt ${count(kept.length, "change")} of ${plainMarkdown(state.runId)}`,
    "",
    `These sizes are live, and were watched: ${plainMarkdown(monthly(sumMonthly(kept.map(({ savings }) => savings))))} less by list prices. After the merge \`terraform plan\` has nothing to change.`,
    "",
    ...(kept.length === 0
      ? []
      : [
          markdownRow(["Resource", "Region", "Change", "Saves"]),
          "| --- | --- | --- | --- |",
          ...kept.map(({ resource, part, from, to, savings }) =>
            markdownRow([resourceWords(resource, part), resource.region, `${from} → ${to}`, monthly(savings)]),
          ),
          "",
        ]),
    ...listed(
      "Sizing files",
      sizes.map(({ file, property, value }) => `- ${plainMarkdown(file)}: ${plainMarkdown(property)} = ${plainMarkdown(value)}`),
    ),
    ...listed(
      "By hand",
      byHand.map((words) => `- ${plainMarkdown(words)}`),
    ),
    ...listed("Windows", windows),
    ...listed(
      "Rolled back, and verified to be as before",
      undone.map(({ number, stage }) => `- phase ${number}, ${stage.region}${roundWords(stage.round)}`),
    ),
    `<sub>run ${plainMarkdown(state.runId)}, ${state.outcome === undefined ? "still open" : outcomeWords[state.outcome]}; plan ${state.planHash.slice(0, 12)}</sub>`,
    "",
  ].join("\n");
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`**${title}**`, "", ...lines, ""];
}
