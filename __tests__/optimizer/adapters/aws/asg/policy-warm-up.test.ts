import {
  AutoScalingClient,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  type AutoScalingGroup,
  type ScalingPolicy,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { NotedReads, readHabits } from "../../../../../optimizer/adapters/aws/asg/habits.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const answers = answersOf(AutoScalingClient);
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } })("us-east-1");

describe("how long a group's policies give a new instance", () => {
  it.each<[string, Partial<AutoScalingGroup>, readonly Partial<ScalingPolicy>[], number | undefined]>([
    ["the longest of their own", { DefaultInstanceWarmup: 90 }, [{ EstimatedInstanceWarmup: 600 }, { EstimatedInstanceWarmup: 30 }], 600],
    ["their own, even of nothing", { DefaultInstanceWarmup: 90 }, [{ EstimatedInstanceWarmup: 0 }], 0],
    ["the group's default", { DefaultInstanceWarmup: 90, DefaultCooldown: 300, HealthCheckGracePeriod: 300 }, [{}], 90],
    ["its cooldown, where nobody names a warm-up", { DefaultCooldown: 900, HealthCheckGracePeriod: 300 }, [{}], 900],
    ["its grace period, where that is longer", { DefaultCooldown: 300, HealthCheckGracePeriod: 1200 }, [{}], 1200],
    ["nothing of a policy that does not act", { DefaultCooldown: 300 }, [{ EstimatedInstanceWarmup: 600, Enabled: false }], undefined],
    ["nothing without policies", { DefaultCooldown: 300 }, [], undefined],
  ])("is %s", async (_, told, policies, seconds) => {
    answers.reset();
    answers
      .on(DescribePoliciesCommand)
      .resolves({ ScalingPolicies: policies.map((policy) => ({ PolicyName: "cpu", PolicyType: "TargetTrackingScaling", ...policy })) });
    answers.on(DescribeScheduledActionsCommand).resolves({ ScheduledUpdateGroupActions: [] });
    const group: AutoScalingGroup = {
      AutoScalingGroupName: "g",
      MinSize: 1,
      MaxSize: 4,
      DesiredCapacity: 2,
      DefaultCooldown: 0,
      AvailabilityZones: [],
      HealthCheckType: "ELB",
      CreatedTime: new Date(0),
      ...told,
    };
    expect((await readHabits(clients, group, new NotedReads())).policyWarmUpSeconds).toBe(seconds);
  });
});
