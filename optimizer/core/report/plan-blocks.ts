import type { Action } from "../model/action.ts";
import type { MonthlyUsd, RealizedSoFar } from "../model/money.ts";
import type { BalancerReference, Plan } from "../model/plan.ts";
import { knownUsd, unknownWords } from "../money/monthly.ts";
import type { Proposal, Skip, Withheld } from "../model/rule.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import { type Block, cell, type Line, piece } from "../model/telling.ts";
import { count, dayAndTime, duration, monthly, number, usd } from "./figures.ts";
import { utcDay, utcMinute } from "../model/utc.ts";
import { percent } from "../model/percent.ts";
import { adviceBlocks } from "./advice.ts";
import { plannedActions } from "./planned-actions.ts";
import { billRow, cappedWords, spendingBlocks } from "./spending.ts";
import {
  approveFlag,
  calendarWords,
  phaseTitles,
  projectionWords,
  refusalWords,
  realizedWords,
  resourceWords,
  skipWords,
  worstProjection,
  roundWords,
  undoWords,
  withheldReason,
} from "./words.ts";

const minuteMs = 60_000;

/** The whole plan for a reader in a terminal: what changes, what was refused and why, when, what is disturbed, what it saves. */
export function planBlocks(plan: Plan, planHash: string): readonly Block[] {
  return [
    ...headBlocks(plan, planHash),
    ...plan.phases.flatMap((phase) => phaseBlocks(plan, phase.number)),
    ...withheldBlocks(plan),
    ...adviceBlocks(plan),
    ...refusedBlocks(plan),
    ...skipBlocks(plan),
    ...calendarBlocks(plan),
    ...disruptionBlocks(plan),
    ...balancerBlocks(plan),
    ...moneyBlocks(plan),
    ...spendingBlocks(plan.spending),
    ...warningBlocks(plan),
  ];
}

export function proposalsOf(plan: Plan): readonly Proposal[] {
  return plan.decisions.filter((decision): decision is Proposal => decision.kind === "proposal");
}

export function withheldOf(plan: Plan): readonly (Skip & { readonly withheld: Withheld })[] {
  return skipsOf(plan).flatMap((skip) => (skip.withheld === undefined ? [] : [{ ...skip, withheld: skip.withheld }]));
}

export function skipsOf(plan: Plan): readonly Skip[] {
  return plan.decisions.filter((decision): decision is Skip => decision.kind === "skip");
}

function headBlocks(plan: Plan, planHash: string): readonly Block[] {
  const days = Math.round((plan.baselineSpan.endMs - plan.baselineSpan.startMs) / (1440 * minuteMs));
  const regions = plan.deployments.deployments.map((deployment) => deployment.region);
  return [
    { kind: "heading", text: `Plan ${planHash.slice(0, 12)}`, note: `account ${plan.accountId}` },
    {
      kind: "line",
      indent: 1,
      line: cell(
        `${count(plan.inventory.resources.length, "resource")} in ${regions.join(", ")}; baseline of ${count(days, "day")} up to ${utcDay(plan.baselineSpan.endMs)}; rules ${plan.policy.rules.decision}, windows ${plan.policy.window.decision}`,
        "dim",
      ),
    },
    ...Object.entries(plan.inventory.failedRegions).map(([region, reason]): Block => ({
      kind: "line",
      indent: 1,
      line: [piece(`${region} is left out: `, "bad"), piece(reason)],
    })),
  ];
}

function phaseBlocks(plan: Plan, phase: PhaseNumber): readonly Block[] {
  const stages = plan.phases.flatMap((planned) => (planned.number === phase ? planned.stages : []));
  const heading: Block = { kind: "heading", text: `Phase ${phase}`, note: phaseTitles[phase] };
  if (stages.length === 0) return [{ kind: "gap" }, heading, { kind: "line", indent: 1, line: cell("nothing to change", "dim") }];
  const byAction = new Map(proposalsOf(plan).map((proposal) => [proposal.action.id, proposal]));
  const rows = stages.flatMap((stage) =>
    stage.actions.map((action, position): readonly Line[] => {
      const proposal = byAction.get(action.id);
      return [
        position === 0 ? [piece(stage.region, "strong"), piece(`${roundWords(stage.round ?? 1)} ${stage.role}`, "dim")] : cell(""),
        cell(resourceWords(action.resource, proposal?.part)),
        proposal === undefined ? cell(action.summary) : changeLine(proposal),
        proposal === undefined ? cell("") : cell(monthly(proposal.savings), savingTone(proposal)),
        proposal === undefined ? cell(followWords(action), "dim") : reasonLine(proposal),
      ];
    }),
  );
  return [{ kind: "gap" }, heading, { kind: "table", indent: 1, right: [3], rows }];
}

function followWords(action: Action): string {
  return action.after === undefined ? undoWords(action) : `once ${action.after} has passed, watched for a soak; ${undoWords(action)}`;
}

function changeLine(proposal: Proposal): Line {
  return [piece(`${proposal.from} → `), piece(proposal.to, "strong")];
}

function savingTone(proposal: Proposal): "good" | "dim" {
  return knownUsd(proposal.savings) > 0 ? "good" : "dim";
}

function reasonLine(proposal: Proposal): Line {
  const worst = proposal.chosen === undefined ? undefined : worstProjection(proposal.chosen);
  return cell(`${worst === undefined ? proposal.reason : projectionWords(worst)}; ${undoWords(proposal.action)}`, "dim");
}

function refusedBlocks(plan: Plan): readonly Block[] {
  const refused = plan.decisions.filter((decision) => decision.refused.length > 0);
  if (refused.length === 0) return [];
  const rows = refused.flatMap((decision) =>
    decision.refused.map((candidate, position): readonly Line[] => [
      position === 0 ? cell(decision.resource.region) : cell(""),
      position === 0 ? cell(resourceWords(decision.resource, decision.part)) : cell(""),
      cell(refusalWords(candidate), "warn"),
    ]),
  );
  return [{ kind: "gap" }, { kind: "heading", text: "Refused", note: "sizes that would be too small" }, { kind: "table", indent: 1, right: [], rows }];
}

/** Actions that wait for an approval: what each would save, why it is not done unasked, and the flag that approves it. */
function withheldBlocks(plan: Plan): readonly Block[] {
  const waiting = withheldOf(plan);
  if (waiting.length === 0) return [];
  const lines = waiting.flatMap(({ resource, part, withheld }): readonly Block[] => [
    {
      kind: "table",
      indent: 1,
      right: [2],
      rows: [[cell(resource.region), cell(resourceWords(resource, part)), cell(monthly(withheld.savings)), cell(withheld.summary, "strong")]],
    },
    { kind: "line", indent: 2, line: cell(withheldReason(withheld), "warn") },
    { kind: "line", indent: 2, line: [piece("to approve: ", "dim"), piece(approveFlag(withheld), "strong")] },
  ]);
  return [
    { kind: "gap" },
    {
      kind: "heading",
      text: "Withheld",
      note: `${count(waiting.length, "change")} that ${waiting.length === 1 ? "needs" : "need"} an approval; not part of the plan`,
    },
    ...lines,
  ];
}

function skipBlocks(plan: Plan): readonly Block[] {
  const skips = skipsOf(plan).filter(({ withheld }) => withheld === undefined);
  if (skips.length === 0) return [];
  const rows = skips.map((skip): readonly Line[] => [
    cell(skip.resource.region),
    cell(resourceWords(skip.resource, skip.part)),
    cell(skipWords[skip.code], skip.code === "tenant-resource" ? "strong" : "plain"),
    cell(skip.detail, "dim"),
  ]);
  return [
    { kind: "gap" },
    { kind: "heading", text: "Left alone", note: `${count(skips.length, "decision")} with a reason` },
    { kind: "table", indent: 1, right: [], rows },
  ];
}

function calendarBlocks(plan: Plan): readonly Block[] {
  if (plan.calendar.length === 0) return [];
  const rows = plan.calendar.map((entry): readonly Line[] => [cell(dayAndTime(entry.atMinutes * minuteMs)), cell(calendarWords(entry))]);
  return [{ kind: "gap" }, { kind: "heading", text: "Calendar", note: "from the run's start" }, { kind: "table", indent: 1, right: [], rows }];
}

function disruptionBlocks(plan: Plan): readonly Block[] {
  const rows = plannedActions(plan).flatMap((action) =>
    action.disruptions.map((each): readonly Line[] => [
      cell(action.region),
      cell(resourceWords(action.resource)),
      cell(`${each.kind.replace("-", " ")}, up to ${duration(each.seconds * 1000)}`, "warn"),
      cell(each.detail, "dim"),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    { kind: "gap" },
    { kind: "heading", text: "Disruptions", note: "short, and caused by the changes themselves" },
    { kind: "table", indent: 1, right: [], rows },
  ];
}

function balancerBlocks(plan: Plan): readonly Block[] {
  if (plan.balancers.length === 0) return [];
  const rows = plan.balancers.map((balancer): readonly Line[] => [
    cell(balancer.region),
    cell(balancer.loadBalancer),
    cell(
      `${number(balancer.requestsPerSecond)} requests/s, errors ${percent(balancer.errorRate)}; a false rollback in ${percent(balancer.falseRollbackShare)} of past windows, ${visibleWords(balancer)}`,
      "dim",
    ),
  ]);
  return [{ kind: "gap" }, { kind: "heading", text: "Watching", note: "back-test on the baseline" }, { kind: "table", indent: 1, right: [], rows }];
}

/** The smallest harm that a window shows, and what of the baseline was too ill to learn from. */
function visibleWords({ smallestVisibleP99Increase, smallestVisiblePeakP99Increase, smallestVisibleErrorRate, incidents = [] }: BalancerReference): string {
  const peak = smallestVisiblePeakP99Increase === undefined ? "" : ` (+${percent(smallestVisiblePeakP99Increase)} in the busiest hours)`;
  const errors = smallestVisibleErrorRate === undefined ? "" : `, errors from ${percent(smallestVisibleErrorRate)} within 8 h`;
  const listed = incidents.map(({ startMs, endMs, errorRate, p99Ratio }) => {
    // A p99 below twice the usual made no incident: its errors did, however few.
    const harm = errorRate > 0.01 || p99Ratio === null || p99Ratio < 2 ? `errors ${percent(errorRate)}` : `p99 ×${p99Ratio.toFixed(1)}`;
    return `${utcMinute(startMs)} UTC for ${duration(endMs - startMs)} (${harm})`;
  });
  const more = listed.length > 3 ? ` and ${listed.length - 3} more` : "";
  const leftOut = listed.length === 0 ? "" : `; left out of what is usual: ${listed.slice(0, 3).join(", ")}${more}`;
  return `p99 seen from +${percent(smallestVisibleP99Increase)}${peak}${errors}${leftOut}`;
}

/** The three kinds of saving, apart, and the tool's own bill. */
export function moneyBlocks(plan: Plan, realized?: RealizedSoFar): readonly Block[] {
  const { estimated, commitmentCapped } = plan.savings;
  const { collected, runEstimate } = plan.bill;
  const rows: readonly (readonly Line[])[] = [
    savingRow("estimated", estimated, `list prices of ${plan.prices.asOf}`, "good"),
    savingRow("commitment-capped", commitmentCapped, cappedWords(plan.savings), "plain"),
    realizedRow(realized),
    ...billRow(plan.spending),
    [cell("this tool's bill"), cell(usd(collected.usd)), cell(`spent on collecting; ${usd(runEstimate.usd)} more expected for watching the run`, "dim")],
  ];
  return [{ kind: "gap" }, { kind: "heading", text: "Money", note: "three figures that are never added up" }, { kind: "table", indent: 1, right: [1], rows }];
}

/** The unknown part of an amount stands beside the figure: a wide figure would leave no room for the words. */
function savingRow(name: string, amount: MonthlyUsd, note: string, tone: "good" | "plain"): readonly Line[] {
  if (amount.kind !== "partly") return [cell(name), cell(monthly(amount), tone), cell(note, "dim")];
  const unknown = amount.unknown.map(unknownWords).join(" and ");
  return [cell(name), cell(`${usd(amount.usd)}/month`, tone), cell(`and ${unknown}; ${note}`, "dim")];
}

function realizedRow(realized: RealizedSoFar | undefined): readonly Line[] {
  const seen = realized?.kind === "seen";
  return [
    cell("realized so far"),
    cell(seen ? usd(realized.usd) : realized?.kind === "unread" ? "unknown" : "not yet seen", seen ? "good" : "plain"),
    cell(realized === undefined ? "after the run: same weekdays before and after, at equal requests where these are paid for" : realizedWords(realized), "dim"),
  ];
}

/** What else the reader of a plan should know of outputs and proposals. */
export function planWarnings(plan: Plan): readonly string[] {
  return [
    ...plan.deployments.warnings,
    ...proposalsOf(plan).flatMap((proposal) => proposal.warnings.map((warning) => `${resourceWords(proposal.resource, proposal.part)}: ${warning}`)),
  ];
}

function warningBlocks(plan: Plan): readonly Block[] {
  const warnings = planWarnings(plan);
  const missing = plan.deployments.missing.map((each) => `${each.region}: no ${each.component} (${each.reason})`);
  if (warnings.length + missing.length === 0) return [];
  return [
    { kind: "gap" },
    { kind: "heading", text: "Notes" },
    ...warnings.map((warning): Block => ({ kind: "line", indent: 1, line: cell(warning, "warn") })),
    ...missing.map((each): Block => ({ kind: "line", indent: 1, line: cell(each, "dim") })),
  ];
}
