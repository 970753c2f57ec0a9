import { expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aGroup, aWorld, groupSees } from "../../../../support/world.ts";

const type = decisionsOf(ruleOf("asg.instance-type"));
const number = decisionsOf(ruleOf("asg.capacity"));

const running = (...platforms: readonly string[]) => groupSees(aWorld().with(aGroup({ billed: { platforms, capacityReservations: [] } })), "web", { cpu: 12 });

it("what list prices say of Linux is claimed of Linux", () => {
  expect(type.proposal(running()).savings).toEqual({ kind: "known", usd: expect.closeTo(15 * 0.384 * 730) });
  expect(type.proposal(groupSees(aWorld().with(aGroup()), "web", { cpu: 12 })).savings.kind).toBe("known");
});

it.each([["Windows"], ["Red Hat Enterprise Linux"], ["Windows with SQL Server Standard"], ["Ubuntu Pro"]])(
  "what instances of %s cost is not known, by the type as by the number",
  (platform) => {
    expect(type.proposal(running(platform))).toMatchObject({
      to: "m5.2xlarge",
      savings: { kind: "unknown", what: `m5.4xlarge (${platform}) in us-east-1`, reason: "price unknown" },
    });
    expect(number.proposal(running(platform)).savings).toMatchObject({ kind: "unknown", what: `m5.2xlarge (${platform}) in us-east-1` });
  },
);
