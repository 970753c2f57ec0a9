import type { EnvironmentKind } from "../../../stacks/blueprints/blueprint.ts";
import { resources, type StackDocument } from "../synthesized-stacks.ts";

/** A synthesized stack, and the environment it is for. */
export interface Subject {
  readonly document: StackDocument;
  readonly environment: EnvironmentKind;
}

/** Says what is unsafe in a stack, in words with the address; nothing: it is safe. What a stack has none of is safe. */
export type SafetyRule = (subject: Subject) => readonly string[];

/** What an argument must be: the value itself, or a test with its description. */
type Requirement = string | number | boolean | { readonly is: string; readonly holds: (value: unknown) => boolean };

/** By type of resource and by path of the argument in it. */
export type Requirements = Readonly<Record<string, Readonly<Record<string, Requirement>>>>;

export function unmet(document: StackDocument, requirements: Requirements): readonly string[] {
  return Object.entries(requirements).flatMap(([type, paths]) =>
    resources(document, type).flatMap(({ address, values }) =>
      Object.entries(paths)
        .map(([path, requirement]) => ({ path, requirement, value: at(values, path) }))
        .filter(({ requirement, value }) => !meets(requirement, value))
        .map(({ path, requirement, value }) => `${address}: ${path} is ${JSON.stringify(value) ?? "not there"}, not ${described(requirement)}`),
    ),
  );
}

/** Terraform takes `true` and `"true"` for the same. */
function meets(requirement: Requirement, value: unknown): boolean {
  return typeof requirement === "object" ? requirement.holds(value) : textOf(value) === String(requirement);
}

function described(requirement: Requirement): string {
  return typeof requirement === "object" ? requirement.is : JSON.stringify(requirement);
}

/** The value at a path such as `metadata_options.http_tokens`. A block that stands there once may be an array of one. */
export function at(values: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    const block: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return block !== null && typeof block === "object" && Object.hasOwn(block, key) ? (block as Readonly<Record<string, unknown>>)[key] : undefined;
  }, values);
}

export const given: Requirement = { is: "given", holds: (value) => typeof value === "string" && value !== "" };
export const notTrue: Requirement = { is: "false", holds: (value) => textOf(value) !== "true" };
export const absent: Requirement = { is: "absent", holds: (value) => value === undefined };
/** A key that this stack has made, and so a key of the region it is used in. */
export const ownKey: Requirement = { is: "a key of this stack", holds: (value) => /^\$\{aws_kms_(?:replica_)?key\./.test(textOf(value)) };

export function atLeast(least: number): Requirement {
  return { is: `at least ${least}`, holds: (value) => typeof value === "number" && value >= least };
}

export function between(least: number, most: number): Requirement {
  return { is: `${least} to ${most}`, holds: (value) => typeof value === "number" && value >= least && value <= most };
}

export function matching(pattern: RegExp): Requirement {
  return { is: String(pattern), holds: (value) => pattern.test(textOf(value)) };
}

export function listWith(...members: readonly string[]): Requirement {
  return { is: `a list with ${members.join(", ")}`, holds: (value) => Array.isArray(value) && members.every((member) => value.includes(member)) };
}

/** An argument as text, as it stands in the JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Whether `value` refers to the resource, e.g. `${aws_s3_bucket.logs.id}`. */
export function refersTo(value: unknown, address: string): boolean {
  return textOf(value).includes(`\${${address}.`);
}
