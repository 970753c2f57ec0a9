import { Timeline } from "./timeline.ts";

/**
 * A timeline that goes on by itself: before it is asked about a moment, what happens until then is written into it. What was written never
 * depends on who asked when.
 */
export class FollowedTimeline<T> extends Timeline<T> {
  readonly #follow: (untilMs: number) => void;
  /** Moments of what it wrote by itself, which are always those of ticks: nobody has to look for them within one. */
  readonly #ownMoments = new Set<number>();

  constructor(fromMs: number, value: T, follow: (untilMs: number) => void) {
    super(fromMs, value);
    this.#follow = follow;
  }

  override at(ms: number): T | undefined {
    this.#follow(ms);
    return super.at(ms);
  }

  override moments(): readonly number[] {
    return super.moments().filter((ms) => !this.#ownMoments.has(ms));
  }

  override adjustFrom(fromMs: number, change: (value: T) => T): boolean {
    const isNew = super.adjustFrom(fromMs, change);
    if (isNew) this.#ownMoments.add(fromMs);
    return isNew;
  }
}
