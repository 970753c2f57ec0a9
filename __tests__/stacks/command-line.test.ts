import { describe, expect, it } from "vitest";
import { UserError } from "../../contract/user-error.ts";
import { configurationFromCommandLine } from "../../stacks/settings/command-line.ts";
import { readSettings } from "../../stacks/settings/settings.ts";

describe("flags of npm run synth", () => {
  it("are settings", () => {
    expect(configurationFromCommandLine(["--environment", "staging", "--regions", "eu-west-1, eu-north-1"])).toEqual({
      environment: "staging",
      regions: ["eu-west-1", "eu-north-1"],
    });
  });

  it("win over every other source", () => {
    const settings = readSettings({
      configFile: { suffix: "file" },
      variables: { TAP_SUFFIX: "shell" },
      context: { suffix: "context" },
      flags: configurationFromCommandLine(["--suffix=flag"]),
      readSizing: () => undefined,
    });
    expect(settings.suffix).toBe("flag");
  });

  it("ask for help in place of a synthesis", () => {
    expect(configurationFromCommandLine(["-h"])).toBe("help");
  });

  it.each([["--blueprnt=saas"], ["saas"], ["--suffix"]])("%s is refused with the flags that there are", (...args) => {
    expect(() => configurationFromCommandLine(args)).toThrow(UserError);
    expect(() => configurationFromCommandLine(args)).toThrow(expect.objectContaining({ code: "bad-flag", hint: expect.stringContaining("--blueprint") }));
  });

  it("with a wrong value are told as such", () => {
    const read = () => readSettings({ variables: {}, flags: configurationFromCommandLine(["--blueprint", "mesh"]), readSizing: () => undefined });
    expect(read).toThrow(/command line: blueprint/);
  });
});
