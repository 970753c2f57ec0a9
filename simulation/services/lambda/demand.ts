import { z } from "zod";
import { Demand } from "../../scenario/scenario.ts";
import { namePatternSchema } from "../../scenario/references.ts";

const functionSchema = z.strictObject({
  readsStreamsOf: z.array(namePatternSchema).optional().describe("Tables to whose streams an event source mapping connects it."),
});

/** Without a default: a state folder belongs to a scenario with all its values, and would open no more. */
export const functionsDemand = new Demand("functions", z.record(z.string().min(1), functionSchema).optional().describe("Lambda functions by name."));
