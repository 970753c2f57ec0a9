import type { Options, PositionalOptions } from "yargs";
import { type CommandEntry, commandTable } from "../../optimizer/commands/command-table.ts";
import { globalOptions } from "../../optimizer/commands/global-flags.ts";
import { environmentVariables } from "../../optimizer/environment.ts";
import { table } from "./sources.ts";

/** Every command as its own definition and the parser's have it: what it is for, what it takes, examples. */
export async function commandsSection(): Promise<string> {
  const commands = await Promise.all(commandTable.map(commandText));
  return `\`npx optimizer COMMAND [flags]\`; \`optimizer help COMMAND\` prints the same. Without a command: \`run\`.

### Flags of every command

${optionsTable(globalOptions)}

${commands.join("\n\n")}

### Environment variables

What the optimizer reads itself. Credentials, and whatever else the AWS SDK reads (\`AWS_PROFILE\`, \`AWS_ACCESS_KEY_ID\`, \`AWS_WEB_IDENTITY_TOKEN_FILE\` …): [its documentation](https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html). Synthesis, which \`adopt\` and \`simulate deploy\` start, is handed all of them: [settings.md](settings.md).

${table(
  ["variable", "what it says"],
  Object.entries(environmentVariables).map(([name, meaning]) => [`\`${name}\``, meaning]),
)}`;
}

async function commandText({ usage, summary, examples, dryRun, load }: CommandEntry): Promise<string> {
  const { command } = await load();
  const taken = [
    ...Object.entries(command.positionals).map(([name, positional]) => optionRow(name.toUpperCase(), positional)),
    ...Object.entries(command.options).map(([name, option]) => optionRow(`--${name}`, option)),
  ];
  return [
    `### \`${usage}\``,
    `${summary}.${dryRun === "changes" ? " Refused with `--dry-run`." : ""}`,
    ...(taken.length === 0 ? [] : [table(["takes", "may be", "unless said", "what it says"], taken)]),
    table(
      ["example", "what for"],
      examples.map(([words, purpose]) => [`\`optimizer ${words}\``, purpose]),
    ),
  ].join("\n\n");
}

function optionsTable(options: Readonly<Record<string, Options>>): string {
  return table(
    ["flag", "may be", "unless said", "what it says"],
    Object.entries(options).map(([name, option]) => optionRow(`--${name}`, option)),
  );
}

function optionRow(name: string, option: Options | PositionalOptions): readonly string[] {
  const { choices, type, array = false, describe = "" } = option;
  const value =
    choices === undefined
      ? type === "boolean"
        ? "given or not"
        : type === "number"
          ? "a number"
          : "a text"
      : choices.map((choice) => `\`${String(choice)}\``).join(" or ");
  const isNeeded = "demandOption" in option && option.demandOption === true;
  const unless = isNeeded ? "it has to be said" : option.default === undefined || option.default === false ? "–" : `\`${String(option.default)}\``;
  return [`\`${name}\``, array ? `${value}; more than once` : value, unless, describe];
}
