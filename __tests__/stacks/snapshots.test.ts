import { describe, expect, it } from "vitest";
import { exampleStacks } from "../support/example-stacks.ts";
import { readableStack } from "../support/readable-stack.ts";

describe.each(exampleStacks())("$name: $stack", ({ name, stack, document }) => {
  it("is what was reviewed", async () => {
    await expect(readableStack(document)).toMatchFileSnapshot(`__snapshots__/${name}-${stack}.txt`);
  });
});
