import { z } from "zod";

/** Hours after the scenario's start (negative: before it), or a UTC time. */
export const momentSchema = z
  .union([z.number(), z.iso.datetime()])
  .describe("Hours after the scenario's start (negative: before it), or an ISO time in UTC such as 2026-06-04T05:00:00Z.");

type Moment = z.infer<typeof momentSchema>;

/** Epoch milliseconds of a scenario's moment. */
export function momentMs(moment: Moment, startMs: number): number {
  return typeof moment === "number" ? startMs + moment * 3_600_000 : Date.parse(moment);
}

export const nameSchema = z.string().min(1);
export const namePatternSchema = nameSchema.describe("A resource's name as deployed; `{suffix}` stands for any environment suffix.");

const anySuffix = "{suffix}";

/** Whether a deployed name fits a scenario's name, where `{suffix}` stands for any environment suffix. */
export function fitsPattern(pattern: string, deployedName: string): boolean {
  const at = pattern.indexOf(anySuffix);
  if (at < 0) return pattern === deployedName;
  const before = pattern.slice(0, at);
  const after = pattern.slice(at + anySuffix.length);
  return deployedName.length > before.length + after.length && deployedName.startsWith(before) && deployedName.endsWith(after);
}

/** The member of a record whose key fits; the exact name wins over a pattern. */
export function byPattern<T>(record: Readonly<Record<string, T>>, deployedName: string): T | undefined {
  if (Object.hasOwn(record, deployedName)) return record[deployedName];
  return Object.entries(record).find(([pattern]) => fitsPattern(pattern, deployedName))?.[1];
}
