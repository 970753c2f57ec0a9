import { describe, expect, it } from "vitest";
import exceptions from "../../docs/policy-exceptions.json" with { type: "json" };
import { exampleStacks } from "../support/example-stacks.ts";
import { optionVariants, variantSources } from "../support/option-variants.ts";
import { wildcardsOf } from "../support/safety/policies.ts";
import { safetyRules } from "../support/safety/safety-rules.ts";
import { synthesizedAll } from "../support/synthesized-stacks.ts";

const stacks = exampleStacks();

describe.each(stacks)("$name: $stack", (subject) => {
  it.each(Object.entries(safetyRules))("%s: nothing is unsafe", (_, rule) => {
    expect(rule(subject)).toEqual([]);
  });
});

it("no reason for a wildcard in a policy is left over", () => {
  const chosen = optionVariants.flatMap((variant) => synthesizedAll(variantSources(variant)).map(({ stack }) => stack));
  const documents = [...stacks.map(({ document }) => document), ...chosen];
  const found = new Set(documents.flatMap(wildcardsOf));
  const reasons = exceptions.map(({ policies, statement, wildcard }) => `${policies} ${statement} ${wildcard}`);
  expect(reasons.filter((reason) => !found.has(reason))).toEqual([]);
});
