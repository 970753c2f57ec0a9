import type { Plan } from "../model/plan.ts";
import type { Proposal, Withheld } from "../model/rule.ts";
import { type Block, cell, type Line, piece } from "../model/telling.ts";
import { knownUsd } from "../money/monthly.ts";
import { utcDay } from "../model/utc.ts";
import { count, duration, monthly, usd } from "./figures.ts";
import { type LeftAlone, byReason, refusalAtAGlance, resourcesIn } from "./left-alone.ts";
import { advisedSavings, adviceOf } from "./advice.ts";
import { planWarnings, proposalsOf, skipsOf, withheldOf } from "./plan-blocks.ts";
import { plannedActions } from "./planned-actions.ts";
import { rateWords } from "./spending.ts";
import { approveFlag, phaseTitles } from "./words.ts";

/** More than that is counted: a plan of any size fits one screen, and its page and `--verbose` hold the rest. */
const changeLines = 8;
const mostWithheld = 3;
/** Columns that a row has for words, beside its money and the gaps. */
const longestOnOneLine = 55;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The plan on one screen of 80 columns: what changes, what waits for an approval, what was left alone by reason, time, money, and one closing line. */
export function planSummaryBlocks(plan: Plan, planHash: string): readonly Block[] {
  return [
    { kind: "heading", text: `Plan ${planHash.slice(0, 12)}`, note: headNote(plan) },
    ...Object.entries(plan.inventory.failedRegions).map(([region, reason]) => labelled("left out", [piece(`${region}: `, "bad"), piece(reason)])),
    ...changeBlocks(plan),
    { kind: "gap" },
    ...withheldBlocks(plan),
    ...adviceLine(plan),
    ...leftAloneBlocks(plan),
    ...timeBlocks(plan),
    ...moneyBlocks(plan),
    { kind: "line", indent: 0, line: [piece(planCountsWords(plan), "strong"), ...undoPieces(plan)] },
  ];
}

/** `Plan: 4 to change, 14 left alone, 1 needs approval`. */
export function planCountsWords(plan: Plan): string {
  const waiting = withheldOf(plan).length;
  const parts = [
    `${proposalsOf(plan).length} to change`,
    `${skipsOf(plan).length - waiting} left alone`,
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? "needs" : "need"} approval`]),
  ];
  return `Plan: ${parts.join(", ")}`;
}

const labelWidth = 12;

function labelled(label: string, line: Line): Block {
  return { kind: "line", indent: 1, hang: labelWidth, line: [piece(label.padEnd(labelWidth), "dim"), ...line] };
}

function headNote({ accountId, deployments, baselineSpan }: Plan): string {
  const days = Math.round((baselineSpan.endMs - baselineSpan.startMs) / dayMs);
  return [accountId, ...deployments.deployments.map(({ region }) => region), `${count(days, "day")} to ${utcDay(baselineSpan.endMs)}`].join(", ");
}

function changeBlocks(plan: Plan): readonly Block[] {
  const byAction = new Map(proposalsOf(plan).map((proposal) => [proposal.action.id, proposal]));
  const inOrder = plan.phases.flatMap(({ number, stages }) =>
    stages.flatMap(({ actions }) =>
      actions.flatMap(({ id }) => [byAction.get(id)].flatMap((proposal) => (proposal === undefined ? [] : { number, proposal }))),
    ),
  );
  const named = namedOf(leftAloneGroups(plan)).length;
  // One refusal in words fits beside all changes: the line of counts is the shorter for it. Advice takes a line of its own.
  const room = changeLines - namedLines * Math.max(0, named - 1) - Math.min(1, adviceOf(plan).length);
  const shown = withinLines(
    inOrder.map(({ proposal }) => proposal),
    room,
  );
  const rest = inOrder.slice(shown);
  const restUsd = rest.reduce((sum, { proposal }) => sum + knownUsd(proposal.savings), 0);
  return [
    ...([1, 2, 3] as const).flatMap((phase): readonly Block[] => {
      const rows = inOrder
        .slice(0, shown)
        .filter(({ number }) => number === phase)
        .map(({ proposal }) => changeRow(proposal));
      if (rows.length === 0) return [];
      return [
        { kind: "line", indent: 0, line: [piece(`Phase ${phase}  `, "strong"), piece(phaseTitles[phase], "dim")] },
        { kind: "table", indent: 1, right: [3], rows },
      ];
    }),
    ...(rest.length === 0 ? [] : [labelled("", cell(`and ${count(rest.length, "more change")}, ${usd(restUsd)} a month: --verbose lists them`))]),
  ];
}

/** How many of the changes fit: one whose words are long takes a second line at 80 columns. */
function withinLines(proposals: readonly Proposal[], room: number): number {
  let lines = 0;
  const first = proposals.findIndex(({ resource, part = "", from, to }) => {
    lines += resource.region.length + resource.id.length + part.length + from.length + to.length > longestOnOneLine ? 2 : 1;
    return lines > room;
  });
  return first < 0 ? proposals.length : first;
}

function changeRow({ resource, part, from, to, savings }: Proposal): readonly Line[] {
  return [
    cell(resource.region),
    cell(part === undefined ? resource.id : `${resource.id}, ${part}`),
    part === from ? [piece("→ "), piece(to, "strong")] : [piece(`${from} → `), piece(to, "strong")],
    cell(savings.kind === "unknown" ? "unknown" : usd(knownUsd(savings)), knownUsd(savings) > 0 ? "good" : "dim"),
  ];
}

/** Approvals that differ by their region alone are printed once, with a flag for each. */
function withheldBlocks(plan: Plan): readonly Block[] {
  const waiting = withheldOf(plan);
  const shown = waiting.slice(0, mostWithheld);
  const groups = new Map<string, Withheld[]>();
  for (const { withheld } of shown) {
    // The first clause of the reason: the rest stands in the whole plan, its page and `explain`.
    const summary = `${withheld.summary} (${withheld.why.replace(/[,;].*$/s, "")})`;
    groups.set(summary, [...(groups.get(summary) ?? []), withheld]);
  }
  const rest = waiting.length - shown.length;
  return [
    ...[...groups].flatMap(([summary, group]) => [
      labelled("approval", cell(summary, "warn")),
      ...group.map((withheld) => labelled("", cell(approveFlag(withheld), "strong"))),
    ]),
    ...(rest === 0 ? [] : [labelled("", cell(`and ${rest} more: --verbose lists them`))]),
  ];
}

/** In one line: it is never executed, and stands whole in `--verbose` and `explain`. */
function adviceLine(plan: Plan): readonly Block[] {
  const advice = adviceOf(plan);
  if (advice.length === 0) return [];
  const unknown = advice.filter(({ savesAtMost }) => savesAtMost.kind !== "known").length;
  const atMost = `at most ${usd(knownUsd(advisedSavings(advice)))}/month${unknown === 0 ? "" : ` and ${unknown} unknown`}`;
  return [labelled("advice", [piece(`${advice.length}, ${atMost}, never executed`), piece(": --verbose", "dim")])];
}

/** A refusal in words takes at most two lines of 80 columns. Each one that is printed takes the place of this many changes. */
const longestNamed = 126;
const namedLines = 2;

/** Beside refusals in words so many of the commonest reasons are counted, and the rest together. */
const countedBesideNamed = 3;

/** Reasons that deserve words, each with its first decision. */
function namedOf(groups: readonly LeftAlone[]): readonly { readonly reason: string; readonly words: string; readonly glance: string }[] {
  return groups.flatMap((group) => {
    const { reason, skips } = group;
    const glance = refusalAtAGlance(skips[0]);
    if (glance === undefined) return [];
    const resources = resourcesIn(group);
    const words = `${reason}${resources === 1 ? "" : ` (${resources})`}: `;
    return [{ reason, words, glance: cut(glance, longestNamed - words.length) }];
  });
}

/** No longer than there is room for, whole words where they leave any. */
function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const start = text.slice(0, room - 1);
  return `${start.replace(/\s\S*$/, "")}…`;
}

function leftAloneGroups(plan: Plan): readonly LeftAlone[] {
  return byReason(skipsOf(plan).filter(({ withheld }) => withheld === undefined));
}

function leftAloneBlocks(plan: Plan): readonly Block[] {
  const groups = leftAloneGroups(plan);
  const named = namedOf(groups);
  const counted = groups.filter(({ reason }) => !named.some((each) => each.reason === reason));
  const shown = named.length === 0 ? counted : counted.slice(0, countedBesideNamed);
  const rest = counted.slice(shown.length).reduce((sum, { skips }) => sum + skips.length, 0);
  const refused = plan.decisions.reduce((sum, decision) => sum + decision.refused.length, 0);
  const words = [
    ...shown.map(({ reason, skips }) => `${reason} (${skips.length})`),
    ...(rest === 0 ? [] : [`other reasons (${rest})`]),
    ...(refused === 0 ? [] : [`smaller sizes refused (${refused})`]),
  ];
  const lines: readonly Line[] = [
    ...named.map((each): Line => [piece(each.words, "warn"), piece(each.glance)]),
    ...(words.length === 0 ? [] : [[piece(words.join(", ")), piece(": --verbose", "dim")]]),
  ];
  return lines.map((line, index) => labelled(index === 0 ? "left alone" : "", line));
}

function timeBlocks(plan: Plan): readonly Block[] {
  if (plan.calendar.length === 0) return [];
  const endMinutes = plan.calendar.reduce((latest, { atMinutes }) => Math.max(latest, atMinutes), 0);
  const kinds = new Map<string, { readonly times: number; readonly seconds: number }>();
  for (const { kind, seconds } of plannedActions(plan).flatMap(({ disruptions }) => disruptions)) {
    const known = kinds.get(kind);
    kinds.set(kind, { times: (known?.times ?? 0) + 1, seconds: Math.max(known?.seconds ?? 0, seconds) });
  }
  const disruptions = [...kinds].map(([kind, { times, seconds }]) => `${count(times, kind.replaceAll("-", " "))} ≤ ${duration(seconds * 1000)}`);
  return [
    labelled("takes", [
      piece(duration(endMinutes * minuteMs)),
      ...(disruptions.length === 0 ? [] : [piece("; disrupts ", "dim"), piece(disruptions.join(", "), "warn")]),
    ]),
  ];
}

/** The longest way back; how many cannot be told, or gone at all. */
function undoPieces(plan: Plan): Line {
  const actions = plannedActions(plan);
  const times = actions.flatMap(({ reversibility, undoMinutes }) => (reversibility === "irreversible" ? [] : [undoMinutes]));
  const told = times.filter((time) => typeof time === "number");
  if (told.length === 0) return [];
  const [untold, lasting] = [times.length - told.length, actions.length - times.length];
  return [
    piece(lasting === 0 ? "; each undone in ≤ " : "; undone in ≤ ", "dim"),
    piece(`${duration(Math.max(...told) * minuteMs)}${untold === 0 ? "" : ` (${untold} not known)`}${lasting === 0 ? "" : `, ${lasting} never`}`),
  ];
}

function moneyBlocks(plan: Plan): readonly Block[] {
  const { savings, bill, deployments } = plan;
  const notes = planWarnings(plan).length + deployments.missing.length;
  const rate = rateWords(savings);
  return [
    labelled("saves", [
      piece(monthly(savings.estimated), "good"),
      piece(" at list prices; paid on demand today: ", "dim"),
      piece(monthly(savings.commitmentCapped)),
      ...(rate === undefined ? [] : [piece(`, ${rate}`, "dim")]),
    ]),
    labelled("own bill", [
      piece(`${usd(bill.collected.usd)} for collecting, ${usd(bill.runEstimate.usd)} more for watching`),
      ...(notes === 0 ? [] : [piece(`; ${count(notes, "note")}: --verbose`, "dim")]),
    ]),
  ];
}
