import type { Plan } from "../model/plan.ts";
import type { ServiceTrend } from "../model/spending.ts";
import { lastMonthUsd } from "../money/trend.ts";
import { count, monthly, usd } from "./figures.ts";
import { commitmentName, coverageRows, coverageWords, recommendationWords, riseWords, trendWords, utilizationWords } from "./spending.ts";
import { percent } from "../model/percent.ts";
import { planVerdict } from "./page/verdict.ts";
import { adviceCountWords, adviceOf, adviceText, stepBackWords, stepTitle } from "./advice.ts";
import { proposalsOf, skipsOf, withheldOf } from "./plan-blocks.ts";
import { approveFlag, dimensionWords, evidenceWords, refusalWords, resourceWords, skipWords, undoWords, withheldReason, worstProjection } from "./words.ts";

/** GitHub refuses a longer comment (its API answers 422, "body is too long (maximum is 65536 characters)"). */
const mostCharacters = 65_536;

/** A plan as a comment of a pull request: verdict, a table of changes, the rest folded. Whatever does not fit is counted, not cut in the middle. */
export function planMarkdown(plan: Plan, planHash: string): string {
  const changes = proposalsOf(plan).map((proposal) => {
    const worst = proposal.chosen === undefined ? undefined : worstProjection(proposal.chosen);
    return markdownRow([
      resourceWords(proposal.resource, proposal.part),
      proposal.resource.region,
      `${proposal.from} → ${proposal.to}`,
      monthly(proposal.savings),
      worst === undefined ? "–" : `${dimensionWords(worst.dimension)} ${percent(worst.projected)} of at most ${percent(worst.limit)}`,
      undoWords(proposal.action),
    ]);
  });
  const head = ["### Optimizer plan", "", plainMarkdown(planVerdict(plan)), ""].join("\n");
  const evidence = proposalsOf(plan).map(
    (proposal) =>
      `- **${plainMarkdown(resourceWords(proposal.resource, proposal.part))}**, ${plainMarkdown(proposal.resource.region)}: ${plainMarkdown(proposal.evidence.map(evidenceWords).join("; "))}`,
  );
  const refused = plan.decisions.flatMap((decision) =>
    decision.refused.map((candidate) => `- ${plainMarkdown(resourceWords(decision.resource, decision.part))}: ${plainMarkdown(refusalWords(candidate))}`),
  );
  const withheld = withheldOf(plan).map(
    ({ resource, part, withheld: own }) =>
      `- **${plainMarkdown(resourceWords(resource, part))}**, ${plainMarkdown(resource.region)}: ${plainMarkdown(own.summary)}, ${plainMarkdown(monthly(own.savings))}; ${plainMarkdown(withheldReason(own))}; to approve: ${plainMarkdown(approveFlag(own))}`,
  );
  const advice = adviceOf(plan).map(
    (each) =>
      `- ${plainMarkdown(each.resource.region)}, ${plainMarkdown(adviceText(each))}; ${plainMarkdown(each.evidence.map(evidenceWords).join("; "))}${each.toFindOut.map(({ question, command }) => `; ${plainMarkdown(question)} ${plainMarkdown(command)}`).join("")}${(each.byHand ?? []).map((step, position) => plainMarkdown(`; ${[stepTitle(step, position), ...step.commands, stepBackWords(step)].join("; ")}`)).join("")}`,
  );
  const skips = skipsOf(plan)
    .filter((skip) => skip.withheld === undefined)
    .map(
      (skip) =>
        `- ${plainMarkdown(resourceWords(skip.resource, skip.part))}, ${plainMarkdown(skip.resource.region)}: ${skipWords[skip.code]} (${plainMarkdown(skip.detail)})`,
    );
  const foot = `\n<sub>plan ${planHash.slice(0, 12)}, account ${plan.accountId}; list prices of ${plan.prices.asOf}</sub>\n`;
  const parts = [
    changesTable(changes),
    folded("Withheld until somebody approves", withheld),
    ...(advice.length === 0 ? [] : [folded(`Advice: ${adviceCountWords(adviceOf(plan))}`, advice)]),
    folded("Evidence", evidence),
    folded("Refused sizes", refused),
    folded("Left alone", skips),
    folded("The bill by month, reservations and Savings Plans", spendingLines(plan)),
  ];
  return `${withinLimit(head, parts, mostCharacters - foot.length)}${foot}`;
}

function spendingLines({ spending }: Plan): readonly string[] {
  if (spending === undefined) return [];
  const { trend, coverage, utilization, recommendations, unread } = spending;
  return [
    ...(trend === null ? [] : [`- all services: ${plainMarkdown(trendWords(trend))}`, ...trend.services.map(serviceLine)]),
    ...coverageRows(coverage).map((each) => `- ${plainMarkdown(`${commitmentName(each)}, ${each.region ?? "every region"}: ${coverageWords(each)}`)}`),
    ...utilization.map((each) => `- ${plainMarkdown(`${commitmentName(each)}: ${utilizationWords(each)}`)}`),
    ...recommendations.map((each) => `- recommended, never bought: ${plainMarkdown(recommendationWords(each))}`),
    ...unread.map(({ kind, what, reason }) => `- ${kind === "none" ? "none" : "not told"}: ${plainMarkdown(`${what} (${reason})`)}`),
  ];
}

function serviceLine(own: ServiceTrend): string {
  const rise = riseWords(own);
  return `- ${plainMarkdown(`${own.service}, ${own.region}: ${usd(lastMonthUsd(own))}/month${rise === undefined ? "" : `, ${rise}`}`)}`;
}

/** Lines that stand together; of those that do not fit `rest` says how many there are. */
interface Part {
  readonly title: string;
  readonly open: string;
  readonly lines: readonly string[];
  readonly rest: (amount: number) => string;
  readonly close: string;
}

function changesTable(changes: readonly string[]): Part {
  return {
    title: "Changes",
    open: `\n${markdownRow(["Resource", "Region", "Change", "Saves", "Worst projection", "Way back"])}\n| --- | --- | --- | --- | --- | --- |\n`,
    lines: changes,
    rest: (amount) => `\n… and ${count(amount, "more change")}: see the plan's page\n`,
    close: "",
  };
}

function folded(title: string, lines: readonly string[]): Part {
  return {
    title,
    open: `\n<details><summary>${title} (${lines.length})</summary>\n\n`,
    lines,
    rest: (amount) => `- … and ${amount} more: see the plan's page\n`,
    close: "\n</details>\n",
  };
}

/** As many whole lines of each part as fit, in the order of the parts; what is left out is counted. */
function withinLimit(head: string, all: readonly Part[], most: number): string {
  const parts = all.filter(({ lines }) => lines.length > 0);
  const room = most - leftOutWords(parts).length;
  const leftOut: Part[] = [];
  let text = head.slice(0, room);
  for (const part of parts) {
    const kept = fitting(part, room - text.length);
    const rest = part.lines.length - kept.length;
    if (kept.length === 0) leftOut.push(part);
    else text += `${part.open}${kept.map((line) => `${line}\n`).join("")}${rest === 0 ? "" : part.rest(rest)}${part.close}`;
  }
  return leftOut.length === 0 ? text : `${text}${leftOutWords(leftOut)}`;
}

function fitting({ open, lines, rest, close }: Part, room: number): readonly string[] {
  let left = room - open.length - close.length - rest(lines.length).length;
  const past = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return past < 0 ? lines : lines.slice(0, past);
}

function leftOutWords(parts: readonly Part[]): string {
  return `\nNot shown here, see the plan's page: ${parts.map(({ title, lines }) => `${title} (${lines.length})`).join(", ")}\n`;
}

export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(plainMarkdown).join(" | ")} |`;
}

/** A name as text: no markup, no mention, no cell border, no control characters, one line. */
export function plainMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]|~#!]/g, String.raw`\$&`)
    .replaceAll("@", "@\u200b");
}
