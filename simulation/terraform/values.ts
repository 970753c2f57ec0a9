import { UserError } from "../../contract/user-error.ts";

/** Something that Terraform could resolve and this account cannot: said by name instead of made up. */
export function notSimulated(what: string): UserError {
  return new UserError({
    code: "not-simulated",
    message: `not simulated: ${what}`,
    hint: "the simulated account computes what each service.ts in simulation/services lists under `attributes` and `data`",
  });
}

/** Terraform turns numbers and booleans into text where text is asked for; lists and maps it refuses. */
export function scalarText(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new UserError({ code: "not-simulated", message: `${where} is no text, number or boolean`, hint: "set the argument to a single value in the stack" });
}
