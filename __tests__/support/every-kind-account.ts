import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { certificatesOf, sources, synthesizedText } from "./synthesized-stacks.ts";

interface Deployed {
  /** Part of every name: the three blueprints stand side by side in one account. */
  readonly suffix: string;
  readonly region: string;
  readonly configuration: object;
  readonly sizes?: object;
}

/**
 * An account in which each kind of change has something to change: the three blueprints at production size, each in one region, two of them
 * beside one another. Loads are those of simulation/scenarios/every-kind.json.
 */
const blueprints: readonly Deployed[] = [
  { suffix: "prod", region: "us-east-1", configuration: { blueprint: "saas" } },
  { suffix: "stream", region: "us-east-1", configuration: { blueprint: "streaming" } },
  { suffix: "web", region: "us-west-2", configuration: { blueprint: "web" }, sizes: { rds: { instanceClass: "db.t3.xlarge", backupRetentionDays: 30 } } },
];

/** Text of each `cdk.tf.json` by stack, and of one that lets the capacity of a table scale, which no blueprint does. */
export function everyKindStacks(): Readonly<Record<string, string>> {
  return {
    ...Object.assign({}, ...blueprints.map((one) => ({ [one.suffix]: stackOf(one) }))),
    scaling: JSON.stringify(scalingStack),
  };
}

/** A folder as synthesis leaves it, with the stacks of all three blueprints. */
export async function writeEveryKindStacks(folder: string): Promise<string> {
  for (const [stack, text] of Object.entries(everyKindStacks())) {
    await mkdir(join(folder, "stacks", stack), { recursive: true });
    await writeFile(join(folder, "stacks", stack, "cdk.tf.json"), text);
  }
  return folder;
}

function stackOf({ suffix, region, configuration, sizes }: Deployed): string {
  const sizing = sizes === undefined ? {} : { [`${suffix}/primary.json`]: { version: 1, ...sizes } };
  const { primary } = synthesizedText(sources({ ...configuration, suffix, regions: [region], certificateArn: certificatesOf([region]) }, sizing));
  if (primary === undefined) throw new Error(`${suffix} has no primary stack`);
  return primary;
}

const scalingStack = {
  provider: { aws: [{ region: "us-east-1" }] },
  resource: {
    aws_appautoscaling_target: {
      events: {
        service_namespace: "dynamodb",
        resource_id: "table/tap-stream-events",
        scalable_dimension: "dynamodb:table:ReadCapacityUnits",
        min_capacity: 500,
        max_capacity: 1000,
      },
    },
  },
  output: {},
};

/** Days of production in hours, with everything approved that needs it: every rule that finds something acts. */
export const everyKindPolicy = {
  baselineDays: 33,
  approvals: ["aurora.backup-retention", "rds.backup-retention"],
  rules: { dynamodbUnusedGsi: { brownOutMinutes: 60 }, redisSize: { targetNodeType: "cache.r6g.large" } },
  window: { minutes: 120, soakMinutes: 60, maxExtensionMinutes: 60, peakMaxFactor: 1 },
} as const;
