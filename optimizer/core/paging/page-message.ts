import { isLive } from "../execution/action-steps.ts";
import type { Effect } from "../execution/effect.ts";
import { pasteable } from "../execution/manual-commands.ts";
import type { Plan } from "../model/plan.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { ActionState, RunState } from "../model/run-state.ts";
import { redact } from "../model/secret-text.ts";
import { utcMinute } from "../model/utc.ts";
import { count } from "../report/figures.ts";
import type { PageEvent, PageKind } from "./page-event.ts";

/** One change that the run has in AWS at the moment, as its journal says. */
export interface LivePart {
  readonly region: string;
  /** `auto-scaling-group tap-prod-asg`. */
  readonly resource: string;
  readonly change: string;
  readonly status: ActionState["status"];
}

/** What a person is told: versioned plain data, the same for every channel, without secrets. `text` says all of it in words. */
export interface PageMessage {
  readonly version: 1;
  /** Tells this event from every other of the run: it may arrive twice. */
  readonly event: string;
  readonly kind: PageKind;
  readonly run: string;
  readonly plan: string;
  readonly account: string;
  /** ISO 8601 UTC, AWS's time. */
  readonly at: string;
  readonly phase: PhaseNumber | null;
  readonly region: string | null;
  /** One line. */
  readonly summary: string;
  readonly reason: string;
  readonly live: readonly LivePart[];
  /** What the optimizer does next by itself. */
  readonly next: string;
  readonly commands: readonly string[];
  /** What was left out to keep the message short, in words. */
  readonly leftOut?: string;
  readonly text: string;
}

/** Together with its JSON, which holds the text again, a message stays far below the 256 KB of SNS. */
const most = { reason: 2_000, live: 6_000, commands: 10_000 } as const;

/** What a run comes to when nothing is due: people are told then. */
export type Idle = Extract<Effect, { readonly kind: "wait" | "stop" }>;

/** The run as it stands when people are told of it. */
export interface Standing {
  readonly plan: Plan;
  readonly state: RunState;
  readonly nowMs: number;
  readonly idle: Idle;
  /** Makes a command of the optimizer whole, as it can be pasted. */
  command(words: readonly string[]): string;
}

/** The message about an event, from plan and journal alone. */
export function pageMessage(event: PageEvent, { plan, state, nowMs, idle, command }: Standing): PageMessage {
  const { runId, planHash } = state;
  const live = within(liveParts(plan, state), ({ region, resource, change }) => region.length + resource.length + change.length, most.live);
  const commands = within(
    event.commands.map((each) => pasteable(each, command)),
    (each) => each.length,
    most.commands,
  );
  const left = [...leftWords(live.left, "live change"), ...leftWords(commands.left, "command")];
  const told = {
    version: 1 as const,
    event: event.id,
    kind: event.kind,
    run: runId,
    plan: planHash,
    account: plan.accountId,
    at: `${utcMinute(nowMs).replace(" ", "T")}Z`,
    phase: event.phase,
    region: event.region,
    summary: summaryOf(event, runId),
    reason: event.reason.length > most.reason ? `${event.reason.slice(0, most.reason)}…` : event.reason,
    live: live.kept,
    next: nextWords(idle),
    commands: commands.kept,
    ...(left.length === 0 ? {} : { leftOut: `${left.join(" and ")}: ${command(["status", runId])}` }),
  };
  // As one, so that text and members say the same.
  const shown = redact(told);
  return { ...shown, text: textOf(shown) };
}

function summaryOf({ kind, region }: PageEvent, runId: string): string {
  const where = region ?? "the run";
  switch (kind) {
    case "needs-human":
      return `${where} waits for a person (${runId})`;
    case "unreadable":
      return `${where} cannot be read, so it is held (${runId})`;
    case "breach":
      return `${where} breached and is rolled back (${runId})`;
    case "rollback-delayed":
      return `the rollback of ${where} does not get on (${runId})`;
    case "rollback-late":
      return `the rollback of ${where} is not done yet (${runId})`;
    case "ended":
      return `${runId} did not end well`;
  }
}

/** From the newest change on, as it would be undone. */
function liveParts(plan: Plan, state: RunState): readonly LivePart[] {
  const states = new Map(state.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.map((each) => [each.actionId, each] as const))));
  const planned = plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions));
  return planned.toReversed().flatMap((action): readonly LivePart[] => {
    const own = states.get(action.id);
    if (own === undefined || own.status === "rolled-back" || !isLive(action, own)) return [];
    const { kind, id } = action.resource;
    return [{ region: action.region, resource: `${kind} ${id}`, change: action.summary, status: own.status }];
  });
}

function nextWords(idle: Idle): string {
  if (idle.kind === "wait") return `at ${utcMinute(idle.untilMs)} UTC, as long as somebody drives the run: ${idle.reason}`;
  return idle.because === "closed" ? "nothing: the run is closed" : "nothing until a person answers; what is live stays as it is, unwatched";
}

/** The first parts that fit into so many characters, and how many do not. */
function within<T>(parts: readonly T[], sizeOf: (part: T) => number, mostCharacters: number): { readonly kept: readonly T[]; readonly left: number } {
  let size = 0;
  const end = parts.findIndex((part) => (size += sizeOf(part)) > mostCharacters);
  return end === -1 ? { kept: parts, left: 0 } : { kept: parts.slice(0, end), left: parts.length - end };
}

function leftWords(left: number, what: string): readonly string[] {
  return left === 0 ? [] : [count(left, `more ${what}`)];
}

function textOf(told: Omit<PageMessage, "text">): string {
  const live = told.live.map(({ region, resource, change, status }) => `  ${region}  ${resource}: ${change} (${status.replaceAll("-", " ")})`);
  return [
    told.summary,
    "",
    told.reason,
    "",
    `account  ${told.account}`,
    `run      ${told.run}`,
    `at       ${told.at}`,
    "",
    "live in AWS, as the journal says:",
    ...(live.length === 0 ? ["  nothing of this run"] : live),
    "",
    `next by itself: ${told.next}`,
    "",
    "for a person:",
    ...told.commands.map((each) => `  ${each}`),
    ...(told.leftOut === undefined ? [] : ["", told.leftOut]),
    "",
  ].join("\n");
}
