import { describe, expect, it } from "vitest";
import { refuseUnwritableNames, sizingPathPart } from "../../../../optimizer/core/planning/sizing-names.ts";
import { sampleDeployments } from "../../../support/sized-deployments.ts";

describe("names that become part of a sizing file's path", () => {
  it("are accepted when a file can have them, and where no stack of ours wrote the outputs", () => {
    expect(() => refuseUnwritableNames(sampleDeployments("prod", "primary"))).not.toThrow();
    expect(() => refuseUnwritableNames(sampleDeployments(undefined, "x/y"))).not.toThrow();
  });

  it("may have 200 characters, and of a longer one the beginning is told", () => {
    expect(() => refuseUnwritableNames(sampleDeployments("s".repeat(200), "primary"))).not.toThrow();
    expect(() => refuseUnwritableNames(sampleDeployments("s".repeat(201), "primary"))).toThrow(`"${"s".repeat(40)}… (201 characters)" cannot be part`);
    expect(() => refuseUnwritableNames(sampleDeployments("../up", "primary"))).toThrow('"../up" cannot be part');
  });

  it.each([
    ["a suffix of 300 characters", "s".repeat(300), "primary"],
    ["a stack of 300 characters", "prod", "p".repeat(300)],
    ["a suffix that leads elsewhere", "../up", "primary"],
    ["an empty suffix", "", "primary"],
  ])("are refused before anything is studied: %s", (_, suffix, stack) => {
    expect(() => refuseUnwritableNames(sampleDeployments(suffix, stack))).toThrow(expect.objectContaining({ code: "bad-stack-name" }));
  });

  it("are letters, digits, dots, dashes and underscores that begin with one of the first two", () => {
    for (const name of ["a", "Z9", "7", "tap-prod_1.2", "a..b"]) expect(sizingPathPart(name)).toBe(name);
    for (const name of ["", ".", "..", "-a", "_a", ".a", "a/b", "a b", "a\n", "ä", "a\\b", "/a", "a:"])
      expect(() => sizingPathPart(name)).toThrow(
        expect.objectContaining({
          code: "bad-stack-name",
          message: `"${name}" cannot be part of a sizing file's path`,
          hint: "suffix and stack names are up to 200 letters, digits, dots, dashes and underscores; check the outputs' environment_suffix",
        }),
      );
  });
});
