import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import type { Configuration } from "./settings-schema.ts";

/** The blueprint's database with what the user chose of it. */
export function chosenDatabase(aurora: AuroraSettings | null, { auroraEngineVersion, databaseInsights }: Configuration): AuroraSettings | null {
  if (aurora === null) return null;
  return { ...aurora, engineVersion: auroraEngineVersion ?? aurora.engineVersion, databaseInsights: databaseInsights ?? aurora.databaseInsights };
}
