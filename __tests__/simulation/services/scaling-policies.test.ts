import { DescribePoliciesCommand, type DescribePoliciesCommandInput } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { groupAt } from "../../support/account-capacity.ts";
import { names } from "../../support/terraform-fixture.ts";

function world() {
  const account = deployedAccount(accountScenario());
  const { autoScaling } = clientsOf(account);
  return {
    account,
    policies: async (input: DescribePoliciesCommandInput = {}) => (await autoScaling.send(new DescribePoliciesCommand(input))).ScalingPolicies,
  };
}

describe("scaling policies", () => {
  it("are shown as the stacks have them", async () => {
    const { policies } = world();
    expect(await policies({ AutoScalingGroupName: names.group })).toMatchObject([
      {
        PolicyName: "tap-test-cpu",
        PolicyType: "TargetTrackingScaling",
        AutoScalingGroupName: names.group,
        TargetTrackingConfiguration: {
          TargetValue: 60,
          PredefinedMetricSpecification: {
            PredefinedMetricType: "ALBRequestCountPerTarget",
            ResourceLabel: expect.stringMatching(/^app\/.+\/targetgroup\/.+$/),
          },
        },
      },
    ]);
  });

  it("show the warm-up that somebody gave them by hand, of targets and of steps", async () => {
    const policies = [
      { name: "by-hand", type: "TargetTrackingScaling" as const, target: { metric: "ASGAverageCPUUtilization" as const, value: 50 }, warmUpSeconds: 600 },
      { name: "steps", type: "StepScaling" as const, warmUpSeconds: 120 },
    ];
    const traffic = { peakRequestsPerSecond: 10, nightShare: 1, noiseSigma: 0, weekendShare: 1, bursts: { perWeek: 0, factor: 1, minutes: 15 } };
    const application = { vcpuSecondsPerRequest: 1 };
    const scenario = accountScenario({ regions: { "us-east-1": { traffic, application, groups: { [names.group]: { policies } } } } });
    const found = await clientsOf(deployedAccount(scenario)).autoScaling.send(new DescribePoliciesCommand({}));
    const warmUps = (found.ScalingPolicies ?? []).map(({ PolicyName, EstimatedInstanceWarmup }) => [PolicyName, EstimatedInstanceWarmup]);
    expect(warmUps).toEqual([
      ["tap-test-cpu", undefined],
      ["by-hand", 600],
      ["steps", 120],
    ]);
  });

  it("are chosen by name and kind", async () => {
    const { policies } = world();
    expect(await policies({ PolicyNames: ["another"] })).toEqual([]);
    expect(await policies({ PolicyTypes: ["StepScaling"] })).toEqual([]);
    expect(await policies({ PolicyTypes: ["TargetTrackingScaling"] })).toHaveLength(1);
  });

  it("of a group that is not there are refused", async () => {
    await expect(world().policies({ AutoScalingGroupName: "another" })).rejects.toThrow(/name not found/);
  });

  it("change no capacity: this account shows them only", async () => {
    const { account } = world();
    const before = groupAt(account, "us-east-1", names.group, account.nowMs());
    advanceMinutes(account, 24 * 60);
    expect(groupAt(account, "us-east-1", names.group, account.nowMs())).toEqual(before);
  });
});
