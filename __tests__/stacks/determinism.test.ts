import { createHash } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { exampleStacks } from "../support/example-stacks.ts";
import { synthesizedTextAnew } from "../support/synthesized-stacks.ts";

const first = exampleStacks();

describe("synthesis", () => {
  it("writes the same bytes each time", () => {
    expect(exampleStacks(synthesizedTextAnew).map(({ text }) => text)).toEqual(first.map(({ text }) => text));
  });

  it("writes the same bytes on every machine and version of Node", async () => {
    const digests = first.map(({ name, stack, text }) => `${createHash("sha256").update(text).digest("hex")}  ${name}-${stack}\n`);
    await expect(digests.join("")).toMatchFileSnapshot("__snapshots__/digests.txt");
  });
});

describe.each(first)("$name: $stack", ({ text }) => {
  it.each([process.cwd(), tmpdir(), homedir()])("says nothing of this machine: %s", (trace) => {
    expect(text).not.toContain(trace);
  });

  it("uses no function of Terraform, so that a plain reader understands it", () => {
    const expressions = text.match(/\$\{[^}]*\}/g) ?? [];
    expect(expressions.filter((expression) => /[()?*]/.test(expression))).toEqual([]);
  });
});
