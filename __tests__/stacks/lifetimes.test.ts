import { describe, expect, it } from "vitest";
import { examples } from "../../scripts/blueprints/examples.ts";
import { isProtected, isRecoverable, lifetimes } from "../../constructs/lifetime.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { deletion, recoverableDeletion } from "../support/safety/deletion.ts";
import { stackDocumentSchema, synthesizedText, type StackDocument } from "../support/synthesized-stacks.ts";
import { refusal } from "../support/web-stacks.ts";

function documents(configuration: object): readonly (readonly [string, StackDocument])[] {
  const text = synthesizedText({ configFile: configuration, variables: {}, readSizing: () => undefined });
  return Object.entries(text).map(([stack, content]) => [stack, stackDocumentSchema.parse(JSON.parse(content))]);
}

const production = examples.filter(({ environment }) => environment === "production");

it("there is one between keeping everything and leaving nothing", () => {
  expect(lifetimes.map((lifetime) => [lifetime, isProtected(lifetime), isRecoverable(lifetime)])).toEqual([
    ["protected", true, true],
    ["recoverable", false, true],
    ["disposable", false, false],
  ]);
});

describe.each(production)("recoverable $name", ({ configuration, blueprint }) => {
  const stacks = documents({ ...configuration, lifetime: "recoverable" });

  it.each(stacks)("%s may be deleted, and what it held can be brought back", (_, document) => {
    expect(recoverableDeletion(document)).toEqual([]);
  });

  it.each(stacks)("%s is neither protected nor disposable", (_, document) => {
    const context = { blueprint, document };
    expect(deletion({ ...context, environment: "production" })).not.toEqual([]);
    expect(deletion({ ...context, environment: "staging" })).not.toEqual([]);
  });
});

it("a restart waits for the maintenance window unless the environment is disposable", () => {
  const waits = (lifetime: string): boolean => JSON.stringify(documents({ blueprint: "web", lifetime })).includes('"apply_immediately":false');
  expect(lifetimes.map(waits)).toEqual([true, true, false]);
});

it("comes from the shell, too, and is refused where there is none of the name", () => {
  expect(readSettings({ variables: { TAP_LIFETIME: "recoverable" }, readSizing: () => undefined }).lifetime).toBe("recoverable");
  const refused = refusal({ variables: { TAP_LIFETIME: "eternal" }, readSizing: () => undefined });
  expect(refused).toContain("TAP_* variables: lifetime: not one of the lifetimes: protected, recoverable, disposable");
});
