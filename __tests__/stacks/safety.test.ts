import { describe, expect, it } from "vitest";
import exceptions from "../../docs/policy-exceptions.json" with { type: "json" };
import { exampleStacks } from "../support/example-stacks.ts";
import { optionStacks } from "../support/option-stacks.ts";
import { wildcardsOf } from "../support/safety/policies.ts";
import { safetyRules } from "../support/safety/safety-rules.ts";

const stacks = exampleStacks();
const withOptions = optionStacks("production");

describe.each(stacks)("$name: $stack", (subject) => {
  it.each(Object.entries(safetyRules))("%s: nothing is unsafe", (_, rule) => {
    expect(rule(subject)).toEqual([]);
  });
});

it.each(withOptions)("$name: nothing is unsafe", (subject) => {
  expect(Object.values(safetyRules).flatMap((rule) => rule(subject))).toEqual([]);
});

it("no reason for a wildcard in a policy is left over", () => {
  const documents = [...stacks, ...withOptions].map(({ document }) => document);
  const found = new Set(documents.flatMap(wildcardsOf));
  const reasons = exceptions.map(({ policies, statement, wildcard }) => `${policies} ${statement} ${wildcard}`);
  expect(reasons.filter((reason) => !found.has(reason))).toEqual([]);
});
