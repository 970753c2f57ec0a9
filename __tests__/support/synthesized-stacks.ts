import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import { App } from "cdktf";
import { z } from "zod";
import { buildStacks } from "../../stacks/build-stacks.ts";
import type { Settings } from "../../stacks/settings/settings-model.ts";
import { readSettings, type SettingsSources } from "../../stacks/settings/settings.ts";

const argumentsSchema = z.record(z.string(), z.unknown());
const elements = z.record(z.string(), z.record(z.string(), argumentsSchema)).default({});

/** A `cdk.tf.json`, as far as tests look into it. */
export const stackDocumentSchema = z.object({
  "//": z.object({ outputs: z.record(z.string(), z.record(z.string(), z.string())) }),
  resource: elements,
  data: elements,
  output: z.record(z.string(), z.object({ value: z.unknown(), sensitive: z.boolean().optional() })),
  provider: z.object({ aws: z.array(argumentsSchema) }),
  terraform: argumentsSchema,
});

export type StackDocument = z.infer<typeof stackDocumentSchema>;
type Arguments = z.infer<typeof argumentsSchema>;

export interface Resource {
  readonly type: string;
  /** `<type>.<logical id>`. */
  readonly address: string;
  readonly values: Arguments;
}

export const certificates = ["arn:aws:acm:us-east-1:123456789012:certificate/primary", "arn:aws:acm:us-west-2:123456789012:certificate/secondary"];

/** Where production's state should be; without it production is warned. */
export const stateBucket = { bucket: "tap-state", region: "eu-west-1" };

/** Sources of a production environment; `sizing` by `<suffix>/<stack>.json`. */
export function sources(configuration: object = {}, sizing: Readonly<Record<string, unknown>> = {}): SettingsSources {
  return { configFile: { environment: "production", certificateArn: certificates, ...configuration }, variables: {}, readSizing: (file) => sizing[file] };
}

/** Synthesizes all stacks as `main.ts` does, and reads back what was written: text by stack name. */
export function synthesizedText(from: SettingsSources): Readonly<Record<string, string>> {
  return textOfStacks(readSettings(from));
}

/** The same, whatever was synthesized before. */
export function synthesizedTextAnew(from: SettingsSources): Readonly<Record<string, string>> {
  return synthesizedAnew(readSettings(from));
}

const written = new Map<string, Readonly<Record<string, string>>>();

/** Equal settings are synthesized once in a worker: `determinism.test.ts` shows that they say the same each time. */
function textOfStacks(settings: Settings): Readonly<Record<string, string>> {
  const key = serialize(settings).toString("base64");
  const text = written.get(key) ?? synthesizedAnew(settings);
  written.set(key, text);
  return text;
}

function synthesizedAnew(settings: Settings): Readonly<Record<string, string>> {
  const outdir = mkdtempSync(join(tmpdir(), "tap-synth-"));
  try {
    withoutStackTraces(() => {
      const app = new App({ outdir, stackTraces: false });
      buildStacks(app, settings);
      app.synth();
    });
    return Object.fromEntries(settings.stacks.map(({ name }) => [name, readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** cdktf takes the stack of each token it makes; taking them and mapping them back to sources takes longer than the synthesis. */
function withoutStackTraces(synthesize: () => void): void {
  const { captureStackTrace, stackTraceLimit } = Error;
  Error.captureStackTrace = () => undefined;
  Error.stackTraceLimit = 0;
  try {
    synthesize();
  } finally {
    Object.assign(Error, { captureStackTrace, stackTraceLimit });
  }
}

export function synthesized(from: SettingsSources): Readonly<Record<"primary" | "secondary", StackDocument>> {
  const { primary = "{}", secondary = "{}" } = synthesizedText(from);
  return { primary: stackDocumentSchema.parse(JSON.parse(primary)), secondary: stackDocumentSchema.parse(JSON.parse(secondary)) };
}

/** However many there are, primary first. */
export function synthesizedAll(from: SettingsSources): readonly NamedStack[] {
  return stacksOf(readSettings(from));
}

/** From settings that no source can ask for, such as a blueprint without one of its components. */
export function stacksOf(settings: Settings): readonly NamedStack[] {
  return Object.entries(textOfStacks(settings)).map(([name, text]) => ({ name, stack: stackDocumentSchema.parse(JSON.parse(text)) }));
}

export interface NamedStack {
  readonly name: string;
  readonly stack: StackDocument;
}

/** A certificate for each of the regions. */
export function certificatesOf(regions: readonly string[]): readonly string[] {
  return regions.map((region) => `arn:aws:acm:${region}:123456789012:certificate/of-${region}`);
}

export function resources(document: StackDocument, type?: string): readonly Resource[] {
  return Object.entries(document.resource)
    .filter(([candidate]) => type === undefined || candidate === type)
    .flatMap(([candidate, byId]) => Object.entries(byId).map(([id, values]) => ({ type: candidate, address: `${candidate}.${id}`, values })));
}

/** The only resource of the type; the test fails when there is another number of them. */
export function only(document: StackDocument, type: string): Arguments {
  const found = resources(document, type);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} resources of type ${type}`);
  return found[0].values;
}

/** The value of an output that is a map. */
export function mapOutput(document: StackDocument, name: string): Arguments {
  return argumentsSchema.parse(document.output[name]?.value);
}
