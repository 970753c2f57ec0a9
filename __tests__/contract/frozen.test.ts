import { expect, it } from "vitest";
import { freezeThrough, isFrozenThrough } from "../../contract/frozen.ts";

it("freezes all that a value consists of, what was frozen in part before as well", () => {
  const inner = { list: [{ name: "a" }] };
  const value = freezeThrough(Object.freeze({ inner }));
  expect(Object.isFrozen(inner.list[0])).toBe(true);
  expect(() => inner.list.push({ name: "b" })).toThrow(TypeError);
  expect(isFrozenThrough(value)).toBe(true);
  expect(isFrozenThrough(inner.list)).toBe(true);
});

it("knows what can still be changed from within", () => {
  expect(isFrozenThrough(Object.freeze({ list: ["a"] }))).toBe(false);
  expect([1, "a", null, undefined].every(isFrozenThrough)).toBe(true);
});
