import { tickSeconds } from "../../load/tick.ts";
import type { Wish } from "../../shared/target-tracking.ts";
import type { PolicyByHand } from "./set-by-hand.ts";

export type StepAlarm = NonNullable<PolicyByHand["alarm"]>;
type Step = NonNullable<PolicyByHand["steps"]>[number];

export interface StepSettings {
  readonly kind: "StepScaling" | "SimpleScaling";
  readonly alarm: StepAlarm;
  readonly adjustment: NonNullable<PolicyByHand["adjustment"]>;
  /** A percentage comes to at least so many instances. */
  readonly leastChange: number;
  readonly steps: readonly Step[];
  readonly cooldownSeconds: number;
}

/** The figures of a policy of steps or of simple scaling; `undefined` for one that is only shown. */
export function stepSettings({
  type,
  alarm,
  adjustment = "ChangeInCapacity",
  leastChange = 0,
  steps = [],
  cooldownSeconds = 300,
}: PolicyByHand): StepSettings | undefined {
  if ((type !== "StepScaling" && type !== "SimpleScaling") || alarm === undefined || steps.length === 0) return undefined;
  return { kind: type, alarm, adjustment, leastChange, steps, cooldownSeconds };
}

/** A policy that an alarm of somebody's starts. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html */
export class StepScaling {
  readonly #settings: StepSettings;
  #ticksInBreach = 0;
  /** The end of the cooldown of simple scaling. Before it the policy does nothing. */
  #waitsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(settings: StepSettings) {
    this.#settings = settings;
  }

  get metric(): StepAlarm["metric"] {
    return this.#settings.alarm.metric;
  }

  /** Takes in a tick that ends at `atMs`. `size` is what steps are added to: instances that are warm. */
  see(value: number, size: number, atMs: number): Wish | undefined {
    const { kind, alarm, steps } = this.#settings;
    this.#ticksInBreach = isBreach(alarm, value) ? this.#ticksInBreach + 1 : 0;
    if (this.#ticksInBreach * tickSeconds < alarm.evaluationMinutes * 60 || atMs < this.#waitsUntilMs) return undefined;
    const distance = value - alarm.threshold;
    const step =
      kind === "SimpleScaling"
        ? steps[0]
        : steps.find(({ from = -Infinity, until = Infinity }) => (distance >= 0 ? distance >= from && distance < until : distance > from && distance <= until));
    if (step === undefined) return undefined;
    const count = this.#adjusted(size, step.change);
    if (count === size) return undefined;
    return { kind: count > size ? "more" : "fewer", count };
  }

  /** Its wish was followed. */
  acted(atMs: number): void {
    const { kind, cooldownSeconds } = this.#settings;
    if (kind === "SimpleScaling") this.#waitsUntilMs = atMs + cooldownSeconds * 1000;
  }

  #adjusted(size: number, change: number): number {
    switch (this.#settings.adjustment) {
      case "ExactCapacity":
        return change;
      case "ChangeInCapacity":
        return Math.max(0, size + change);
      case "PercentChangeInCapacity":
        return Math.max(0, size + percentOf(size, change, this.#settings.leastChange));
      default:
        return this.#settings.adjustment satisfies never;
    }
  }
}

/** Values greater than 1 are rounded down, between 0 and 1 up to 1, between 0 and -1 to -1, less than -1 up. */
function percentOf(size: number, percent: number, least: number): number {
  const exact = (size * percent) / 100;
  return exact === 0 ? 0 : Math.sign(exact) * Math.max(1, least, Math.trunc(Math.abs(exact)));
}

function isBreach({ comparison, threshold }: StepAlarm, value: number): boolean {
  switch (comparison) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    case "LessThanThreshold":
      return value < threshold;
    default:
      return comparison satisfies never;
  }
}
