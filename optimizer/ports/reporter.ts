import type { JournalRecord } from "../core/model/journal-record.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";

/** What use cases tell while they work; adapters print it. Nothing but results ever goes to standard output. */
export type RunEvent =
  | {
      readonly kind: "study";
      readonly part: "outputs" | "inventory" | "price" | "metrics" | "costs" | "decide" | "plan";
      readonly region?: string;
      readonly detail: string;
    }
  | { readonly kind: "warning"; readonly message: string }
  | { readonly kind: "planned"; readonly plan: Plan; readonly planHash: string }
  /** A record was journaled; `state` is the fold including it. */
  | { readonly kind: "recorded"; readonly record: JournalRecord; readonly plan: Plan; readonly state: RunState }
  | { readonly kind: "waiting"; readonly untilMs: number; readonly reason: string };

export interface Reporter {
  tell(event: RunEvent): void;
}
