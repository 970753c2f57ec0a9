import { DescribePoliciesCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeAlarmsCommand, type DescribeAlarmsCommandInput, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const alarm = { metric: "CPUUtilization", comparison: "GreaterThanThreshold", threshold: 60, evaluationMinutes: 5 } as const;
const policies = ["one", "two", "three"].map((name) => ({ name, type: "StepScaling" as const, alarm, leastChange: 2, steps: [{ from: 0, change: 10 }] }));
const traffic = { peakRequestsPerSecond: 10, nightShare: 1, noiseSigma: 0, weekendShare: 1, bursts: { perWeek: 0, factor: 1, minutes: 15 } };
const groups = { [names.group]: { policies: [...policies, { name: "shown", type: "SimpleScaling" as const }] } };
const account = deployedAccount(accountScenario({ regions: { "us-east-1": { traffic, application: { vcpuSecondsPerRequest: 1 }, groups } } }));
const { autoScaling, cloudWatch } = clientsOf(account);
const described = async (input: DescribeAlarmsCommandInput) => (await cloudWatch.send(new DescribeAlarmsCommand(input))).MetricAlarms ?? [];

async function startingAlarms(): Promise<string[]> {
  const { ScalingPolicies = [] } = await autoScaling.send(new DescribePoliciesCommand({ AutoScalingGroupName: names.group }));
  return ScalingPolicies.flatMap(({ Alarms = [] }) => Alarms.flatMap(({ AlarmName }) => AlarmName ?? []));
}

describe("alarms that start policies", () => {
  it("are named by the policies, and described as CloudWatch does", async () => {
    const [first = "", ...others] = await startingAlarms();
    expect(others).toHaveLength(2);
    expect(await described({ AlarmNames: [first] })).toEqual([
      {
        AlarmName: first,
        AlarmArn: expect.stringMatching(/^arn:aws:cloudwatch:us-east-1:123456789012:alarm:.+-one$/),
        AlarmActions: [expect.stringMatching(/:policyName\/one$/)],
        ActionsEnabled: true,
        Namespace: "AWS/EC2",
        MetricName: "CPUUtilization",
        Statistic: "Average",
        Dimensions: [{ Name: "AutoScalingGroupName", Value: names.group }],
        Period: 60,
        EvaluationPeriods: 5,
        Threshold: 60,
        ComparisonOperator: "GreaterThanThreshold",
      },
    ]);
  });

  it("come page by page, and only those of the region that were asked for", async () => {
    const AlarmNames = [...(await startingAlarms()), "another"];
    const pages: number[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch, pageSize: 2 }, { AlarmNames })) pages.push(MetricAlarms.length);
    expect(pages).toEqual([2, 1]);
    expect(await described({ AlarmNames, AlarmTypes: ["CompositeAlarm"] })).toEqual([]);
    const elsewhere = clientsOf(account, "us-west-2").cloudWatch;
    expect((await elsewhere.send(new DescribeAlarmsCommand({ AlarmNames }))).MetricAlarms).toEqual([]);
  });

  it.each<[string, DescribeAlarmsCommandInput, string]>([
    ["more than a hundred names", { AlarmNames: Array.from({ length: 101 }, () => "a") }, "ValidationError"],
    ["pages of none", { AlarmNames: ["a"], MaxRecords: 0 }, "ValidationError"],
    ["pages of more than a hundred", { AlarmNames: ["a"], MaxRecords: 101 }, "ValidationError"],
    ["a token that no page gave", { AlarmNames: ["a"], NextToken: "x" }, "InvalidNextToken"],
    ["every alarm that there is", {}, "NotSimulated"],
    ["a prefix", { AlarmNamePrefix: "a" }, "NotSimulated"],
  ])("are refused by %s", async (_, input, name) => {
    await expect(described(input)).rejects.toMatchObject({ name });
  });
});
