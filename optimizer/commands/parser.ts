import yargs, { type Argv } from "yargs";
import { UserError } from "../../contract/user-error.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { Command } from "./command.ts";
import { changesRun, type CommandEntry, commandTable, uselessFlags } from "./command-table.ts";
import { type GlobalArguments, globalOptions } from "./global-flags.ts";
import { refuseUnclearSwitches } from "./given-switches.ts";
import { refusePlanFlags } from "./plan-flags.ts";
import { nearest } from "../../contract/nearest.ts";
import type { Shell } from "./shell.ts";

const epilogue = `Exit codes: 0 done, 1 fault, 2 bad input, 3 locked, 4 declined,
  5 rolled back, 6 needs a human, 75 interrupted and resumable.
Without an AWS account: optimizer demo`;

/** The help that is printed without loading the program is laid out for these numbers of columns. */
const helpColumns = [80, 100, 120] as const;
const leastColumns = 60;
const mostColumns = 120;

/** Runs a command line; resolves to its exit code, rejects with whatever the command threw. Never ends the process. */
export async function runCommandLine(argv: readonly string[], shell: Shell): Promise<ExitCode> {
  let called: Called | undefined;
  const parser = emptyParser(shell.version, shell.columns);
  for (const entry of commandTable) {
    parser.command(
      entry.usage,
      entry.summary,
      async (yargsOfCommand) => {
        const { command } = await entry.load();
        called = { usage: entry.usage, command };
        yargsOfCommand.epilogue(`${examplesOf(entry)}\n\n${epilogue}`);
        for (const flag of uselessFlags(entry)) yargsOfCommand.hide(flag);
        return withOwnOptions(yargsOfCommand, command, entry.usage);
      },
      (parsed: GlobalArguments) => {
        throw new ReadToItsEnd(entry, parsed);
      },
    );
  }
  parser.fail((message: string | null, error: Error | undefined) => {
    throw error ?? badUsage(message ?? "the command line could not be read", argv, called);
  });
  let help = "";
  try {
    await parser.parseAsync(withDashValues(withDefaultCommand(withHelpFlag(argv))), {}, (_error, _parsed, output) => {
      help = output;
    });
  } catch (error) {
    if (error instanceof ReadToItsEnd) return runCommand(argv, error, shell);
    // Some of yargs' own complaints pass by its fail handler.
    throw error instanceof Error && error.name === "YError" ? badUsage(error.message, argv, called) : error;
  }
  if (help.trim() !== "") shell.out(`${help.trimEnd()}\n`);
  return exitCode.done;
}

/** Each on a line of its own, to be copied whole: yargs' table of examples breaks a command at 80 columns. */
function examplesOf({ examples }: CommandEntry): string {
  return ["Examples:", ...examples.flatMap(([words, purpose]) => [`  optimizer ${words}`, `      ${purpose}`])].join("\n");
}

/**
 * The end of reading a command line. It is thrown because yargs lays out the help of every command whose handler returns, to have it at
 * hand, and that takes longer than many a command.
 */
class ReadToItsEnd extends Error {
  readonly entry: CommandEntry;
  readonly parsed: GlobalArguments;

  constructor(entry: CommandEntry, parsed: GlobalArguments) {
    super(entry.usage);
    this.entry = entry;
    this.parsed = parsed;
  }
}

async function runCommand(argv: readonly string[], { entry, parsed }: ReadToItsEnd, shell: Shell): Promise<ExitCode> {
  const { command } = await entry.load();
  refuseUnclearSwitches(argv, { ...globalOptions, ...command.options });
  if (parsed.approve !== undefined && entry.approves !== true) throw notApproving(entry.usage, parsed.approve);
  if (parsed["dry-run"] && entry.dryRun === "changes") throw notDry(entry.usage);
  if (changesRun(entry)) refusePlanFlags(parsed, `optimizer ${entry.usage}`, shell);
  return command.run(parsed, shell);
}

/** What `optimizer --help` prints, by the number of columns of the terminal. */
export async function helpTexts(): Promise<Readonly<Record<number, string>>> {
  const texts = helpColumns.map(async (columns) => {
    const parser = emptyParser("", columns);
    for (const { usage, summary } of commandTable) parser.command(usage, summary);
    return [columns, `${(await parser.getHelp()).trimEnd()}\n`] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

function emptyParser(version: string, columns: number): Argv<GlobalArguments> {
  return yargs()
    .scriptName("optimizer")
    .usage("$0 <command> [flags]\n\nMakes a running AWS deployment cheaper, watches it, and rolls back by itself.")
    .locale("en")
    .parserConfiguration({ "boolean-negation": false, "greedy-arrays": false, "camel-case-expansion": false })
    .options(globalOptions)
    .group(Object.keys(globalOptions), "Flags of every command:")
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .version(version)
    .alias("h", "help")
    .epilogue(epilogue)
    .wrap(Math.max(leastColumns, Math.min(mostColumns, columns)));
}

/** yargs adds to the parser it is given; what it returns differs in its type alone. */
function withOwnOptions(parser: Argv<GlobalArguments>, command: Command, usage: string): Argv<GlobalArguments> {
  parser.options(command.options);
  parser.group(Object.keys(command.options), `Flags of ${usage.split(" ")[0] ?? usage}:`);
  for (const [name, positional] of Object.entries(command.positionals)) parser.positional(name, positional);
  return parser;
}

/** The word help before a command means its flag after it. */
export function withHelpFlag(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  return first === "help" ? [...rest, "--help"] : argv;
}

/** yargs takes a dash, which stands for standard input, for no value unless it is tied to its flag. */
export function withDashValues(argv: readonly string[]): readonly string[] {
  return argv.flatMap((token, index) => {
    if (argv[index + 1] === "-" && /^--[\w-]+$/.test(token) && takesValue(token)) return [`${token}=-`];
    return token === "-" && index > 0 && /^--[\w-]+$/.test(argv[index - 1] ?? "") && takesValue(argv[index - 1] ?? "") ? [] : [token];
  });
}

/** `optimizer --outputs-file x` means `optimizer run --outputs-file x`. */
export function withDefaultCommand(argv: readonly string[]): readonly string[] {
  if (argv.includes("--help") || argv.includes("-h") || argv.includes("--version")) return argv;
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] ?? "";
    if (!token.startsWith("-") || token === "-") return argv;
    if (takesValue(token)) index++;
  }
  return ["run", ...argv];
}

function takesValue(token: string): boolean {
  if (token.includes("=")) return false;
  const option = Object.entries(globalOptions).find(([name]) => `--${name}` === token)?.[1];
  return option === undefined || !("type" in option) || option.type !== "boolean";
}

/** An approval that would do nothing is refused, not ignored. */
function notApproving(usage: string, approvals: readonly string[]): UserError {
  return new UserError({
    code: "bad-flag",
    message: `--approve ${approvals.join(", ")}: optimizer ${usage} approves of nothing`,
    hint: "approve when the plan is made: `optimizer plan --approve ID` or `optimizer run --approve ID`",
  });
}

/** Ignoring the flag would do what it is there to prevent. */
function notDry(usage: string): UserError {
  return new UserError({
    code: "not-dry",
    message: `--dry-run: optimizer ${usage} has nothing to show without doing it`,
    hint: "leave --dry-run out, or look with `optimizer plan`, `optimizer run --dry-run` or `optimizer status`",
  });
}

interface Called {
  readonly usage: string;
  readonly command: Command;
}

/** Turns a complaint of yargs into ours: it names the wrong word, and the nearest right one. */
function badUsage(message: string, argv: readonly string[], called: Called | undefined): UserError {
  const usage = `usage: optimizer ${called?.usage ?? "<command>"} (see --help)`;
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message)?.[1];
  if (unknown === undefined) {
    const choice = /Argument: ([\w-]+), Given: "(.*)", Choices: (.+)$/s.exec(message);
    if (choice !== null) return badChoice(choice, called);
    const valueless = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
    const problem = message.startsWith("Not enough non-option arguments")
      ? lackingPositional(called)
      : valueless === undefined
        ? message
        : `--${valueless} needs a value`;
    return new UserError({ code: "bad-usage", message: problem.replace(/\s+/g, " ").trim(), hint: usage });
  }
  const word = unknown.split(",")[0]?.trim() ?? "";
  const isFlag = argv.some((given) => given.replace(/=.*/s, "") === `--${word}` || given === `-${word}`);
  if (!isFlag && called === undefined) {
    const commands = commandTable.map((entry) => entry.usage.split(" ")[0] ?? "");
    return new UserError({ code: "bad-usage", message: `unknown command: ${word}`, hint: meant(nearest(word, commands), "see --help") });
  }
  if (!isFlag) return new UserError({ code: "bad-usage", message: `unexpected argument: ${word}`, hint: usage });
  const flags = [...Object.keys(globalOptions), ...Object.keys(called?.command.options ?? {})];
  const flag = nearest(word, flags);
  return new UserError({ code: "bad-usage", message: `unknown flag: --${word}`, hint: meant(flag === undefined ? undefined : `--${flag}`, usage) });
}

/** `tick needs <run>`. */
function lackingPositional(called: Called | undefined): string {
  const [name = "", ...positionals] = called?.usage.split(" ") ?? [];
  return `${name} needs ${positionals.join(" ")}`;
}

/** The message for a value that is not one of a flag's choices. */
function badChoice([, name = "", given = "", quoted = ""]: RegExpExecArray, called: Called | undefined): UserError {
  const choices = [...quoted.matchAll(/"([^"]+)"/g)].map(([, choice = ""]) => choice);
  const word = called !== undefined && name in called.command.positionals ? name.toUpperCase() : `--${name}`;
  return new UserError({
    code: "bad-usage",
    message: `${word} ${given}: expected ${oneOf(choices)}`,
    hint: meant(nearest(given, choices), `usage: optimizer ${called?.usage ?? "<command>"} (see --help)`),
  });
}

/** `a`, `a or b`, `a, b or c`. */
function oneOf(choices: readonly string[]): string {
  const [last = "", ...others] = choices.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} or ${last}`;
}

function meant(suggestion: string | undefined, otherwise: string): string {
  return suggestion === undefined ? otherwise : `did you mean ${suggestion}? (see --help)`;
}
