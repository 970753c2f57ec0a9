import { z } from "zod";
import { defaultPolicy, policySchema } from "../../optimizer/core/model/policy.ts";
import { sourcesIn } from "./sources.ts";

export interface PolicySetting {
  /** `window.minutes`. */
  readonly path: string;
  readonly defaultValue: unknown;
  /** `14 to 60`, `none or peer`. */
  readonly allowed: string;
  /** The comment beside it in the sources; empty where its name says all. */
  readonly meaning: string;
}

/** What an editor checks `optimizer.config.json` by. */
export function policyFileSchema(): object {
  const schema = z.toJSONSchema(policySchema, { io: "input" });
  const properties = { ...schema.properties, $schema: { type: "string", description: "This file, for editors." } };
  return { ...schema, title: "optimizer.config.json", properties };
}

/** Every setting of the policy with its default, in the order of the sources. */
export function policySettings(): readonly PolicySetting[] {
  const meanings = policyComments();
  return leavesOf(z.toJSONSchema(policySchema, { io: "input" }), "").map(({ path, schema }) => ({
    path,
    defaultValue: path
      .split(".")
      .reduce<unknown>((node, key) => (typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined), defaultPolicy),
    allowed: allowedBy(schema),
    meaning: meanings.get(path) ?? meanings.get(path.split(".").slice(0, -1).join(".")) ?? "",
  }));
}

type Schema = z.core.JSONSchema.BaseSchema;

function leavesOf(schema: Schema, path: string): readonly { readonly path: string; readonly schema: Schema }[] {
  const { properties } = schema;
  if (properties === undefined) return [{ path, schema }];
  return Object.entries(properties).flatMap(([name, inner]) => (typeof inner === "boolean" ? [] : leavesOf(inner, path === "" ? name : `${path}.${name}`)));
}

function allowedBy(schema: Schema): string {
  const { type, minimum, maximum, exclusiveMinimum } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (type === "array") return "a list of words";
  if (type !== "number" && type !== "integer") return type === "boolean" ? "`true` or `false`" : "a word";
  const what = type === "integer" ? "whole number" : "number";
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  if (least !== undefined && most !== undefined) return `${what}, ${least} to ${most}`;
  if (exclusiveMinimum !== undefined) return `${what} above ${exclusiveMinimum}`;
  return least === undefined ? what : `${what}, at least ${least}`;
}

/** The comment before each setting, by its path: nesting is told by indentation, which the formatter keeps. */
function policyComments(): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const { path, text } of sourcesIn("optimizer/core/model", "optimizer/core/levers")) {
    if (path.endsWith("/model/policy.ts")) readComments(text, "", comments);
    // Each of a lever's policies names its place: `/** `rules.asgInstanceType` of the policy. */`.
    else if (path.endsWith("/policy.ts"))
      for (const [, place = "", body = ""] of text.matchAll(/\/\*\* `(rules\.\w+)` of the policy[\s\S]*?\*\/([\s\S]*?)\n\}\);/g))
        readComments(body, `${place}.`, comments);
  }
  return comments;
}

function readComments(text: string, prefix: string, into: Map<string, string>): void {
  const open: { readonly indent: number; readonly name: string }[] = [];
  let comment: string[] = [];
  let isComment = false;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    const begins = line.trimStart().startsWith("/**");
    if (begins || isComment) {
      if (begins) comment = [];
      comment.push(line.replace(/^\s*(?:\/\*\*|\*(?!\/))?\s?/, "").replace(/\s*\*\/\s*$/, ""));
      isComment = !line.includes("*/");
      continue;
    }
    const name = /^\s+(\w+):/.exec(line)?.[1];
    if (name !== undefined) {
      while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
      open.push({ indent, name });
      if (comment.length > 0) into.set(`${prefix}${open.map((each) => each.name).join(".")}`, comment.join(" ").trim());
    }
    comment = [];
  }
}
