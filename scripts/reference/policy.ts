import { z } from "zod";
import { defaultPolicy, policySchema } from "../../optimizer/core/model/policy.ts";
import { readComments } from "./comments.ts";
import { allowedBy, leavesOf } from "./json-schema.ts";
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
