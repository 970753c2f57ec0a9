import { Fault } from "../../errors.ts";

/** A member that AWS's models call optional and that AWS always sends for what exists; without it nothing may be guessed. */
export function answered<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Fault(`AWS answered without ${name}`);
  return value;
}
