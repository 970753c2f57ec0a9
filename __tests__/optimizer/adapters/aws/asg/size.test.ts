import { AutoScalingClient, DescribeAutoScalingGroupsCommand, type LifecycleState, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { standingOf } from "../../../../../optimizer/core/execution/classify-state.ts";
import { type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const autoScaling = answersOf(AutoScalingClient);
const where = { kind: "asg.size", region: "us-east-1", autoScalingGroup: "g" } as const;
const [large, little] = [
  { minSize: 12, desiredCapacity: 15, maxSize: 25 },
  { minSize: 6, desiredCapacity: 8, maxSize: 17 },
];
const fixed: ChangeOf<"asg.size"> = { ...where, before: large, after: little };
const scaled: ChangeOf<"asg.size"> = { ...where, before: { ...large, desiredMoves: true }, after: { ...little, desiredMoves: true } };

beforeEach(() => {
  autoScaling.reset();
  autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
});

function groupIs(bounds: typeof large, states: Partial<Record<LifecycleState, number>>, isProtected = false): void {
  const instances = Object.entries(states).flatMap(([state, count]) =>
    Array.from({ length: count }, (_, index) => ({
      InstanceId: `i-${state}-${index}`,
      AvailabilityZone: "a",
      LifecycleState: state as LifecycleState,
      HealthStatus: "Healthy",
      ProtectedFromScaleIn: isProtected,
    })),
  );
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({
    AutoScalingGroups: [
      {
        AutoScalingGroupName: "g",
        MinSize: bounds.minSize,
        MaxSize: bounds.maxSize,
        DesiredCapacity: bounds.desiredCapacity,
        DefaultCooldown: 1,
        AvailabilityZones: [],
        HealthCheckType: "ELB",
        CreatedTime: new Date(0),
        Instances: instances,
      },
    ],
  });
}

const standing = async (change: ChangeOf<"asg.size">) => standingOf(change, await createChangeReader(clients).stateOf(change));
const apply = (change: ChangeOf<"asg.size">) => createChangeWriter(clients).apply(change, "run-1|step-1");
const sent = () => autoScaling.commandCalls(UpdateAutoScalingGroupCommand).map(({ args: [{ input }] }) => input);

describe("the size of a group that nothing moves", () => {
  it("is reached once just so many instances are in service", async () => {
    groupIs(little, { InService: 8, Terminating: 7 });
    expect(await standing(fixed)).toBe("in-progress");
    groupIs(little, { InService: 8 });
    expect(await standing(fixed)).toBe("after");
    groupIs(little, { InService: 7, "Pending:Wait": 1 });
    expect(await standing(fixed)).toBe("in-progress");
  });

  it("can be written over at once on the way back, whatever is still going", async () => {
    groupIs(little, { InService: 8, Terminating: 7 });
    expect(await standing(inverse(fixed))).toBe("before");
  });

  it("is somebody else's where one of the three numbers is neither", async () => {
    groupIs({ ...little, desiredCapacity: 10 }, { InService: 10 });
    expect(await standing(fixed)).toBe("foreign");
    groupIs({ ...large, maxSize: 30 }, { InService: 15 });
    expect(await standing(fixed)).toBe("foreign");
  });

  it("is set in one call, and back in one", async () => {
    groupIs(large, { InService: 15 });
    await apply(fixed);
    groupIs(little, { InService: 8 });
    await apply(inverse(fixed));
    expect(sent()).toEqual([
      { AutoScalingGroupName: "g", MinSize: 6, DesiredCapacity: 8, MaxSize: 17 },
      { AutoScalingGroupName: "g", MinSize: 12, DesiredCapacity: 15, MaxSize: 25 },
    ]);
  });

  it("is not made smaller while instances are protected from scale-in, and made larger all the same", async () => {
    groupIs(large, { InService: 15 }, true);
    await expect(apply(fixed)).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("15 instances of g are protected") });
    groupIs(little, { InService: 8 }, true);
    await apply(inverse(fixed));
    expect(sent()).toMatchObject([{ DesiredCapacity: 15 }]);
  });
});

describe("the size of a group that policies move", () => {
  it("is what its bounds are, once the least is there", async () => {
    groupIs({ ...little, desiredCapacity: 11 }, { InService: 9, Pending: 2 });
    expect(await standing(scaled)).toBe("after");
    groupIs({ ...large, desiredCapacity: 20 }, { InService: 20 });
    expect(await standing(scaled)).toBe("before");
    groupIs(large, { InService: 8, Pending: 7 });
    expect(await standing(inverse(scaled))).toBe("in-progress");
  });

  it("goes down with its bounds where policies left the desired number alone, and is else left to them", async () => {
    groupIs(large, { InService: 15 });
    await apply(scaled);
    groupIs({ ...large, desiredCapacity: 18 }, { InService: 18 }, true);
    await apply(scaled);
    expect(sent()).toEqual([
      { AutoScalingGroupName: "g", MinSize: 6, DesiredCapacity: 8, MaxSize: 17 },
      { AutoScalingGroupName: "g", MinSize: 6, MaxSize: 17 },
    ]);
  });

  it("loses nothing on the way back that policies have added", async () => {
    for (const desiredCapacity of [8, 17]) {
      groupIs({ ...little, desiredCapacity }, { InService: desiredCapacity });
      await apply(inverse(scaled));
    }
    expect(sent().map(({ DesiredCapacity }) => DesiredCapacity)).toEqual([15, 17]);
  });
});
