import type { Options } from "yargs";
import { UserError } from "../../contract/user-error.ts";

/**
 * Whether the command line sets a flag that is on or off. For what has to be known before the command line is parsed; `argv` is as the process got it.
 */
export function isSwitchedOn(argv: readonly string[], flag: string): boolean {
  return argv.includes(`--${flag}`) || argv.includes(`--${flag}=true`);
}

/**
 * Refuses `--dry-run=yes`, and a flag that is given as on and as off. yargs takes every word but `true` for off, so that whoever writes `=yes`
 * or `=1` would get the opposite of what they ask for: with `--dry-run`, a change of live infrastructure.
 */
export function refuseUnclearSwitches(argv: readonly string[], options: Readonly<Record<string, Options>>): void {
  for (const [flag, { type }] of Object.entries(options)) {
    if (type !== "boolean") continue;
    const values = new Set<string>();
    for (const token of argv) {
      if (token === `--${flag}`) values.add("true");
      if (token.startsWith(`--${flag}=`)) values.add(token.slice(flag.length + "--=".length));
    }
    const unclear = [...values].find((value) => value !== "true" && value !== "false");
    if (unclear !== undefined) throw unclearSwitch(flag, unclear);
    if (values.size > 1)
      throw new UserError({ code: "bad-flag", message: `--${flag} was given as true and as false`, hint: "give it once, or leave it out for false" });
  }
}

function unclearSwitch(flag: string, value: string): UserError {
  return new UserError({
    code: "bad-flag",
    message: `--${flag}=${value}: expected true or false`,
    hint: `write --${flag} alone for true, or leave it out for false`,
  });
}
