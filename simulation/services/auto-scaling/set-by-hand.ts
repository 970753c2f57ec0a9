import { z } from "zod";
import { parseRecurrence } from "../../../contract/recurrence.ts";
import { byPattern, momentSchema, namePatternSchema, nameSchema } from "../../scenario/references.ts";
import { Demand, type Scenario } from "../../scenario/scenario.ts";

/** What AWS's own metrics of a group may be kept at. */
export const trackedMetrics = ["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget"] as const;

export type TrackedMetric = (typeof trackedMetrics)[number];

const names = z.array(nameSchema).default([]);

const otherGroupSchema = z.strictObject({
  name: nameSchema,
  version: nameSchema.default("$Latest").describe("Of the same launch template: a number, $Latest or $Default."),
  tags: z.record(nameSchema, z.string()).default({}),
  instances: z.int().nonnegative().default(1),
  sameTargetGroups: z.boolean().default(false).describe("Whether its instances are registered with the same target groups."),
});

const count = z.int().nonnegative();

const scheduledSchema = z.strictObject({
  name: nameSchema,
  recurrence: nameSchema
    .refine((text) => parseRecurrence(text) !== undefined, "not five fields of cron: minute, hour, day of the month, month, day of the week")
    .default("0 6 * * *")
    .describe("Five fields of cron, UTC."),
  start: momentSchema.optional().describe("When it acts first. Absent: it has always acted."),
  end: momentSchema.optional().describe("When it acts for the last time."),
  minSize: count.optional(),
  desiredCapacity: count.optional(),
  maxSize: count.optional(),
});

/** CPUUtilization is the group's mean, percent; the alarm's periods are minutes. */
const alarmSchema = z.strictObject({
  metric: z.enum(["CPUUtilization", "NetworkIn", "NetworkOut"]).default("CPUUtilization"),
  comparison: z.enum(["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanOrEqualToThreshold", "LessThanThreshold"]),
  threshold: z.number().positive(),
  evaluationMinutes: z.int().min(1).default(3),
});

const stepSchema = z.strictObject({
  from: z.number().optional().describe("Lower bound of the metric, as distance from the alarm's threshold. Absent: no bound."),
  until: z.number().optional().describe("Upper bound, likewise."),
  change: z.int(),
});

const policySchema = z.strictObject({
  name: nameSchema,
  type: z.enum(["TargetTrackingScaling", "StepScaling", "SimpleScaling", "PredictiveScaling"]),
  target: z
    .strictObject({ metric: z.enum(trackedMetrics), value: z.number().positive(), disableScaleIn: z.boolean().optional() })
    .optional()
    .describe("Of target tracking."),
  alarm: alarmSchema.optional().describe("Of steps and simple scaling."),
  adjustment: z.enum(["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"]).optional(),
  leastChange: count.optional().describe("A percentage comes to at least so many instances."),
  steps: z.array(stepSchema).optional().describe("Simple scaling has one, without bounds."),
  cooldownSeconds: count.optional().describe("Of simple scaling. Absent: the group's 300."),
  warmUpSeconds: count.optional().describe("Estimated warm-up of its new instances, which is shown and not acted on. Absent: it names none."),
});

/** What somebody set on a group that the stacks say nothing of. */
const setByHandSchema = z.strictObject({
  status: nameSchema.optional().describe("E.g. Delete in progress."),
  suspendedProcesses: names,
  protectedFromScaleIn: z.boolean().default(false),
  standbyInstances: z.int().nonnegative().default(0),
  warmPool: z.boolean().default(false),
  lifecycleHooks: names,
  scheduledActions: z
    .array(z.union([nameSchema, scheduledSchema]))
    .default([])
    .describe("A name alone is one that sets nothing."),
  policies: z
    .array(policySchema)
    .default([])
    .describe("Besides those of the stacks. Acted on where the region's scaling is followed; without their figures only shown."),
  launchTemplate: z
    .partialRecord(z.enum(["CpuOptions", "Placement", "InstanceMarketOptions", "CapacityReservationSpecification"]), z.record(z.string(), z.unknown()))
    .optional()
    .describe("Members of the launch template's data besides the stacks', as EC2 describes them."),
  registered: z
    .array(nameSchema.regex(/^i-/))
    .optional()
    .describe("Instances of no group that are registered with its target groups, e.g. i-0a1b2c3d4e5f60718. They take no part in the load."),
  capacityReservation: nameSchema
    .regex(/^cr-/)
    .optional()
    .describe("An open capacity reservation that its instances run in, e.g. cr-0a1b2c3d4e5f60718. The bill shows nothing of it."),
  others: z.array(otherGroupSchema).default([]).describe("Groups of other hands on the same launch template."),
});

export type PolicyByHand = z.infer<typeof policySchema>;
export type ScheduledByHand = z.infer<typeof scheduledSchema>;
export type SetByHand = z.infer<typeof setByHandSchema>;
export type OtherGroup = z.infer<typeof otherGroupSchema>;

export const groupsByHand = new Demand(
  "groups",
  z.partialRecord(namePatternSchema, setByHandSchema).describe("Auto Scaling groups by name: what somebody set by hand besides the stacks.").optional(),
);

export const nothingByHand: SetByHand = setByHandSchema.parse({});

/** Scheduled actions with all that is said of them. */
export function scheduledActionsOf({ scheduledActions }: SetByHand): readonly ScheduledByHand[] {
  return scheduledActions.map((action) => (typeof action === "string" ? { name: action, recurrence: "0 6 * * *" } : action));
}

export function setByHand(scenario: Scenario, region: string, group: string): SetByHand {
  return byPattern(groupsByHand.of(scenario, region) ?? {}, group) ?? nothingByHand;
}
