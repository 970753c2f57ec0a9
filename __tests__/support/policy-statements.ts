import { z } from "zod";
import type { Resource } from "./synthesized-stacks.ts";

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const policySchema = z.object({
  Statement: z.array(z.object({ Sid: z.string(), Effect: z.string(), Action: oneOrMore, Resource: oneOrMore.optional(), Condition: z.unknown().optional() })),
});

export type PolicyStatement = z.infer<typeof policySchema>["Statement"][number];

/** Of a policy as Terraform has it: JSON in a string. */
export function statements(policy: unknown): readonly PolicyStatement[] {
  return policySchema.parse(JSON.parse(String(policy))).Statement;
}

/** Each wildcard of a resource's policy, as `docs/policy-exceptions.json` names it. */
export function wildcards({ type, values }: Resource): readonly string[] {
  const policy = values["policy"];
  if (typeof policy !== "string") return [];
  return statements(policy).flatMap(({ Sid, Action, Resource: target }) => [
    ...[Action]
      .flat()
      .filter((action) => action.includes("*"))
      .map((action) => `${type} ${Sid} Action ${action}`),
    ...[target]
      .flat()
      .filter((arn) => arn === "*")
      .map((arn) => `${type} ${Sid} Resource ${arn}`),
  ]);
}
