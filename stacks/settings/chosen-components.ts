import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
import type { StackComponents } from "../blueprints/blueprint.ts";
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

/** The blueprint's components as the user chose them: image, database version, functions. */
export function chosenComponents(blueprint: StackComponents, { image, postgresEngineVersion, functions }: Configuration): StackComponents {
  return { ...withFunctions(blueprint, functions), service: withImage(blueprint, image), serverless: withVersion(blueprint, postgresEngineVersion) };
}

function withFunctions(blueprint: StackComponents, wanted: boolean | undefined): StackComponents {
  if (wanted === false) return { ...blueprint, functions: [] };
  if (wanted === undefined || blueprint.functions.length > 0) return blueprint;
  return { ...blueprint, functions: [optedIn], dataBucket: blueprint.dataBucket ?? { noncurrentRetentionDays: 30 } };
}

/** The blueprint's own command is that of its first page. */
function withImage({ service }: StackComponents, image: string | undefined): StackComponents["service"] {
  if (service === null || image === undefined) return service;
  const { command: _, ...others } = service;
  return { ...others, image };
}

function withVersion({ serverless }: StackComponents, engineVersion: string | undefined): StackComponents["serverless"] {
  return serverless === null || engineVersion === undefined ? serverless : { ...serverless, engineVersion };
}
