import { z } from "zod";
import { Demand } from "../scenario/scenario.ts";

const dataStreamSchema = z.strictObject({ openShards: z.int().positive().describe("Shards that take records.") });

/** Kinesis has no type of its own in the stacks: somebody made these streams beside them. Without a default, as all that is new. */
export const dataStreamsDemand = new Demand("dataStreams", z.record(z.string().min(1), dataStreamSchema).optional().describe("Kinesis data streams by name."));

export function dataStreamArn(region: string, accountId: string, name: string): string {
  return `arn:aws:kinesis:${region}:${accountId}:stream/${name}`;
}
