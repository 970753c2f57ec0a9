import { parseArgs } from "node:util";
import { UserError } from "../../contract/user-error.ts";

const options = {
  blueprint: { type: "string" },
  environment: { type: "string" },
  suffix: { type: "string" },
  regions: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Settings that have a flag of their own name. */
export const settingFlags: readonly string[] = Object.keys(options).filter((name) => name !== "help");

export const usage = `npm run synth -- [--blueprint saas|web|streaming] [--environment production|staging|…] [--suffix …] [--regions us-east-1,us-west-2]

Writes Terraform JSON for each stack to cdktf.out/stacks. Settings come from tap.config.json, sizing/<suffix>/<stack>.json,
TAP_* variables, the cdktf context \`tap\`, and these flags; later ones win.`;

/** `"help"`, or the flags as a configuration that is still to be checked. */
export function configurationFromCommandLine(args: readonly string[]): Readonly<Record<string, unknown>> | "help" {
  const { help, regions, ...values } = parse(args);
  if (help === true) return "help";
  return { ...values, ...(regions === undefined ? {} : { regions: regions.split(",").map((name) => name.trim()) }) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    // `parseArgs` throws nothing but errors: https://nodejs.org/api/util.html#utilparseargsconfig
    throw new UserError({ code: "bad-flag", message: (cause as Error).message, hint: usage, cause });
  }
}
