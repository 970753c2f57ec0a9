import { CreateLaunchTemplateVersionCommand } from "@aws-sdk/client-ec2";
import {
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import { groupAt } from "../../support/account-capacity.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

/** The fixture's group keeps 60 requests a minute on each instance, between 8 and 20: as many instances as requests a second. */
interface Load {
  readonly peak?: number;
  readonly nightShare?: number;
  readonly noiseSigma?: number;
  readonly promotions?: readonly object[];
  readonly byHand?: object;
}

function scenarioOf({ peak = 15, nightShare = 1, noiseSigma = 0, promotions = [], byHand = {} }: Load) {
  const traffic = { peakRequestsPerSecond: peak, nightShare, noiseSigma, weekendShare: 1, bursts: { perWeek: 0, factor: 1, minutes: 15 } };
  const application = { vcpuSecondsPerRequest: 1 };
  return accountScenario({
    historyDays: 3,
    promotions: promotions.map((each) => ({ region: "us-east-1", hours: 2, rampMinutes: 0, ...each })) as never,
    regions: { "us-east-1": { traffic, application, scaling: "followed", groups: { [names.group]: byHand } } },
  });
}

const sizeAt = (account: SimulatedAccount, atMs: number): number =>
  Object.values(groupAt(account, "us-east-1", names.group, atMs)?.instances ?? {}).reduce((sum, count) => sum + count, 0);
const size = (account: SimulatedAccount): number => sizeAt(account, account.nowMs());

describe("a group whose region's scaling is followed", () => {
  it("has come to what its policy keeps before the account begins", () => {
    expect(size(deployedAccount(scenarioOf({ peak: 15 })))).toBe(15);
    expect(size(deployedAccount(scenarioOf({ peak: 5 }))), "its minimum").toBe(8);
    expect(size(deployedAccount(scenarioOf({ peak: 500 }))), "its maximum").toBe(20);
  });

  it("grows after three minutes above the target and the start of its instances, and shrinks after fifteen below nine tenths of it", () => {
    const account = deployedAccount(scenarioOf({ peak: 10, promotions: [{ start: 1, hours: 2, factor: 1.5 }] }));
    advanceMinutes(account, 65);
    expect(size(account)).toBe(10);
    advanceMinutes(account, 5);
    expect(size(account)).toBe(15);
    advanceMinutes(account, 110 + 14);
    expect(size(account)).toBe(15);
    advanceMinutes(account, 6);
    expect(size(account)).toBe(10);
  });

  it("stays where the metric is between both", () => {
    const account = deployedAccount(scenarioOf({ peak: 10, promotions: [{ start: 1, hours: 1, factor: 0.95 }] }));
    advanceMinutes(account, 110);
    expect(size(account)).toBe(10);
  });

  it("does not depend on who looks when", () => {
    const scenario = scenarioOf({ nightShare: 0.3, noiseSigma: 0.05 });
    const [watched, unwatched] = [deployedAccount(scenario), deployedAccount(scenario)];
    for (let minutes = 0; minutes < 1440; minutes += 7) {
      advanceMinutes(watched, 7);
      size(watched);
    }
    advanceMinutes(unwatched, 1442);
    const moments = Array.from({ length: 1440 }, (_, minute) => unwatched.nowMs() - minute * 60_000);
    expect(moments.map((atMs) => sizeAt(watched, atMs))).toEqual(moments.map((atMs) => sizeAt(unwatched, atMs)));
    expect(new Set(moments.map((atMs) => sizeAt(watched, atMs))).size).toBeGreaterThan(3);
  });

  it("is the same when its log is read again, with what was asked of it meanwhile", async () => {
    const scenario = scenarioOf({ nightShare: 0.3, noiseSigma: 0.05 });
    const store = createMemoryAccountStore();
    const account = deployedAccount(scenario, store);
    advanceMinutes(account, 123);
    await clientsOf(account).autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, MinSize: 12, MaxSize: 14 }));
    advanceMinutes(account, 700);
    const again = deployedAccount(scenario, store);
    const moments = Array.from({ length: 823 }, (_, minute) => account.nowMs() - minute * 60_000);
    expect(moments.map((atMs) => sizeAt(again, atMs))).toEqual(moments.map((atMs) => sizeAt(account, atMs)));
    expect(size(account)).toBeLessThanOrEqual(14);
    expect(size(account)).toBeGreaterThanOrEqual(12);
  });

  it("follows scheduled actions, which AWS describes with what they set", async () => {
    const byHand = {
      scheduledActions: [
        { name: "morning", recurrence: "0 6 * * *", minSize: 17 },
        { name: "noon", recurrence: "0 12 * * MON", minSize: 8 },
      ],
    };
    const account = deployedAccount(scenarioOf({ peak: 10, byHand }));
    const { ScheduledUpdateGroupActions } = await clientsOf(account).autoScaling.send(new DescribeScheduledActionsCommand({}));
    expect(ScheduledUpdateGroupActions).toMatchObject([{ ScheduledActionName: "morning", Recurrence: "0 6 * * *", MinSize: 17 }, { MinSize: 8 }]);
    // 2026-06-01 is a Monday.
    advanceMinutes(account, 6 * 60 + 20);
    expect(size(account)).toBe(17);
    advanceMinutes(account, 6 * 60 + 20);
    expect(size(account)).toBe(10);
  });

  it("shows policies of steps as AWS describes them", async () => {
    const alarm = { comparison: "GreaterThanThreshold", threshold: 60, evaluationMinutes: 5 };
    const steps = {
      name: "steps",
      type: "StepScaling",
      alarm,
      steps: [
        { from: 0, until: 10, change: 1 },
        { from: 10, change: 4 },
      ],
    };
    const simple = { name: "simple", type: "SimpleScaling", alarm, steps: [{ change: 2 }], cooldownSeconds: 600 };
    const account = deployedAccount(scenarioOf({ peak: 5, byHand: { policies: [steps, simple] } }));
    const { ScalingPolicies = [] } = await clientsOf(account).autoScaling.send(new DescribePoliciesCommand({ PolicyNames: ["steps", "simple"] }));
    expect(ScalingPolicies).toMatchObject([
      {
        PolicyType: "StepScaling",
        AdjustmentType: "ChangeInCapacity",
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 10, ScalingAdjustment: 4 },
        ],
      },
      { PolicyType: "SimpleScaling", ScalingAdjustment: 2, Cooldown: 600 },
    ]);
  });

  it("does nothing while its alarms are suspended", () => {
    expect(size(deployedAccount(scenarioOf({ peak: 15, byHand: { suspendedProcesses: ["AlarmNotification"] } })))).toBe(10);
  });

  it("grows during a refresh, and shrinks after it", async () => {
    const account = deployedAccount(scenarioOf({ peak: 10, promotions: [{ start: 1, hours: 1, factor: 1.5 }] }));
    const { autoScaling, ec2 } = clientsOf(account);
    const described = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [names.group] }));
    const LaunchTemplateId = described.AutoScalingGroups?.[0]?.LaunchTemplate?.LaunchTemplateId;
    await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, SourceVersion: "1", LaunchTemplateData: { InstanceType: "m5.2xlarge" } }));
    const LaunchTemplate = { LaunchTemplateId, Version: "2" };
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, LaunchTemplate }));
    await autoScaling.send(
      new StartInstanceRefreshCommand({ AutoScalingGroupName: names.group, Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 } }),
    );
    advanceMinutes(account, 90);
    expect(size(account)).toBeGreaterThanOrEqual(15);
    advanceMinutes(account, 300);
    const { InstanceRefreshes } = await autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: names.group }));
    expect(InstanceRefreshes?.[0]?.Status).toBe("Successful");
    expect(groupAt(account, "us-east-1", names.group, account.nowMs())?.instances).toEqual({ "m5.2xlarge": 10 });
  });
});
