import { z } from "zod";
import { sizingSchema } from "../../contract/sizing.ts";
import { faultSchema } from "./faults.ts";
import { momentSchema, namePatternSchema, nameSchema } from "./references.ts";
import { calledSchema } from "./called.ts";
import { resizedSchema } from "./resized.ts";
import { promotionSchema, trafficSchema, type Traffic } from "./traffic.ts";

const tagSchema = z.strictObject({ region: nameSchema.optional(), resource: namePatternSchema, tags: z.record(nameSchema, z.string()) });

const missingSchema = z.strictObject({
  region: nameSchema,
  namespace: nameSchema,
  metrics: z.array(nameSchema).min(1).optional().describe("Metric names; absent means every metric of the namespace."),
  resource: namePatternSchema.describe("Value of any of the metric's dimensions."),
  from: momentSchema.optional().describe("Absent: since ever."),
  until: momentSchema.optional().describe("Absent: for ever."),
});

const metricFaultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("partial-data"),
    region: nameSchema.optional(),
    from: momentSchema,
    until: momentSchema,
    share: z.number().gt(0).lt(1).default(0.5).describe("Share of each series that is answered, with StatusCode PartialData."),
  }),
  z.strictObject({ kind: z.literal("late-points"), region: nameSchema.optional(), from: momentSchema, until: momentSchema, lagSeconds: z.number().positive() }),
]);

const commitmentSchema = z.strictObject({
  kind: z.enum(["savings-plan", "reserved"]),
  region: nameSchema,
  service: nameSchema,
  instanceType: nameSchema,
  coveredShare: z.number().min(0).max(1).describe("Share of the type's hours that the commitment covers."),
  discountShare: z.number().min(0).max(1).default(0.3).describe("Below the list price."),
});

/** What one region is asked for, whatever services are there: each service adds its own demand, see `Demand`. */
export const regionShape = {
  traffic: trafficSchema.describe("Requests that arrive at the region's load balancers, spread evenly over them."),
};

/** A scenario without what each service's demand adds to a region; schema.ts puts both together. */
export const scenarioShape = {
  name: nameSchema.default("unnamed"),
  notes: z.array(z.string()).default([]).describe("What the scenario is meant to show, for people."),
  seed: z.int().nonnegative().default(1).describe("Everything random is a hash of it."),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .default("123456789012"),
  start: z.iso.datetime().default("2026-06-01T00:00:00Z").describe("T0, UTC: the account is deployed and the virtual clock starts here."),
  stackSettings: z
    .record(z.string().regex(/^TAP_[A-Z_]+$/, "not a TAP_* variable"), z.string())
    .default({})
    .describe("TAP_* variables of the stacks whose load this is: who synthesizes them for the account sets these. None: the shell's own."),
  // No default: it would be a value of every scenario, and state folders of before would belong to another one.
  sizes: z
    .record(z.string().regex(/^[\w-]+\/[\w-]+$/, "not <suffix>/<stack>"), sizingSchema)
    .optional()
    .describe("Sizing files, as <suffix>/<stack>, that somebody had before: `optimizer demo` writes them before it deploys."),
  historyDays: z.int().min(0).max(455).default(90).describe("What is deployed at the start is taken to have run, as deployed, for so many days before it."),
  familySpeed: z.record(nameSchema, z.number().positive()).default({}).describe('Speed of a vCPU by instance family, e.g. {"m7i": 1.3}; 1 where not named.'),
  promotions: z.array(promotionSchema).default([]),
  tags: z.array(tagSchema).default([]).describe("Tags the resources carry besides those of the stacks."),
  resized: z.array(resizedSchema).optional().describe("Resources that were of another size before, at once and by an API call that CloudTrail tells of."),
  called: z
    .array(calledSchema)
    .optional()
    .describe("Calls that somebody made before the start: CloudTrail tells of them, and nothing else follows from them here."),
  missingMetrics: z.array(missingSchema).default([]).describe("Points CloudWatch does not have."),
  metricFaults: z.array(metricFaultSchema).default([]),
  commitments: z.array(commitmentSchema).default([]).describe("Reserved instances and Savings Plans."),
  // No defaults: they would be values of every scenario, and state folders of before would belong to another one.
  negotiatedDiscountShare: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("Below list prices, by an agreement with AWS: shown by net costs alone. None: list prices."),
  offeredDiscountShare: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("Below list prices, of a commitment for one year without anything upfront, as Cost Explorer recommends it. None: it recommends nothing."),
  dailyCreditUsd: z.number().nonnegative().default(0).describe("Credits that Cost Explorer lists as such."),
  taxShare: z.number().min(0).max(1).default(0).describe("Tax on usage, listed as such."),
  faults: z.array(faultSchema).default([]),
};

const commonSchema = z.strictObject(scenarioShape);

/** Load of one region; what services are asked for stands beside the traffic, read by `Demand.of`. */
interface RegionLoad {
  readonly traffic: Traffic;
  readonly [demand: string]: unknown;
}

export type Scenario = z.infer<typeof commonSchema> & { readonly regions: Readonly<Record<string, RegionLoad>> };
export type Commitment = z.infer<typeof commitmentSchema>;
/** What a scenario file may say: fields with defaults may be absent. */
export type ScenarioInput = z.input<typeof commonSchema> & { readonly regions: Readonly<Record<string, object>> };

/** What a region's requests ask of one service's resources: a field of the region that the service itself describes. */
export class Demand<Schema extends z.ZodType = z.ZodType> {
  readonly field: string;
  readonly schema: Schema;

  constructor(field: string, schema: Schema) {
    this.field = field;
    this.schema = schema;
  }

  /** As the schema read it; `undefined` for a region without load. */
  of(scenario: Scenario, region: string): z.infer<Schema> | undefined {
    return scenario.regions[region]?.[this.field] as z.infer<Schema> | undefined;
  }
}
