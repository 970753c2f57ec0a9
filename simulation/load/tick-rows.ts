import { ticksPerHour } from "./tick.ts";

/** Figures of one resource by tick, remembered once computed. NaN: the resource was not there. */
export interface TickRows {
  at(tick: number, field: number): number;
}

/** Rows of an hour within a slab that hours share. */
interface HourBlock {
  readonly values: Float64Array;
  /** Where the hour's first row starts. */
  readonly offset: number;
  /** Which of its ticks were computed, one bit each. */
  done: number;
}

/** Hours are given room by the day, in the order in which they are asked for: whoever asks for a few hours of two months pays for those alone. */
const hoursPerSlab = 24;

/**
 * Remembers rows of `width` figures. `evaluate` fills the row that starts at `offset`, which holds NaN before. Only ticks that are over
 * may be asked, since their figures never change again.
 */
export function rememberRows(width: number, evaluate: (tick: number, values: Float64Array, offset: number) => void): TickRows {
  const blocks = new Map<number, HourBlock>();
  const blockLength = ticksPerHour * width;
  let slab = new Float64Array(0);
  let used = 0;
  let lastHour = Number.NaN;
  let last: HourBlock = { values: slab, offset: 0, done: 0 };

  const newBlock = (): HourBlock => {
    if (used === slab.length) {
      slab = new Float64Array(hoursPerSlab * blockLength).fill(Number.NaN);
      used = 0;
    }
    const block = { values: slab, offset: used, done: 0 };
    used += blockLength;
    return block;
  };
  const blockOf = (hour: number): HourBlock => {
    const known = blocks.get(hour);
    const block = known ?? newBlock();
    if (known === undefined) blocks.set(hour, block);
    lastHour = hour;
    last = block;
    return block;
  };

  return {
    at(tick, field) {
      const hour = Math.floor(tick / ticksPerHour);
      const block = hour === lastHour ? last : blockOf(hour);
      const within = tick - hour * ticksPerHour;
      const offset = block.offset + within * width;
      if ((block.done & (1 << within)) === 0) {
        evaluate(tick, block.values, offset);
        block.done |= 1 << within;
      }
      return block.values[offset + field] ?? Number.NaN;
    },
  };
}

/** Adds into a row that may still be empty. */
export function addTo(values: Float64Array, at: number, amount: number): void {
  const before = values[at] ?? Number.NaN;
  values[at] = Number.isNaN(before) ? amount : before + amount;
}
