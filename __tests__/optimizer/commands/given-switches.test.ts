import { describe, expect, it } from "vitest";
import { resultOnly } from "../../../optimizer/cli.ts";
import { commandTable } from "../../../optimizer/commands/command-table.ts";
import { globalOptions } from "../../../optimizer/commands/global-flags.ts";
import { isSwitchedOn } from "../../../optimizer/commands/given-switches.ts";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { memoryShell } from "../../support/memory-shell.ts";

/** Every flag that is on or off, beside a command line that takes it. */
const switches = (
  await Promise.all(
    commandTable.map(async ({ usage, load }) => {
      const words = usage
        .replace("<what>", "deploy")
        .replace("<shell>", "bash")
        .replaceAll(/<\w+>/g, "x")
        .replaceAll(/ ?\[\w+\]/g, "")
        .split(" ");
      const { command } = await load();
      return Object.entries({ ...globalOptions, ...command.options }).flatMap(([flag, option]) =>
        "type" in option && option.type === "boolean" ? [{ flag, words, line: `${words.join(" ")} --${flag}` }] : [],
      );
    }),
  )
).flat();

describe("a flag that is on or off", () => {
  it("is one of these, --dry-run and --yes among them", () => {
    const named = new Set(switches.map(({ flag }) => flag));
    for (const flag of ["dry-run", "yes", "single-operator", "json", "verbose", "reset", "preview"]) expect(named).toContain(flag);
  });

  // yargs takes each of these words for false: --dry-run=yes would have been no dry run.
  it.each(switches)("takes no other word than true or false: $line", async ({ flag, words }) => {
    for (const word of ["yes", "1", "TRUE", ""])
      await expect(runCommandLine([...words, `--${flag}=${word}`], memoryShell())).rejects.toMatchObject({
        code: "bad-flag",
        message: `--${flag}=${word}: expected true or false`,
      });
  });

  it.each(switches)("is not given as both: $line", async ({ flag, words }) => {
    for (const both of [
      [`--${flag}`, `--${flag}=false`],
      [`--${flag}=false`, `--${flag}=true`],
    ])
      await expect(runCommandLine([...words, ...both], memoryShell())).rejects.toMatchObject({ message: `--${flag} was given as true and as false` });
  });

  it("may be given as true or false, as by a workflow's input", async () => {
    expect(await runCommandLine(["scenarios", "--yes=true", "--json=false"], memoryShell())).toBe(0);
  });

  it("counts before the command line is parsed, too", () => {
    expect([["--json"], ["--json=true"], ["--pr-body=true"]].map(resultOnly)).toEqual([true, true, true]);
    expect([["--json=false"], ["--jsonx"], []].map(resultOnly)).toEqual([false, false, false]);
    expect(isSwitchedOn(["plan", "--no-color=true"], "no-color")).toBe(true);
    expect(isSwitchedOn(["plan", "--no-color=false"], "no-color")).toBe(false);
  });
});
