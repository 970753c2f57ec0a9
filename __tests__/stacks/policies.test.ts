import { expect, it } from "vitest";
import exceptions from "../../docs/policy-exceptions.json" with { type: "json" };
import { wildcards } from "../support/policy-statements.ts";
import { resources, sources, synthesized } from "../support/synthesized-stacks.ts";

/** Every blueprint, and what only a setting brings. */
const configurations = [{}, { blueprint: "streaming", image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1" }];

it("a policy holds no wildcard without a reason, and no reason is left over", () => {
  const stacks = configurations.flatMap((configuration) => Object.values(synthesized(sources(configuration))));
  const found = stacks.flatMap((stack) => resources(stack).flatMap(wildcards));
  const allowed = exceptions.map(({ policies, statement, wildcard }) => `${policies} ${statement} ${wildcard}`);
  expect([...new Set(found)].sort()).toEqual(allowed.sort());
});
