import { describe, expect, it } from "vitest";
import { commandTable, uselessFlags } from "../../../optimizer/commands/command-table.ts";
import { runCommandLine, withDefaultCommand, withDashValues } from "../../../optimizer/commands/parser.ts";
import { memoryShell } from "../../support/memory-shell.ts";

async function helpOf(...argv: string[]): Promise<string> {
  const shell = memoryShell();
  expect(await runCommandLine([...argv, "--help"], shell)).toBe(0);
  return shell.results.join("");
}

describe("the command line", () => {
  it("lists every command, every common flag and the exit codes", async () => {
    const help = await helpOf();
    for (const { usage, summary } of commandTable) {
      expect(help).toContain(`optimizer ${usage}`);
      expect(help.replace(/\s+/g, " ")).toContain(summary);
    }
    for (const flag of [
      "--outputs-file",
      "--region",
      "--dry-run",
      "--skip-phases",
      "--approve",
      "--single-operator",
      "--no-color",
      "--state",
      "--scenario",
      "--clock",
    ])
      expect(help).toContain(flag);
    expect(help).toContain("75 interrupted");
  });

  it.each(commandTable.map(({ usage, examples }) => ({ name: usage.split(" ")[0] ?? "", examples })))("explains $name", async ({ name, examples }) => {
    const help = await helpOf(name);
    expect(help).toContain(`optimizer ${name}`);
    expect(help).toContain("Flags of every command");
    // Whole, to be copied.
    for (const [words] of examples) expect(help.split("Examples:")[1]?.split("\n")).toContain(`  optimizer ${words}`);
    // Its own flags are what somebody looks for who asks about one command.
    if (help.includes(`Flags of ${name}:`)) expect(help.indexOf(`Flags of ${name}:`)).toBeLessThan(help.indexOf("Flags of every command"));
  });

  it("leaves flags out of a command's help that it refuses or passes over", async () => {
    const flagsIn = (help: string): readonly string[] => [...help.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, flag = ""]) => flag);
    for (const entry of commandTable) {
      const shown = flagsIn(await helpOf(entry.usage.split(" ")[0] ?? ""));
      expect(shown, entry.usage).toEqual(expect.arrayContaining(["state", "json", "debug"]));
      expect(
        uselessFlags(entry).filter((flag) => shown.includes(flag)),
        entry.usage,
      ).toEqual([]);
    }
    expect(flagsIn(await helpOf("tick"))).not.toContain("region");
    expect(flagsIn(await helpOf("plan"))).toEqual(expect.arrayContaining(["region", "approve", "dry-run", "skip-phases"]));
  });

  it("gives examples that the parser takes", async () => {
    for (const { examples } of commandTable) {
      for (const [words] of examples) {
        const failure = await runCommandLine(words.split(" "), memoryShell()).then(
          () => undefined,
          (error: Error) => error.message,
        );
        // The test gives no world: whatever else is refused is the example's fault.
        if (failure !== undefined) expect(failure, words).toContain("this test gave no world");
      }
    }
  });

  it("prints the version", async () => {
    const shell = memoryShell();
    expect(await runCommandLine(["--version"], shell)).toBe(0);
    expect(shell.results).toEqual(["1.2.3\n"]);
  });

  it("names an unknown command and the nearest one", async () => {
    await expect(runCommandLine(["stauts"], memoryShell())).rejects.toMatchObject({
      code: "bad-usage",
      message: "unknown command: stauts",
      hint: expect.stringContaining("did you mean status?"),
    });
  });

  it("names an unknown flag and the nearest one", async () => {
    await expect(runCommandLine(["runs", "--jsn"], memoryShell())).rejects.toMatchObject({
      message: expect.stringContaining("jsn"),
      hint: expect.stringContaining("did you mean --json?"),
    });
    await expect(runCommandLine(["adopt", "r1", "--chek"], memoryShell())).rejects.toMatchObject({ hint: expect.stringContaining("did you mean --check?") });
  });

  it("takes a dash for a value, wherever it stands", () => {
    expect(withDashValues(["plan", "--outputs-file", "-", "--json", "--region", "us-east-1"])).toEqual([
      "plan",
      "--outputs-file=-",
      "--json",
      "--region",
      "us-east-1",
    ]);
    expect(withDashValues(["plan", "--json", "-"])).toEqual(["plan", "--json", "-"]);
    expect(withDashValues(["--outputs-file", "-", "--outputs-file", "b"])).toEqual(["--outputs-file=-", "--outputs-file", "b"]);
  });

  it("suggests nothing for what is near to nothing", async () => {
    await expect(runCommandLine(["xyzzyplugh"], memoryShell())).rejects.toMatchObject({ hint: "see --help" });
  });

  it.each([
    [["runs", "--state", "s3://bucket/x"], "state-not-supported"],
    [["runs", "--clock", "virtual"], "bad-flag"],
    [["runs", "--state", "a", "--state", "b"], "bad-flag"],
    [["runs", "--aws", "imaginary"], "bad-usage"],
    [["plan", "--state"], "bad-usage"],
    [["tick"], "bad-usage"],
    [["demo", "--aws", "real"], "bad-flag"],
    [["demo", "--outputs-file", "outputs.json"], "bad-flag"],
    [["simulate", "deploy", "--aws", "real"], "bad-flag"],
    [["simulate", "deploy", "--reset", "--aws", "real"], "bad-flag"],
  ])("refuses %j as bad input", async (argv, code) => {
    await expect(runCommandLine(argv, memoryShell())).rejects.toMatchObject({ code });
  });

  it.each([
    [["simulate", "foo"], "WHAT foo: expected deploy"],
    [["runs", "--clock", "slow"], "--clock slow: expected real or virtual"],
    [["completion", "csh"], "SHELL csh: expected bash, zsh or fish"],
  ])("names the values that there are for one that is none of them: %j", async (argv, message) => {
    await expect(runCommandLine(argv, memoryShell())).rejects.toMatchObject({ code: "bad-usage", message });
  });

  it("takes the virtual clock for a simulated account and the real one else", async () => {
    const shell = memoryShell();
    await expect(runCommandLine(["runs", "--aws", "simulated"], shell)).rejects.toThrow("no world");
    await expect(runCommandLine(["runs"], shell)).rejects.toThrow("no world");
    expect(shell.settings.map(({ aws, clock, state }) => [aws, clock, state])).toEqual([
      ["simulated", "virtual", ".optimizer"],
      ["real", "real", ".optimizer"],
    ]);
  });
});

describe("the default command", () => {
  it.each([
    [[], ["run"]],
    [
      ["--outputs-file", "status"],
      ["run", "--outputs-file", "status"],
    ],
    [
      ["--yes", "--plan", "p.json"],
      ["run", "--yes", "--plan", "p.json"],
    ],
    [
      ["--state", "x", "runs"],
      ["--state", "x", "runs"],
    ],
    [
      ["--json", "runs"],
      ["--json", "runs"],
    ],
    [["--help"], ["--help"]],
  ])("turns %j into %j", (given, expected) => {
    expect(withDefaultCommand(given)).toEqual(expected);
  });
});
