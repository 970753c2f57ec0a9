import {
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
} from "@aws-sdk/client-application-auto-scaling";
import { describe, expect, it } from "vitest";
import { clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const named = { ServiceNamespace: "dynamodb", ResourceId: `table/${names.table}`, ScalableDimension: "dynamodb:table:ReadCapacityUnits" } as const;
const client = () => clientsOf(deployedAccount()).applicationAutoScaling;

describe("a simulated scalable target", () => {
  it("takes another suspension and other bounds at once, and keeps what is not named", async () => {
    const scaling = client();
    const target = async () => (await scaling.send(new DescribeScalableTargetsCommand({ ...named, ResourceIds: [named.ResourceId] }))).ScalableTargets;
    await scaling.send(new RegisterScalableTargetCommand({ ...named, SuspendedState: { DynamicScalingInSuspended: true } }));
    await scaling.send(new RegisterScalableTargetCommand({ ...named, MaxCapacity: 40 }));
    expect(await target()).toMatchObject([
      {
        ResourceId: named.ResourceId,
        MinCapacity: 5,
        MaxCapacity: 40,
        SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false },
      },
    ]);
  });

  it.each<[string, Partial<RegisterScalableTargetCommandInput>]>([
    ["a target that is not there", { ResourceId: "table/nobodys" }],
    ["a maximum below the minimum", { MinCapacity: 10, MaxCapacity: 9 }],
  ])("refuses %s", async (_, input) => {
    await expect(client().send(new RegisterScalableTargetCommand({ ...named, ...input }))).rejects.toMatchObject({ name: "ValidationException" });
  });
});
