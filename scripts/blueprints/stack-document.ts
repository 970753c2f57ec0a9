import { z } from "zod";

const valuesSchema = z.record(z.string(), z.unknown());
const elements = z.record(z.string(), z.record(z.string(), valuesSchema)).default({});
const documentSchema = z.object({
  resource: elements,
  output: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  provider: z.object({ aws: z.array(valuesSchema) }),
});

/** A `cdk.tf.json`, as far as its description needs it. */
export type StackDocument = z.infer<typeof documentSchema>;
export type Values = z.infer<typeof valuesSchema>;

export interface StackResource {
  readonly type: string;
  /** `<type>.<logical id>`. */
  readonly address: string;
  readonly values: Values;
}

/** One stack of a blueprint in one environment. */
export interface DescribedStack {
  readonly stack: string;
  readonly environment: string;
  readonly document: StackDocument;
}

export function parseStack(text: string): StackDocument {
  return documentSchema.parse(JSON.parse(text));
}

export function resourcesOf(document: StackDocument, ...types: readonly string[]): readonly StackResource[] {
  return Object.entries(document.resource)
    .filter(([type]) => types.length === 0 || types.includes(type))
    .flatMap(([type, byId]) => Object.entries(byId).map(([id, values]) => ({ type, address: `${type}.${id}`, values })));
}

/** Where the stack's default provider works. */
export function regionOf(document: StackDocument): string {
  return String(document.provider.aws.find(({ alias }) => alias === undefined)?.["region"]);
}

/** Addresses of the stack's own resources that the value refers to. */
export function referencesIn(value: unknown): readonly string[] {
  return [...JSON.stringify(value ?? null).matchAll(/\$\{(aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)\./g)].map(([, address = ""]) => address);
}

/** A block that may stand there once, in an array or not. */
export function block(value: unknown): Values {
  const [first]: readonly unknown[] = [value].flat();
  return valuesSchema.catch({}).parse(first);
}
