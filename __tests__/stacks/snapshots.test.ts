import { describe, expect, it } from "vitest";
import { exampleStacks } from "../support/example-stacks.ts";
import { readableStack } from "../support/readable-stack.ts";

/** Two stacks a blueprint are read by people; what staging synthesizes is held by its digests (determinism.test.ts). */
const readByPeople = exampleStacks().filter(({ name }) => name.endsWith("production"));

it("two stacks of each blueprint are kept as text", () => {
  expect(readByPeople).toHaveLength(6);
});

describe.each(readByPeople)("$name: $stack", ({ name, stack, document }) => {
  it("is what was reviewed", async () => {
    await expect(readableStack(document)).toMatchFileSnapshot(`__snapshots__/${name}-${stack}.txt`);
  });
});
