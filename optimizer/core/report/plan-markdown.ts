import type { Plan } from "../model/plan.ts";
import { monthly, usd } from "./figures.ts";
import { commitmentName, coverageWords, recommendationWords, riseWords, trendWords, utilizationWords } from "./spending.ts";
import { percent } from "../model/percent.ts";
import { planVerdict } from "./page/verdict.ts";
import { adviceCountWords, adviceOf, adviceText, stepBackWords, stepTitle } from "./advice.ts";
import { proposalsOf, skipsOf, withheldOf } from "./plan-blocks.ts";
import { approveFlag, evidenceWords, refusalWords, resourceWords, skipWords, undoWords, withheldReason, worstProjection } from "./words.ts";

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
      worst === undefined ? "–" : `${worst.dimension} ${percent(worst.projected)} of at most ${percent(worst.limit)}`,
      undoWords(proposal.action),
    ]);
  });
  const head = [
    "### Optimizer plan",
    "",
    plainMarkdown(planVerdict(plan)),
    "",
    ...(changes.length === 0
      ? []
      : [markdownRow(["Resource", "Region", "Change", "Saves", "Worst projection", "Way back"]), "| --- | --- | --- | --- | --- | --- |", ...changes, ""]),
  ].join("\n");
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
    ...(trend === null ? [] : [`- all services: ${plainMarkdown(trendWords(trend))}`]),
    ...(trend?.services ?? []).map(
      ({ region, service, monthlyUsd, risingUsd }) =>
        `- ${plainMarkdown(service)}, ${plainMarkdown(region)}: ${plainMarkdown(usd(monthlyUsd.at(-1) ?? 0))}/month${risingUsd === null ? "" : `, ${riseWords(risingUsd)}`}`,
    ),
    ...coverage.map((each) => `- ${plainMarkdown(`${commitmentName(each)}, ${each.region ?? "every region"}: ${coverageWords(each)}`)}`),
    ...utilization.map((each) => `- ${plainMarkdown(`${commitmentName(each)}: ${utilizationWords(each)}`)}`),
    ...recommendations.map((each) => `- recommended, never bought: ${plainMarkdown(recommendationWords(each))}`),
    ...unread.map(({ what, reason }) => `- not told: ${plainMarkdown(`${what} (${reason})`)}`),
  ];
}

interface Folded {
  readonly title: string;
  readonly lines: readonly string[];
}

function folded(title: string, lines: readonly string[]): Folded {
  return { title, lines };
}

/** As many whole lines of each folded part as fit; what is left out is counted. */
function withinLimit(head: string, parts: readonly Folded[], most: number): string {
  let text = head.slice(0, most);
  for (const { title, lines } of parts) {
    if (lines.length === 0) continue;
    const open = `\n<details><summary>${title} (${lines.length})</summary>\n\n`;
    const close = "\n</details>\n";
    let budget = most - text.length - open.length - close.length - 80;
    if (budget <= 0) continue;
    const kept: string[] = [];
    for (const line of lines) {
      budget -= line.length + 1;
      if (budget < 0) break;
      kept.push(line);
    }
    const rest = lines.length - kept.length;
    text += `${open}${kept.join("\n")}${rest === 0 ? "" : `\n- … and ${rest} more: see the plan's page`}\n${close}`;
  }
  return text;
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
