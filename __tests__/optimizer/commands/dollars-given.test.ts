import { describe, expect, it } from "vitest";
import { dollarsGiven } from "../../../optimizer/commands/global-flags.ts";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { memoryShell } from "../../support/memory-shell.ts";

const hint = "give US dollars, e.g. --max-cost 2";

describe("US dollars given with a flag", () => {
  it.each([
    [undefined, Number.POSITIVE_INFINITY],
    ["0", 0],
    ["2", 2],
    ["0.05", 0.05],
    ["0100", 100],
  ])("%j are %s", (given, dollars) => {
    expect(dollarsGiven("max-cost", given, hint)).toBe(dollars);
  });

  it.each(["-1", "two", "$2", "2USD", "2,50", "1.", ".5", "0x10", "1e3", "Infinity", "NaN", " 2", ""])("are not %j, which is told as it was given", (given) => {
    const told = given === "" ? '""' : given;
    expect(() => dollarsGiven("max-cost", given, hint)).toThrow(
      expect.objectContaining({ code: "bad-flag", message: `--max-cost ${told} is no amount`, hint }),
    );
  });

  it.each([
    [["plan", "--fail-above", "$500"], "--fail-above $500 is no amount"],
    [["plan", "--fail-above="], '--fail-above "" is no amount'],
    [["plan", "--fail-above", "-1"], "--fail-above -1 is no amount"],
    [["plan", "--fail-above", "1", "--fail-above", "2"], "--fail-above was given more than once"],
  ])("are refused before anything is looked at: %j", async (argv, message) => {
    await expect(runCommandLine(argv, memoryShell())).rejects.toMatchObject({ code: "bad-flag", message });
  });
});
