import { describe, expect, it } from "vitest";
import { exampleStacks } from "../support/example-stacks.ts";
import { findShellcheck, shellFaults } from "../support/shellcheck.ts";
import { resources } from "../support/synthesized-stacks.ts";

const scripts = exampleStacks().flatMap(({ name, stack, document }) =>
  resources(document, "aws_launch_template").map(({ values }) => ({
    of: `${name}: ${stack}`,
    text: Buffer.from(String(values["user_data"]), "base64").toString("utf8"),
  })),
);
const shellcheck = await findShellcheck();
const missing = "missing" in shellcheck ? shellcheck.missing : undefined;
const program = "program" in shellcheck ? shellcheck.program : "shellcheck-is-missing";

it("shellcheck is there where nothing may be skipped", () => {
  if (process.env["TAP_REQUIRE_REAL_PARTS"] === "1") expect(missing).toBeUndefined();
});

describe.skipIf(missing !== undefined)(`user data, as shellcheck reads it${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it.each(scripts)("of $of has no fault", ({ text }) => {
    expect(shellFaults(program, text)).toEqual([]);
  });

  it("would have one without quotes", () => {
    expect(shellFaults(program, "#!/bin/bash\nrm -rf $1\n")).toEqual([expect.stringContaining("SC2086")]);
  });
});

it("each fits into what EC2 takes of a script", () => {
  expect(scripts.length).toBeGreaterThan(0);
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
  for (const { text } of scripts) expect(Buffer.byteLength(text)).toBeLessThan(16 * 1024);
});
