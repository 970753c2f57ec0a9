import { type Change, changeFacts, type ChangeState } from "../../optimizer/core/levers/change-kinds.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import { refKey } from "../../optimizer/core/model/resource-ref.ts";
import { forwardChanges } from "../../optimizer/core/planning/touched.ts";

/** A value that is changing until `readyMs`. */
interface Cell {
  value: unknown;
  next?: { readonly value: unknown; readonly readyMs: number };
  readonly history: { readonly fromMs: number; readonly value: unknown }[];
}

export interface Mutation {
  readonly change: Change;
  readonly token: string;
  readonly atMs: number;
}

/** What takes no time in AWS; everything else settles after a while. */
const instant: readonly Change["kind"][] = ["ec2.launch-template-version", "asg.launch-template"];

/** The states behind a plan's changes, whatever their kinds: each begins as the plan's first change of it found it. */
export class FakeAws {
  readonly mutations: Mutation[] = [];
  readonly #cells = new Map<string, Cell>();
  readonly #nowMs: () => number;
  transitionMs: number;

  constructor(plan: Plan, nowMs: () => number, transitionMs = 45_000) {
    this.#nowMs = nowMs;
    this.transitionMs = transitionMs;
    const planned = plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.flatMap(forwardChanges)));
    for (const change of planned) this.#settled(change);
  }

  stateOf(change: Change): ChangeState {
    if (change.kind === "asg.refresh-stop") return { kind: "settled", value: { refreshingTo: this.#refreshingTo(change) } };
    const cell = this.#settled(change);
    if (cell.next !== undefined) return { kind: "in-progress", detail: `${change.kind} is on its way` };
    if (this.#isGone(change)) return { kind: "missing", detail: `${partOf(change)} is gone` };
    return { kind: "settled", value: cell.value as Change["after"] };
  }

  /** What the group's refresh is replacing its instances by, while one is at work. */
  #refreshingTo(change: Extract<Change, { kind: "asg.refresh-stop" }>): string | null {
    const next = this.#settled(refreshOf(change)).next?.value as { readonly instanceType: string } | undefined;
    return next?.instanceType === change.before.refreshingTo ? next.instanceType : null;
  }

  apply(change: Change, token: string): void {
    if (change.kind === "asg.refresh-stop") {
      this.mutations.push({ change, token, atMs: this.#nowMs() });
      delete this.#settled(refreshOf(change)).next;
      return;
    }
    const nowMs = this.#nowMs();
    const cell = this.#settled(change);
    this.mutations.push({ change, token, atMs: nowMs });
    if (instant.includes(change.kind)) return this.set(change, change.after);
    cell.next = { value: change.after, readyMs: nowMs + this.transitionMs };
  }

  /** Somebody else's hand. */
  set(change: Change, value: unknown): void {
    const cell = this.#settled(change);
    delete cell.next;
    cell.value = value;
    cell.history.push({ fromMs: this.#nowMs(), value });
  }

  /** What was settled at a moment: metrics depend on it. */
  valueAt(change: Change, ms: number): unknown {
    const settled = this.#settled(change).history.findLast(({ fromMs }) => fromMs <= ms);
    return settled === undefined ? change.before : settled.value;
  }

  /** All values, for comparing whole accounts. */
  snapshot(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#cells].map(([key, cell]) => [key, cell.next?.value ?? cell.value]));
  }

  /** Another kind of change has removed what this one is about. */
  #isGone(change: Change): boolean {
    return [...this.#cells].some(([key, { value }]) => key !== keyOf(change) && key.endsWith(` ${partOf(change)}`) && value === null);
  }

  #settled(change: Change): Cell {
    const key = keyOf(change);
    const cell: Cell = this.#cells.get(key) ?? { value: change.before, history: [] };
    this.#cells.set(key, cell);
    if (cell.next !== undefined && cell.next.readyMs <= this.#nowMs()) {
      cell.history.push({ fromMs: cell.next.readyMs, value: cell.next.value });
      cell.value = cell.next.value;
      delete cell.next;
    }
    return cell;
  }
}

function refreshOf({ region, autoScalingGroup }: Extract<Change, { kind: "asg.refresh-stop" }>): Change {
  const instanceType = "m5.4xlarge";
  return { kind: "asg.instance-refresh", region, autoScalingGroup, before: { instanceType }, after: { instanceType } };
}

/** One cell for each kind of change of each resource, or of each part of it. */
function keyOf(change: Change): string {
  return `${change.kind} ${partOf(change)}`;
}

function partOf(change: Change): string {
  const resource = changeFacts(change).resourceOf(change);
  return [refKey(resource), ...(resource.part === undefined ? [] : [resource.part])].join(":");
}
