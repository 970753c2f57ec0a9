import { z } from "zod";
import { UserError } from "../contract/user-error.ts";
import { faultSchema } from "./faults.ts";
import { applicationSchema, cacheSchema, databaseSchema, tablesSchema } from "./load/demand-schema.ts";
import { momentSchema, promotionSchema, trafficSchema } from "./load/traffic-schema.ts";

const name = z.string().min(1);
const namePattern = name.describe("A resource's name as deployed; `{suffix}` stands for any environment suffix.");

/** What the resources of one region are asked for, by role: it applies to every resource of the role there. */
const regionSchema = z.strictObject({
  traffic: trafficSchema.describe("Requests that arrive at the region's load balancers, spread evenly over them."),
  application: applicationSchema.describe("Auto Scaling groups behind the load balancers."),
  database: databaseSchema.optional().describe("Aurora clusters behind the application."),
  cache: cacheSchema.optional().describe("Redis replication groups."),
  tables: tablesSchema.default({}).describe("DynamoDB tables by name."),
});

const tagSchema = z.strictObject({ region: name.optional(), resource: namePattern, tags: z.record(name, z.string()) });

const missingSchema = z.strictObject({
  region: name,
  namespace: name,
  metrics: z.array(name).min(1).optional().describe("Metric names; absent means every metric of the namespace."),
  resource: namePattern.describe("Value of any of the metric's dimensions."),
  from: momentSchema.optional().describe("Absent: since ever."),
  until: momentSchema.optional().describe("Absent: for ever."),
});

const metricFaultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("partial-data"),
    region: name.optional(),
    from: momentSchema,
    until: momentSchema,
    share: z.number().gt(0).lt(1).default(0.5).describe("Share of each series that is answered, with StatusCode PartialData."),
  }),
  z.strictObject({ kind: z.literal("late-points"), region: name.optional(), from: momentSchema, until: momentSchema, lagSeconds: z.number().positive() }),
]);

const commitmentSchema = z.strictObject({
  kind: z.enum(["savings-plan", "reserved"]),
  region: name,
  service: z.enum(["ec2", "aurora", "elasticache"]),
  instanceType: name,
  coveredShare: z.number().min(0).max(1).describe("Share of the type's hours that the commitment covers."),
  discountShare: z.number().min(0).max(1).default(0.3).describe("Below the list price."),
});

/** A simulated account as one file: same scenario, same answers. Strict: an unknown key is an error that names it. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  name: name.default("unnamed"),
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
  historyDays: z.int().min(0).max(455).default(90).describe("What is deployed at the start is taken to have run, as deployed, for so many days before it."),
  familySpeed: z.record(name, z.number().positive()).default({}).describe('Speed of a vCPU by instance family, e.g. {"m7i": 1.3}; 1 where not named.'),
  regions: z.record(name, regionSchema).describe("Load by region; a region not named has none."),
  promotions: z.array(promotionSchema).default([]),
  tags: z.array(tagSchema).default([]).describe("Tags the resources carry besides those of the stacks."),
  missingMetrics: z.array(missingSchema).default([]).describe("Points CloudWatch does not have."),
  metricFaults: z.array(metricFaultSchema).default([]),
  commitments: z.array(commitmentSchema).default([]).describe("Reserved instances and Savings Plans."),
  dailyCreditUsd: z.number().nonnegative().default(0).describe("Credits that Cost Explorer lists as such."),
  taxShare: z.number().min(0).max(1).default(0).describe("Tax on usage, listed as such."),
  faults: z.array(faultSchema).default([]),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type Commitment = z.infer<typeof commitmentSchema>;
/** What a scenario file may say: fields with defaults may be absent. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

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
