import fc from "fast-check";
import { expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { attachable } from "../../../../../optimizer/composition/attachable.ts";
import { standingOf } from "../../../../../optimizer/core/execution/classify-state.ts";
import type { AutoScalingGroup } from "../../../../../optimizer/core/levers/asg/group.ts";
import { instanceTypeAction } from "../../../../../optimizer/core/levers/asg/instance-type.ts";
import type { ChangeStep, Step } from "../../../../../optimizer/core/model/action.ts";
import { createMemoryAccountStore } from "../../../../../simulation/account/store.ts";
import { openAccount, type SimulatedAccount } from "../../../../../simulation/account/account.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";
import { accountScenario, advanceMinutes } from "../../../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../../../support/terraform-fixture.ts";

const region = "us-east-1";

interface Case {
  readonly version: string;
  readonly byHand: object;
  /** How many of the forward steps are carried out before the way back begins. */
  readonly steps: number;
}

/** An account whose group names its template's version as asked, and what the optimizer knows of it. */
function accountOf({ version, byHand }: Case) {
  const stacks = structuredClone(fixtureStacks()) as Record<string, { resource: Record<string, Record<string, { launch_template: { version: string } }>> }>;
  stacks["primary"]!.resource["aws_autoscaling_group"]!["asg"]!.launch_template.version = version;
  const account = openAccount(
    accountScenario({
      regions: { [region]: { traffic: { peakRequestsPerSecond: 0 }, application: { vcpuSecondsPerRequest: 0 }, groups: { [names.group]: byHand } } },
    }),
    createMemoryAccountStore(),
  );
  account.deploy(stacks);
  const clients = createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    attach: (client, place) => account.attach(attachable(client), place),
  });
  const described = async (): Promise<AutoScalingGroup> => {
    const { resources, undescribed } = await createInventoryReader(clients, account).describe(emptyDeployment(region, { autoScalingGroups: [names.group] }));
    const [group] = resources;
    if (group?.kind !== "auto-scaling-group") throw new Error(JSON.stringify(undescribed));
    return group;
  };
  return { account, described, reader: createChangeReader(clients), writer: createChangeWriter(clients) };
}

/** As a run does it: describe, write what is not so yet, wait until it is. */
async function carryOut(steps: readonly Step[], { account, reader, writer }: ReturnType<typeof accountOf>): Promise<void> {
  for (const step of steps.filter((each): each is ChangeStep => each.kind === "change")) {
    for (let round = 0; standingOf(step.change, await reader.stateOf(step.change)) !== "after"; round += 1) {
      if (round > 500) throw new Error(`${step.id} does not settle`);
      const standing = standingOf(step.change, await reader.stateOf(step.change));
      if (standing !== "in-progress") await writer.apply(step.change, `${step.id} ${round}`).catch(ignoreBusy);
      advanceMinutes(account, 5);
    }
  }
}

function ignoreBusy(error: unknown): void {
  if (!(error instanceof Error) || !("kind" in error) || error.kind !== "busy") throw error;
}

/** Version numbers only ever grow, so that a version counts as what it holds; instances are others, of the same type. */
function comparable(account: SimulatedAccount, group: AutoScalingGroup) {
  // What it had before is history, which no way back changes.
  const { launchTemplateReference, launchTemplateVersion, runningTemplateVersions, otherTypes: _, ...rest } = group;
  return {
    ...rest,
    goesBy: launchTemplateReference.startsWith("$") ? launchTemplateReference : "number",
    upToDate: runningTemplateVersions.every((version) => version === launchTemplateVersion),
    drift: account.driftAgainst(account.state.deployed!.documents),
  };
}

it("gives back a group field by field, however it names its template's version and whatever was set on it, from any step", { timeout: 120_000 }, async () => {
  const byHand = fc.record({
    suspendedProcesses: fc.subarray(["AZRebalance", "AlarmNotification"]),
    lifecycleHooks: fc.subarray(["drain"]),
    scheduledActions: fc.subarray(["morning", "evening"]),
    others: fc.constantFrom([], [{ name: "stranger", version: "1", tags: { TenantId: "1" } }]),
  });
  const cases = fc.record({ version: fc.constantFrom("$Latest", "$Default", "1"), byHand, steps: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const world = accountOf(one);
      const before = await world.described();
      const action = instanceTypeAction({ rule: "asg.instance-type", resource: before.ref }, before, "m5.xlarge");
      await carryOut(action.steps.slice(0, one.steps), world);
      if (one.steps === 3)
        expect(await world.described()).toMatchObject({ instanceType: "m5.xlarge", launchTemplateReference: one.version === "$Latest" ? "$Latest" : "2" });
      await carryOut(action.rollback, world);
      expect(comparable(world.account, await world.described())).toEqual(comparable(world.account, before));
    }),
    { numRuns: 25 },
  );
});
