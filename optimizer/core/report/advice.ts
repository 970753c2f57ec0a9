import type { MonthlyUsd } from "../model/money.ts";
import type { Plan } from "../model/plan.ts";
import type { Advice, ManualStep } from "../model/rule.ts";
import { type Block, cell, type Line, piece } from "../model/telling.ts";
import { sumMonthly } from "../money/monthly.ts";
import { monthly } from "./figures.ts";
import { evidenceWords, resourceWords } from "./words.ts";

export function adviceOf(plan: Plan): readonly Advice[] {
  return plan.decisions.filter((decision): decision is Advice => decision.kind === "advice");
}

/** `2, at most $41.00/month, never executed`, behind a word that says that it is advice. */
export function adviceCountWords(advice: readonly Advice[]): string {
  return `${advice.length}, at most ${monthly(advisedSavings(advice))}, never executed`;
}

/** What all of it would save at most. */
export function advisedSavings(advice: readonly Advice[]): MonthlyUsd {
  return sumMonthly(advice.map(({ savesAtMost }) => savesAtMost));
}

/** `table orders, with table returns`. */
export function aboutWords({ resource, part, others }: Advice): string {
  const own = resourceWords(resource, part);
  return others.length === 0 ? own : `${own}, with ${others.map((other) => resourceWords(other)).join(" and ")}`;
}

/** In one line: what to consider, with which others, why, and what it would save at most. */
export function adviceText(advice: Advice): string {
  return `${aboutWords(advice)}: ${advice.summary}; at most ${monthly(advice.savesAtMost)}; ${advice.reason}`;
}

/** `2. instances of web: cut its clients off`. */
export function stepTitle({ name, what }: ManualStep, position: number): string {
  return `${position + 1}. ${name}: ${what}`;
}

/** How a step is taken back, or what of it does not come back. */
export function stepBackWords({ back }: ManualStep): string {
  return back.kind === "comes-back" ? `to take it back: ${back.how}` : `would not come back: ${back.what}`;
}

/** All of it for a terminal: what to consider, why, on which figures, and what nobody can read from them. */
export function adviceBlocks(plan: Plan): readonly Block[] {
  const advice = adviceOf(plan);
  if (advice.length === 0) return [];
  const lines = advice.flatMap((each): readonly Block[] => [
    {
      kind: "table",
      indent: 1,
      right: [2],
      rows: [[cell(each.resource.region), cell(aboutWords(each)), cell(`at most ${monthly(each.savesAtMost)}`), cell(each.summary, "strong")] satisfies Line[]],
    },
    { kind: "line", indent: 2, line: cell(each.reason, "dim") },
    ...each.evidence.map((figure): Block => ({ kind: "line", indent: 2, line: cell(evidenceWords(figure), "dim") })),
    ...each.warnings.map((warning): Block => ({ kind: "line", indent: 2, line: cell(warning, "warn") })),
    ...each.toFindOut.flatMap(({ question, command }): readonly Block[] => [
      { kind: "line", indent: 2, line: [piece("to find out: ", "dim"), piece(question)] },
      { kind: "line", indent: 2, line: cell(command, "strong") },
    ]),
    ...(each.byHand ?? []).flatMap((step, position): readonly Block[] => [
      { kind: "line", indent: 2, line: [piece("by hand ", "dim"), piece(stepTitle(step, position))] },
      ...step.commands.map((command): Block => ({ kind: "line", indent: 2, line: cell(command, "strong") })),
      { kind: "line", indent: 2, line: cell(stepBackWords(step), step.back.kind === "lost" ? "warn" : "dim") },
    ]),
  ]);
  return [{ kind: "gap" }, { kind: "heading", text: "Advice", note: `advice: ${adviceCountWords(advice)}` }, ...lines];
}
