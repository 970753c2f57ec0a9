import { exitCode } from "../errors.ts";
import { commandTable, uselessFlags } from "./command-table.ts";
import { defineCommand } from "./command.ts";
import { globalOptions } from "./global-flags.ts";

export const command = defineCommand({
  positionals: { shell: { choices: ["bash", "zsh", "fish"] as const, demandOption: true, describe: "The shell that reads the script" } },
  options: {},
  async run(argv, shell) {
    const script = scripts[argv.shell](await completions());
    shell.out(argv.json ? `${JSON.stringify({ version: 1, shell: argv.shell, script }, null, 2)}\n` : script);
    return exitCode.done;
  },
});

/** A command with its summary and the flags it takes, without dashes. */
interface Completion {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly string[];
}

async function completions(): Promise<readonly Completion[]> {
  return Promise.all(
    commandTable.map(async (entry) => {
      const { usage, summary } = entry;
      const { command: loaded } = await entry.load();
      const useless = new Set<string>(uselessFlags(entry));
      const common = Object.keys(globalOptions).filter((flag) => !useless.has(flag));
      return { name: usage.split(" ")[0] ?? usage, summary, flags: [...Object.keys(loaded.options), ...common, "help"] };
    }),
  );
}

function dashed(flags: readonly string[]): string {
  return flags.map((flag) => `--${flag}`).join(" ");
}

const scripts: Readonly<Record<"bash" | "zsh" | "fish", (commands: readonly Completion[]) => string>> = {
  bash: (commands) => `# optimizer: put this into ~/.bashrc:  source <(optimizer completion bash)
_optimizer() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name, flags }) => `    ${name}) COMPREPLY=($(compgen -W "${dashed(flags)}" -- "$word")) ;;`).join("\n")}
  esac
}
complete -o default -F _optimizer optimizer tap-optimizer
`,
  zsh: (commands) => `#compdef optimizer tap-optimizer
# optimizer: put this into ~/.zshrc, after compinit:  source <(optimizer completion zsh)
_optimizer() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ name, summary }) => `\n      '${name}:${summary.replaceAll("'", "'\\''")}'`).join("")}
    )
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${commands.map(({ name, flags }) => `    ${name}) compadd -- ${dashed(flags)} ;;`).join("\n")}
  esac
  _files
}
compdef _optimizer optimizer tap-optimizer
`,
  fish: (commands) => `# optimizer: optimizer completion fish > ~/.config/fish/completions/optimizer.fish
${commands.map(({ name, summary }) => `complete -c optimizer -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", "\\'")}'`).join("\n")}
${commands.flatMap(({ name, flags }) => flags.map((flag) => `complete -c optimizer -n '__fish_seen_subcommand_from ${name}' -l ${flag}`)).join("\n")}
`,
};
