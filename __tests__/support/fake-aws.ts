import type { Change, ChangeState } from "../../optimizer/core/levers/change-kinds.ts";
import { indexDefinition } from "./plan-builder.ts";

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

/** The state behind the seven kinds of change, each of which takes a while to settle. */
export class FakeAws {
  readonly mutations: Mutation[] = [];
  readonly #cells = new Map<string, Cell>();
  readonly #nowMs: () => number;
  transitionMs: number;

  constructor(nowMs: () => number, transitionMs = 45_000) {
    this.#nowMs = nowMs;
    this.transitionMs = transitionMs;
  }

  stateOf(change: Change): ChangeState {
    const cell = this.#settled(change);
    if (cell.next !== undefined) return { kind: "in-progress", detail: `${change.kind} is on its way` };
    if (change.kind === "dynamodb.index-read-cap" && this.#settled(indexOf(change)).value === null) return { kind: "missing", detail: "no such index" };
    return { kind: "settled", value: cell.value as Change["after"] };
  }

  apply(change: Change, token: string): void {
    const nowMs = this.#nowMs();
    const cell = this.#settled(change);
    this.mutations.push({ change, token, atMs: nowMs });
    const instant = change.kind === "ec2.launch-template-version" || change.kind === "asg.launch-template";
    if (instant) return this.set(change, change.after);
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

  #settled(change: Change): Cell {
    const key = keyOf(change);
    const cell: Cell = this.#cells.get(key) ?? { value: initialOf(change), history: [] };
    this.#cells.set(key, cell);
    if (cell.next !== undefined && cell.next.readyMs <= this.#nowMs()) {
      cell.history.push({ fromMs: cell.next.readyMs, value: cell.next.value });
      cell.value = cell.next.value;
      delete cell.next;
    }
    return cell;
  }
}

function indexOf(change: Extract<Change, { kind: "dynamodb.index-read-cap" }>): Change {
  return { ...change, kind: "dynamodb.index", before: indexDefinition, after: null };
}

function initialOf(change: Change): unknown {
  switch (change.kind) {
    case "dynamodb.index-read-cap":
      return { maxReadRequestUnits: -1 };
    case "dynamodb.index":
      return indexDefinition;
    case "ec2.launch-template-version":
    case "asg.launch-template":
    case "asg.instance-refresh":
      return { instanceType: "m5.4xlarge" };
    case "rds.instance-class":
      return { instanceClass: "db.r6g.4xlarge" };
    case "rds.failover":
      return { writer: `${change.region}-1` };
  }
}

function keyOf(change: Change): string {
  switch (change.kind) {
    case "dynamodb.index-read-cap":
    case "dynamodb.index":
      return `${change.kind}:${change.region}:${change.table}:${change.index}`;
    case "ec2.launch-template-version":
    case "asg.launch-template":
    case "asg.instance-refresh":
      return `${change.kind}:${change.region}:${change.autoScalingGroup}`;
    case "rds.instance-class":
      return `${change.kind}:${change.region}:${change.instance}`;
    case "rds.failover":
      return `${change.kind}:${change.region}:${change.cluster}`;
  }
}
