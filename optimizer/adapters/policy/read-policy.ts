import { join } from "node:path";
import type { z } from "zod";
import { nearest } from "../../../contract/nearest.ts";
import { UserError } from "../../../contract/user-error.ts";
import { Interrupted } from "../../errors.ts";
import { readNamedFile } from "../../named-file.ts";
import { defaultPolicy, policySchema, type Policy } from "../../core/model/policy.ts";

export const policyFileName = "optimizer.config.json";

/**
 * The policy of `--policy FILE`, else of `optimizer.config.json` in the folder, else the defaults. A named file that is
 * missing is an error. All problems of a file come in one UserError, each with its path.
 */
export async function readPolicy({ file, folder }: { readonly file?: string; readonly folder: string }): Promise<Policy> {
  const path = file ?? join(folder, policyFileName);
  const text = await textOf(path);
  if (text !== undefined) return parsePolicy(text, path);
  if (file === undefined) return policySchema.parse({});
  throw new UserError({
    code: "policy-missing",
    message: `--policy ${file}: there is no such file`,
    hint: `Write it, or leave --policy out to use ${policyFileName} or the defaults.`,
  });
}

/** Reads the text of a policy file; `path` is for messages. */
export function parsePolicy(text: string, path: string): Policy {
  const document = jsonOf(text, path);
  const result = policySchema.safeParse(document);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, document));
  throw new UserError({
    code: "policy-invalid",
    message: problems.length === 1 ? `${path}: ${problems.join("")}` : [`${path}: ${problems.length} problems`, ...problems].join("\n  "),
    hint: "Correct these settings, or remove them to take the defaults.",
  });
}

/** One line for each wrong key or value, with the nearest right one where there is one that near. */
function problemsOf(issue: Issue, document: unknown): readonly string[] {
  const place = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(place);
    return issue.keys.map((key) => `${[...place, key].join(".")}: there is no such setting${meant(key, known)}`);
  }
  const where = place.length === 0 ? "the whole file" : place.join(".");
  const found = valueAt(document, issue.path);
  const hint = issue.code === "invalid_value" && typeof found === "string" ? meant(found, issue.values.map(String)) : "";
  return [`${where}: ${issue.message}${foundWords(found)}${hint}`];
}

type Issue = z.core.$ZodIssue;

/** The settings that may stand there: a policy without any file has every one of them. */
function keysAt(place: readonly string[]): readonly string[] {
  const settings = valueAt(defaultPolicy, place);
  return typeof settings === "object" && settings !== null ? Object.keys(settings) : [];
}

function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : `; did you mean ${near}?`;
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined), document);
}

/** The wrong value itself, where it is one value and not an object of settings. */
function foundWords(value: unknown): string {
  return value === undefined || typeof value === "object" ? "" : `, found ${JSON.stringify(value)}`;
}

function jsonOf(text: string, path: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new UserError({ code: "policy-not-json", message: `${path} is not JSON: ${detail}`, hint: "Write one JSON object of settings.", cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return parsed;
  // `$schema` is for editors.
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => key !== "$schema"));
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readNamedFile(path)).toString("utf8");
  } catch (error) {
    if (error instanceof Interrupted || error instanceof UserError) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UserError({
      code: "policy-unreadable",
      message: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      hint: "Name a file that you may read.",
      cause: error,
    });
  }
}
