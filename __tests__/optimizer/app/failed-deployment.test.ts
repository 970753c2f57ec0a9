import { describe, expect, it } from "vitest";
import { records } from "../../support/run-records.ts";
import { openSimulatedRun } from "../../support/simulated-run.ts";
import { east } from "../../support/plan-builder.ts";
import { fixtureStacks } from "../../support/terraform-fixture.ts";

/** Tasks whose application takes 1.5 GiB without any request never come up with 1 GiB. */
const hungry = { regions: { [east]: { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 1.5 } } } };

describe("a deployment whose tasks do not come up", () => {
  it("is given up by ECS, asked for once, and leaves the service and what Terraform reads back as they were", async () => {
    const run = await openSimulatedRun("smaller service", { scenario: hungry });
    await run.drive();
    expect(records(run.test, "DECISION").map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ kind: "action-skipped", code: "invalid", detail: expect.stringContaining("DeploymentFailed") }),
    );
    // A revision and its deployment; then the old size as one more revision, and the service is brought to it.
    expect(run.mutations).toEqual(["RegisterTaskDefinition", "UpdateService", "RegisterTaskDefinition", "UpdateService"]);
    const changed = run.account.driftAgainst(fixtureStacks()).change.map(({ address }) => address);
    expect(changed.filter((address) => address.includes("aws_ecs") || address.includes("appautoscaling"))).toEqual([]);
  });
});
