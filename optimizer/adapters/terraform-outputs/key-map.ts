import { nearest } from "../../../contract/nearest.ts";
import type { OutputName } from "../../../contract/outputs.ts";
import { UserError } from "../../../contract/user-error.ts";
import { mappableOutputs } from "./key-meanings.ts";
import type { KeyMap } from "./output-tree.ts";

/** `--map asg_name=KEY`, as often as given: KEY as the outputs spell it, or the way to it with dots. */
export function keyMapOf(given: readonly string[]): KeyMap {
  const outputs = new Map<string, OutputName>();
  for (const each of given) {
    const at = each.indexOf("=");
    const name = each.slice(0, Math.max(0, at)).trim();
    const key = each.slice(at + 1).trim();
    if (at < 1 || key === "")
      throw badMap(each, "expected OUTPUT=KEY", `For example --map asg_name=WebServerGroup. OUTPUT is one of ${mappableOutputs.join(", ")}.`);
    const output = mappableOutputs.find((known) => known === name);
    if (output === undefined) {
      const meant = nearest(name, mappableOutputs);
      throw badMap(
        each,
        `${JSON.stringify(name)} is no output that can be mapped`,
        meant === undefined ? `One of ${mappableOutputs.join(", ")}.` : `Did you mean ${meant}?`,
      );
    }
    const other = outputs.get(key);
    if (other !== undefined && other !== output) throw badMap(each, `the key ${JSON.stringify(key)} is mapped to ${other} already`, "Map each key once.");
    outputs.set(key, output);
  }
  return { outputs, found: new Set(), seen: new Set() };
}

/** A key that no output has would be a resource left out in silence. */
export function refuseUnfound({ outputs, found, seen }: KeyMap): void {
  for (const [key, output] of outputs) {
    if (found.has(key)) continue;
    const meant = nearest(key, [...seen]);
    throw badMap(
      `${output}=${key}`,
      `the outputs have no key ${JSON.stringify(key)} with a value that may be read`,
      meant === undefined ? "Write it as the outputs spell it." : `Did you mean ${meant}?`,
    );
  }
}

function badMap(given: string, problem: string, hint: string): UserError {
  return new UserError({ code: "bad-map", message: `--map ${given}: ${problem}`, hint });
}
