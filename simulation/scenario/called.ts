import { z } from "zod";
import { momentMs, momentSchema, nameSchema } from "./references.ts";

/** By the members' names in AWS's API: `DBInstanceIdentifier`. */
const membersSchema = z.record(nameSchema, z.unknown());

export const calledSchema = z.strictObject({
  region: nameSchema,
  at: momentSchema,
  service: nameSchema.describe("As CloudTrail's source names it: rds, ecs, lambda."),
  command: nameSchema.describe("The API's own name: DeleteDBInstance."),
  input: membersSchema.describe("What was asked for, by the API's names."),
  output: membersSchema.default({}).describe("What AWS answered, by the API's names."),
});

/** The part of a scenario that this is about. */
interface Past {
  readonly start: string;
  readonly called?: readonly z.infer<typeof calledSchema>[] | undefined;
}

/** Calls that somebody made before the start, which CloudTrail tells of; what they did is not played again. */
export function callsBefore({ start, called = [] }: Past) {
  return called.map(({ at, ...call }) => ({ ...call, atMs: momentMs(at, Date.parse(start)) }));
}
