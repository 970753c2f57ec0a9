import { UserError } from "../../contract/user-error.ts";

/** Something that Terraform could resolve and this account cannot: said by name instead of made up. */
export function notSimulated(what: string): UserError {
  return new UserError({
    code: "not-simulated",
    message: `not simulated: ${what}`,
    hint: "the simulated account computes what simulation/terraform/computed-attributes.ts and data-attributes.ts list",
  });
}
