import { Timeline } from "./timeline.ts";

interface SettingState {
  readonly value: string;
  /** What it is to become in the maintenance window, or soon. */
  readonly queued?: string;
}

interface Ask {
  /** Absent: another setting is asked for. */
  readonly wanted: string | undefined;
  /** With it, whatever is queued is carried out, too. */
  readonly immediately: boolean;
  readonly nowMs: number;
  /** The next maintenance window's start. */
  readonly windowMs: number;
  readonly takesMs: number;
}

/** A setting that can be queued for the maintenance window, until the window or until any call of its resource is carried out at once. */
export class QueueableSetting {
  readonly #life: Timeline<SettingState>;

  constructor(bornMs: number, value: string) {
    this.#life = new Timeline<SettingState>(bornMs, { value });
  }

  valueAt(ms: number): string {
    return (this.#life.at(ms) ?? this.#life.final()).value;
  }

  queuedAt(ms: number): string | undefined {
    return this.#life.at(ms)?.queued;
  }

  /** Whether the value changes soon. To ask for the present value takes another one off the queue. */
  ask({ wanted, immediately, nowMs, windowMs, takesMs }: Ask): boolean {
    const value = this.valueAt(nowMs);
    const queued = wanted ?? this.queuedAt(nowMs);
    if (queued === undefined || (wanted === undefined && !immediately)) return false;
    if (queued === value) {
      this.#life.set(nowMs, { value });
      return false;
    }
    this.#life.set(nowMs, { value, queued });
    this.#life.set((immediately ? nowMs : windowMs) + takesMs, { value: queued });
    return immediately;
  }
}
