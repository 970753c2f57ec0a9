import * as applicationAutoScaling from "@aws-sdk/client-application-auto-scaling";
import * as autoScaling from "@aws-sdk/client-auto-scaling";
import * as dynamoDb from "@aws-sdk/client-dynamodb";
import * as elastiCache from "@aws-sdk/client-elasticache";
import * as ecs from "@aws-sdk/client-ecs";
import * as ec2 from "@aws-sdk/client-ec2";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as s3 from "@aws-sdk/client-s3";
import { queried } from "./jmespath.ts";
import type { ClientFactory } from "../../optimizer/adapters/aws/client-factory.ts";

/** Where printed lines are run: clients of an account, and what a sleep does. */
export interface Shell {
  readonly clients: ClientFactory;
  readonly sleep: (seconds: number) => void;
}

/** Runs shell lines as a person would paste them, one after the other; the first that fails ends it. Strict: what AWS's CLI would not take, fails. */
export async function runLines(lines: readonly string[], shell: Shell): Promise<void> {
  for (const line of lines) await runLine(line, shell);
}

const loopLine = /^(until|while) (aws .+) \| grep (-qxF|-qwE) ('[^']+'|[\w./:=@-]+); do (?:echo '[^']+'; )?sleep (\d+); done$/;
const mostTurns = 2000;

async function runLine(line: string, shell: Shell): Promise<void> {
  const loop = loopLine.exec(line);
  if (loop !== null) {
    const [, word, command = "", flag, quoted = "", seconds] = loop;
    const pattern = quoted.replaceAll("'", "");
    for (let turn = 0; turn < mostTurns; turn++) {
      const lines = (await runAws(command, shell)).split("\n");
      const isFound =
        flag === "-qxF" ? lines.includes(pattern) : lines.some((each) => each.split(/[^\w]+/).some((part) => new RegExp(`^(?:${pattern})$`).test(part)));
      if (isFound === (word === "until")) return;
      shell.sleep(Number(seconds));
    }
    throw new Error(`never ends: ${line}`);
  }
  const gone = /^aws rds wait db-instance-deleted (.+)$/.exec(line);
  if (gone !== null) return untilDeleted(`aws rds describe-db-instances ${gone[1]}`, shell);
  const isOptional = line.endsWith(" || true");
  try {
    await runAws(isOptional ? line.slice(0, -" || true".length) : line, shell);
  } catch (error) {
    if (!isOptional || error instanceof NotTheCli) throw error;
  }
}

/** The CLI's own waiter: 60 looks, half a minute apart. */
async function untilDeleted(describe: string, shell: Shell): Promise<void> {
  for (let look = 0; look < 60; look++) {
    try {
      await runAws(describe, shell);
    } catch (error) {
      if (error instanceof rds.DBInstanceNotFoundFault) return;
      throw error;
    }
    shell.sleep(30);
  }
  throw new Error(`still there: ${describe}`);
}

/** The CLI itself would refuse the line, whatever the account holds. */
class NotTheCli extends Error {
  override readonly name = "NotTheCli";
}

const services: Readonly<
  Record<
    string,
    {
      readonly commands: object;
      readonly client: "applicationAutoScaling" | "autoScaling" | "dynamoDb" | "ec2" | "ecs" | "elastiCache" | "lambda" | "rds" | "s3";
    }
  >
> = {
  "application-autoscaling": { commands: applicationAutoScaling, client: "applicationAutoScaling" },
  autoscaling: { commands: autoScaling, client: "autoScaling" },
  dynamodb: { commands: dynamoDb, client: "dynamoDb" },
  ec2: { commands: ec2, client: "ec2" },
  ecs: { commands: ecs, client: "ecs" },
  elasticache: { commands: elastiCache, client: "elastiCache" },
  lambda: { commands: lambda, client: "lambda" },
  rds: { commands: rds, client: "rds" },
  s3api: { commands: s3, client: "s3" },
};

async function runAws(line: string, shell: Shell): Promise<string> {
  const [program, serviceName = "", operation = "", ...rest] = await words(line, shell);
  const service = services[serviceName];
  if (program !== "aws" || service === undefined) throw new NotTheCli(`no such program or service: ${line}`);
  const name = `${operation.replaceAll("-", "")}command`;
  const found = Object.entries(service.commands).find(([key]) => key.toLowerCase() === name);
  if (found === undefined) throw new NotTheCli(`${serviceName} has no operation ${operation}`);
  const Command = found[1] as new (input: object) => { readonly schema: readonly unknown[] };
  const options = optionsOf(rest, new Command({}).schema);
  const { region, query, output } = options.global;
  if (region === undefined) throw new NotTheCli(`no region is named: ${line}`);
  const client = shell.clients(region)[service.client] as { send(command: object): Promise<object> };
  const answer = await client.send(new Command(options.input));
  if (query === undefined) return JSON.stringify(answer);
  if (output !== "text" && output !== "json") throw new NotTheCli("how a query's answer is written has to be said here");
  const asked = queried(JSON.parse(JSON.stringify(answer)), query);
  return output === "text" ? textOf(asked) : JSON.stringify(asked);
}

/** The words of a line: quotes, and commands whose output stands in double quotes. */
async function words(line: string, shell: Shell): Promise<readonly string[]> {
  const found: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length;) {
    const char = line[at] ?? "";
    if (char === " ") {
      if (word !== undefined) found.push(word);
      word = undefined;
      at += 1;
    } else if (char === "'") {
      const end = line.indexOf("'", at + 1);
      word = (word ?? "") + line.slice(at + 1, end);
      at = end + 1;
    } else if (char === "\\") {
      word = (word ?? "") + (line[at + 1] ?? "");
      at += 2;
    } else if (char === '"') {
      const inner = await quoted(line, at + 1, shell);
      word = (word ?? "") + inner.text;
      at = inner.end + 1;
    } else {
      if (/[;&|<>$`*?()]/.test(char)) throw new NotTheCli(`${char} has to be quoted: ${line}`);
      word = (word ?? "") + char;
      at += 1;
    }
  }
  return word === undefined ? found : [...found, word];
}

/** What stands in double quotes that open before `from`, with what commands in it answer, and where the closing one is. */
async function quoted(line: string, from: number, shell: Shell): Promise<{ readonly text: string; readonly end: number }> {
  let text = "";
  let at = from;
  while (line[at] !== '"') {
    if (at >= line.length) throw new NotTheCli(`a double quote is not closed: ${line}`);
    // An interactive shell takes this for a word of its history, quotes within notwithstanding.
    if (line[at] === "!" || line[at] === "`") throw new NotTheCli(`${line[at]} in double quotes: ${line}`);
    if (line.startsWith("$(", at)) {
      const end = closing(line, at + 2);
      const command = line.slice(at + 2, end);
      if (command.includes("!")) throw new NotTheCli(`! in double quotes: ${line}`);
      text += (await substituted(command, shell)).replace(/\n+$/, "");
      at = end + 1;
    } else {
      text += line[at];
      at += 1;
    }
  }
  return { text, end: at };
}

/** Where the `)` is that closes a command, which has quotes of its own. */
function closing(line: string, from: number): number {
  let isQuoted = false;
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === "\\") at += 1;
    else if (line[at] === "'") at = line.indexOf("'", at + 1) >>> 0;
    else if (line.startsWith("$(", at)) at = closing(line, at + 2);
    else if (line[at] === '"') isQuoted = !isQuoted;
    else if (line[at] === ")" && !isQuoted) return at;
  }
  throw new NotTheCli(`a command in double quotes is not closed: ${line}`);
}

/** What stands in `$(…)`: a command, whose answer jq may make another one of. */
async function substituted(command: string, shell: Shell): Promise<string> {
  const [, asked = command, program] = /^(aws .+) \| jq '([^']+)'$/.exec(command) ?? [];
  const answer = await runAws(asked, shell);
  if (program === undefined) return answer;
  return JSON.stringify(program.split(" | ").reduce<Values>((value, filter) => filtered(value, filter), JSON.parse(answer) as Values));
}

type Values = Readonly<Record<string, unknown>>;

/** The part of jq that the lines use: `.a`, `.a = "text"`, `.a.b = .c`, `del(.a,.b)`, and that where a list is empty. */
function filtered(value: Values, filter: string): Values {
  const [, empty, then] = /^if \.(\w+) == \[\] then (.+) else \. end$/.exec(filter) ?? [];
  if (empty !== undefined && then !== undefined) return JSON.stringify(value[empty]) === "[]" ? filtered(value, then) : value;
  const [, dropped] = /^del\(([^)]+)\)$/.exec(filter) ?? [];
  if (dropped !== undefined) return Object.fromEntries(Object.entries(value).filter(([name]) => !dropped.split(",").includes(`.${name}`)));
  const [, set, text] = /^\.(\w+) = "([^"]*)"$/.exec(filter) ?? [];
  if (set !== undefined) return { ...value, [set]: text };
  const [, outer, inner, from] = /^\.(\w+)\.(\w+) = \.(\w+)$/.exec(filter) ?? [];
  if (outer !== undefined && inner !== undefined && from !== undefined) return { ...value, [outer]: { ...(value[outer] as Values), [inner]: value[from] } };
  const [, name] = /^\.(\w+)$/.exec(filter) ?? [];
  if (name === undefined) throw new NotTheCli(`${filter} is not read here`);
  return value[name] as Values;
}

/** The SDK's own description of an operation: [9, namespace, name, traits, input, output], of a structure [3, …, names, types]. */
type Schema = readonly unknown[];

interface Options {
  readonly global: { readonly region?: string; readonly query?: string; readonly output?: string };
  readonly input: Readonly<Record<string, unknown>>;
}

function optionsOf(rest: readonly string[], schema: Schema): Options {
  const members = membersOf(resolved(schema[4]));
  const global: Record<string, string> = {};
  const input: Record<string, unknown> = {};
  for (let at = 0; at < rest.length;) {
    const option = rest[at] ?? "";
    if (!option.startsWith("--")) throw new NotTheCli(`${option} is no option`);
    const values = rest.slice(at + 1, rest.findIndex((each, index) => index > at && each.startsWith("--")) >>> 0);
    at += 1 + values.length;
    const name = option.slice(2);
    if (["region", "query", "output"].includes(name)) {
      global[name] = values[0] ?? "";
      continue;
    }
    if (name === "cli-input-json") {
      Object.assign(input, checked(JSON.parse(values[0] ?? ""), resolved(schema[4]), option));
      continue;
    }
    const member = [...members].find(([key]) => key.toLowerCase() === name.replaceAll("-", ""));
    if (member === undefined) throw new NotTheCli(`unknown option ${option}`);
    input[member[0]] = valueOf(values, member[1], option);
  }
  return { global, input };
}

function valueOf(values: readonly string[], type: unknown, option: string): unknown {
  const schema = resolved(type);
  const [text = ""] = values;
  if (schema === 2) {
    if (values.length > 0) throw new NotTheCli(`${option} takes no value`);
    return true;
  }
  if (values.length === 0) throw new NotTheCli(`${option} takes a value`);
  if (Array.isArray(schema) && schema[0] === 1) {
    if (text.startsWith('"')) throw new NotTheCli(`${option} takes a list, not ${text}`);
    return /^[[{]/.test(text) ? checked(JSON.parse(text), schema, option) : values;
  }
  // A list of a simple type is told as that type and 64.
  if (typeof schema === "number" && schema >= 64 && schema < 128) return values;
  if (values.length > 1) throw new NotTheCli(`${option} takes one value`);
  if (schema === 1) return Number(text);
  if (Array.isArray(schema) && schema[0] === 3) return checked(text.startsWith("{") ? JSON.parse(text) : shorthand(text, schema), schema, option);
  return text;
}

/** `Key=value,Key=value` with the values' own types, or one `Key={name=number}`. */
function shorthand(text: string, schema: Schema): object {
  const members = membersOf(schema);
  const [, map, entries] = /^(\w+)=\{([^{}]*)\}$/.exec(text) ?? [];
  if (map !== undefined && entries !== undefined) return { [map]: Object.fromEntries(pairsOf(entries).map(([name, value]) => [name, Number(value)])) };
  return Object.fromEntries(
    pairsOf(text).map(([key, value]) => {
      const type = resolved(members.get(key));
      return [key, type === 1 ? Number(value) : type === 2 ? value === "true" : value];
    }),
  );
}

function pairsOf(text: string): readonly (readonly [string, string])[] {
  return text === "" ? [] : text.split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const);
}

/** Members that the operation does not know fail, however deep they stand. */
function checked(value: unknown, type: unknown, option: string): unknown {
  const schema = resolved(type);
  if (Array.isArray(schema) && schema[0] === 1 && !Array.isArray(value)) throw new NotTheCli(`${option} takes a list, not ${JSON.stringify(value)}`);
  if (Array.isArray(value)) {
    for (const each of value) checked(each, Array.isArray(schema) ? schema[4] : undefined, option);
    return value;
  }
  if (typeof value !== "object" || value === null || !Array.isArray(schema) || schema[0] !== 3) return value;
  const members = membersOf(schema);
  for (const [key, inner] of Object.entries(value)) {
    if (!members.has(key)) throw new NotTheCli(`${option} has no member ${key}`);
    checked(inner, members.get(key), option);
  }
  return value;
}

function membersOf(schema: unknown): ReadonlyMap<string, unknown> {
  if (!Array.isArray(schema) || schema[0] !== 3) throw new NotTheCli("the SDK describes this operation in another way");
  const [names, types] = [schema[4] as readonly string[], schema[5] as readonly unknown[]];
  return new Map(names.map((name, index) => [name, types[index]]));
}

/** Types are named late, or stand in a pair with their traits. */
function resolved(type: unknown): unknown {
  const named = typeof type === "function" ? (type as () => unknown)() : type;
  return Array.isArray(named) && (typeof named[0] === "function" || Array.isArray(named[0])) ? resolved(named[0]) : simple(named);
}

function simple(type: unknown): unknown {
  return Array.isArray(type) && type.length === 2 && typeof type[0] === "number" && type[0] < 3 ? type[0] : type;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return value.map((each) => textOf(each)).join("\t");
  return typeof value === "string" ? value : JSON.stringify(value);
}
