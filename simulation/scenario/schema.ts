import { z } from "zod";
import { UserError } from "../../contract/user-error.ts";
import { services } from "../services.ts";
import { regionShape, scenarioShape, type Scenario } from "./scenario.ts";

const demands = services.flatMap((service) => service.demands ?? []);
const commitments = services.flatMap((service) => service.usage?.instances?.commitment ?? []);

const regionSchema = z.strictObject({ ...regionShape, ...Object.fromEntries(demands.map(({ field, schema }) => [field, schema])) });
const commitmentSchema = scenarioShape.commitments.unwrap().element.extend({ service: z.enum(commitments) });

/** A simulated account as one file: same scenario, same answers. Strict: an unknown key is an error that names it. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  ...scenarioShape,
  commitments: z.array(commitmentSchema).default([]).describe("Reserved instances and Savings Plans."),
  regions: z.record(z.string().min(1), regionSchema).describe("Load by region; a region not named has none."),
});

/** The scenario in a JSON document. All problems come at once, as the UserError `bad-scenario`. */
export function parseScenario(document: unknown, source: string): Scenario {
  const parsed = scenarioSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".") || "(top level)"}: ${issue.message}`);
  throw new UserError({
    code: "bad-scenario",
    message: `scenario ${source} is not valid:\n${problems.join("\n")}`,
    hint: "docs/simulation.md lists the fields; simulation/scenarios/story.json is a whole example.",
  });
}
