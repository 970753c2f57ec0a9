import type { Described } from "../../core/model/resource-ref.ts";

/** What AWS gave a resource when it was made, where it tells: old releases of a service, and stand-ins for it, may not. */
export function bornAs(told: string | Date | undefined): Pick<Described, "born"> {
  if (told === undefined) return {};
  return { born: typeof told === "string" ? told : told.toISOString() };
}
