import { canonicalJson } from "../../../contract/canonical-json.ts";

/**
 * A value in a query of AWS's CLI: JSON between backticks; without a backtick of its own, and without what an interactive shell would take for a
 * word of its history.
 */
export function jmespathLiteral(value: unknown): string {
  return `\`${canonicalJson(value).replaceAll("`", "\\u0060").replaceAll("!", "\\u0021")}\``;
}
