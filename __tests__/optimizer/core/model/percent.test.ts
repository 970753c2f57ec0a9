import { describe, expect, it } from "vitest";
import { percent } from "../../../../optimizer/core/model/percent.ts";

describe("a share in per cent", () => {
  it("has as many digits as it deserves", () => {
    expect([0, 0.00021, 0.0041, 0.014, 0.26, 1.52].map((share) => percent(share))).toEqual(["0 %", "0.021 %", "0.41 %", "1.4 %", "26 %", "152 %"]);
  });

  it("can be told from a limit beside it when both are given the same digits", () => {
    expect([percent(0.0051, 2), percent(0.005, 2), percent(0.949, 1)]).toEqual(["0.51 %", "0.5 %", "94.9 %"]);
  });
});
