import { UserError } from "../../contract/user-error.ts";
import { readSettings, type SettingsSources } from "../../stacks/settings/settings.ts";
import { sources, synthesized } from "./synthesized-stacks.ts";

/** Sources of `web` in production, unless the configuration says another environment. */
export function webSources(configuration: object = {}, sizing: Readonly<Record<string, unknown>> = {}): SettingsSources {
  return sources({ blueprint: "web", ...configuration }, sizing);
}

export function web(configuration: object = {}, sizing: Readonly<Record<string, unknown>> = {}) {
  return synthesized(webSources(configuration, sizing));
}

/** What is said of settings that are refused. */
export function refusal(from: SettingsSources): string {
  try {
    readSettings(from);
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-settings") return error.message;
    throw error;
  }
  throw new Error("the settings were taken");
}
