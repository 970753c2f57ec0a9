import { AutoScalingClient, DescribeInstanceRefreshesCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeLaunchTemplateVersionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { readOtherTypes } from "../../../../../optimizer/adapters/aws/asg/other-types.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const ec2 = answersOf(EC2Client);
const autoScaling = answersOf(AutoScalingClient);
beforeEach(() => {
  ec2.reset();
  autoScaling.reset();
});

const day = (number: number): Date => new Date(Date.UTC(2026, 4, number));
const dayMs = (number: number): number => day(number).getTime();

interface Told {
  /** Type and day of each version, oldest first, and whether its instances report each minute. */
  readonly versions: readonly (readonly [string, number, boolean?])[];
  /** Days on which refreshes began, and ended where they have. */
  readonly refreshes?: readonly (readonly [number, number?])[];
  readonly used: number;
}

async function read({ versions, refreshes = [], used }: Told) {
  // EC2 lists the newest first.
  const listed = versions
    .map(([InstanceType, made, Enabled = false], place) => ({
      VersionNumber: place + 1,
      CreateTime: day(made),
      LaunchTemplateData: { InstanceType: InstanceType as never, Monitoring: { Enabled } },
    }))
    .toReversed();
  ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1" }).resolves({ LaunchTemplateVersions: listed });
  const InstanceRefreshes = refreshes.map(([start, end]) => ({ StartTime: day(start), ...(end === undefined ? {} : { EndTime: day(end) }) }));
  autoScaling.on(DescribeInstanceRefreshesCommand, { AutoScalingGroupName: "web" }).resolves({ InstanceRefreshes });
  const clients = { ec2: new EC2Client({}), autoScaling: new AutoScalingClient({}) };
  const [instanceType = "", , detailedMonitoring = false] = versions[used - 1] ?? [];
  const spans = await readOtherTypes(clients, { group: "web", templateId: "lt-1", version: used, instanceType, detailedMonitoring });
  return { spans, refreshCalls: autoScaling.commandCalls(DescribeInstanceRefreshesCommand).length };
}

describe("the types that a group had before", () => {
  it("are none where all versions are of today's, and nothing more is asked", async () => {
    expect(
      await read({
        versions: [
          ["m5.xlarge", 1],
          ["m5.xlarge", 9],
        ],
        used: 2,
      }),
    ).toEqual({ spans: [], refreshCalls: 0 });
  });

  it("are told apart from when its instances reported at other times, which a type of before need not end", async () => {
    const { spans } = await read({
      versions: [
        ["m5.4xlarge", 1, true],
        ["m5.xlarge", 5, true],
        ["m5.xlarge", 9],
      ],
      refreshes: [
        [6, 7],
        [10, 11],
      ],
      used: 3,
    });
    expect(spans).toEqual([
      { instanceType: "m5.4xlarge", fromMs: dayMs(1), untilMs: dayMs(11) },
      { instanceType: "m5.xlarge", detailedMonitoring: true, fromMs: dayMs(1), untilMs: dayMs(11) },
      { instanceType: "m5.xlarge", detailedMonitoring: true, fromMs: dayMs(5), untilMs: dayMs(11) },
    ]);
  });

  it("count until the refresh to today's had ended", async () => {
    const { spans } = await read({
      versions: [
        ["m5.4xlarge", 1],
        ["m5.xlarge", 9],
      ],
      refreshes: [[10, 11]],
      used: 2,
    });
    expect(spans).toEqual([{ instanceType: "m5.4xlarge", fromMs: dayMs(1), untilMs: dayMs(11) }]);
  });

  it("are only the days between where one was tried and undone", async () => {
    const versions = [
      ["m5.4xlarge", 1],
      ["m5.xlarge", 9],
      ["m5.4xlarge", 12],
    ] as const;
    const { spans } = await read({
      versions,
      refreshes: [
        [9, 11],
        [12, 13],
      ],
      used: 3,
    });
    expect(spans).toEqual([{ instanceType: "m5.xlarge", fromMs: dayMs(9), untilMs: dayMs(13) }]);
  });

  it("have no known end where no refresh is told of, or one has not ended", async () => {
    const versions = [
      ["m5.4xlarge", 1],
      ["m5.xlarge", 9],
    ] as const;
    expect((await read({ versions, used: 2 })).spans).toMatchObject([{ untilMs: null }]);
    expect((await read({ versions, refreshes: [[10]], used: 2 })).spans).toMatchObject([{ untilMs: null }]);
    expect((await read({ versions, refreshes: [[5, 6]], used: 2 })).spans, "one before it").toMatchObject([{ untilMs: null }]);
  });

  it("leave out a newer version that nothing followed", async () => {
    const versions = [
      ["m5.4xlarge", 1],
      ["m5.xlarge", 9],
    ] as const;
    expect((await read({ versions, used: 1 })).spans).toEqual([]);
    expect((await read({ versions, refreshes: [[10, 11]], used: 1 })).spans).toMatchObject([{ instanceType: "m5.xlarge", untilMs: null }]);
  });
});
