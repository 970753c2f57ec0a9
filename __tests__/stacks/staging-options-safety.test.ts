import { expect, it } from "vitest";
import { optionStacks } from "../support/option-stacks.ts";
import { safetyRules } from "../support/safety/safety-rules.ts";

it.each(optionStacks("staging"))("$name: nothing is unsafe", (subject) => {
  expect(Object.values(safetyRules).flatMap((rule) => rule(subject))).toEqual([]);
});
