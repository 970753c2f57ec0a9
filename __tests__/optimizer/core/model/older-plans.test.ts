import { describe, expect, it } from "vitest";
import { type Deployment, nothingNamed } from "../../../../optimizer/core/model/deployment.ts";
import { current } from "../../../../optimizer/core/model/older-plans.ts";
import { emptyDeployment } from "../../../support/empty-deployment.ts";
import { buildTestPlan } from "../../../support/plan-builder.ts";

const plan = buildTestPlan();

function withDeployment(deployment: Partial<Deployment>): typeof plan {
  return { ...plan, deployments: { ...plan.deployments, deployments: [deployment as Deployment] } };
}

describe("a plan stored by a release that did not know a kind of resource", () => {
  it.each(Object.entries(nothingNamed))("names none of what it lacks: %s", (field, none) => {
    const { [field as keyof Deployment]: _lacking, ...older } = emptyDeployment("us-east-1", { dataBuckets: ["data"], auroraClusters: ["main"] });
    const [read] = current(withDeployment(older)).deployments.deployments;
    expect(read).toEqual({ ...older, [field]: none });
  });

  it("keeps what it names", () => {
    const named = emptyDeployment("us-east-1", { dataBuckets: ["data"], functions: ["archive"] });
    expect(current(withDeployment(named)).deployments.deployments).toEqual([named]);
  });
});
