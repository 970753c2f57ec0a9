import { describe, expect, it } from "vitest";
import { refuseUnwritableNames } from "../../../../optimizer/core/planning/sizing-names.ts";
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
});
