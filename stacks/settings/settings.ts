import { sizingSchema, type Sizing } from "../../contract/sizing.ts";
import type { FirstBootPart } from "../../constructs/compute/first-boot.ts";
import type { Blueprint } from "../blueprints/blueprint.ts";
import { saas } from "../blueprints/saas.ts";
import { streaming } from "../blueprints/streaming.ts";
import { web } from "../blueprints/web.ts";
import { choicesOf, type BlueprintChoices } from "./blueprint-choices.ts";
import { chosenComponents } from "./chosen-components.ts";
import { domainOf } from "./domain.ts";
import { configurationFromVariables, type EnvironmentVariables } from "./environment-variables.ts";
import { followsFrom } from "./faulty-fields.ts";
import type { Settings, StackSettings } from "./settings-model.ts";
import { settingsError, type Problem } from "./problem.ts";
import { configurationSchema, parseSource, type BlueprintName, type Configuration } from "./settings-schema.ts";
import { certificateRegion, regionEntryProblems, type SourceContent } from "./region-entries.ts";
import { rules } from "./settings-rules.ts";
import { imageProblems, portsWithoutGroup } from "./application-choice-rules.ts";
import { cidrsWithoutNetwork } from "./network-rules.ts";
import { stateBucketOf } from "./state-bucket.ts";
import { idleChoices, unusedChoices } from "./unused-choices.ts";
import { userDataPart, type ReadFile } from "./user-data-file.ts";
import { stackCidr } from "./stack-cidr.ts";
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
  /** Content of a file that a setting names; `undefined` when there is none that can be read. Left out where no setting may name one. */
  readonly readFile?: ReadFile;
  /** Content of the file `<suffix>/<stack>.json` in the sizing folder; `undefined` when there is none. */
  readonly readSizing: (file: string) => unknown;
}

const configFile = "tap.config.json";
const contextKey = "context tap";

const blueprints: Readonly<Record<BlueprintName, Blueprint>> = { saas, web, streaming };

/**
 * Schema, then defaults, then rules.
 * @throws UserError `bad-settings` that lists every problem of every source.
 */
export function readSettings(sources: SettingsSources): Settings {
  const problems: Problem[] = [];
  const contents = readConfigurations(sources, problems);
  const settings = normalize(contents, sources, problems);
  const refused = Object.values(contents).flatMap((content) => content.refused);
  problems.push(...rules.flatMap((rule) => rule(settings)).filter((problem) => !followsFrom(refused, problem)));
  if (problems.length > 0) throw settingsError(problems);
  return settings;
}

type Contents = Readonly<Record<"file" | "variables" | "context" | "flags", SourceContent & { readonly refused: readonly string[] }>>;

/** In the order in which they win, the last one most. */
function readConfigurations(sources: SettingsSources, problems: Problem[]): Contents {
  const read = (source: string, value: unknown, hint: string): Contents["file"] => {
    const { data = {}, refused } = parseSource(configurationSchema, value, source, hint, problems);
    return { source, configuration: data, refused };
  };
  return {
    file: read(configFile, sources.configFile ?? {}, "correct it there"),
    variables: read("TAP_* variables", configurationFromVariables(sources.variables), "correct the variable"),
    context: read(contextKey, sources.context ?? {}, "correct it in cdktf.json or CDKTF_CONTEXT_JSON"),
    flags: read("command line", sources.flags ?? {}, "correct the flag"),
  };
}

function normalize(contents: Contents, sources: SettingsSources, problems: Problem[]): Settings {
  const { file, variables, context, flags } = contents;
  const merged: Configuration = { ...file.configuration, ...variables.configuration, ...context.configuration, ...flags.configuration };
  const isRead = (field: keyof Configuration): boolean => !Object.values(contents).some(({ refused }) => refused.includes(field));
  const { environment = "staging", blueprint = "saas" } = merged;
  const suffix = merged.suffix ?? (environment === "production" ? "prod" : environment);
  const regions = merged.regions ?? blueprints[blueprint].regions;
  const choices = choicesOf(merged, blueprints[blueprint], environment, problems);
  const domain = domainOf(merged, problems);
  const firstBoot = userDataPart(merged.userDataFile, sources.readFile ?? (() => undefined), problems);
  const state = isRead("state") ? stateBucketOf(Object.values(contents), problems) : undefined;
  const scope = { merged, blueprint: blueprints[blueprint], choices, environment, suffix, regions, firstBoot };
  const bare = regions.map((region, index) => bareStack(scope, region, index));
  problems.push(...Object.values(contents).flatMap(({ source, configuration }) => sizesWithoutStack(source, configuration, bare)));
  if (isRead("blueprint")) problems.push(...choicesWithoutSubject(scope, bare));
  if (isRead("regions")) problems.push(...regionEntryProblems(Object.values(contents), regions));
  const stacks = bare.map((stack) => sizedStack(stack, suffix, { contents, sources, problems }));
  if (isRead("regions") && isRead("ami")) problems.push(...imageProblems(merged, stacks));
  return {
    blueprint,
    environment,
    suffix,
    lifetime: merged.lifetime ?? (environment === "production" ? "protected" : "disposable"),
    project: merged.project ?? "tap",
    owner: merged.owner ?? "platform",
    costCenter: merged.costCenter ?? "unassigned",
    ...(merged.alarmEmail === undefined ? {} : { alarmEmail: merged.alarmEmail }),
    ...(state === undefined ? {} : { state }),
    network: choices.network,
    peering: choices.peering,
    ...(domain === undefined ? {} : { domain }),
    stacks,
  };
}

interface Sizings {
  readonly contents: Contents;
  readonly sources: SettingsSources;
  readonly problems: Problem[];
}

function sizedStack(stack: StackSettings, suffix: string, { contents: { file, context }, sources, problems }: Sizings): StackSettings {
  const storedAt = `${suffix}/${stack.name}.json`;
  const layers = [
    { source: `${configFile}: sizing.${stack.name}`, sizing: file.configuration.sizing?.[stack.name] },
    { source: `sizing/${storedAt}`, sizing: storedSizing(storedAt, sources, problems) },
    { source: `${contextKey}: sizing.${stack.name}`, sizing: context.configuration.sizing?.[stack.name] },
  ];
  return layers.reduce((sized, { source, sizing }) => (sizing === undefined ? sized : applySizing(sized, sizing, source, problems)), stack);
}

function storedSizing(file: string, { readSizing }: SettingsSources, problems: Problem[]): Sizing | undefined {
  const content = readSizing(file);
  return content === undefined
    ? undefined
    : parseSource(sizingSchema, content, `sizing/${file}`, "correct it there, or let `optimizer adopt` write it", problems).data;
}

function sizesWithoutStack(source: string, { sizing = {} }: Configuration, stacks: readonly StackSettings[]): readonly Problem[] {
  const names = stacks.map((stack) => stack.name);
  return Object.keys(sizing)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: `${source}: sizing.${name}`, message: "no stack has this name", hint: `stacks: ${names.join(", ")}` }));
}

/** What is chosen of something that there is not. */
function choicesWithoutSubject({ merged, choices, regions }: StackScope, stacks: readonly StackSettings[]): readonly Problem[] {
  return [
    ...stacks.slice(0, 1).flatMap(({ components }) => unusedChoices(merged, components)),
    ...idleChoices(merged, choices, regions),
    ...portsWithoutGroup(merged, { stacks }),
    ...cidrsWithoutNetwork(merged.cidr ?? {}, choices),
  ];
}

interface StackScope {
  readonly merged: Configuration;
  readonly blueprint: Blueprint;
  readonly choices: BlueprintChoices;
  readonly environment: string;
  readonly suffix: string;
  readonly regions: readonly string[];
  readonly firstBoot: FirstBootPart | undefined;
}

/** A stack as blueprint and configuration have it, before any sizing. */
function bareStack({ merged, blueprint, choices, environment, suffix, regions, firstBoot }: StackScope, region: string, index: number): StackSettings {
  const role = index === 0 ? "primary" : "secondary";
  const bare = blueprint.components({
    role,
    environment: environment === "production" ? "production" : "staging",
    suffix,
    ...(choices.preset === undefined ? {} : { preset: choices.preset }),
  });
  const components = {
    ...chosenComponents(bare, merged, { region, firstBoot }),
    network: { ...bare.network, zones: merged.zones?.[region] ?? bare.network.zones },
  };
  const certificateArn = merged.certificateArn?.find((arn) => certificateRegion(arn) === region);
  return {
    name: index < 2 ? role : `secondary-${region}`,
    role,
    region,
    peerRegions: role === "primary" ? regions.slice(1) : regions.slice(0, 1),
    cidr: stackCidr(choices, merged.cidr?.[region], index),
    ...(certificateArn === undefined ? {} : { certificateArn }),
    absent: false,
    components,
    builtFor: components,
  };
}
