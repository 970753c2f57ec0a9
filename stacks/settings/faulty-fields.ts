import type { z } from "zod";
import type { Problem } from "./problem.ts";

/** Fields of a source that a schema refuses, the ones it does not know included. */
export function faultyFields(error: z.ZodError): readonly string[] {
  return error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1).map(String)));
}

export function withoutFields(value: unknown, fields: readonly string[]): unknown {
  return value === null || typeof value !== "object" ? value : Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)));
}

/** Fields whose meaning hangs on another. */
const dependents: Readonly<Record<string, readonly string[]>> = { regions: ["cidr", "certificateArn"] };

/** Whether a rule only stumbles over what was refused already: the field fell back to its default, which nobody asked for. */
export function followsFrom(fields: readonly string[], { path }: Problem): boolean {
  return fields.some((field) => [field, ...(dependents[field] ?? [])].some((start) => path === start || path.startsWith(`${start}.`)));
}
