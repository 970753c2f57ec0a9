import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import { majorOf } from "../../constructs/data/serverless-settings.ts";
import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
import type { StackComponents } from "../blueprints/blueprint.ts";
import { withApplication, withContainer, withPorts, type ChoiceScope } from "./chosen-application.ts";
import type { Configuration } from "./settings-schema.ts";

/** What a blueprint without functions gets when its user wants some. */
const optedIn: FunctionDefinition = {
  key: "archive",
  code: "stream-archive",
  memoryMib: 256,
  timeoutSeconds: 60,
  trigger: { kind: "table-streams", batchSize: 1000, windowSeconds: 60 },
  logRetentionDays: 90,
};

/** The blueprint's components as the user chose them: the application, versions and watching of the databases, functions. */
export function chosenComponents(blueprint: StackComponents, chosen: Configuration, scope: ChoiceScope): StackComponents {
  const listening = { ...blueprint, loadBalancer: withPorts(blueprint, chosen) };
  return {
    ...withFunctions(listening, chosen.functions),
    compute: withApplication(blueprint.compute, chosen, scope),
    service: withContainer(listening, chosen),
    aurora: chosenDatabase(blueprint.aurora, chosen),
    rds: withVersion(blueprint.rds, chosen.rdsEngineVersion, (version) => version),
    serverless: withVersion(blueprint.serverless, chosen.postgresEngineVersion, majorOf),
  };
}

/** The blueprint's database with what the user chose of it. */
export function chosenDatabase(
  aurora: AuroraSettings | null,
  { auroraEngineVersion, databaseInsights, globalWriteForwarding }: Configuration,
): AuroraSettings | null {
  if (aurora === null) return null;
  return {
    ...aurora,
    engineVersion: auroraEngineVersion ?? aurora.engineVersion,
    databaseInsights: databaseInsights ?? aurora.databaseInsights,
    globalWriteForwarding: globalWriteForwarding ?? aurora.globalWriteForwarding,
  };
}

function withFunctions(blueprint: StackComponents, wanted: boolean | undefined): StackComponents {
  if (wanted === false) return { ...blueprint, functions: [] };
  if (wanted === undefined || blueprint.functions.length > 0) return blueprint;
  return { ...blueprint, functions: [optedIn], dataBucket: blueprint.dataBucket ?? { noncurrentRetentionDays: 30 } };
}

/** A major version that differs from the blueprint's is an upgrade where a database exists already, and does no harm where none does. */
function withVersion<T extends { readonly engineVersion: string }>(
  database: T | null,
  engineVersion: T["engineVersion"] | undefined,
  major: (version: string) => string,
): T | null {
  if (database === null || engineVersion === undefined) return database;
  return { ...database, engineVersion, majorUpgrade: major(engineVersion) !== major(database.engineVersion) };
}
