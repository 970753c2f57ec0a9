/** What a policy asks for after a tick: so many instances or tasks. */
export interface Wish {
  readonly kind: "more" | "fewer";
  readonly count: number;
}

/**
 * Five points of a minute each are in a tick, all of one value: three in a row above the target let the policy ask for more, fifteen below
 * nine tenths of it for fewer. What AWS's alarms do is described in
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html; their figures are those of the alarms it makes.
 */
const ticksUntilFewer = 3;
const lowShare = 0.9;
/** Rounding must not ask for an instance more than the arithmetic on paper. */
const rounding = 1e-9;

export interface TrackingSettings {
  readonly target: number;
  readonly disableScaleIn: boolean;
}

/** A target tracking policy's two alarms. */
export class TargetTracking {
  readonly #settings: TrackingSettings;
  #ticksBelow = 0;

  constructor(settings: TrackingSettings) {
    this.#settings = settings;
  }

  get neverFewer(): boolean {
    return this.#settings.disableScaleIn;
  }

  /** Takes in a tick. `value` is the metric's mean over those that `carried` it; NaN where nothing was published. */
  see(value: number, carried: number): Wish | undefined {
    const { target, disableScaleIn } = this.#settings;
    this.#ticksBelow = value < target * lowShare ? this.#ticksBelow + 1 : 0;
    const count = Math.max(1, Math.ceil((carried * value) / target - rounding));
    if (value > target) return { kind: "more", count };
    if (disableScaleIn || this.#ticksBelow < ticksUntilFewer) return undefined;
    return { kind: "fewer", count };
  }

  /** After a change of size its alarms begin anew. */
  forget(): void {
    this.#ticksBelow = 0;
  }
}

/**
 * The size that several policies come to: the largest that any asks for; smaller only where all tracking policies that may shrink it agree, or
 * a policy of steps says so. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html (multiple policies)
 */
export function agreedSize(tracked: readonly (Wish | undefined)[], stepped: readonly (Wish | undefined)[], size: number): number {
  const more = [...tracked, ...stepped].flatMap((wish) => (wish?.kind === "more" ? wish.count : []));
  const most = Math.max(size, ...more);
  if (most > size) return most;
  // Any that asks for more is answered already by what there is, and keeps it from becoming less.
  if (more.length > 0) return size;
  const agreed = tracked.length > 0 && tracked.every((wish) => wish?.kind === "fewer") ? tracked.flatMap((wish) => wish?.count ?? []) : [];
  const fewer = [...agreed, ...stepped.flatMap((wish) => (wish?.kind === "fewer" ? wish.count : []))];
  return fewer.length === 0 ? size : Math.min(size, Math.max(...fewer));
}
