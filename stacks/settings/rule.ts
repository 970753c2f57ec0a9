import type { Problem } from "./problem.ts";
import type { Settings } from "./settings-model.ts";

/** Something that must hold between settings; returns what does not. */
export type Rule = (settings: Settings) => readonly Problem[];
