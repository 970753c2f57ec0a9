import { DeregisterTaskDefinitionCommand, DescribeServicesCommand, DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { clientFactoryOf, describe as inventoryOf, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const slotMs = 15 * 60_000;

async function running({ account }: SimulatedRun) {
  const { ecs } = clientFactoryOf(account)(east);
  const { services: [service] = [] } = await ecs.send(new DescribeServicesCommand({ cluster: names.containers, services: [names.service] }));
  const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service?.taskDefinition }));
  return { desired: service?.desiredCount, revision: found?.revision, status: found?.status, cpu: found?.cpu, memory: found?.memory };
}

/** A run in whose window somebody deregisters revisions; and that is asked back in the next moment, where it is to be. */
async function deregistered(revisions: readonly number[], isAskedBack: boolean): Promise<SimulatedRun> {
  let isDone = false;
  const run = await openSimulatedRun("smaller service", {
    async whenTimePassed(self) {
      const [stage] = self.test.state().phases[0]?.stages ?? [];
      if (isDone || stage?.window === undefined || stage.status !== "observing" || self.account.nowMs() <= stage.window.startMs + 2 * slotMs) return;
      isDone = true;
      const { ecs } = clientFactoryOf(self.account)(east).writers;
      for (const revision of revisions) await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${names.service}:${revision}` }));
      if (isAskedBack) await self.ports.runs.request(self.test.runId, { phase: null, by: "tester" });
    },
  });
  await run.drive();
  expect(isDone).toBe(true);
  return run;
}

const large = { cpu: "1024", memory: "2048" };
const small = { cpu: "512", memory: "1024" };

describe("a service of whose task definition somebody deregisters revisions, as pipelines and Terraform do", () => {
  it.each([
    ["the one before ours", [1], { revision: 3, ...large }],
    ["ours, which it runs", [2], { revision: 1, ...large }],
    ["all there are", [1, 2], { revision: 3, ...large }],
  ] as const)("goes back all the same: %s", async (_, revisions, found) => {
    const run = await deregistered(revisions, true);
    expect(run.test.state().outcome).toBe("rolled-back");
    expect(await running(run)).toEqual({ desired: 8, status: "ACTIVE", ...found });
  });

  it("is watched on where it is the one before, which it does not run", async () => {
    const run = await deregistered([1], false);
    expect(run.test.state().outcome).toBe("adoptable");
    expect(records(run.test, "DRIFT")).toEqual([]);
  });

  it.each([
    ["ours", [2], '{"cpu":1024,"memoryMib":2048}', false],
    ["all", [1, 2], `no revision of ${names.service} is active any more`, true],
  ] as const)("is told, left as it is and goes on: %s", async (_, revisions, found, isCopied) => {
    const run = await deregistered(revisions, false);
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { found: expect.stringContaining(found) } }]);
    expect(await running(run)).toEqual({ desired: 3, revision: 2, status: "INACTIVE", ...small });
    // A revision to which the service can be brought is there, or is registered first.
    const commands = run.test.state().needsHuman?.commands ?? [];
    expect(commands.some((line) => line.includes("register-task-definition"))).toBe(isCopied);
    expect(commands.at(-5)).toContain(`--task-definition ${names.service}`);
  });

  it("is not planned for where no revision is left, and is not told as gone", async () => {
    const { account, clients } = await openSimulatedRun("smaller service");
    await clients(east).writers.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${names.service}:1` }));
    expect((await inventoryOf(clients, account)).undescribed).toMatchObject([
      { reason: "unsupported", detail: expect.stringContaining(`no revision of ${names.service} is active any more`) },
    ]);
  });
});
