import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { exampleStacks } from "../support/example-stacks.ts";
import { resources } from "../support/synthesized-stacks.ts";

it("docs/regions.md names targets that the stacks have: Terraform takes another for nothing to do", () => {
  const page = readFileSync(new URL("../../docs/regions.md", import.meta.url), "utf8");
  const named = [...page.matchAll(/-target=(?<address>\S+)/g)].map(({ groups }) => groups?.["address"]);
  expect(named.length).toBeGreaterThan(0);
  for (const { name, document } of exampleStacks().filter(({ stack, blueprint }) => stack === "secondary" && blueprint !== "streaming"))
    expect([name, ...resources(document).map(({ address }) => address)]).toEqual(expect.arrayContaining(named));
});
