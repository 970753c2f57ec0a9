import type { Change } from "../levers/change-kinds.ts";
import type { SeriesKey } from "./observation.ts";
import type { ResourceRef } from "./resource-ref.ts";
import type { PhaseNumber, RuleId } from "./rule-id.ts";

/** One mutation of an action. `id` is unique within the plan and goes into AWS's client tokens. */
export interface ChangeStep {
  readonly kind: "change";
  readonly id: string;
  readonly change: Change;
  readonly description: string;
}

/**
 * A probation: for `minutes` none of `probes` may show a value above zero in any slot. One that does lifts the brown-out:
 * the steps done so far are undone (`lift`), and the action becomes the skip `still-read`.
 */
export interface BrownOutStep {
  readonly kind: "brown-out";
  readonly id: string;
  readonly minutes: number;
  readonly probes: readonly SeriesKey[];
  readonly lift: readonly ChangeStep[];
  readonly description: string;
}

export type Step = ChangeStep | BrownOutStep;

/** What `adopt` writes: a property of a component, found by Terraform type and id through the output `components`. */
export interface SizingChange {
  readonly type: string;
  readonly id: string;
  readonly property: string;
  /** `append` adds `value` to a list, `set` replaces. */
  readonly operation: "set" | "append";
  readonly value: string | number | true;
}

/** A short outage that the action itself causes; its slots do not count for the severe fast path (seam 20). */
export interface Disruption {
  readonly kind: "failover" | "instance-restart" | "instance-replacement";
  readonly seconds: number;
  readonly detail: string;
}

/** One typed change of one resource, with its way back captured before anything runs. */
export interface Action {
  /** `<rule>:<region>:<resource id>` plus a part where a resource has several, e.g. an index. */
  readonly id: string;
  readonly rule: RuleId;
  readonly phase: PhaseNumber;
  readonly region: string;
  readonly resource: ResourceRef;
  readonly summary: string;
  /** In order. */
  readonly steps: readonly Step[];
  /** In order, from any point of `steps`: a step whose `after` already holds is skipped. */
  readonly rollback: readonly ChangeStep[];
  /** Done when the phase passed, e.g. the old writer resized once it is no longer needed for a quick way back. */
  readonly afterPass: readonly ChangeStep[];
  readonly reversibility: "immediate" | "slow" | "irreversible";
  readonly disruptions: readonly Disruption[];
  readonly writeBack: readonly SizingChange[];
}
