import { limitWords } from "../observation/own-checks.ts";
import { windowPolicyOf } from "../execution/slot-grid.ts";
import { ruleOf } from "../levers/rules.ts";
import { roundOf } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";
import { percent } from "../model/percent.ts";
import {
  actionsOf,
  type Advice,
  type Candidate,
  type Decision,
  type Evidence,
  type Projection,
  type Proposal,
  type Skip,
  type SkipCode,
} from "../model/rule.ts";
import { type Block, cell, piece } from "../model/telling.ts";
import { aboutWords, stepBackWords, stepTitle } from "./advice.ts";
import { decisionName } from "./decision-names.ts";
import { labelledLine } from "./explain-rule.ts";
import { utcDay } from "../model/utc.ts";
import { duration, monthly } from "./figures.ts";
import { approveFlag, dimensionWords, evidenceWords, phaseTitles, resourceWords, skipWords, undoWords, withheldReason } from "./words.ts";

const minuteMs = 60_000;

/** One decision for somebody who pays for it: what, why, on which figures, how they were projected, what it is worth, and the way back. */
export function explainDecisionBlocks(plan: Plan, decision: Decision): readonly Block[] {
  const { title, phase } = ruleOf(decision.rule);
  return [
    { kind: "heading", text: decisionName(decision), note: `${title}; phase ${phase}, ${phaseTitles[phase]}` },
    ...headBlocks(decision),
    ...evidenceBlocks(decision.evidence, plan),
    ...(decision.kind === "proposal" && decision.chosen !== undefined ? candidateBlocks("fits", decision.chosen) : []),
    ...decision.refused.flatMap((candidate) => candidateBlocks("refused", candidate)),
    ...(decision.kind === "proposal" ? [...moneyBlocks(plan, decision), ...safetyBlocks(plan, decision)] : []),
  ];
}

function headBlocks(decision: Decision): readonly Block[] {
  switch (decision.kind) {
    case "proposal":
      return proposalBlocks(decision);
    case "advice":
      return adviceBlocks(decision);
    case "skip":
      return skipBlocks(decision);
  }
}

function adviceBlocks(advice: Advice): readonly Block[] {
  return [
    labelledLine("consider", [piece(`${aboutWords(advice)} in ${advice.resource.region}: `), piece(advice.summary, "strong")]),
    labelledLine("why", cell(advice.reason)),
    labelledLine("at most", [piece(monthly(advice.savesAtMost), "good"), piece("  advice: never executed, and part of no saving that is proposed", "dim")]),
    ...advice.warnings.map((warning, position) => labelledLine(position === 0 ? "mind" : "", cell(warning, "warn"))),
    ...advice.toFindOut.flatMap(({ question, command }) => [labelledLine("to find out", cell(question)), labelledLine("", cell(command, "strong"))]),
    ...(advice.byHand ?? []).flatMap((step, position) => [
      labelledLine(position === 0 ? "by hand" : "", cell(stepTitle(step, position))),
      ...step.commands.map((command) => labelledLine("", cell(command, "strong"))),
      labelledLine("", cell(stepBackWords(step), step.back.kind === "lost" ? "warn" : "dim")),
    ]),
  ];
}

function proposalBlocks({ resource, part, from, to, reason }: Proposal): readonly Block[] {
  return [
    labelledLine("what", [piece(`${resourceWords(resource, part)} in ${resource.region}: ${from} → `), piece(to, "strong")]),
    labelledLine("why", cell(reason)),
  ];
}

function skipBlocks({ resource, part, code, detail, withheld }: Skip): readonly Block[] {
  return [
    labelledLine("what", [piece(`${resourceWords(resource, part)} in ${resource.region}: `), piece(skipWords[code], "strong")]),
    labelledLine("why", cell(detail)),
    labelledLine("then", cell(skipAdvice[code])),
    ...(withheld === undefined
      ? []
      : [
          labelledLine("would save", cell(monthly(withheld.savings))),
          labelledLine("waits for", cell(withheldReason(withheld), "warn")),
          labelledLine("to approve", cell(`optimizer plan ${approveFlag(withheld)}`, "strong")),
        ]),
  ];
}

/** The requirement's figures first: those that have a limit decide, the others are what the projection starts from. */
function evidenceBlocks(evidence: readonly Evidence[], { baselineSpan }: Plan): readonly Block[] {
  if (evidence.length === 0) return [];
  const days = Math.round((baselineSpan.endMs - baselineSpan.startMs) / (1440 * minuteMs));
  const statistics = [...new Set(evidence.map(({ statistic }) => statisticMeaning(statistic)).filter((text) => text !== undefined))];
  return [
    ...evidence.map((each, position) => labelledLine(position === 0 ? "evidence" : "", cell(evidenceWords(each)))),
    labelledLine("", cell([`from ${days} days up to ${utcDay(baselineSpan.endMs)}`, ...statistics].join("; "), "dim")),
  ];
}

/** A percentile in words for a reader who has never met one. */
export function statisticMeaning(statistic: string): string | undefined {
  const share = /^p(\d+(?:\.\d+)?) of (hourly|5-minute)/.exec(statistic);
  if (share === null) return undefined;
  const [, percentile = "", grain = ""] = share;
  const isLow = Number(percentile) < 50;
  const among = Math.round(100 / (isLow ? Number(percentile) : 100 - Number(percentile)));
  return `p${percentile}: only one ${grain === "hourly" ? "hour" : "span of 5 minutes"} in ${among} was ${isLow ? "lower" : "higher"}`;
}

function candidateBlocks(label: "fits" | "refused", { target, projections }: Candidate): readonly Block[] {
  return [
    labelledLine(label, [piece(target, label === "fits" ? "good" : "warn"), piece(projections.length === 0 ? "" : ", at the worst moment seen:")]),
    ...projections.flatMap((projection) => [
      labelledLine("", [piece(projection.fits ? "✓ " : "✗ ", projection.fits ? "good" : "bad"), piece(projectionSentence(projection))]),
      labelledLine("", cell(`  ${projection.method}`, "dim")),
    ]),
  ];
}

/** `CPU: 26 % in use today would be 77 %, 3.0 times as much; up to 80 % is allowed`. */
function projectionSentence({ dimension, current, projected, limit }: Projection): string {
  const times = current > 0 ? `, ${(projected / current).toFixed(1)} times as much` : "";
  return `${dimensionWords(dimension)}: ${percent(current)} in use today would be ${percent(projected)}${times}; up to ${percent(limit)} is allowed`;
}

function moneyBlocks({ prices }: Plan, { monthlyCost, savings }: Proposal): readonly Block[] {
  const cost = monthlyCost === undefined ? "" : `${monthly(monthlyCost.before)} − ${monthly(monthlyCost.after)} = `;
  return [labelledLine("money", [piece(cost), piece(monthly(savings), "good"), piece(`  list prices of ${prices.asOf}; a month is 730 hours`, "dim")])];
}

function safetyBlocks({ policy }: Plan, proposal: Proposal): readonly Block[] {
  return actionsOf(proposal).flatMap((action) => [
    ...action.steps.map(({ description }, position) => labelledLine(position === 0 ? "steps" : "", cell(description))),
    ...action.disruptions.map(({ kind, seconds, detail }) =>
      labelledLine("disrupts", cell(`${kind.replaceAll("-", " ")}, up to ${duration(seconds * 1000)}: ${detail}`, "warn")),
    ),
    labelledLine(
      "watched",
      cell(
        action.judgedBy === "nothing-visible"
          ? "no window could show its effect: it is read back, and done"
          : `for ${duration(windowPolicyOf(policy.window, roundOf(action)).minutes * minuteMs)}; undone at more than ${percent(policy.window.maxErrorRate)} errors or a p99 more than ${percent(policy.window.maxP99Increase)} above the usual`,
      ),
    ),
    ...(action.checks ?? []).map((check) => labelledLine("", cell(`besides, ${check.name}: ${limitWords(check)}; ${check.why}`))),
    labelledLine("way back", cell([undoWords(action), ...action.rollback.map(({ description }) => description)].join("; "))),
  ]);
}

/** What a reader can do to have it decided otherwise; docs/faq.md is made from it. */
export const skipAdvice: Readonly<Record<SkipCode, string>> = {
  "tenant-resource": "Nothing: a tenant's resource is never changed. If the tag does not mean a tenant, name its key under `tenantTags.never` of the policy.",
  shared:
    "Somebody else uses what would be changed. Give the resource a launch template or parameter group of its own, or name the other user in the outputs, too.",
  "insufficient-data":
    "Wait until there are enough days, or mend what does not report (the CloudWatch agent, a new resource). `completeness` of the policy says how much is enough.",
  "threshold-not-met":
    "It is used, so it stays. The limit is the requirement's; it stands under `rules` of the policy, where a higher one is your own responsibility.",
  "does-not-fit": "Every smaller size would be too full at the worst moment, or with a zone lost. `rules.headroom` says how much room is left free.",
  scaled:
    "Its own policies or scheduled actions set its size, and would undo another one. Give them other bounds or targets; the reason says which, and what could not be replayed.",
  "still-read":
    "Somebody reads it, rarely. Find out who (CloudTrail data events, the application's logs); plan again once it is silent for the whole baseline.",
  "no-counterpart":
    "Nothing: the reason says what keeps it apart from the others. Where their loads decide, the least correlation stands under `rules` of the policy.",
  "already-there": "Nothing is left to save here by this rule. The target stands under `rules` of the policy.",
  "cannot-judge": "No load balancer would show whether the change did harm, so nothing is changed. Name one in the outputs.",
  "not-owner": "It is a copy; the decision is made, and told, in the region that owns it.",
  "needs-approval":
    "It cannot be undone, so somebody must want it: pass the printed `--approve` flag to `optimizer plan`, or name it under `approvals` of the policy.",
  unsupported: "This version does not know how to change it safely. The reason says what about it is special.",
  "not-found": "The outputs name something that AWS does not have. Deploy again, or pass the outputs of today.",
  unreadable: "AWS did not let it be described. Grant the permission that the reason names.",
  "failover-required":
    "Nothing: it is there to take over. Where nobody needs that, `rules.regionRemoveSecondary.failoverRequired` of the policy says so, and what removing it would take is told.",
  "phase-skipped": "You asked for it with `--skip-phases`; leave the flag out.",
};
