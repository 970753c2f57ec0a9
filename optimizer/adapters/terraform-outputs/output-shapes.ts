import type { Json, JsonObject } from "./json-documents.ts";
import type { KeyMeaning } from "./key-meanings.ts";
import { stackResources } from "./stack-resources.ts";

/** A key and its value, out of whatever wraps them. */
export interface Member {
  readonly key: string;
  readonly value: Json;
  /** Where the tool says what the value is, whatever the key. */
  readonly meaning?: KeyMeaning;
}

export interface StackOutputs {
  readonly name?: string;
  readonly stackId?: string;
  readonly members: readonly Member[];
}

export type Shape =
  | { readonly kind: "stacks"; readonly stacks: readonly StackOutputs[] }
  | { readonly kind: "members"; readonly members: readonly Member[] }
  | { readonly kind: "list"; readonly elements: readonly Json[] };

/** Beside a value, in what Terraform, OpenTofu, Terraform Cloud and Pulumi write of an output. */
const wrapperKeys: ReadonlySet<string> = new Set(["value", "type", "sensitive", "description", "ephemeral", "secret", "deprecated", "action"]);
/** Pulumi marks a secret by this key (github.com/pulumi/pulumi, sdk/nodejs/runtime/rpc.ts: specialSigKey). */
const pulumiSignature = "4dabf18193072939515e22adb298388d";

/** Recognizes the tools' own shapes; anything else is an object of outputs or a list. `isTop`: no key says what this is. */
export function shapeOf(value: JsonObject | readonly Json[] | string | number | boolean, isTop: boolean): Shape {
  if (typeof value !== "object") return { kind: "list", elements: [value] };
  if (isList(value)) {
    const members = outputList(value) ?? (isTop ? namedList(value) : undefined);
    if (members !== undefined) return { kind: "members", members };
    return stackResources(value) ?? listOfStacks(value) ?? { kind: "list", elements: value };
  }
  const stacks = listOfStacks(listIn(value, "Stacks")) ?? exportsOf(listIn(value, "Exports")) ?? listOfStacks([value]);
  if (stacks !== undefined) return stacks;
  const { StackResourceDetail: resource } = value;
  const resources = stackResources(
    listIn(value, "StackResources") ?? listIn(value, "StackResourceSummaries") ?? (resource === undefined ? undefined : [resource]),
  );
  if (resources !== undefined) return resources;
  const state = stateOutputs(value);
  if (state !== undefined) return { kind: "members", members: membersOf(state) };
  const cloud = cloudOutputs(value) ?? parametersOf(value);
  const named = cloud === undefined ? undefined : namedList(cloud);
  return { kind: "members", members: named ?? membersOf(value) };
}

/** How AWS calls what asks for the next page, in its different services. */
const nextPageKeys = ["NextToken", "nextToken", "NextMarker", "Marker", "LastEvaluatedTableName", "PaginationToken"] as const;

/** A page of one of AWS's lists: what it is a list of, and by what the next page would be asked for. */
export interface Page {
  readonly list: string;
  readonly next?: string;
}

/** `{"Stacks": […], "NextToken": …}` as one page; undefined for what is no list of AWS's. */
export function pageOf(document: Json): Page | undefined {
  if (!isRecord(document)) return undefined;
  const [list, another] = Object.keys(document).filter((key) => /^[A-Za-z]+$/.test(key) && listIn(document, key) !== undefined);
  if (list === undefined || another !== undefined) return undefined;
  const next = nextPageKeys.find((key) => typeof document[key] === "string" && document[key] !== "");
  return { list, ...(next === undefined ? {} : { next }) };
}

/** Terraform Cloud's API: outputs asked for themselves are `data`, those beside a state version `included`. */
function cloudOutputs(value: JsonObject): readonly Json[] | undefined {
  const found = listIn(value, "data") ?? listIn(value, "included");
  return found?.map((each) => (isRecord(each) ? (each["attributes"] ?? null) : null));
}

/** Parameters of Systems Manager, as `get-parameters-by-path` and `get-parameter` list them: each under its path, with its ARN. */
function parametersOf({ Parameters: list, Parameter: one }: JsonObject): readonly Json[] | undefined {
  const found = list !== undefined && isList(list) ? list : one === undefined ? undefined : [one];
  const types: readonly (Json | undefined)[] = ["SecureString", "String", "StringList"];
  if (found?.every((each) => isRecord(each) && types.includes(each["Type"])) !== true) return undefined;
  const arns = found.flatMap((each) => (isRecord(each) && !isSecret(each) && typeof each["ARN"] === "string" ? [{ name: "ARN", value: each["ARN"] }] : []));
  return [...found, ...arns];
}

/** Members of an object, each out of its `{sensitive, type, value}`. */
export function membersOf(value: JsonObject): readonly Member[] {
  return Object.entries(value).flatMap(([key, wrapped]) => {
    const inner = unwrapped(wrapped);
    return inner === undefined ? [] : [{ key, value: inner }];
  });
}

/** Whether a value is marked as nobody's to read, where no output wraps it. */
export function isSecret(value: Json): boolean {
  return isRecord(value) && (pulumiSignature in value || isMarked(value));
}

/** The value inside its wrapper; `undefined` for a sensitive one. */
function unwrapped(value: Json): Json | undefined {
  if (!isRecord(value)) return value;
  if (isSecret(value)) return undefined;
  // `terraform plan -json` says of an output only what would be done with it.
  if (typeof value["action"] === "string" && "sensitive" in value && !("value" in value)) return undefined;
  const isWrapper = "value" in value && Object.keys(value).every((key) => wrapperKeys.has(key));
  return isWrapper || ("value" in value && "sensitive" in value) ? (value["value"] ?? null) : value;
}

function isMarked(value: JsonObject): boolean {
  // As Systems Manager marks a parameter.
  if (value["Type"] === "SecureString") return true;
  return [value["sensitive"], value["secret"], value["Sensitive"]].some((mark) => mark === true || mark === "true");
}

function isRecord(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function listIn(value: JsonObject, key: string): readonly Json[] | undefined {
  const inner = value[key];
  return inner !== undefined && isList(inner) ? inner : undefined;
}

/** CloudFormation's `[{OutputKey, OutputValue}]`; `undefined` for anything else. */
function outputList(value: readonly Json[]): readonly Member[] | undefined {
  if (value.length === 0) return undefined;
  const members: Member[] = [];
  for (const member of value) {
    if (!isRecord(member)) return undefined;
    const { OutputKey: key, OutputValue: output } = member;
    if (typeof key !== "string" || output === undefined) return undefined;
    members.push({ key, value: output });
  }
  return members;
}

/** What stands for the key in lists of outputs: Terraform Cloud's `name`, Spacelift's `id`, the `key` of jq's `to_entries` and of Ansible. */
const namesOfOutput = ["name", "key", "id", "Name", "Key"] as const;

/** `[{name, sensitive, type, value}]`, whatever the list calls the two. */
function namedList(value: readonly Json[]): readonly Member[] | undefined {
  if (value.length === 0) return undefined;
  const members: Member[] = [];
  for (const member of value) {
    if (!isRecord(member)) return undefined;
    const key = namesOfOutput.map((name) => member[name]).find((name) => typeof name === "string");
    const output = "Value" in member ? member["Value"] : member["value"];
    if (typeof key !== "string" || output === undefined) return undefined;
    if (isSecret(member)) continue;
    const inner = unwrapped(output);
    if (inner !== undefined) members.push({ key, value: inner });
  }
  return members;
}

/** What `describe-stacks` tells of stacks: of each, only its name, its ARN and its outputs are looked at. */
function listOfStacks(value: readonly Json[] | undefined): Shape | undefined {
  if (value === undefined || value.length === 0) return undefined;
  const stacks: StackOutputs[] = [];
  for (const stack of value) {
    if (!isRecord(stack)) return undefined;
    const { StackName: name, StackId: stackId, Outputs: outputs } = stack;
    if (typeof name !== "string" && typeof stackId !== "string") return undefined;
    // A stack without outputs is one in a list of them; else these are outputs that happen to be called so.
    if (outputs === undefined && !("StackStatus" in stack)) return undefined;
    if (stack["StackStatus"] === "DELETE_COMPLETE") continue;
    stacks.push({ ...titled(name, stackId), members: stackMembers(outputs ?? null) });
  }
  return { kind: "stacks", stacks };
}

function stackMembers(outputs: Json): readonly Member[] {
  if (isRecord(outputs)) return membersOf(outputs);
  return outputs !== null && typeof outputs === "object" ? (outputList(outputs) ?? []) : [];
}

/** What `list-exports` tells, by exporting stack. */
function exportsOf(value: readonly Json[] | undefined): Shape | undefined {
  if (value === undefined) return undefined;
  const byStack = new Map<string, Member[]>();
  for (const each of value) {
    if (!isRecord(each)) return undefined;
    const { Name: key, Value: exported, ExportingStackId: stackId } = each;
    if (typeof key !== "string" || exported === undefined) return undefined;
    const stack = typeof stackId === "string" ? stackId : "";
    byStack.set(stack, [...(byStack.get(stack) ?? []), { key, value: exported }]);
  }
  return { kind: "stacks", stacks: [...byStack].map(([stackId, members]) => ({ ...titled(undefined, stackId), members })) };
}

/** A reference of a template (`{"Ref": …}`, `{"Fn::GetAtt": …}`) that nobody resolved: no value. */
export function isReference(value: Json): boolean {
  if (!isRecord(value)) return false;
  const [key, another] = Object.keys(value);
  return another === undefined && key !== undefined && (key === "Ref" || key.startsWith("Fn::"));
}

function titled(name: Json | undefined, stackId: Json | undefined): Omit<StackOutputs, "members"> {
  const id = typeof stackId === "string" && stackId !== "" ? stackId : undefined;
  const named = typeof name === "string" ? name : /:stack\/([^/]+)/.exec(id ?? "")?.[1];
  return { ...(named === undefined ? {} : { name: named }), ...(id === undefined ? {} : { stackId: id }) };
}

/** The outputs of a Terraform state or of `terraform show -json`; everything else there is attributes, secrets among them. */
function stateOutputs(value: JsonObject): JsonObject | undefined {
  const { deployment } = value;
  if (deployment !== undefined && isRecord(deployment)) return pulumiOutputs(deployment);
  if (!("terraform_version" in value) && !("lineage" in value)) return undefined;
  const { outputs, values, prior_state: prior } = value;
  if (outputs !== undefined && isRecord(outputs)) return outputs;
  const shown = values !== undefined && isRecord(values) ? values["outputs"] : undefined;
  if (shown !== undefined && isRecord(shown)) return shown;
  // `terraform show -json` of a plan: what stands there before it is applied.
  if (prior !== undefined && isRecord(prior)) return stateOutputs(prior);
  return ["lineage", "serial", "format_version", "resources"].some((key) => key in value) ? {} : undefined;
}

/** `pulumi stack export`: a stack's outputs are those of the resource that stands for the stack. */
function pulumiOutputs(deployment: JsonObject): JsonObject | undefined {
  const resources = listIn(deployment, "resources")?.filter(isRecord);
  if (resources === undefined) return undefined;
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.["outputs"];
  return outputs !== undefined && isRecord(outputs) ? outputs : {};
}
