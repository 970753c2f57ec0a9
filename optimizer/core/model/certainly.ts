import { Fault } from "../../errors.ts";

/** What has to be there; `whatHolds` says why. Throws `Fault` where it is not: a figure in its place would be told as if it were known. */
export function certainly<T>(value: T | undefined, whatHolds: string): T {
  if (value === undefined) throw new Fault(`this does not hold: ${whatHolds}`);
  return value;
}
