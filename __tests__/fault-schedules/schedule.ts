import type { ScenarioInput } from "../../simulation/scenario/scenario.ts";

type Fault = NonNullable<ScenarioInput["faults"]>[number];
type MetricFault = NonNullable<ScenarioInput["metricFaults"]>[number];
type Promotion = NonNullable<ScenarioInput["promotions"]>[number];

/** What an operator asks for. */
export type Request = "resume" | "rollback" | "tick" | "continue";

/** What somebody else does to the account, by the SDK of their own. */
export type Deed =
  | "size-put-back"
  | "resized"
  | "failover"
  | "template-version"
  | "group-repointed"
  | "index-cap"
  /** Another setting of a member, for its maintenance window: to be carried out then, and with no change of the run's. */
  | "queued"
  | "tenant-tag"
  | "deleted"
  /** Deleted, and another one made under its name that looks the same. */
  | "made-anew";

/** One trouble. Removing any of them leaves a schedule that still can be played: that is how a failing one is shrunk. */
export type Trouble =
  /** AWS refuses, loses replies, answers late: simulation/scenario/faults.ts. */
  | { readonly kind: "aws"; readonly fault: Fault }
  | { readonly kind: "metrics"; readonly fault: MetricFault }
  /** More requests than the smaller sizes can answer: real harm. */
  | { readonly kind: "rush"; readonly promotion: Promotion }
  /** The process dies at its await number `at`, counted over all processes of the schedule; it comes back after some hours. */
  | { readonly kind: "crash"; readonly at: number; readonly when: "before" | "after"; readonly hours: number }
  /** The process stands still for longer than its lease, and another operator works meanwhile. */
  | { readonly kind: "sleeper"; readonly at: number; readonly other: Request }
  /** Another operator comes while the process lives. */
  | { readonly kind: "second"; readonly at: number; readonly other: Request }
  | { readonly kind: "hand"; readonly atHour: number; readonly region: string; readonly deed: Deed }
  /** A person asks for everything back; whoever carries the run out obeys. */
  | { readonly kind: "asked-back"; readonly atHour: number };

export interface Schedule {
  /** The seed it was made from; also says which resource a deed is about where there are several. */
  readonly seed: number;
  /** Who drives: a process that waits, or one that is started every quarter of an hour. */
  readonly mode: "foreground" | "tick";
  readonly troubles: readonly Trouble[];
}

export function troublesOf<K extends Trouble["kind"]>({ troubles }: Schedule, kind: K): readonly Extract<Trouble, { readonly kind: K }>[] {
  return troubles.filter((trouble): trouble is Extract<Trouble, { readonly kind: K }> => trouble.kind === kind);
}

export function troubleWords(trouble: Trouble): string {
  const { kind, ...rest } = trouble;
  return `${kind} ${JSON.stringify(rest)}`;
}
