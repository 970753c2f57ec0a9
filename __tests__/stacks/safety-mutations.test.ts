import { describe, expect, it } from "vitest";
import { exampleStacks, type ExampleStack } from "../support/example-stacks.ts";
import { constraintMutations } from "../support/safety/constraint-mutations.ts";
import type { Mutation } from "../support/safety/mutation.ts";
import { mutations } from "../support/safety/mutations.ts";
import { safetyRules } from "../support/safety/safety-rules.ts";

const all = [...mutations, ...constraintMutations];
const production = exampleStacks().filter(({ environment }) => environment === "production");

/** The stack with the mutation at each of the resources it applies to, one at a time. */
function broken({ document }: ExampleStack, { type, where = () => true, change }: Mutation): readonly ExampleStack["document"][] {
  const ids = Object.entries(document.resource[type] ?? {}).filter(([, values]) => where(values));
  return ids.map(([id]) => {
    const copy = structuredClone(document);
    const values = copy.resource[type]?.[id] ?? {};
    if (change(values, copy) === "remove") delete copy.resource[type]?.[id];
    return copy;
  });
}

describe("a production stack in which", () => {
  it.each(all)("$breaks is found unsafe, whichever resource it is", (mutation) => {
    const rule = safetyRules[mutation.theme];
    const documents = production.flatMap((stack) => broken(stack, mutation));
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) expect(rule({ document, environment: "production" })).not.toEqual([]);
  });
});

it("every theme notices something", () => {
  expect(new Set(all.map(({ theme }) => theme))).toEqual(new Set(Object.keys(safetyRules)));
});
