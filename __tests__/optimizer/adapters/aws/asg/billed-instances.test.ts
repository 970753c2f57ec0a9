import type { AutoScalingGroup, LifecycleState } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, type DescribeInstancesCommandInput, EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { beforeEach, expect, it } from "vitest";
import { billedInstances } from "../../../../../optimizer/adapters/aws/asg/billed-instances.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const client = new EC2Client({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const mock = answersOf(client);

beforeEach(() => {
  mock.reset();
});

const member = (InstanceId: string, state: LifecycleState = "InService") => ({ InstanceId, LifecycleState: state });
const groupOf = (...members: readonly object[]) => ({ AutoScalingGroupName: "web", Instances: members }) as unknown as AutoScalingGroup;

/** Each on a page of its own. */
function run(...instances: readonly Instance[]): void {
  mock.on(DescribeInstancesCommand).callsFake(({ NextToken: token = "0" }: DescribeInstancesCommandInput) => {
    const at = Number(token);
    const instance = instances[at];
    return { Reservations: instance === undefined ? [] : [{ Instances: [instance] }], ...(at + 1 < instances.length ? { NextToken: String(at + 1) } : {}) };
  });
}

it("tells platforms with a licence and capacity reservations, each once, over all pages", async () => {
  run(
    { InstanceId: "i-1", PlatformDetails: "Windows", CapacityReservationId: "cr-2" },
    { InstanceId: "i-2", PlatformDetails: "Windows", CapacityReservationId: "cr-1" },
    { InstanceId: "i-3", PlatformDetails: "Linux/UNIX", CapacityReservationId: "cr-1" },
  );
  expect(await billedInstances(client, groupOf(member("i-1"), member("i-2"), member("i-3")))).toEqual({
    platforms: ["Windows"],
    capacityReservations: ["cr-1", "cr-2"],
  });
});

it("tells nothing of Linux that nobody reserved", async () => {
  run({ InstanceId: "i-1", PlatformDetails: "Linux/UNIX" }, { InstanceId: "i-2" });
  expect(await billedInstances(client, groupOf(member("i-1"), member("i-2")))).toEqual({ platforms: [], capacityReservations: [] });
});

it("asks of instances in service alone, 200 at a time, and of none where there is none", async () => {
  run();
  const many = Array.from({ length: 201 }, (_, at) => member(`i-${at}`));
  await billedInstances(client, groupOf(...many, member("i-gone", "Terminating")));
  await billedInstances(client, groupOf());
  const asked = mock.commandCalls(DescribeInstancesCommand).map((call) => call.args[0].input.Filters?.[0]?.Values ?? []);
  expect(asked.map(({ length }) => length)).toEqual([200, 1]);
  expect(asked.flat()).not.toContain("i-gone");
});
