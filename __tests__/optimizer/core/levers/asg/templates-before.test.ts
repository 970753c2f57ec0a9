import { expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aGroup, aWorld, groupSees } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("asg.instance-type"));
const world = aWorld();
const { endMs, startMs } = world.facts(ruleOf("asg.instance-type")).baseline.span;
const dayMs = 86_400_000;

function launchedOtherwise(fromMs: number, untilMs: number | null) {
  const other = { instanceType: "of launch template lt-2", otherTemplate: true, fromMs, untilMs } as const;
  return groupSees(world.with(aGroup({ otherTypes: [other] })), "web", { cpu: 12 });
}

it("hours in which a group launched from another template are no shares of today's type: half of a baseline is not enough", () => {
  expect(skipped(launchedOtherwise(0, (startMs + endMs) / 2))).toMatchObject({
    code: "insufficient-data",
    detail: expect.stringContaining("without the hours in which its instances were not m5.4xlarge (of launch template lt-2)"),
  });
});

it("a group of which nobody knows until when it launched from another template is left alone", () => {
  expect(skipped(launchedOtherwise(startMs + dayMs, null))).toMatchObject({ code: "insufficient-data" });
});

it("what a group launched from before the baseline takes nothing away", () => {
  expect(proposal(launchedOtherwise(0, startMs)).to).toBe("m5.2xlarge");
});

it("a sample of bytes is of no known time in those hours either", () => {
  const { evidence } = proposal(launchedOtherwise(startMs, startMs + dayMs));
  const network = evidence.filter(({ name }) => name.startsWith("network"));
  expect(network.length).toBeGreaterThan(0);
  for (const { completeness } of network) expect(completeness).toBeLessThan(1);
});
