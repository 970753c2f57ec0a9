import { DescribeServicesCommand, DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { keptActions } from "../../../optimizer/core/adoption/kept-changes.ts";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { clientFactoryOf, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const slotMs = 15 * 60_000;
const place = { cluster: names.containers, service: names.service };
const small = { cpu: "512", memory: "1024" };
const large = { cpu: "1024", memory: "2048" };

/** The image and the size of the tasks that the service runs. */
async function running({ account }: SimulatedRun) {
  const { ecs } = clientFactoryOf(account)(east);
  const { services: [service] = [] } = await ecs.send(new DescribeServicesCommand({ cluster: place.cluster, services: [place.service] }));
  const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service?.taskDefinition }));
  return { image: found?.containerDefinitions?.[0]?.image, cpu: found?.cpu, memory: found?.memory, found };
}

/** As a pipeline does: a revision with another image, and the service brought to it. */
async function deploy(run: SimulatedRun, image: string, size: typeof small): Promise<void> {
  const { ecs } = clientFactoryOf(run.account)(east).writers;
  const { found } = await running(run);
  const { family, networkMode, requiresCompatibilities, executionRoleArn, taskRoleArn, containerDefinitions = [] } = found ?? {};
  const { taskDefinition: made } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode,
      requiresCompatibilities,
      executionRoleArn,
      taskRoleArn,
      containerDefinitions: containerDefinitions.map((container) => ({ ...container, image })),
      ...size,
    }),
  );
  await ecs.send(new UpdateServiceCommand({ ...place, taskDefinition: made?.taskDefinitionArn }));
}

/** A run in whose window somebody deploys; and that is asked back after that, where it is to be. */
async function deployedInWindow(size: typeof small, isAskedBack: boolean): Promise<SimulatedRun> {
  let done = 0;
  const run = await openSimulatedRun("smaller service", {
    async whenTimePassed(self) {
      const [stage] = self.test.state().phases[0]?.stages ?? [];
      const sinceMs = self.account.nowMs() - (stage?.window?.startMs ?? Number.POSITIVE_INFINITY);
      if (stage?.status !== "observing") return;
      if (done === 0 && sinceMs > 2 * slotMs) {
        done = 1;
        await deploy(self, "app:next", size);
      } else if (done === 1 && isAskedBack && sinceMs > 5 * slotMs) {
        done = 2;
        await self.ports.runs.request(self.test.runId, { phase: null, by: "tester" });
      }
    },
  });
  await run.drive();
  expect(done).toBe(isAskedBack ? 2 : 1);
  return run;
}

describe("a service that somebody deploys while its run goes on", () => {
  it("with the size that it was given is watched on and kept: left small without a look it could harm unseen", async () => {
    const run = await deployedInWindow(small, false);
    expect(records(run.test, "DRIFT")).toEqual([]);
    expect(keptActions(run.plan, run.test.state()).map(({ action }) => action.id)).toContain(run.action.id);
    expect(await running(run)).toMatchObject({ image: "app:next", ...small });
  });

  it("keeps the program that was deployed when its size goes back", async () => {
    const run = await deployedInWindow(small, true);
    expect(run.test.state().outcome).toBe("rolled-back");
    expect(await running(run)).toMatchObject({ image: "app:next", ...large });
  });

  it("with the size of before is left alone as somebody else's", async () => {
    const run = await deployedInWindow(large, false);
    expect(records(run.test, "DRIFT")).toHaveLength(1);
    expect(await running(run)).toMatchObject({ image: "app:next", ...large });
  });

  it("between its smaller revision and the deployment of that is not brought back to the program of before", async () => {
    const run = await openSimulatedRun("smaller service");
    await run.driveWith({
      ...run.ports,
      changeWriter: {
        async apply(change, token, marks) {
          await run.ports.changeWriter.apply(change, token, marks);
          if (change.kind !== "ecs.task-definition" || change.after.cpu !== 512) return;
          await deploy(run, "app:next", large);
          run.account.advanceTo(run.account.nowMs() + 2 * slotMs);
        },
      },
    });
    expect(await running(run)).toMatchObject({ image: "app:next", ...large });
    expect(records(run.test, "DECISION").map(({ body }) => body)).toContainEqual(expect.objectContaining({ kind: "action-skipped", action: run.action.id }));
    expect(keptActions(run.plan, run.test.state())).toEqual([]);
  });
});
