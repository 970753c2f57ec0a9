import { UserError } from "../../contract/user-error.ts";

/** One thing wrong with the settings: where it stands, what is wrong, what helps. */
export interface Problem {
  /** `source: key.key`, e.g. `tap.config.json: regions` or `sizing/prod/primary.json: tables.users`. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Notes something wrong within one source. */
export type Report = (path: string, message: string, hint: string) => void;

/** All problems at once, so that one look and one edit mend them. */
export function settingsError(problems: readonly Problem[]): UserError {
  const lines = problems.map(({ path, message, hint }) => `  - ${path}: ${message}\n    ${hint}`);
  return new UserError({
    code: "bad-settings",
    message: `the settings have ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${lines.join("\n")}`,
    hint: "settings come from tap.config.json, sizing/<suffix>/<stack>.json, TAP_* variables and the context `tap`; later ones win",
  });
}
