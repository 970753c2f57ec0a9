import { describe, expect, it } from "vitest";
import { unusedShares } from "../../../../optimizer/core/planning/unused-shares.ts";
import { aCluster, aGroup, aWorld } from "../../../support/world.ts";

const { inventory, policy } = aWorld()
  .policed({ rules: { askingShares: { aurora: { writer: 0.2 }, auorra: { readers: 0.8 }, "orders of another account": {}, web: { writer: 1 } } } })
  .with(aCluster())
  .with(aGroup())
  .facts([]);

describe("shares that the policy says of clusters", () => {
  it("are told of where no cluster has the name, with the nearest that one has", () => {
    expect(unusedShares(inventory, policy)).toEqual([
      "rules.askingShares of the policy: auorra: no Aurora cluster of the outputs has that identifier; did you mean aurora?",
      "rules.askingShares of the policy: orders of another account: no Aurora cluster of the outputs has that identifier",
      "rules.askingShares of the policy: web: no Aurora cluster of the outputs has that identifier",
    ]);
  });
});
