import { expect, it } from "vitest";
import { certainly } from "../../../../optimizer/core/model/certainly.ts";
import { Fault } from "../../../../optimizer/errors.ts";

it("is what is there, whatever it is, or a bug of ours that says what should hold", () => {
  expect([certainly(0, "a"), certainly(null, "a"), certainly("", "a")]).toEqual([0, null, ""]);
  expect(() => certainly(undefined, "a cluster has members")).toThrow(new Fault("this does not hold: a cluster has members"));
});
