import { deterministicHex } from "../account/deterministic-id.ts";
import type { Attributes, SelfView } from "./attributes.ts";
import { parseTemplate, type Reference } from "./expression.ts";
import { toOutput, type TerraformOutput } from "./output.ts";
import type { Block, StackDocument } from "./stack-document.ts";
import { notSimulated, scalarText } from "./values.ts";

/** A block with all references resolved, as Terraform would send it to AWS. */
export interface EvaluatedResource {
  /** `<stack>/<type>.<name>`. */
  readonly address: string;
  readonly block: Block;
  readonly region: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Any attribute, configured or computed. Throws the UserError `not-simulated` for one that nobody can compute. */
  attribute(name: string): unknown;
}

export interface EvaluatedStacks {
  readonly resources: readonly EvaluatedResource[];
  /** By stack, as `terraform output -json` prints them. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, TerraformOutput>>>>;
}

export interface EvaluationContext {
  readonly accountId: string;
  /** What AWS decides of a type of resource or data source; `undefined` for a type of which nothing is known. */
  readonly attributes: (mode: Block["mode"], type: string) => Attributes | undefined;
  /** What the live account says of an attribute that changes in its life, e.g. a launch template's `latest_version`; `undefined`: nothing. */
  readonly live?: (address: string, attribute: string) => unknown;
}

const crossStackPrefix = "cross-stack-reference-input-";

/** Resolves every reference within and between the stacks. Pure: the same documents and account give the same identifiers. */
export function evaluateStacks(documents: readonly StackDocument[], context: EvaluationContext): EvaluatedStacks {
  const evaluator = new Evaluator(documents, context);
  return {
    resources: documents.flatMap((document) => document.blocks.filter((block) => block.mode === "resource").map((block) => evaluator.resource(block))),
    outputs: Object.fromEntries(documents.map((document) => [document.name, evaluator.outputs(document)])),
  };
}

class Evaluator {
  readonly #documents: ReadonlyMap<string, StackDocument>;
  readonly #blocks = new Map<string, Block>();
  readonly #context: EvaluationContext;
  readonly #arguments = new Map<string, unknown>();
  readonly #underWay = new Set<string>();

  constructor(documents: readonly StackDocument[], context: EvaluationContext) {
    this.#documents = new Map(documents.map((document) => [document.name, document]));
    this.#context = context;
    for (const block of documents.flatMap((document) => document.blocks)) this.#blocks.set(keyOf(block), block);
  }

  resource(block: Block): EvaluatedResource {
    const names = Object.keys(block.arguments);
    return {
      address: addressOf(block),
      block,
      region: block.provider.region,
      arguments: Object.fromEntries(names.map((name) => [name, this.#argument(block, name)])),
      attribute: (name) => this.#attribute(block, name),
    };
  }

  outputs(document: StackDocument): Record<string, TerraformOutput> {
    const evaluated: Record<string, TerraformOutput> = {};
    for (const [name, { sensitive }] of Object.entries(document.outputs)) {
      const value = this.#output(document, name);
      // Terraform keeps no output whose value is null.
      if (value !== null && value !== undefined) evaluated[name] = toOutput(value, sensitive ?? false);
    }
    return evaluated;
  }

  #output(document: StackDocument, name: string): unknown {
    const output = document.outputs[name];
    if (output === undefined) throw notSimulated(`stack ${document.name} has no output ${name}`);
    return this.#once(`${document.name}/output.${name}`, () => this.#resolve(output.value, document.name));
  }

  #argument(block: Block, name: string): unknown {
    if (!Object.hasOwn(block.arguments, name)) return undefined;
    return this.#once(`${keyOf(block)}.${name}`, () => this.#resolve(block.arguments[name], block.stack));
  }

  #attribute(block: Block, name: string): unknown {
    const live = this.#context.live?.(addressOf(block), name);
    if (live !== undefined) return live;
    const configured = this.#argument(block, name);
    if (configured !== undefined && configured !== null) return configured;
    const computed = this.#context.attributes(block.mode, block.type)?.[name];
    if (computed === undefined) throw notSimulated(`the attribute ${name} of ${addressOf(block)}`);
    return this.#once(`${keyOf(block)}!${name}`, () => computed(this.#self(block)));
  }

  #self(block: Block): SelfView {
    return {
      block,
      accountId: this.#context.accountId,
      region: block.provider.region,
      argument: (name) => this.#argument(block, name),
      text: (name) => {
        const value = this.#argument(block, name);
        if (value === undefined || value === null) throw notSimulated(`${addressOf(block)} without ${name}`);
        return scalarText(value, `${addressOf(block)}.${name}`);
      },
      attribute: (name) => this.#attribute(block, name),
      hex: (length) => deterministicHex([this.#context.accountId, addressOf(block)], length),
    };
  }

  #resolve(value: unknown, stack: string): unknown {
    if (typeof value === "string") return this.#template(value, stack);
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item, stack));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#resolve(item, stack)]));
  }

  #template(text: string, stack: string): unknown {
    if (!text.includes("{")) return text;
    const parts = parseTemplate(text).map((part) => (typeof part === "string" ? part : this.#reference(part, stack)));
    return parts.length === 1 ? parts[0] : parts.map((part) => textOf(part, text)).join("");
  }

  #reference(reference: Reference, stack: string): unknown {
    const [first, ...rest] = reference.path;
    if (reference.mode === "data" && reference.type === "terraform_remote_state") return this.#remoteState(reference);
    const block = this.#blocks.get(keyOf({ ...reference, stack }));
    if (block === undefined) throw notSimulated(`${reference.type}.${reference.name}, which stack ${stack} refers to but does not have`);
    return descend(this.#attribute(block, String(first)), rest, `${addressOf(block)}.${reference.path.join(".")}`);
  }

  #remoteState(reference: Reference): unknown {
    const [section, output, ...rest] = reference.path;
    const document = this.#documents.get(reference.name.startsWith(crossStackPrefix) ? reference.name.slice(crossStackPrefix.length) : reference.name);
    if (document === undefined || section !== "outputs") throw notSimulated(`the remote state ${reference.name}: no stack of that name is deployed`);
    return descend(this.#output(document, String(output)), rest, `${document.name}.outputs.${String(output)}`);
  }

  #once(key: string, compute: () => unknown): unknown {
    if (this.#arguments.has(key)) return this.#arguments.get(key);
    if (this.#underWay.has(key)) throw notSimulated(`${key}, which refers to itself`);
    this.#underWay.add(key);
    const value = compute();
    this.#underWay.delete(key);
    this.#arguments.set(key, value);
    return value;
  }
}

function keyOf(block: Pick<Block, "stack" | "mode" | "type" | "name">): string {
  return `${block.stack}/${block.mode}.${block.type}.${block.name}`;
}

/** `<stack>/<type>.<name>`, with `data.` before data sources. */
export function addressOf(block: Pick<Block, "stack" | "mode" | "type" | "name">): string {
  return `${block.stack}/${block.mode === "data" ? "data." : ""}${block.type}.${block.name}`;
}

function descend(value: unknown, path: readonly (string | number)[], whole: string): unknown {
  let current = value;
  for (const step of path) {
    // Terraform JSON gives a block that can occur once as an object; references to it still say `[0]`.
    if (step === 0 && !Array.isArray(current) && typeof current === "object" && current !== null) continue;
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) throw notSimulated(`${whole}: nothing at ${String(step)}`);
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}

function textOf(part: unknown, template: string): string {
  if (typeof part === "string" || typeof part === "number" || typeof part === "boolean") return String(part);
  throw notSimulated(`the template ${JSON.stringify(template.slice(0, 120))}, which puts a list or a map into text`);
}
