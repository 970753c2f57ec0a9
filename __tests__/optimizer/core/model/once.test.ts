import { expect, it } from "vitest";
import { once, oncePer, oncePerName, oncePerValue } from "../../../../optimizer/core/model/once.ts";

/** Counts what is made; what is made may be undefined, which is kept like anything else. */
function counting() {
  const made: unknown[] = [];
  const make = (of: unknown): undefined => void made.push(of);
  return { made, make };
}

it("makes a figure once, and only when it is asked for", () => {
  const { made, make } = counting();
  const asked = once(() => make("figure"));
  expect(made).toEqual([]);
  expect([asked(), asked()]).toEqual([undefined, undefined]);
  expect(made).toEqual(["figure"]);
});

it("makes it once of each thing, equal ones apart", () => {
  const { made, make } = counting();
  const [a, b] = [{ name: "web" }, { name: "web" }];
  const asked = oncePer(make);
  for (const each of [a, b, a, b]) asked(each);
  expect(made).toEqual([a, b]);
});

it("makes it once of each value, and of those beyond what is kept each time", () => {
  const { made, make } = counting();
  const asked = oncePerValue(make, 2);
  for (const each of ["a", "b", "c", "a", "b", "c"]) asked(each);
  expect(made).toEqual(["a", "b", "c", "c"]);
});

it("makes it once of each thing by name, the same name of another thing apart", () => {
  const { made, make } = counting();
  const [a, b] = [{}, {}];
  const asked = oncePerName<undefined>();
  for (const name of ["peak", "mean", "peak"]) for (const of of [a, b]) asked(of, name, () => make([of === a ? "a" : "b", name]));
  expect(made).toEqual([
    ["a", "peak"],
    ["b", "peak"],
    ["a", "mean"],
    ["b", "mean"],
  ]);
});
