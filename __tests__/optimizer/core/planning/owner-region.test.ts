import { expect, it } from "vitest";
import { ownerRegionOf } from "../../../../optimizer/core/planning/owner-region.ts";
import { emptyDeployment } from "../../../support/empty-deployment.ts";

it("a plan is owned by the region of the stack named primary, else by the first region", () => {
  const deployment = (region: string, ...stacks: string[]) => emptyDeployment(region, { stacks });
  const owner = (...deployments: readonly ReturnType<typeof deployment>[]) => ownerRegionOf({ deployments, missing: [], warnings: [] });
  expect(owner(deployment("a"), deployment("b", "secondary", "primary"))).toBe("b");
  expect(owner(deployment("a"), deployment("b"))).toBe("a");
  expect(owner()).toBeUndefined();
});
