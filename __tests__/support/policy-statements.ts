import { z } from "zod";

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.strictObject({
  Sid: z.string(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore,
  Resource: oneOrMore.default([]),
  Principal: z.union([z.literal("*"), z.record(z.string(), oneOrMore)]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).default({}),
});
const policySchema = z.object({ Statement: z.array(statementSchema) });

export type Statement = z.infer<typeof statementSchema>;

/** Of a policy as Terraform has it: JSON in a string. */
export function policyStatements(policy: string): readonly Statement[] {
  return policySchema.parse(JSON.parse(policy)).Statement;
}
