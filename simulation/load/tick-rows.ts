import { ticksPerDay } from "./tick.ts";

/** Figures of one resource by tick, remembered once computed. NaN: the resource was not there. */
export interface TickRows {
  at(tick: number, field: number): number;
}

interface DayBlock {
  readonly values: Float64Array;
  readonly done: Uint8Array;
}

/**
 * Remembers rows of `width` figures in blocks of a day. `evaluate` fills the row that starts at `offset`, which holds NaN
 * before. Only ticks that are over may be asked, since their figures never change again.
 */
export function rememberRows(width: number, evaluate: (tick: number, values: Float64Array, offset: number) => void): TickRows {
  const blocks = new Map<number, DayBlock>();
  let lastDay = Number.NaN;
  let last: DayBlock | undefined;

  const blockOf = (day: number): DayBlock => {
    if (day === lastDay && last !== undefined) return last;
    const block = blocks.get(day) ?? { values: new Float64Array(ticksPerDay * width).fill(Number.NaN), done: new Uint8Array(ticksPerDay) };
    blocks.set(day, block);
    lastDay = day;
    last = block;
    return block;
  };

  return {
    at(tick, field) {
      const day = Math.floor(tick / ticksPerDay);
      const within = tick - day * ticksPerDay;
      const block = blockOf(day);
      if (block.done[within] === 0) {
        evaluate(tick, block.values, within * width);
        block.done[within] = 1;
      }
      return block.values[within * width + field] ?? Number.NaN;
    },
  };
}

/** Adds into a row that may still be empty. */
export function addTo(values: Float64Array, at: number, amount: number): void {
  const before = values[at] ?? Number.NaN;
  values[at] = Number.isNaN(before) ? amount : before + amount;
}
