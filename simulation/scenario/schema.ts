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

/** The schema of a scenario file for editors: a file that extends another may leave out anything, and take anything away with `null`. */
export function scenarioFileSchema(): object {
  const { properties, ...schema } = z.toJSONSchema(scenarioSchema, { io: "input" });
  const extending = {
    extends: { type: "string", description: "A bundled scenario's name, or a file beside this one: what is not said here is as it is there." },
  };
  return optional({ ...schema, title: "A simulated AWS account", properties: { ...extending, ...properties } }) as object;
}

function optional(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(optional);
  if (typeof schema !== "object" || schema === null) return schema;
  const { required: _required, ...rest } = Object.fromEntries(Object.entries(schema));
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => {
      if (key === "properties") return [key, Object.fromEntries(Object.entries(Object(value)).map(([name, member]) => [name, orNull(member)]))];
      if (key === "additionalProperties" && typeof value === "object") return [key, orNull(value)];
      return [key, optional(value)];
    }),
  );
}

function orNull(schema: unknown): object {
  return { anyOf: [optional(schema), { type: "null" }] };
}

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
