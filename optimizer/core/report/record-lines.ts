import { disruptionSpans } from "../execution/disruption-spans.ts";
import { windowPolicyOf } from "../execution/slot-grid.ts";
import type { JournalRecord, RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState, StageState } from "../model/run-state.ts";
import { isDisrupted } from "../observation/own-checks.ts";
import { errorTally } from "../observation/score-slot.ts";
import { cell, type Line, piece, type Tone } from "../model/telling.ts";
import type { SlotScore, WindowVerdict } from "../model/window.ts";
import { count, dayAndTime, duration } from "./figures.ts";
import { utcMinute, utcWeekday } from "../model/utc.ts";
import { percent } from "../model/percent.ts";
import { progressBar } from "./progress-lines.ts";
import { plannedActions } from "./planned-actions.ts";
import { lostWords } from "./lost-words.ts";
import { outcomeWords as runOutcomeWords, phaseTitles, roundWords } from "./words.ts";

/** A plain log shows one line for this many slots that say nothing new (12 hours of quarters). */
const slotsPerLine = 48;

const barWidth = 16;
const minuteMs = 60_000;
const timeColumn = 13;
const regionColumn = 15;
export const recordHang = timeColumn + regionColumn;

/** What one journaled record tells a reader; `undefined` for records that only the journal needs. */
export function recordLine(record: JournalRecord, plan: Plan, state: RunState): Line | undefined {
  const words = wordsOf(record, plan, state);
  if (words === undefined) return undefined;
  const [tone, text, detail] = words;
  return [
    piece(dayAndTime(record.at - state.startedAtMs).padEnd(timeColumn), "dim"),
    piece((record.region ?? "").padEnd(regionColumn)),
    piece(text, tone),
    ...(detail === undefined || detail === "" ? [] : [piece(`  ${detail}`, "dim")]),
  ];
}

type Words = readonly [tone: Tone, text: string, detail?: string];

function wordsOf(record: JournalRecord, plan: Plan, state: RunState): Words | undefined {
  switch (record.type) {
    case "PLAN":
      return ["strong", `run ${record.run} begins`, `plan ${record.body.planHash.slice(0, 12)}, ${utcMinute(record.at)} UTC`];
    case "LEASE":
      return record.body.event === "stolen" ? ["warn", "lock taken over", `from ${record.body.holder}`] : undefined;
    case "INTENT":
      return ["plain", stepWords(plan, record.op, record.body.action)];
    case "RB_INTENT":
      return ["warn", `undo: ${stepWords(plan, record.op, record.body.action)}`];
    case "ATTEMPT":
      return record.body.number > 1 ? ["dim", `attempt ${record.body.number}`, stepWords(plan, record.op, record.body.action)] : undefined;
    case "OUTCOME":
    case "RB_OUTCOME":
      return outcomeWords(record);
    case "VERIFIED":
      return ["good", "✓ done and read back", sinceIntent(record, state)];
    case "RB_VERIFIED":
      // Where nothing was to be undone, nothing was said before it either.
      return wasIntended(record, state) ? ["good", "✓ undone and read back", sinceIntent(record, state)] : undefined;
    case "BROWN_OUT":
      return brownoutWords(record);
    case "WINDOW":
      return windowWords(record, plan, state);
    case "SLOT":
      return slotWords(record, plan, state);
    case "DECISION":
      return decisionWords(record, plan, state);
    case "HOLD":
      return record.body.releasedBy === undefined
        ? ["warn", "on hold", record.body.reason]
        : ["strong", "released from its hold", `by ${record.body.releasedBy}: ${record.body.reason}`];
    case "DRIFT":
      return ["warn", "someone else changed this; left alone", `expected ${record.body.expected}, found ${record.body.found}`];
    case "CRED_LOST":
      return ["bad", "credentials lost", record.body.detail];
    case "NEEDS_HUMAN":
      return ["bad", `a human is needed: ${record.body.reason}`, record.body.commands.join("; ")];
    case "CLOSED":
      return [
        record.body.outcome === "adoptable" || record.body.outcome === "nothing-to-do" ? "good" : "warn",
        `run closed: ${runOutcomeWords[record.body.outcome]}`,
      ];
    case "PAGED":
      return record.body.result === "sent"
        ? ["dim", `paged by ${record.body.channel}`, record.body.event]
        : ["bad", `paging by ${record.body.channel} failed`, `${record.body.event}: ${record.body.detail ?? "no reason was given"}`];
  }
}

/** What a step does; where the plan has no step of that name, what its action does. */
export function stepWords(plan: Plan, stepId: string | null, actionId: string): string {
  const action = plannedActions(plan).find((each) => each.id === actionId);
  const steps =
    action === undefined
      ? []
      : [...action.steps, ...action.rollback, ...(action.afterPass ?? []), ...action.steps.flatMap((step) => (step.kind === "brownout" ? step.lift : []))];
  return steps.find((step) => step.id === stepId)?.description ?? action?.summary ?? actionId;
}

function wasIntended({ op, seq }: RecordOf<"RB_VERIFIED">, { records }: RunState): boolean {
  return records.some((record) => record.type === "RB_INTENT" && record.op === op && record.seq < seq);
}

/** How long a change took, from its last intent; nothing where it was done at once. */
function sinceIntent(record: RecordOf<"VERIFIED"> | RecordOf<"RB_VERIFIED">, { records }: RunState): string {
  const intent = records.findLast(({ type, op, seq }) => (type === "INTENT" || type === "RB_INTENT") && op === record.op && seq < record.seq);
  return intent === undefined || record.at - intent.at < minuteMs ? "" : `after ${duration(record.at - intent.at)}`;
}

function outcomeWords(record: RecordOf<"OUTCOME"> | RecordOf<"RB_OUTCOME">): Words | undefined {
  const { result, error } = record.body;
  const detail = error === undefined ? "" : `${error.name}: ${error.message}`;
  switch (result) {
    case "ok":
    case "none-needed":
      return undefined;
    case "recovered":
      return ["warn", "the reply was lost, the change was not", detail];
    case "rejected":
      return ["bad", "AWS refused", detail];
    case "unknown":
      return ["warn", "no clear answer; AWS will be asked what holds", detail];
  }
}

function brownoutWords(record: RecordOf<"BROWN_OUT">): Words {
  const { event, startMs, endMs, detail } = record.body;
  switch (event) {
    case "started":
      return ["plain", `brownout of ${duration(endMs - startMs)} begins`, detail];
    case "silent":
      return ["good", "✓ brownout was silent", detail];
    case "read":
      return ["warn", "read during the brownout: kept", detail];
    case "unclear":
      return ["warn", "brownout unclear", detail];
  }
}

function windowWords(record: RecordOf<"WINDOW">, plan: Plan, state: RunState): Words {
  const { body } = record;
  const { minutes, slotMinutes } = windowPolicyOf(plan.policy.window, record.round ?? 1);
  switch (body.event) {
    case "opened": {
      const isLonger = body.deadlineMs - body.startMs >= (minutes + 2 * slotMinutes) * minuteMs;
      const slots = `in whole slots of ${slotMinutes} min`;
      const end = dayAndTime(body.deadlineMs - state.startedAtMs);
      const watching = `watching for ${duration(minutes * minuteMs)}`;
      return isLonger
        ? ["plain", `${watching}, then on into the busiest hours of the week`, `${slots}: goes on until ${utcWeekday(body.deadlineMs)} UTC, ${end}`]
        : ["plain", watching, `${slots}: until ${end}`];
    }
    case "extended":
      return ["warn", "window extended", `until ${dayAndTime(body.deadlineMs - state.startedAtMs)}: ${body.reason}`];
    case "compared":
      return ["plain", "compared with untouched regions", comparedWords(body)];
    case "closed":
      return [verdictTone(body.verdict), body.verdict.kind === "pass" ? "✓ window passed" : `window closed: ${body.verdict.kind}`, verdictWords(body.verdict)];
  }
}

function comparedWords({ regions, common, unread = [] }: Extract<RecordOf<"WINDOW">["body"], { readonly event: "compared" }>): string {
  const answered = regions.filter((region) => unread.every((other) => other.region !== region)).join(", ");
  const shift = common === null ? "" : `: p99 ×${common.all.p99Ratio.toFixed(2)}, in the busiest hours ×${common.busy.p99Ratio.toFixed(2)}`;
  const compared = answered === "" ? [] : [common === null ? `${answered} could not be read for long enough` : `${answered}${shift}`];
  return [...compared, ...unread.map(({ region, reason }) => `${region} gave no answer: ${reason}`)].join("; ");
}

function slotWords(record: RecordOf<"SLOT">, plan: Plan, state: RunState): Words | undefined {
  const stage = stageOf(state, record);
  const { watch, score } = record.body;
  if (watch === "after-rollback") return confirmationWords(score, stage);
  if (score.verdict === "breach") return overLimitWords(record, plan, state);
  const slots = stage?.window?.slots;
  return slots !== undefined && slots.length > 0 && slots.length % slotsPerLine === 0 ? ["dim", slotsWords(slots)] : undefined;
}

/** A slot with its number among those that count. Slots from before the count began again have no number. */
function confirmationWords({ verdict, startMs, reason }: SlotScore, stage: StageState | undefined): Words {
  const at = stage?.confirmation.findIndex((slot) => slot.startMs === startMs);
  const slot = at === undefined || at < 0 ? "slot" : `slot ${at + 1}`;
  return [verdict === "pass" ? "plain" : "warn", `${slot} after the rollback: ${verdict}`, reason];
}

/**
 * Harm that a change announces, such as a failover's, does not lead to a rollback at once. The line says so, since a reader of a slot over a limit
 * wonders why nothing follows.
 */
function overLimitWords({ phase, region, round = 1, body }: RecordOf<"SLOT">, plan: Plan, state: RunState): Words {
  const stages = plan.phases.flatMap(({ number, stages: own }) => (number === phase ? own : []));
  const actions = stages.flatMap((stage) => (stage.region === region && (stage.round ?? 1) === round ? stage.actions : []));
  return isDisrupted(body.score, disruptionSpans(actions, state.records))
    ? ["plain", "slot over a limit during a disruption that the plan announced", body.score.reason]
    : ["warn", "slot over a limit", body.score.reason];
}

/** What an action does, or its id where the plan has no such action. */
export function actionWords(plan: Plan, actionId: string): string {
  return plannedActions(plan).find(({ id }) => id === actionId)?.summary ?? actionId;
}

function decisionWords(record: RecordOf<"DECISION">, plan: Plan, state: RunState): Words {
  const { body } = record;
  switch (body.kind) {
    case "breach":
      return ["bad", `✗ breach (${body.verdict.rule.replaceAll("-", " ")}): rolling back`, body.verdict.detail];
    case "action-skipped":
      return ["warn", `left alone: ${body.code}`, body.detail];
    case "approved":
      return ["strong", `approved: ${actionWords(plan, body.action)}`, `by ${body.by}`];
    case "unhealthy":
      return ["warn", `not healthy now, so nothing is changed yet: ${actionWords(plan, body.action)}`, body.detail];
    case "healthy":
      return ["good", "✓ healthy again"];
    case "busy":
      return ["warn", "something else moves on the resource; waiting for it", body.detail];
    case "step-left":
      return ["warn", "left out; going on without it", body.detail];
    case "step-given-up":
      return ["warn", "cannot be undone; going on with what does not rest on it", body.detail];
    case "poll-failed":
      return ["warn", `no answer; trying again ${dayAndTime(body.retryAtMs - state.startedAtMs)}`, body.reason];
    case "poll-succeeded":
      return ["good", "✓ answers again"];
    case "region-cancelled":
      return ["warn", "cancelled in this phase", body.reason];
    case "soaked":
      return ["good", "✓ canary soaked"];
    case "phase-closed":
      return [body.result === "passed" ? "good" : "warn", `phase ${record.phase} ${body.result.replaceAll("-", " ")}`];
    case "rollback-requested":
      return ["warn", "rollback requested", [`by ${body.by}`, ...lostWords(plan, state)].join("; ")];
    case "rolled-back-verified":
      return ["good", "✓ rolled back and verified", lostWords(plan, state, record).join("; ")];
    case "rollback-incomplete":
      return ["bad", "✗ rollback incomplete", body.remaining.join("; ")];
  }
}

/** One line per region: what it is doing in the phase that is open. */
export function regionLines(plan: Plan, state: RunState): readonly Line[] {
  const phase = state.phases.find((each) => each.status === "open");
  if (phase === undefined) return [];
  // Rounds that still wait say nothing yet; those that are through say nothing more once a later one is at work.
  const newest = phase.stages.filter((stage) => stage.round === 1 || stage.status !== "pending");
  return newest.map((stage) => [
    piece(`phase ${phase.number} ${phaseTitles[phase.number]}  `, "dim"),
    piece(`${stage.region}${roundWords(stage.round)} `.padEnd(regionColumn), "strong"),
    ...stagePieces(stage, plan),
  ]);
}

function stagePieces(stage: StageState, plan: Plan): Line {
  const { window } = stage;
  if (stage.status === "confirming") return cell(`${count(stage.confirmation.length, "slot")} after the rollback`, "warn");
  if (stage.status !== "observing" || window === undefined) return cell(stage.status.replaceAll("-", " "), stage.status.startsWith("roll") ? "warn" : "plain");
  const expected = Math.round((window.deadlineMs - window.startMs) / (plan.policy.window.slotMinutes * 60_000));
  return [
    piece(progressBar(window.slots.length / expected, barWidth)),
    piece(` slot ${window.slots.length}/${expected}  `),
    piece(slotsWords(window.slots), "dim"),
  ];
}

/** `96 slots: 90 passed, 6 without enough traffic; errors 0.02 %`. */
export function slotsWords(slots: readonly SlotScore[]): string {
  const of = (verdict: SlotScore["verdict"]): number => slots.filter((slot) => slot.verdict === verdict).length;
  const over = of("breach") === 0 ? "" : `, ${of("breach")} over a limit`;
  const unclear = of("inconclusive") === 0 ? "" : `, ${of("inconclusive")} inconclusive`;
  const rate = errorRateOf(slots);
  return `${count(slots.length, "slot")}: ${of("pass")} passed${over}${unclear}${rate === null ? "" : `; errors ${percent(rate)}`}`;
}

/** Over all slots, as the window counts them: an outage in which no request found a target is all errors. Null without any requests. */
function errorRateOf(slots: readonly SlotScore[]): number | null {
  const tallies = slots.flatMap((slot) => slot.counts.flatMap((counts) => errorTally(counts) ?? []));
  const requests = tallies.reduce((sum, tally) => sum + tally.requests, 0);
  return requests === 0 ? null : tallies.reduce((sum, { errors }) => sum + errors, 0) / requests;
}

/** `192 slots, 98 % conclusive, errors 0.02 %, p99 ×1.03`. */
export function verdictWords(verdict: WindowVerdict): string {
  const parts = [count(verdict.slots, "slot"), `${percent(verdict.conclusiveShare)} conclusive`];
  if (verdict.errorRate !== null) parts.push(`errors ${percent(verdict.errorRate)}`);
  if (verdict.medianP99Ratio !== null) parts.push(`p99 ×${verdict.medianP99Ratio.toFixed(2)}`);
  if (verdict.kind === "pass" && verdict.detail !== "") parts.push(verdict.detail);
  return verdict.kind === "pass" ? parts.join(", ") : `${verdict.detail}; ${parts.join(", ")}`;
}

function verdictTone(verdict: WindowVerdict): Tone {
  return verdict.kind === "pass" ? "good" : verdict.kind === "breach" ? "bad" : "warn";
}

/** The stage that a record is about: a region's share of a phase, in a round. */
export function stageOf(state: RunState, { phase, region, round = 1 }: Pick<JournalRecord, "phase" | "region" | "round">): StageState | undefined {
  return state.phases.find((each) => each.number === phase)?.stages.find((stage) => stage.region === region && stage.round === round);
}
