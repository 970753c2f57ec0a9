import { describe, expect, it } from "vitest";
import { standingOf } from "../../../../optimizer/core/execution/classify-state.ts";
import type { Change } from "../../../../optimizer/core/levers/change-kinds.ts";
import { groupAction, indexAction, indexDefinition, west } from "../../../support/plan-builder.ts";

describe("where AWS stands between a change's two states", () => {
  const [cap, , removal] = indexAction().steps;
  const changeOf = (step: typeof cap): Change => (step?.kind === "change" ? step.change : groupAction(west).rollback[0]!.change);

  it.each<[string, Parameters<typeof standingOf>[1], string]>([
    ["the cap as captured", { kind: "settled", value: { maxReadRequestUnits: -1 } }, "before"],
    ["the cap as aimed at", { kind: "settled", value: { maxReadRequestUnits: 1 } }, "after"],
    ["another cap", { kind: "settled", value: { maxReadRequestUnits: 7 } }, "foreign"],
    ["a table that is updating", { kind: "in-progress", detail: "" }, "in-progress"],
    ["no index", { kind: "missing", detail: "" }, "missing"],
  ])("%s", (_, state, standing) => {
    expect(standingOf(changeOf(cap), state)).toBe(standing);
  });

  it("an index is itself whatever its caps are, and another one with another key", () => {
    expect(standingOf(changeOf(removal), { kind: "settled", value: { ...indexDefinition, maxReadRequestUnits: 99 } })).toBe("before");
    expect(standingOf(changeOf(removal), { kind: "settled", value: { ...indexDefinition, key: [] } })).toBe("foreign");
    expect(standingOf(changeOf(removal), { kind: "settled", value: null })).toBe("after");
  });
});
