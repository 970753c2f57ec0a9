import { cell } from "../core/model/telling.ts";
import { exitCode } from "../errors.ts";
import { defineCommand } from "./command.ts";

export const command = defineCommand({
  positionals: {},
  options: {},
  async run(argv, shell) {
    const scenarios = await shell.scenarios();
    if (argv.json) shell.out(`${JSON.stringify(scenarios, null, 2)}\n`);
    else {
      const rows = scenarios.map(({ name, notes }) => [cell(name, "strong"), cell(notes[0] ?? "", "dim")]);
      shell.show([{ kind: "table", indent: 0, right: [], rows }]);
    }
    return exitCode.done;
  },
});
