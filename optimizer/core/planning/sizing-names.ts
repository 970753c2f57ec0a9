import { UserError } from "../../../contract/user-error.ts";
import type { Deployments } from "../model/deployment.ts";

/** File systems allow 255 bytes a name (NAME_MAX); a sizing file's name ends in `.json`, and is first written beside its own place. */
const longestPart = 200;

/** A suffix or stack name as it becomes part of `<folder>/<suffix>/<stack>.json`, or a UserError that says why it cannot. */
export function sizingPathPart(part: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part) && part.length <= longestPart) return part;
  const shown = part.length <= longestPart ? part : `${part.slice(0, 40)}… (${part.length} characters)`;
  throw new UserError({
    code: "bad-stack-name",
    message: `"${shown}" cannot be part of a sizing file's path`,
    hint: `suffix and stack names are up to ${longestPart} letters, digits, dots, dashes and underscores; check the outputs' environment_suffix`,
  });
}

/** Before anything is studied: what could not be adopted in the end is refused now. */
export function refuseUnwritableNames({ deployments }: Deployments): void {
  for (const { environmentSuffix, components } of deployments) {
    // Outputs of other stacks name no suffix: their sizes are adopted in words.
    if (environmentSuffix === undefined) continue;
    sizingPathPart(environmentSuffix);
    for (const stack of Object.keys(components)) sizingPathPart(stack);
  }
}
