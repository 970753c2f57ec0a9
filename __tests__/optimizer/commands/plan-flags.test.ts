import { expect, it } from "vitest";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { memoryShell } from "../../support/memory-shell.ts";

const flags = [
  ["--outputs-file", "outputs.json"],
  ["--region", "us-east-1"],
  ["--skip-phases", "3"],
  ["--policy", "careful.json"],
] as const;
const commands = [["run", "--plan", "plan.json"], ...["tick", "resume", "rollback", "continue", "abort"].map((name) => [name, "run-1"])];

it.each(commands.flatMap((command) => flags.map((flag) => ({ command, flag }))))(
  "$flag is refused with $command, which acts by a plan that is made, before anything is looked at",
  async ({ command, flag }) => {
    const shell = memoryShell();
    await expect(runCommandLine([...command, ...flag, "--yes"], shell)).rejects.toMatchObject({
      code: "bad-flag",
      message: expect.stringContaining(`${flag[0]} with `),
      hint: expect.stringContaining(`optimizer plan ${flag[0]}`),
    });
    expect(shell.settings).toEqual([]);
  },
);
