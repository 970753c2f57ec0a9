import { hashUnit, streamOf } from "../../simulation/load/noise.ts";

/** A number from 0 to 1 for each name, the same whenever it is asked for. */
export type Draw = (of: string) => number;

/** Everything random of an account is a hash of seed and number. */
export function drawer(seed: number, index: number): Draw {
  return (of) => hashUnit(seed, streamOf(of), index);
}

export function between(unit: number, low: number, high: number): number {
  return low + unit * (high - low);
}

/** Evenly in the logarithm: as often between 1 and 2 as between 2 and 4. */
export function spread(unit: number, low: number, high: number): number {
  return low * (high / low) ** unit;
}

export function oneOf<T>(unit: number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(unit * choices.length)] ?? choices[0];
}

/** Scenarios count moments in hours from the start. */
export function moment(days: number): number {
  return Math.round(days * 24);
}
