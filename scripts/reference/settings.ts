import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { blueprintNames, examples } from "../blueprints/examples.ts";
import { settingFlags } from "../../stacks/settings/command-line.ts";
import { configurationFromVariables, synthesisVariables } from "../../stacks/settings/environment-variables.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import type { Settings } from "../../stacks/settings/settings-model.ts";
import { configurationSchema, type Configuration } from "../../stacks/settings/settings-schema.ts";
import { readComments } from "./comments.ts";
import { allowedBy, leavesOf } from "./json-schema.ts";
import { root, table } from "./sources.ts";

export interface StackSetting {
  /** `state.bucket`. */
  readonly path: string;
  /** Empty: only in the file and the context. */
  readonly variable: string;
  readonly flag: string;
  readonly defaultValue: string;
  readonly allowed: string;
  readonly meaning: string;
}

type SettingValue = string | number | boolean | undefined;

/** What a stack has of each setting that nothing is said of; `undefined`: nothing. */
const unlessSaid: { readonly [S in keyof Required<Configuration>]: (settings: Settings) => SettingValue } = {
  blueprint: ({ blueprint }) => blueprint,
  environment: ({ environment }) => environment,
  lifetime: ({ lifetime }) => lifetime,
  suffix: ({ suffix }) => suffix,
  project: ({ project }) => project,
  owner: ({ owner }) => owner,
  costCenter: ({ costCenter }) => costCenter,
  alarmEmail: ({ alarmEmail }) => alarmEmail,
  regions: ({ stacks }) => stacks.map(({ region }) => region).join(","),
  preset: () => undefined,
  network: ({ network }) => network,
  peering: ({ peering }) => peering,
  domain: ({ domain }) => domain?.name,
  hostedZone: () => undefined,
  cidr: ({ stacks }) => stacks.map(({ region, cidr }) => `${region}=${cidr}`).join(","),
  zones: ({ stacks }) => stacks[0]?.components.network.zones.join(","),
  certificateArn: ({ stacks }) => stacks[0]?.certificateArn,
  auroraEngineVersion: ({ stacks }) => stacks[0]?.components.aurora?.engineVersion,
  rdsEngineVersion: ({ stacks }) => stacks[0]?.components.rds?.engineVersion,
  databaseInsights: ({ stacks }) => stacks[0]?.components.aurora?.databaseInsights,
  postgresEngineVersion: ({ stacks }) => stacks[0]?.components.serverless?.engineVersion,
  image: ({ stacks }) => stacks[0]?.components.service?.image,
  ami: ({ stacks }) => (stacks[0]?.components.compute == null ? undefined : "the newest Amazon Linux"),
  amiArchitecture: ({ stacks }) => stacks[0]?.components.compute?.application.architecture,
  userDataFile: () => undefined,
  ports: ({ stacks }) => stacks[0]?.components.loadBalancer.targetGroups.map(({ key, port }) => `${key}=${port}`).join(","),
  maxInstanceLifetimeDays: ({ stacks }) => stacks[0]?.components.compute?.application.maxInstanceLifetimeDays,
  shellAccess: ({ stacks }) => stacks[0]?.components.compute?.application.shellAccess ?? stacks[0]?.components.service?.shellAccess,
  publicAddresses: ({ network }) => (network === "default" ? true : undefined),
  globalWriteForwarding: ({ stacks }) => stacks[0]?.components.aurora?.globalWriteForwarding,
  functions: ({ stacks }) => (stacks[0]?.components.functions.length ?? 0) > 0,
  state: () => undefined,
  sizing: () => undefined,
};

/** Every setting of the stacks, in the order of the sources. */
export function stackSettings(): readonly StackSetting[] {
  const meanings = new Map<string, string>();
  const source = readFileSync(join(root, "stacks/settings/settings-schema.ts"), "utf8");
  readComments(source.slice(source.indexOf("export const configurationSchema")), "", meanings);
  const { sizing: _, ...told } = configurationSchema.shape;
  const leaves = leavesOf(z.toJSONSchema(z.strictObject(told), { io: "input", unrepresentable: "any" }), "");
  const variables = variablesBySetting();
  return [...leaves.map(({ path, schema }) => ({ path, allowed: allowedOf(path, schema) })), { path: "sizing", allowed: "sizes by stack" }].map(
    ({ path, allowed }) => ({
      path,
      variable: variables.get(path) ?? "",
      flag: settingFlags.includes(path) ? `--${path}` : "",
      defaultValue: defaultOf(path),
      allowed,
      meaning: meanings.get(path) ?? "",
    }),
  );
}

/** What the message of a refusal says that it is not; undefined where it says no more than the type. */
function asRefused(path: string): string | undefined {
  const [setting = "", inner] = path.split(".");
  const probes: readonly unknown[] = ["\u0000", ["\u0000"], { "us-east-1": "\u0000" }].map((probe) => (inner === undefined ? probe : { [inner]: probe }));
  const messages = probes.flatMap((probe) => {
    const { error } = configurationSchema.safeParse({ [setting]: probe });
    return error?.issues.map(({ message }) => message) ?? [];
  });
  const said = messages.find((message) => /^(?:not (?!one of|a number of)|neither (?!true))/.test(message));
  return said
    ?.replace(/^not /, "")
    .replace(/^of /, "a text of ")
    .replace(/^neither (.*) nor /, "$1, or ")
    .replace(/, which begins .*$/, "");
}

function allowedOf(path: string, schema: z.core.JSONSchema.BaseSchema): string {
  if (schema.enum !== undefined) return allowedBy(schema);
  const said = asRefused(path);
  if (schema.type === "array") return `a list, each ${said ?? "a text"}`;
  if (schema.type === "object") return `by name, each ${said ?? "a text"}`;
  if (schema.type !== "string") return said ?? allowedBy(schema);
  return [said ?? "a text", ...(schema.maxLength === undefined ? [] : [`of ${schema.maxLength} characters at most`])].join(", ");
}

/** Which variable a setting is read from: the one that makes it said. */
function variablesBySetting(): ReadonlyMap<string, string> {
  const asked = new Set<string>();
  configurationFromVariables(new Proxy<Record<string, string>>({}, { get: (_, name) => void asked.add(String(name)) }));
  return new Map(
    [...asked].map((variable) => {
      const [said] = Object.entries(configurationFromVariables({ [variable]: "x" }));
      if (said === undefined) throw new Error(`${variable} says nothing of any setting`);
      const [setting, value] = said;
      const inner = typeof value === "object" && value !== null && setting === "state" ? `.${Object.keys(value).join(".")}` : "";
      return [`${setting}${inner}`, variable];
    }),
  );
}

const unsaid = readSettings({ variables: {}, readSizing: () => undefined });
const byExample = examples.map(({ blueprint, environment, configuration }) => ({
  blueprint,
  environment,
  settings: readSettings({ configFile: configuration, variables: {}, readSizing: () => undefined }),
}));

/** One value where all blueprints and environments agree, else each with those that have it. */
function defaultOf(path: string): string {
  const setting = path.split(".")[0] as keyof Configuration;
  // What examples have to say themselves.
  if (setting === "alarmEmail" || setting === "certificateArn") return "–";
  const told = unlessSaid[setting];
  if (setting === "blueprint" || setting === "environment") return valueText(told(unsaid));
  const seen = byExample.map(({ blueprint, environment, settings }) => ({ blueprint, environment, text: valueText(told(settings)) }));
  const goesByBlueprint = blueprintNames.every((name) => new Set(seen.flatMap(({ blueprint, text }) => (blueprint === name ? text : []))).size === 1);
  const owners = new Map<string, Set<string>>();
  for (const { blueprint, environment, text } of seen)
    owners.set(text, (owners.get(text) ?? new Set()).add(goesByBlueprint ? `\`${blueprint}\`` : environment));
  if (owners.size === 1) return [...owners.keys()].join("");
  return [...owners].flatMap(([text, whose]) => (text === "–" ? [] : `${[...whose].join(", ")}: ${text}`)).join("; ");
}

function valueText(value: SettingValue): string {
  if (value === undefined) return "–";
  return typeof value === "string" && value.includes(" ") ? value : `\`${String(value)}\``;
}

const [begin, end] = ["<!-- Made by `npm run docs` from stacks/settings/settings-schema.ts: change that, not this table. -->", "<!-- End of what is made. -->"];

/** docs/settings.md with the table of settings made anew; what is written around it stays. */
export function settingsPage(): string {
  const page = readFileSync(join(root, "docs/settings.md"), "utf8");
  const [before, after] = [page.split(begin)[0], page.split(end)[1]];
  if (!page.includes(begin) || before === undefined || after === undefined) throw new Error("docs/settings.md does not say where its table of settings is");
  const rows = stackSettings().map(({ path, variable, flag, defaultValue, allowed, meaning }) => [
    `\`${path}\``,
    [variable, flag]
      .filter((each) => each !== "")
      .map((each) => `\`${each}\``)
      .join(", ") || "only in the file and the context",
    allowed,
    defaultValue,
    meaning.replaceAll(/[\w/-]+\.md/g, (name) => `[${name}](${name})`),
  ]);
  const besides = Object.entries(synthesisVariables).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return `${before}${begin}\n\n${table(["setting", "variable, flag", "may be", "unless said", "what it says"], rows)}\n\nVariables of synthesis besides:\n\n${table(["variable", "what it says"], besides)}\n\n${end}${after}`;
}
