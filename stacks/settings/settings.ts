import { sizingSchema, type Sizing } from "../../contract/sizing.ts";
import type { Blueprint } from "../blueprints/blueprint.ts";
import { saas } from "../blueprints/saas.ts";
import { streaming } from "../blueprints/streaming.ts";
import { configurationFromVariables, type EnvironmentVariables } from "./environment-variables.ts";
import type { Settings, StackSettings, StateBucket } from "./settings-model.ts";
import { settingsError, type Problem } from "./problem.ts";
import { configurationSchema, parseSource, type BlueprintName, type Configuration } from "./settings-schema.ts";
import { chosenComponents } from "./chosen-components.ts";
import { rules } from "./settings-rules.ts";
import { applySizing } from "./sizing-overrides.ts";

/** Where settings come from; `main.ts` reads files and environment and hands their contents in. */
export interface SettingsSources {
  /** Content of `tap.config.json`, if there is one. */
  readonly configFile?: unknown;
  readonly variables: EnvironmentVariables;
  /** The cdktf context `tap`, if it is set. */
  readonly context?: unknown;
  /** What the command line says. */
  readonly flags?: unknown;
  /** Content of the file `<suffix>/<stack>.json` in the sizing folder; `undefined` when there is none. */
  readonly readSizing: (file: string) => unknown;
}

const configFile = "tap.config.json";
const contextKey = "context tap";

const blueprints: Readonly<Record<BlueprintName, Blueprint>> = { saas, streaming };

/**
 * Schema, then defaults, then rules.
 * @throws UserError `bad-settings` that lists every problem of every source.
 */
export function readSettings(sources: SettingsSources): Settings {
  const problems: Problem[] = [];
  const settings = normalize(sources, problems);
  problems.push(...rules.flatMap((rule) => rule(settings)));
  if (problems.length > 0) throw settingsError(problems);
  return settings;
}

function normalize(sources: SettingsSources, problems: Problem[]): Settings {
  const file = parseSource(configurationSchema, sources.configFile ?? {}, configFile, "correct it there", problems) ?? {};
  const variables = parseSource(configurationSchema, configurationFromVariables(sources.variables), "TAP_* variables", "correct the variable", problems) ?? {};
  const context = parseSource(configurationSchema, sources.context ?? {}, contextKey, "correct it in cdktf.json or CDKTF_CONTEXT_JSON", problems) ?? {};
  const flags = parseSource(configurationSchema, sources.flags ?? {}, "command line", "correct the flag", problems) ?? {};
  const merged: Configuration = { ...file, ...variables, ...context, ...flags };
  const { environment = "staging", blueprint = "saas" } = merged;
  const suffix = merged.suffix ?? (environment === "production" ? "prod" : environment);
  const regions = merged.regions ?? blueprints[blueprint].regions;
  const bare = regions.map((region, index) => bareStack({ merged, blueprint: blueprints[blueprint], environment, suffix, regions }, region, index));
  problems.push(...sizesWithoutStack(configFile, file, bare), ...sizesWithoutStack(contextKey, context, bare));
  return {
    blueprint,
    environment,
    suffix,
    lifetime: merged.lifetime ?? (environment === "production" ? "protected" : "disposable"),
    project: merged.project ?? "tap",
    owner: merged.owner ?? "platform",
    costCenter: merged.costCenter ?? "unassigned",
    ...(merged.alarmEmail === undefined ? {} : { alarmEmail: merged.alarmEmail }),
    ...(merged.state === undefined ? {} : { state: stateBucket(merged.state) }),
    stacks: bare.map((stack) => {
      const storedAt = `${suffix}/${stack.name}.json`;
      const layers = [
        { source: `${configFile}: sizing.${stack.name}`, sizing: file.sizing?.[stack.name] },
        { source: `sizing/${storedAt}`, sizing: storedSizing(storedAt, sources, problems) },
        { source: `${contextKey}: sizing.${stack.name}`, sizing: context.sizing?.[stack.name] },
      ];
      return layers.reduce((sized, { source, sizing }) => (sizing === undefined ? sized : applySizing(sized, sizing, source, problems)), stack);
    }),
  };
}

function storedSizing(file: string, { readSizing }: SettingsSources, problems: Problem[]): Sizing | undefined {
  const content = readSizing(file);
  return content === undefined
    ? undefined
    : parseSource(sizingSchema, content, `sizing/${file}`, "correct it there, or let `optimizer adopt` write it", problems);
}

function sizesWithoutStack(source: string, { sizing = {} }: Configuration, stacks: readonly StackSettings[]): readonly Problem[] {
  const names = stacks.map((stack) => stack.name);
  return Object.keys(sizing)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: `${source}: sizing.${name}`, message: "no stack has this name", hint: `stacks: ${names.join(", ")}` }));
}

function stateBucket({ bucket, region, kmsKeyId }: NonNullable<Configuration["state"]>): StateBucket {
  return { bucket, region, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
}

interface StackScope {
  readonly merged: Configuration;
  readonly blueprint: Blueprint;
  readonly environment: string;
  readonly suffix: string;
  readonly regions: readonly string[];
}

/** A stack as blueprint and configuration have it, before any sizing. */
function bareStack({ merged, blueprint, environment, suffix, regions }: StackScope, region: string, index: number): StackSettings {
  const role = index === 0 ? "primary" : "secondary";
  const bare = blueprint.components({ role, environment: environment === "production" ? "production" : "staging", suffix });
  const components = {
    ...chosenComponents(bare, merged),
    network: { ...bare.network, zones: merged.zones?.[region] ?? bare.network.zones },
    aurora: bare.aurora === null ? null : { ...bare.aurora, engineVersion: merged.auroraEngineVersion ?? bare.aurora.engineVersion },
  };
  const certificateArn = merged.certificateArn?.find((arn) => arn.split(":")[3] === region);
  return {
    name: index < 2 ? role : `secondary-${region}`,
    role,
    region,
    peerRegions: role === "primary" ? regions.slice(1) : regions.slice(0, 1),
    cidr: merged.cidr?.[region] ?? `10.${(index + 1) * 10}.0.0/16`,
    ...(certificateArn === undefined ? {} : { certificateArn }),
    absent: false,
    components,
    builtFor: components,
  };
}
