import { homedir, tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { sources, synthesizedText } from "../support/synthesized-stacks.ts";

describe("synthesis", () => {
  const first = synthesizedText(sources());

  it("writes the same bytes each time", () => {
    expect(synthesizedText(sources())).toEqual(first);
  });

  it.each([process.cwd(), tmpdir(), homedir()])("writes nothing of this machine: %s", (trace) => {
    for (const text of Object.values(first)) expect(text).not.toContain(trace);
  });

  it("uses no function of Terraform, so that a plain reader understands it", () => {
    for (const text of Object.values(first)) {
      const expressions = text.match(/\$\{[^}]*\}/g) ?? [];
      expect(expressions.filter((expression) => /[()?*]/.test(expression))).toEqual([]);
    }
  });
});
