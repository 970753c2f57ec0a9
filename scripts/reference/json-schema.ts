import type { z } from "zod";

type Schema = z.core.JSONSchema.BaseSchema;

export function leavesOf(schema: Schema, path: string): readonly { readonly path: string; readonly schema: Schema }[] {
  const { properties } = schema;
  if (properties === undefined) return [{ path, schema }];
  return Object.entries(properties).flatMap(([name, inner]) => (typeof inner === "boolean" ? [] : leavesOf(inner, path === "" ? name : `${path}.${name}`)));
}

/** What a value may be, in words. */
export function allowedBy(schema: Schema): string {
  const { type, minimum, maximum, exclusiveMinimum } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (type === "array") return "a list of words";
  if (type === "object" && typeof schema.additionalProperties === "object") return `by name, ${membersOf(schema.additionalProperties)}`;
  if (type !== "number" && type !== "integer") return type === "boolean" ? "`true` or `false`" : "a word";
  const what = type === "integer" ? "whole number" : "number";
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  if (least !== undefined && most !== undefined) return `${what}, ${least} to ${most}`;
  if (exclusiveMinimum !== undefined) return `${what} above ${exclusiveMinimum}${most === undefined ? "" : ` and up to ${most}`}`;
  return least === undefined ? what : `${what}, at least ${least}`;
}

/** What an object of a map may hold, in words. */
function membersOf({ properties = {} }: Schema): string {
  const members = Object.entries(properties).flatMap(([name, inner]) => (typeof inner === "boolean" ? [] : `\`${name}\`: ${allowedBy(inner)}`));
  return `an object of ${members.join("; ")}`;
}
