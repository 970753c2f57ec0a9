import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  InstanceRefreshInProgressFault,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
  type StartInstanceRefreshCommandInput,
  type UpdateAutoScalingGroupCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand, DeleteLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { changesIn, groupAt } from "../../support/account-capacity.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";
import { openAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";

type Start = Partial<StartInstanceRefreshCommandInput>;
type Update = Partial<UpdateAutoScalingGroupCommandInput>;

async function world(scenario = accountScenario()) {
  const account = deployedAccount(scenario);
  const { autoScaling, ec2 } = clientsOf(account);
  const AutoScalingGroupName = names.group;
  const group = async () => {
    const { AutoScalingGroups: [found] = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }));
    if (found === undefined) throw new Error("the group is gone");
    return found;
  };
  const LaunchTemplateId = (await group()).LaunchTemplate?.LaunchTemplateId;
  await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, SourceVersion: "1", LaunchTemplateData: { InstanceType: "m5.2xlarge" } }));
  return {
    account,
    autoScaling,
    group,
    template: (Version: string) => ({ LaunchTemplate: { LaunchTemplateId, Version } }),
    update: (more: Update) => autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...more })),
    start: (more: Start = {}) => autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName, ...more })),
    cancel: () => autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName })),
    refresh: async () => (await autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }))).InstanceRefreshes?.[0],
    serving: () => groupAt(account, "us-east-1", AutoScalingGroupName, account.nowMs())?.instances,
    /** Smallest number of serving instances until the refresh has ended. */
    lowest: () => {
      const moments = changesIn(account, "us-east-1", account.nowMs());
      const counts = moments.map((ms) => Object.values(groupAt(account, "us-east-1", AutoScalingGroupName, ms)?.instances ?? {}).reduce((a, b) => a + b, 0));
      return Math.min(...counts);
    },
  };
}

const launchFirst = { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 };

describe("instance refresh", () => {
  it("replaces all instances, launching first, and never serves with fewer", async () => {
    const { account, start, template, refresh, serving, lowest, group } = await world();
    await start({ Preferences: launchFirst, DesiredConfiguration: template("2") });
    expect(lowest()).toBe(10);
    expect(await refresh()).toMatchObject({ Status: "Pending", PercentageComplete: 0, InstancesToUpdate: 10 });
    advanceMinutes(account, 30);
    const midway = await refresh();
    expect(midway?.Status).toBe("InProgress");
    expect(midway?.PercentageComplete).toBeGreaterThan(0);
    expect(Object.keys(serving() ?? {}).toSorted()).toEqual(["m5.2xlarge", "m5.4xlarge"]);
    expect((await group()).LaunchTemplate?.Version).toBe("1");
    advanceMinutes(account, 180);
    expect(await refresh()).toMatchObject({ Status: "Successful", PercentageComplete: 100, InstancesToUpdate: 0 });
    expect(serving()).toEqual({ "m5.2xlarge": 10 });
    expect((await group()).LaunchTemplate?.Version).toBe("2");
  });

  it("takes as many at once as the healthy percentage allows when it terminates first", async () => {
    const { start, lowest, update, template } = await world();
    await update(template("2"));
    await start({ Preferences: { MinHealthyPercentage: 70 } });
    expect(lowest()).toBe(7);
  });

  it("skips instances that match", async () => {
    const { start, refresh, account } = await world();
    await start({ Preferences: { ...launchFirst, SkipMatching: true } });
    advanceMinutes(account, 1);
    expect(await refresh()).toMatchObject({ Status: "Successful", PercentageComplete: 100 });
  });

  it("stops after the batch under way when cancelled, and leaves the group's template alone", async () => {
    const { account, start, template, cancel, refresh, serving, group } = await world();
    await start({ Preferences: launchFirst, DesiredConfiguration: template("2") });
    advanceMinutes(account, 2);
    await cancel();
    expect((await refresh())?.Status).toBe("Cancelling");
    await expect(cancel()).rejects.toMatchObject({ name: "ActiveInstanceRefreshNotFoundFault" });
    advanceMinutes(account, 300);
    expect((await refresh())?.Status).toBe("Cancelled");
    expect(serving()).toEqual({ "m5.4xlarge": 9, "m5.2xlarge": 1 });
    expect((await group()).LaunchTemplate?.Version).toBe("1");
    await start({ Preferences: { ...launchFirst, SkipMatching: true } });
    advanceMinutes(account, 60);
    expect(serving()).toEqual({ "m5.4xlarge": 10 });
  });

  it("allows one at a time, and no template change meanwhile", async () => {
    const { start, template, update, account } = await world();
    await start({ Preferences: launchFirst, DesiredConfiguration: template("2") });
    await expect(start()).rejects.toBeInstanceOf(InstanceRefreshInProgressFault);
    await expect(update(template("1"))).rejects.toMatchObject({ name: "ValidationError", message: /active instance refresh with a desired configuration/ });
    await update({ MinSize: 6 });
    advanceMinutes(account, 300);
    await update(template("1"));
  });

  it("fails without capacity for an hour, with the old instances still serving", async () => {
    const faults = [{ kind: "insufficient-capacity" as const, from: 0, until: 48 }];
    const { start, template, refresh, serving, account, group } = await world(accountScenario({ faults }));
    await start({ Preferences: launchFirst, DesiredConfiguration: template("2") });
    advanceMinutes(account, 90);
    expect(await refresh()).toMatchObject({ Status: "Failed", StatusReason: /InsufficientInstanceCapacity/ });
    expect(serving()).toEqual({ "m5.4xlarge": 10 });
    expect((await group()).LaunchTemplate?.Version).toBe("1");
  });

  it.each<[string, Start, string]>([
    ["MaxHealthyPercentage alone", { Preferences: { MaxHealthyPercentage: 110 } }, "ValidationError"],
    ["AutoRollback without a desired configuration", { Preferences: { AutoRollback: true } }, "ValidationError"],
    ["checkpoints", { Preferences: { CheckpointPercentages: [50, 100] } }, "NotSimulated"],
  ])("refuses %s", async (_what, more, name) => {
    await expect((await world()).start(more)).rejects.toMatchObject({ name });
  });
});

describe("UpdateAutoScalingGroup", () => {
  it("starts missing instances on the group's version and drains surplus ones", async () => {
    const { update, template, account, serving } = await world();
    await update({ ...template("2"), DesiredCapacity: 12 });
    expect(serving()).toEqual({ "m5.4xlarge": 10 });
    advanceMinutes(account, 10);
    expect(serving()).toEqual({ "m5.4xlarge": 10, "m5.2xlarge": 2 });
    await update({ DesiredCapacity: 9 });
    expect(serving()).toEqual({ "m5.4xlarge": 7, "m5.2xlarge": 2 });
  });

  it("takes numbers and starts nothing once the template is deleted, by which no instance can be replaced either", async () => {
    const { update, template, account, serving, group, start } = await world();
    const { LaunchTemplateId } = template("1").LaunchTemplate;
    await clientsOf(account).ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
    await update({ DesiredCapacity: 12 });
    advanceMinutes(account, 10);
    expect(await group()).toMatchObject({ DesiredCapacity: 12, LaunchTemplate: { LaunchTemplateId } });
    expect(serving()).toEqual({ "m5.4xlarge": 10 });
    await expect(start()).rejects.toMatchObject({ name: "ValidationError" });
    await expect(update(template("1"))).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("takes surplus ones of the zone that has most, and lets what is left carry the load once they have drained", async () => {
    const { update, account, group, serving } = await world();
    await update({ MinSize: 1, DesiredCapacity: 3 });
    expect(serving()).toEqual({ "m5.4xlarge": 3 });
    const zones = (await group()).Instances?.flatMap(({ LifecycleState, AvailabilityZone }) =>
      LifecycleState === "InService" ? (AvailabilityZone ?? "") : [],
    );
    expect([...new Set(zones)].toSorted()).toEqual(["us-east-1a", "us-east-1b"]);
    expect((await group()).Instances).toHaveLength(10);
    advanceMinutes(account, 5);
    expect((await group()).Instances).toHaveLength(3);
  });

  it("takes none that is protected from scale-in, though fewer are desired", async () => {
    const byHand = { [names.group]: { protectedFromScaleIn: true } };
    const load = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0 } };
    const { update, account, group } = await world(accountScenario({ regions: { "us-east-1": { ...load, groups: byHand } } }));
    await update({ DesiredCapacity: 8 });
    advanceMinutes(account, 30);
    expect(await group()).toMatchObject({ DesiredCapacity: 8, Instances: Array.from({ length: 10 }, () => ({ LifecycleState: "InService" })) });
  });

  it("refuses another desired capacity while instances start, and takes bounds meanwhile", async () => {
    const { update, account } = await world();
    await update({ DesiredCapacity: 12 });
    await expect(update({ DesiredCapacity: 11 })).rejects.toMatchObject({ name: "ScalingActivityInProgressFault" });
    await update({ MaxSize: 30 });
    advanceMinutes(account, 3);
    await update({ DesiredCapacity: 11 });
  });

  it.each<[string, Update]>([
    ["a maximum below the minimum", { MaxSize: 5 }],
    ["a desired capacity outside the bounds", { DesiredCapacity: 21 }],
    ["a template version that does not exist", { LaunchTemplate: { LaunchTemplateName: "tap-test-lt", Version: "9" } }],
    ["a group that does not exist", { AutoScalingGroupName: "nobody" }],
  ])("refuses %s", async (_what, more) => {
    await expect((await world()).update(more)).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("knows its template by name as well as by id", async () => {
    const stacks = structuredClone(fixtureStacks()) as unknown as { primary: { resource: { aws_autoscaling_group: { asg: { launch_template: object } } } } };
    const { asg } = stacks.primary.resource.aws_autoscaling_group;
    const deployed = (name: string) => {
      asg.launch_template = { name, version: "$Latest" };
      const account = openAccount(accountScenario(), createMemoryAccountStore());
      account.deploy(stacks);
      return clientsOf(account).autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    };
    const { AutoScalingGroups: [group] = [] } = await deployed("${aws_launch_template.lt.name}");
    expect(group?.LaunchTemplate).toEqual({ LaunchTemplateId: expect.stringMatching(/^lt-/), LaunchTemplateName: "tap-test-lt", Version: "$Latest" });
    expect(() => deployed("nobodys")).toThrow(expect.objectContaining({ code: "not-simulated", message: expect.stringContaining("nobodys") }));
  });

  it("describes a group that does not exist as an empty list", async () => {
    const { autoScaling } = await world();
    expect((await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["nobody"] }))).AutoScalingGroups).toEqual([]);
  });
});
