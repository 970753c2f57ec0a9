import { z } from "zod";
import { byPattern, namePatternSchema, nameSchema } from "../../scenario/references.ts";
import { Demand, type Scenario } from "../../scenario/scenario.ts";

const names = z.array(nameSchema).default([]);

const otherGroupSchema = z.strictObject({
  name: nameSchema,
  version: nameSchema.default("$Latest").describe("Of the same launch template: a number, $Latest or $Default."),
  tags: z.record(nameSchema, z.string()).default({}),
  instances: z.int().nonnegative().default(1),
  sameTargetGroups: z.boolean().default(false).describe("Whether its instances are registered with the same target groups."),
});

/** What somebody set on a group that the stacks say nothing of. */
const setByHandSchema = z.strictObject({
  status: nameSchema.optional().describe("E.g. Delete in progress."),
  suspendedProcesses: names,
  protectedFromScaleIn: z.boolean().default(false),
  standbyInstances: z.int().nonnegative().default(0),
  warmPool: z.boolean().default(false),
  lifecycleHooks: names,
  scheduledActions: names,
  policies: z
    .array(z.strictObject({ name: nameSchema, type: z.enum(["StepScaling", "SimpleScaling", "PredictiveScaling"]) }))
    .default([])
    .describe("Besides those of the stacks. Shown, never acted on."),
  launchTemplate: z
    .partialRecord(z.enum(["CpuOptions", "Placement", "InstanceMarketOptions", "CapacityReservationSpecification"]), z.record(z.string(), z.unknown()))
    .optional()
    .describe("Members of the launch template's data besides the stacks', as EC2 describes them."),
  others: z.array(otherGroupSchema).default([]).describe("Groups of other hands on the same launch template."),
});

export type SetByHand = z.infer<typeof setByHandSchema>;
export type OtherGroup = z.infer<typeof otherGroupSchema>;

export const groupsByHand = new Demand(
  "groups",
  z.partialRecord(namePatternSchema, setByHandSchema).describe("Auto Scaling groups by name: what somebody set by hand besides the stacks.").optional(),
);

export const nothingByHand: SetByHand = setByHandSchema.parse({});

export function setByHand(scenario: Scenario, region: string, group: string): SetByHand {
  return byPattern(groupsByHand.of(scenario, region) ?? {}, group) ?? nothingByHand;
}
