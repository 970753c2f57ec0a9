import { z } from "zod";
import { UserError } from "../../contract/user-error.ts";

const attributes = z.record(z.string(), z.unknown());
const blocks = z.record(z.string(), z.record(z.string(), attributes));
const keysToIgnore = z.object({ keys: z.array(z.string()).optional(), key_prefixes: z.array(z.string()).optional() });
const lifecycleSchema = z.object({ ignore_changes: z.union([z.literal("all"), z.array(z.string())]).optional() });
const oneOrMany = <T extends z.ZodType>(schema: T): z.ZodUnion<readonly [z.ZodArray<T>, T]> => z.union([z.array(schema), schema]);

const documentSchema = z.object({
  provider: z
    .object({
      aws: z
        .array(
          z.object({
            alias: z.string().optional(),
            region: z.string().min(1),
            default_tags: oneOrMany(z.object({ tags: z.record(z.string(), z.string()).optional() })).optional(),
            ignore_tags: oneOrMany(keysToIgnore).optional(),
          }),
        )
        .min(1),
    })
    .loose(),
  resource: blocks.default({}),
  data: blocks.default({}),
  output: z.record(z.string(), z.object({ value: z.unknown(), sensitive: z.boolean().optional() })).default({}),
});

/** A provider of a stack: the region its resources stand in, and the tags Terraform adds to or leaves alone on each. */
export interface Provider {
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly ignoredTagKeys: readonly string[];
  readonly ignoredTagPrefixes: readonly string[];
}

/** A resource or data source as the stack says it, references unresolved. */
export interface Block {
  readonly stack: string;
  readonly mode: "resource" | "data";
  readonly type: string;
  readonly name: string;
  readonly provider: Provider;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly ignoreChanges: readonly string[];
}

export interface StackDocument {
  readonly name: string;
  readonly blocks: readonly Block[];
  readonly outputs: Readonly<Record<string, { readonly value?: unknown; readonly sensitive?: boolean | undefined }>>;
}

/** Synthesized Terraform JSON by stack name: the content of `stacks/<name>/cdk.tf.json`. */
export type StackDocuments = Readonly<Record<string, unknown>>;

const metaArguments = new Set(["provider", "lifecycle", "depends_on", "provisioner", "connection", "//"]);

/** Reads one `cdk.tf.json`. Throws the UserError `stack-document` for anything that is not Terraform JSON as cdktf writes it. */
export function readStackDocument(name: string, json: unknown): StackDocument {
  const parsed = documentSchema.safeParse(json);
  if (!parsed.success) {
    throw new UserError({
      code: "stack-document",
      message: `stack ${name} is no Terraform JSON with AWS providers: ${z.prettifyError(parsed.error)}`,
      hint: "pass the cdk.tf.json files that synthesis wrote",
    });
  }
  const document = parsed.data;
  const providers = new Map(document.provider.aws.map((entry) => [entry.alias ?? "", toProvider(entry)]));
  const read = (mode: Block["mode"], byType: z.infer<typeof blocks>): Block[] =>
    Object.entries(byType).flatMap(([type, byName]) =>
      Object.entries(byName).map(([blockName, content]) => toBlock({ stack: name, mode, type, name: blockName }, content, providers)),
    );
  return { name, blocks: [...read("resource", document.resource), ...read("data", document.data)], outputs: document.output };
}

type ProviderEntry = z.infer<typeof documentSchema>["provider"]["aws"][number];

function toProvider(entry: ProviderEntry): Provider {
  const ignored = [entry.ignore_tags ?? []].flat();
  return {
    region: entry.region,
    defaultTags: Object.assign({}, ...[entry.default_tags ?? []].flat().map((block) => block.tags ?? {})),
    ignoredTagKeys: ignored.flatMap((block) => block.keys ?? []),
    ignoredTagPrefixes: ignored.flatMap((block) => block.key_prefixes ?? []),
  };
}

function toBlock(at: Pick<Block, "stack" | "mode" | "type" | "name">, content: Record<string, unknown>, providers: ReadonlyMap<string, Provider>): Block {
  for (const repetition of ["count", "for_each"]) {
    if (repetition in content) throw unsupported(at, `the argument ${repetition}`);
  }
  const alias = typeof content["provider"] === "string" && content["provider"].startsWith("aws.") ? content["provider"].slice("aws.".length) : "";
  const provider = providers.get(alias);
  if (provider === undefined) throw unsupported(at, `the provider ${JSON.stringify(content["provider"] ?? "aws")}, which the stack does not declare`);
  const lifecycle = lifecycleSchema.safeParse(content["lifecycle"] ?? {});
  return {
    ...at,
    provider,
    arguments: Object.fromEntries(Object.entries(content).filter(([key]) => !metaArguments.has(key))),
    ignoreChanges: [lifecycle.data?.ignore_changes ?? []].flat(),
  };
}

function unsupported(at: Pick<Block, "stack" | "type" | "name">, what: string): UserError {
  return new UserError({
    code: "not-simulated",
    message: `${at.type}.${at.name} of stack ${at.stack} has ${what}`,
    hint: "the simulated account reads plain resources of declared AWS providers",
  });
}
