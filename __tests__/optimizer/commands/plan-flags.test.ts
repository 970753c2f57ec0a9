import { expect, it } from "vitest";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { memoryShell } from "../../support/memory-shell.ts";

const commands = [["run", "--plan", "plan.json"], ...["tick", "resume", "rollback", "continue", "abort", "adopt"].map((name) => [name, "run-1"])];
const each = (flags: readonly (readonly [string, string])[]) => commands.flatMap((command) => flags.map((flag) => ({ command, flag })));

it.each(
  each([
    ["--region", "us-east-1"],
    ["--skip-phases", "3"],
  ]),
)("$flag is refused with $command, which acts by a plan that is made, before anything is looked at", async ({ command, flag }) => {
  const shell = memoryShell();
  await expect(runCommandLine([...command, ...flag, "--yes"], shell)).rejects.toMatchObject({
    code: "bad-flag",
    message: expect.stringContaining(`${flag[0]} with `),
    hint: expect.stringContaining(`optimizer plan ${flag[0]}`),
  });
  expect(shell.settings).toEqual([]);
});

it.each(
  each([
    ["--outputs-file", "outputs.json"],
    ["--policy", "careful.json"],
  ]),
)("$flag is told to be passed over with $command, which goes on", async ({ command, flag }) => {
  const shell = memoryShell();
  const worldless = "the shell in memory has no world";
  shell.createWorld = () => Promise.reject(new Error(worldless));
  await expect(runCommandLine([...command, ...flag, "--yes"], shell)).rejects.toThrow(worldless);
  expect(shell.shown).toEqual([expect.stringMatching(new RegExp(`^${flag[0]} is passed over with .*: a plan holds what it was made with$`))]);
});
