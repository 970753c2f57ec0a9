import { describe, expect, it } from "vitest";
import { optionVariants, variantSources } from "../support/option-variants.ts";
import { recoverableDeletion } from "../support/safety/deletion.ts";
import { safetyRules } from "../support/safety/safety-rules.ts";
import { resources, synthesizedAll } from "../support/synthesized-stacks.ts";

describe.each(optionVariants)("$name", (variant) => {
  const stacks = synthesizedAll(variantSources(variant));
  const { deletion, ...others } = safetyRules;
  const { lifetime = "protected" } = variant.configuration;

  it.each(Object.entries(others))("%s: nothing is unsafe", (_, rule) => {
    expect(stacks.flatMap(({ name, stack }) => rule({ document: stack, environment: variant.environment }).map((fault) => `${name}: ${fault}`))).toEqual([]);
  });

  it("is kept as long as its lifetime says", () => {
    const rules = {
      protected: (document: (typeof stacks)[number]["stack"]) => deletion({ document, environment: "production" }),
      recoverable: recoverableDeletion,
      disposable: (document: (typeof stacks)[number]["stack"]) => deletion({ document, environment: "staging" }),
    };
    expect(stacks.flatMap(({ stack }) => rules[lifetime](stack))).toEqual([]);
  });

  it("has what was asked for in each stack, or nothing where the region was given up", () => {
    const givenUp = variant.configuration.sizing?.["secondary"]?.regionAbsent === true;
    expect(stacks.map(({ name, stack }) => [name, resources(stack).length > 50])).toEqual(stacks.map(({ name }) => [name, !(givenUp && name === "secondary")]));
  });
});
