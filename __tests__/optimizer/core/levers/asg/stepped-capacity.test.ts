import { expect, it } from "vitest";
import type { ScalingPolicy, StartingAlarm } from "../../../../../optimizer/core/levers/asg/group.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aGroup, aWorld, groupSees, noHabits, type World } from "../../../../support/world.ts";

const { proposal } = decisionsOf(ruleOf("asg.capacity"));

/** Fifteen of the target's type in three zones, so that only their number is left to decide. */
function sees(scalingPolicies: readonly ScalingPolicy[], load: Parameters<typeof groupSees>[2]): World {
  const group = aGroup({ instanceType: "m5.2xlarge", minSize: 12, habits: { ...noHabits, scalingPolicies } });
  return groupSees(aWorld().with(group), "web", { memory: 5, ...load });
}

it("asg.capacity replays policies of steps: what they ask for goes on from what they came to before", () => {
  const alarm = (name: string, comparison: string, threshold: number): StartingAlarm => ({
    name,
    watches: { namespace: "AWS/EC2", metric: "CPUUtilization", statistic: "Average", group: "web" },
    comparison,
    threshold,
    periodSeconds: 60,
    datapoints: 5,
    periods: 5,
    acts: true,
  });
  const step = (change: number, from: number | null, until: number | null, starting: StartingAlarm): ScalingPolicy => ({
    name: starting.name,
    type: "StepScaling",
    enabled: true,
    target: null,
    stepping: {
      adjustment: "ChangeInCapacity",
      leastChange: 0,
      steps: [{ from, until, change }],
      aggregation: "Average",
      cooldownSeconds: 0,
      alarms: [starting],
    },
  });
  const policies = [step(2, 0, null, alarm("out", "GreaterThanThreshold", 40)), step(-1, null, 0, alarm("in", "LessThanThreshold", 20))];
  const calm = proposal(sees(policies, { cpu: 10, size: 15 }));
  // 10 % on 15 are 150 %: one is taken away as long as that is below 20 % of each, down to seven.
  expect(calm).toMatchObject({ to: "8 (6 to 17)", savings: { kind: "known", usd: expect.closeTo(8 * 0.384 * 730) } });
  expect(calm.warnings).toContainEqual(expect.stringContaining("its policies out, in set its desired number"));
  // By day 375 %, of which seven have more than 40 % each: nine, then eleven, from the hour that rises to the one after; by night its minimum.
  const byDay = proposal(sees(policies, { cpu: (hour) => (hour % 24 < 12 ? 10 : 25), size: 15 }));
  expect(byDay).toMatchObject({ to: "8 (8 to 17)", savings: { kind: "known", usd: expect.closeTo((15 - (14 * 11 + 10 * 8) / 24) * 0.384 * 730, -1) } });
});
