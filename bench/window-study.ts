import { defaultPolicy } from "../optimizer/core/model/policy.ts";
import type { SlotScore, WindowVerdict } from "../optimizer/core/model/window.ts";
import { type BackTest, backTest } from "../optimizer/core/observation/back-test.ts";
import { learnUsual } from "../optimizer/core/observation/balancer-reference.ts";
import { commonShift, isNotOurs } from "../optimizer/core/observation/control-regions.ts";
import { judgeWindow } from "../optimizer/core/observation/judge-window.ts";
import { scoreSlot } from "../optimizer/core/observation/score-slot.ts";
import { peakDeadlineMs } from "../optimizer/core/observation/peak-hours.ts";
import type { Usual } from "../optimizer/core/observation/usual.ts";
import { type Account, type Cell, countsOf, type Course, drawAccount, drawWindow, type Harm, slotMs, windowStartMs } from "./window-noise.ts";

/** One column of the table: what happens, and what share of windows shall be rolled back. */
export interface Scenario {
  readonly name: string;
  readonly harm: Partial<Harm>;
  /** Befalls all regions. */
  readonly common?: Partial<Harm>;
  readonly hasControl?: boolean;
  readonly oldOutage?: boolean;
  /** `false`: at most one window in a hundred. `found`: at least 95 of a hundred, within so many hours of the change. */
  readonly want: { readonly kind: "false" } | { readonly kind: "found"; readonly withinHours: number };
}

const window = defaultPolicy.window;
const none: Harm = { p99: 1, errorRate: 0, peakOnly: false };
const wholeWindow = { kind: "found", withinHours: Number.POSITIVE_INFINITY } as const;

export const scenarios: readonly Scenario[] = [
  { name: "healthy", harm: {}, want: { kind: "false" } },
  { name: "healthy, control", harm: {}, hasControl: true, want: { kind: "false" } },
  { name: "healthy, old outage", harm: {}, oldOutage: true, want: { kind: "false" } },
  { name: "holiday +15 %, control", harm: {}, common: { p99: 1.15 }, hasControl: true, want: { kind: "false" } },
  { name: "p99 +25 %", harm: { p99: 1.25 }, want: wholeWindow },
  { name: "p99 +25 %, control", harm: { p99: 1.25 }, hasControl: true, want: wholeWindow },
  { name: "p99 +50 % at peak", harm: { p99: 1.5, peakOnly: true }, want: wholeWindow },
  { name: "p99 +50 % at peak, control", harm: { p99: 1.5, peakOnly: true }, hasControl: true, want: wholeWindow },
  { name: "p99 +50 % at peak, old outage", harm: { p99: 1.5, peakOnly: true }, oldOutage: true, want: wholeWindow },
  { name: "errors 0.6 % in 8 h", harm: { errorRate: 0.0055 }, want: { kind: "found", withinHours: 8 } },
  { name: "errors 0.6 % in 8 h, old outage", harm: { errorRate: 0.0055 }, oldOutage: true, want: { kind: "found", withinHours: 8 } },
  { name: "errors 1 % in 1 h", harm: { errorRate: 0.0095 }, want: { kind: "found", withinHours: 1 } },
  { name: "errors 1 % in 1 h, old outage", harm: { errorRate: 0.0095 }, oldOutage: true, want: { kind: "found", withinHours: 1 } },
  { name: "errors 0.9 % at peak, old outage", harm: { errorRate: 0.0085, peakOnly: true }, oldOutage: true, want: wholeWindow },
];

const windowsPerAccount = 10;
const ownName = "app/own/1";
const controlName = "app/control/1";

/** As long as a window may go on for its peak. */
const longestMinutes = window.minutes * window.peakMaxFactor;

/** Where and why a window was rolled back. */
export type RolledBack = Pick<WindowVerdict, "rule" | "detail" | "slots">;

/** Windows of a cell that befalls the scenario: what rolled each of them back, in time where a time is wanted. Equal seeds give the same. */
export function rolledBackWindows(cell: Cell, scenario: Scenario, windows: number, seed: number): readonly (RolledBack | undefined)[] {
  const withinSlots = scenario.want.kind === "found" ? scenario.want.withinHours * 4 : Number.POSITIVE_INFINITY;
  return Array.from({ length: windows }, (_, index) => {
    const known = learnt(cell, seed + Math.floor(index / windowsPerAccount), scenario.oldOutage ?? false);
    const windowSeed = (seed + index) * 7919;
    const startMs = windowStartMs(windowSeed);
    const deadlineMs = peakDeadlineMs({ startMs, endMs: startMs + window.minutes * 60_000 }, [known.own], longestMinutes);
    const drawn = drawWindow(
      known.account,
      { seed: windowSeed, slots: (deadlineMs - startMs) / slotMs },
      { ...none, ...scenario.harm },
      { ...none, ...scenario.common },
    );
    const found = judge(known, drawn, scenario.hasControl ?? false);
    return found !== undefined && found.slots <= withinSlots ? found : undefined;
  });
}

export function rolledBackShare(cell: Cell, scenario: Scenario, windows: number, seed: number): number {
  return rolledBackWindows(cell, scenario, windows, seed).filter((found) => found !== undefined).length / windows;
}

/** The smallest harm that the plan of such an account calls visible: what physics, or the method, leaves below is never found in time. */
export function smallestVisible(cell: Cell, seed: number): BackTest {
  const { own } = drawAccount(cell, seed, false);
  const history = { startMs: own.startMs, slotMs, counts: countsOf(own, ownName) };
  return backTest(history, learnUsual({ region: "us-east-1", loadBalancer: ownName }, history, window).withoutWeek, window, testsOf(false));
}

interface Learnt {
  readonly account: Account;
  readonly own: Usual;
  readonly control: Usual;
}

/** Accounts of the newest cell: its scenarios judge by the same ones. */
const accounts: { cell: Cell | undefined; known: Map<string, Learnt> } = { cell: undefined, known: new Map() };

function learnt(cell: Cell, seed: number, oldOutage: boolean): Learnt {
  if (accounts.cell?.noise !== cell.noise || accounts.cell.requestsPerSecond !== cell.requestsPerSecond) {
    accounts.cell = cell;
    accounts.known.clear();
  }
  const key = `${seed} ${oldOutage}`;
  const account = accounts.known.get(key)?.account ?? drawAccount(cell, seed, oldOutage);
  const known = accounts.known.get(key) ?? { account, own: learn(account.own, ownName), control: learn(account.control, controlName) };
  accounts.known.set(key, known);
  return known;
}

/** As a run would: its own slots first, then, if those say breach, the control's. Undefined when the window is not rolled back. */
function judge(known: Learnt, drawn: { readonly own: Course; control(): Course }, hasControl: boolean): RolledBack | undefined {
  const references = [known.own];
  const tests = testsOf(hasControl);
  const slots = slotsOf(drawn.own, ownName, drawn.own.requests.length);
  const judging = { policy: window, references, tests, disruptions: [], deadlineMs: slots.at(-1)?.endMs ?? 0, extensionLeftMinutes: 0 };
  const verdict = judgeWindow(slots, judging);
  if (verdict.kind !== "breach") return undefined;
  if (!hasControl) return verdict;
  const other = slotsOf(drawn.control(), controlName, verdict.slots);
  if (verdict.rule === "end-gate") {
    const common = commonShift([{ references: [known.control], slots: other }], slots.length);
    return judgeWindow(slots, { ...judging, common }).kind === "breach" ? verdict : undefined;
  }
  const looked = other.slice(verdict.rule === "severe" ? -2 : -8).map((slot) => scoreSlot(slot, slot.counts, [known.control], window));
  return isNotOurs(verdict, [looked]) ? undefined : verdict;
}

/** Load balancers × metrics × phases. */
function testsOf(hasControl: boolean): number {
  return (hasControl ? 2 : 1) * 2 * 3;
}

function learn(course: Course, loadBalancer: string): Usual {
  return learnUsual({ region: "us-east-1", loadBalancer }, { startMs: course.startMs, slotMs, counts: countsOf(course, loadBalancer) }, window).usual;
}

/** What a slot alone says matters only to the control; the sequential decision looks at the counts. */
function slotsOf(course: Course, loadBalancer: string, length: number): readonly SlotScore[] {
  return countsOf(course, loadBalancer, length).map((counts, index) => {
    const startMs = course.startMs + index * slotMs;
    return { startMs, endMs: startMs + slotMs, counts: [counts], verdict: "pass", reason: "" };
  });
}
