import { describe, expect, it } from "vitest";
import { exampleStacks } from "../support/example-stacks.ts";
import { safetyRules } from "../support/safety/safety-rules.ts";

describe.each(exampleStacks())("$name: $stack", (subject) => {
  it.each(Object.entries(safetyRules))("%s: nothing is unsafe", (_, rule) => {
    expect(rule(subject)).toEqual([]);
  });
});
