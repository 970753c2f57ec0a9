import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configurationFromVariables, synthesisVariables } from "../../stacks/settings/environment-variables.ts";
import { configurationSchema } from "../../stacks/settings/settings-schema.ts";

const page = readFileSync(new URL("../../docs/settings.md", import.meta.url), "utf8");

it("docs/settings.md describes every setting", () => {
  expect(Object.keys(configurationSchema.shape).filter((setting) => !page.includes(`\`${setting}\``))).toEqual([]);
});

it("docs/settings.md names no variable that is not read, and none is read that it does not name", () => {
  const read = new Set<string>();
  configurationFromVariables(new Proxy<Record<string, string>>({}, { get: (_, name) => void read.add(String(name)) }));
  const besides = Object.keys(synthesisVariables).filter((name) => name.startsWith("TAP_"));
  expect([...new Set(page.match(/TAP_[A-Z_]+/g))].sort()).toEqual([...read, ...besides].sort());
});
