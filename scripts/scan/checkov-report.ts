import { z } from "zod";

/** A check that a resource of one stack fails. */
export interface FailedCheck {
  readonly check: string;
  readonly title: string;
  readonly blueprint: string;
  readonly environment: string;
  readonly stack: string;
  /** `<type>.<logical id>`, without cdktf's hash. */
  readonly resource: string;
}

/** What checkov found in the stacks that lie below one folder. */
export interface Report {
  readonly version: string;
  readonly passed: number;
  readonly failed: readonly FailedCheck[];
  /** `<blueprint>-<environment>/<stack>` of all stacks that it looked into. */
  readonly stacks: readonly string[];
}

const recordSchema = z.object({ check_id: z.string(), check_name: z.string(), file_path: z.string(), resource: z.string() });
const reportSchema = z.object({
  results: z.object({ passed_checks: z.array(recordSchema), failed_checks: z.array(recordSchema), parsing_errors: z.array(z.string()) }),
  summary: z.object({ checkov_version: z.string() }),
});
const documentSchema = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())) });

/**
 * Reads `checkov --output json` of a folder with `<blueprint>-<environment>/stacks/<stack>/cdk.tf.json`.
 * @param readStack content of a stack's file, by its path in that folder
 */
export function readReport(json: string, readStack: (path: string) => string): Report {
  const { results, summary } = reportSchema.parse(JSON.parse(json));
  if (results.parsing_errors.length > 0) throw new Error(`checkov cannot read ${results.parsing_errors.join(", ")}`);
  const placed = [...results.passed_checks, ...results.failed_checks].map(({ file_path }) => stackAt(file_path).key);
  return {
    version: summary.checkov_version,
    passed: results.passed_checks.length,
    failed: results.failed_checks
      .map(({ check_id, check_name, file_path, resource }) => {
        const { blueprint, environment, stack } = stackAt(file_path);
        return { check: check_id, title: check_name, blueprint, environment, stack, resource: addressOf(resource, () => readStack(file_path)) };
      })
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    stacks: [...new Set(placed)].sort(),
  };
}

/** checkov's own order differs from run to run. */
function sortKey({ check, blueprint, environment, stack, resource }: FailedCheck): string {
  return [check, blueprint, environment, stack, resource].join(" ");
}

function stackAt(path: string): { readonly key: string; readonly blueprint: string; readonly environment: string; readonly stack: string } {
  const [, blueprint, environment, stack] = /^\/([^/]+)-([^-/]+)\/stacks\/([^/]+)\/cdk\.tf\.json$/.exec(path) ?? [];
  if (blueprint === undefined || environment === undefined || stack === undefined) throw new Error(`checkov read ${path}, which is no stack`);
  return { key: `${blueprint}-${environment}/${stack}`, blueprint, environment, stack };
}

/** Of Terraform JSON most checks say `resource.<logical id>`: the type is looked up in the stack. */
function addressOf(resource: string, readStack: () => string): string {
  const [prefix, id = ""] = resource.split(".");
  const types = prefix === "resource" ? typesOf(id, readStack()) : [prefix];
  if (types.length !== 1) throw new Error(`${resource} is of ${types.length} types`);
  return `${types[0]}.${id.replace(/_[0-9A-F]{8}$/, "")}`;
}

function typesOf(id: string, text: string): readonly string[] {
  const { resource } = documentSchema.parse(JSON.parse(text));
  return Object.keys(resource).filter((type) => Object.hasOwn(resource[type] ?? {}, id));
}
