import { describe, expect, it } from "vitest";
import { readableStack } from "../support/readable-stack.ts";
import { sources, synthesized } from "../support/synthesized-stacks.ts";

describe("saas in production", () => {
  const stacks = synthesized(sources());

  it.each(["primary", "secondary"] as const)("%s is what was reviewed", async (name) => {
    await expect(readableStack(stacks[name])).toMatchFileSnapshot(`__snapshots__/saas-production-${name}.txt`);
  });
});
