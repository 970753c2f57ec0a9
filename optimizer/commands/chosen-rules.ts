import type { Options } from "yargs";
import { nearest } from "../../contract/nearest.ts";
import { UserError } from "../../contract/user-error.ts";
import { rules } from "../core/levers/rules.ts";
import type { Rule } from "../core/model/rule.ts";
import { type GlobalArguments, skippedPhases } from "./global-flags.ts";

/** Flag of the commands that are about what certain rules need. */
export const rulesOption = {
  rules: { type: "string", array: true, requiresArg: true, describe: "Only what these rules need, by id (default: all)" },
} as const satisfies Readonly<Record<string, Options>>;

/** The rules that `--rules` names, else all, without those of the phases that are skipped. */
export function chosenRules(argv: GlobalArguments, named: readonly string[] = []): readonly Rule[] {
  const skipped = skippedPhases(argv);
  const ids = named.flatMap((word) => word.split(",")).map((word) => word.trim());
  const chosen = rules.filter(({ id, phase }) => (ids.length === 0 || ids.includes(id)) && !skipped.includes(phase));
  for (const id of ids) if (!rules.some((rule) => rule.id === id)) throw noSuchRule(id);
  if (chosen.length > 0) return chosen;
  throw new UserError({
    code: "bad-flag",
    message: `--rules ${ids.join(",")}: all of them are of phases that --skip-phases leaves out`,
    hint: "`optimizer explain` lists the rules with their phases",
  });
}

function noSuchRule(id: string): UserError {
  const near = nearest(
    id,
    rules.map((rule) => rule.id),
  );
  return new UserError({
    code: "rule-unknown",
    message: `--rules ${id}: there is no such rule`,
    hint: near === undefined ? "`optimizer explain` lists the rules" : `did you mean ${near}? \`optimizer explain\` lists the rules`,
  });
}
