import type { InferredOptionType, InferredOptionTypes, Options, PositionalOptions } from "yargs";
import type { ExitCode } from "../errors.ts";
import type { GlobalArguments } from "./global-flags.ts";
import type { Shell } from "./shell.ts";

/** One command: its own flags and positionals, and what it does. */
export interface Command {
  readonly positionals: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
  readonly run: (argv: GlobalArguments, shell: Shell) => Promise<ExitCode>;
}

type Positionals = Readonly<Record<string, PositionalOptions>>;
type Own<P extends Positionals, O extends Readonly<Record<string, Options>>> = { [K in keyof P]: InferredOptionType<P[K]> } & InferredOptionTypes<O>;

/** Ties a command's run to the types of its own flags. */
export function defineCommand<P extends Positionals, O extends Readonly<Record<string, Options>>>(definition: {
  readonly positionals: P;
  readonly options: O;
  readonly run: (argv: GlobalArguments & Own<P, O>, shell: Shell) => Promise<ExitCode>;
}): Command {
  return {
    positionals: definition.positionals,
    options: definition.options,
    // This cast is safe: yargs has parsed and checked argv against exactly these positionals and options.
    run: (argv, shell) => definition.run(argv as GlobalArguments & Own<P, O>, shell),
  };
}

/** The positional RUN of the commands that are about one run. */
export const runPositional = { run: { type: "string", demandOption: true, describe: "A run's id (see `optimizer runs`)" } } as const satisfies Positionals;

/** The positional RUN of the commands that only look. Without it they take the open run, else the last. */
export const anyRunPositional = { run: { type: "string", describe: "A run's id (default: the open one, else the last)" } } as const satisfies Positionals;
