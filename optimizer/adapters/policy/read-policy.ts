import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import { policySchema, type Policy } from "../../core/model/policy.ts";

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
  const problems = result.error.issues.map(
    (issue) => `${issue.path.length === 0 ? "the whole file" : issue.path.join(".")}: ${issue.message}${foundAt(document, issue.path)}`,
  );
  throw new UserError({
    code: "policy-invalid",
    message: `${path}: ${problems.length === 1 ? "" : `${problems.length} problems: `}${problems.join("; ")}`,
    hint: "Correct these settings, or remove them to take the defaults.",
  });
}

/** The wrong value itself, where it is one value and not an object of settings. */
function foundAt(document: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((node, key) => (typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined), document);
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
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UserError({
      code: "policy-unreadable",
      message: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      hint: "Name a file that you may read.",
      cause: error,
    });
  }
}
