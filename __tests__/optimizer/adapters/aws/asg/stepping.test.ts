import { AutoScalingClient, DescribePoliciesCommand, DescribeScheduledActionsCommand, type ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "vitest";
import { NotedReads, readHabits } from "../../../../../optimizer/adapters/aws/asg/habits.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const autoScaling = answersOf(AutoScalingClient);
const cloudWatch = answersOf(CloudWatchClient);
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } })("us-east-1");

const alarm: MetricAlarm = {
  AlarmName: "busy",
  ActionsEnabled: true,
  Namespace: "AWS/EC2",
  MetricName: "CPUUtilization",
  Statistic: "Average",
  Dimensions: [{ Name: "AutoScalingGroupName", Value: "g" }],
  Period: 300,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 60,
  ComparisonOperator: "GreaterThanThreshold",
};
const known = {
  name: "busy",
  watches: { namespace: "AWS/EC2", metric: "CPUUtilization", statistic: "Average", group: "g" },
  comparison: "GreaterThanThreshold",
  threshold: 60,
  periodSeconds: 300,
  datapoints: 2,
  periods: 3,
  acts: true,
};
const steps: ScalingPolicy = {
  PolicyName: "steps",
  PolicyType: "StepScaling",
  AdjustmentType: "PercentChangeInCapacity",
  MinAdjustmentMagnitude: 2,
  MetricAggregationType: "Average",
  StepAdjustments: [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 10 },
    { MetricIntervalLowerBound: 10, ScalingAdjustment: 30 },
  ],
  Alarms: [{ AlarmName: "busy", AlarmARN: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:busy" }],
};

async function habitsOf(policies: readonly ScalingPolicy[]) {
  autoScaling.on(DescribePoliciesCommand).resolves({ ScalingPolicies: [...policies] });
  autoScaling.on(DescribeScheduledActionsCommand).resolves({ ScheduledUpdateGroupActions: [] });
  const notes = new NotedReads();
  const group = {
    AutoScalingGroupName: "g",
    MinSize: 1,
    MaxSize: 4,
    DesiredCapacity: 2,
    DefaultCooldown: 0,
    AvailabilityZones: [],
    HealthCheckType: "ELB",
    CreatedTime: new Date(0),
  };
  return { habits: await readHabits(clients, group, notes), unread: notes.unread };
}

const steppingOf = async (policy: ScalingPolicy) => (await habitsOf([policy])).habits.scalingPolicies[0]?.stepping;

describe("policies of steps and of simple scaling", () => {
  beforeEach(() => {
    autoScaling.reset();
    cloudWatch.reset();
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [alarm] });
  });

  it("are read with their steps, and with the alarms that start them", async () => {
    expect(await steppingOf(steps)).toEqual({
      adjustment: "PercentChangeInCapacity",
      leastChange: 2,
      steps: [
        { from: 0, until: 10, change: 10 },
        { from: 10, until: null, change: 30 },
      ],
      aggregation: "Average",
      cooldownSeconds: 0,
      alarms: [known],
    });
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand)).toHaveLength(1);
  });

  it.each<[string, Partial<ScalingPolicy>, object]>([
    ["a cooldown of its own", { Cooldown: 600 }, { cooldownSeconds: 600 }],
    ["none", {}, { cooldownSeconds: 0 }],
    ["no type, as AWS's oldest have", { PolicyType: undefined }, { steps: [{ from: null, until: null, change: -1 }] }],
  ])("of simple scaling have one step, and %s", async (_, more, stepping) => {
    const simple = { PolicyName: "simple", PolicyType: "SimpleScaling", AdjustmentType: "ChangeInCapacity", ScalingAdjustment: -1, Alarms: [], ...more };
    expect(await steppingOf(simple)).toMatchObject({ steps: [{ from: null, until: null, change: -1 }], alarms: [], ...stepping });
  });

  it.each<[string, Partial<MetricAlarm>, object]>([
    ["an expression", { Metrics: [{ Id: "m1", Expression: "m2 / m3" }] }, { watches: null }],
    ["a percentile", { Statistic: undefined, ExtendedStatistic: "p90" }, { watches: null }],
    ["one instance", { Dimensions: [{ Name: "InstanceId", Value: "i-1" }] }, { watches: { ...known.watches, group: null } }],
    ["a group and more", { Dimensions: [...(alarm.Dimensions ?? []), { Name: "x", Value: "y" }] }, { watches: { ...known.watches, group: null } }],
    ["nothing, since its actions are off", { ActionsEnabled: false }, { acts: false }],
    ["all of its points", { DatapointsToAlarm: undefined }, { datapoints: 3 }],
  ])("are started by an alarm on %s", async (_, more, watched) => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ ...alarm, ...more }] });
    expect((await steppingOf(steps))?.alarms).toEqual([{ ...known, ...watched }]);
  });

  it("know nothing of an alarm that is gone", async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
    expect((await steppingOf(steps))?.alarms).toEqual([expect.objectContaining({ name: "busy", watches: null })]);
  });

  it("are asked for by a hundred names at a time, over all pages, each once", async () => {
    const names = Array.from({ length: 150 }, (_, place) => `alarm-${String(place).padStart(3, "0")}`);
    cloudWatch.on(DescribeAlarmsCommand).callsFake(({ AlarmNames = [], NextToken }: { AlarmNames?: string[]; NextToken?: string }) => ({
      MetricAlarms: [{ ...alarm, AlarmName: AlarmNames[NextToken === undefined ? 0 : 1] }],
      ...(NextToken === undefined ? { NextToken: "more" } : {}),
    }));
    const policies = [0, 1].map((place) => ({ ...steps, PolicyName: `p${place}`, Alarms: names.map((AlarmName) => ({ AlarmName })) }));
    const { habits } = await habitsOf(policies);
    expect(habits.scalingPolicies[1]?.stepping?.alarms.filter(({ watches }) => watches !== null).map(({ name }) => name)).toEqual([
      "alarm-000",
      "alarm-001",
      "alarm-100",
      "alarm-101",
    ]);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand).map(({ args: [{ input }] }) => input.AlarmNames?.length)).toEqual([100, 100, 50, 50]);
  });

  it("that are off start nothing, so that nobody is asked for their alarms; nor for those that AWS makes for a target", async () => {
    const tracking = { TargetValue: 60, PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" as const } };
    const alarms = [{ AlarmName: "TargetTracking-g-AlarmHigh" }];
    await habitsOf([
      { ...steps, Enabled: false },
      { PolicyName: "cpu", PolicyType: "TargetTrackingScaling", TargetTrackingConfiguration: tracking, Alarms: alarms },
    ]);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand)).toEqual([]);
  });

  it("are noted as unread where their alarms may not be read", async () => {
    cloudWatch.on(DescribeAlarmsCommand).rejects(Object.assign(new Error("not authorized"), { name: "AccessDenied", $fault: "client", $metadata: {} }));
    expect((await habitsOf([steps])).unread).toContainEqual({ what: "policies' alarms", reason: "AccessDenied: not authorized" });
  });
});
