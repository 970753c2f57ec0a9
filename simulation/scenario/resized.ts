import { z } from "zod";
import { UserError } from "../../contract/user-error.ts";
import { fitsPattern, momentMs, momentSchema, namePatternSchema, nameSchema } from "./references.ts";

export const resizedSchema = z.strictObject({
  region: nameSchema,
  resource: namePatternSchema,
  from: nameSchema.describe("What it was before: an instance class, a node type, or MB of memory."),
  at: momentSchema,
});

/** The part of a scenario that this is about. */
interface Past {
  readonly start: string;
  readonly historyDays: number;
  readonly resized?: readonly z.infer<typeof resizedSchema>[] | undefined;
}

interface Resized {
  readonly from: string;
  readonly atMs: number;
}

/** The size that a resource had before somebody changed it to what is deployed, and when that was. */
export function resizedBefore(scenario: Past, region: string, name: string): Resized | undefined {
  const found = scenario.resized?.find((each) => each.region === region && fitsPattern(each.resource, name));
  if (found === undefined) return undefined;
  const startMs = Date.parse(scenario.start);
  const atMs = momentMs(found.at, startMs);
  if (atMs >= startMs || atMs <= startMs - scenario.historyDays * 86_400_000)
    throw new UserError({
      code: "bad-scenario",
      message: `${name} cannot have been resized at ${String(found.at)}: that is not between its beginning and the scenario's start`,
      hint: "name hours before the start as a negative number, fewer than historyDays have",
    });
  return { from: found.from, atMs };
}
