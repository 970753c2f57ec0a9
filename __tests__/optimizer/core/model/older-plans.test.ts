import { describe, expect, it } from "vitest";
import { type Deployment, nothingNamed } from "../../../../optimizer/core/model/deployment.ts";
import { current } from "../../../../optimizer/core/model/older-plans.ts";
import { defaultPolicy, type Policy, policySchema } from "../../../../optimizer/core/model/policy.ts";
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

/** Where each setting of the policy stands, groups of settings among them. */
function placesIn(group: object, at: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(group).flatMap(([name, value]: [string, unknown]) => [
    [...at, name],
    ...(typeof value === "object" && value !== null && !Array.isArray(value) ? placesIn(value, [...at, name]) : []),
  ]);
}

function changedAt(group: object, [name = "", ...rest]: readonly string[], change: (group: object, name: string) => object): object {
  if (rest.length === 0) return change(group, name);
  return { ...group, [name]: changedAt(Object(Object.entries(group).find(([key]) => key === name)?.[1]), rest, change) };
}

const without = (group: object, name: string): object => Object.fromEntries(Object.entries(group).filter(([key]) => key !== name));
/** Every setting otherwise than by default, as far as that is easily said, and those that have no default. */
const unusual = policySchema.parse({
  approvals: ["aurora.backup-retention"],
  tenantTags: { also: ["customer"] },
  rules: { decision: "literal", headroom: 0.3, asgInstanceType: {}, redisSize: {} },
  window: { minutes: 60, slotMinutes: 5, falseRollbackChance: 0.02 },
  paging: { command: ["page", "me"], webhookUrlFrom: "HOOK", rollbackMinutes: 5 },
  lock: { leaseSeconds: 30 },
});

describe("a plan stored by a release that did not know a setting", () => {
  const places = placesIn(defaultPolicy).map((place) => [place.join("."), place] as const);

  it.each(places)("has its default, as the schema gives it: %s", (_name, place) => {
    for (const policy of [defaultPolicy, unusual]) {
      const older = changedAt(policy, place, without);
      expect(current({ ...plan, policy: older as Policy }).policy).toEqual(policySchema.parse(older));
    }
  });

  it("keeps what it says, settings without a default and lists among it", () => {
    expect(current({ ...plan, policy: unusual }).policy).toEqual(unusual);
  });

  it.each(
    places.filter(([, place]) => placesIn(defaultPolicy).some((other) => other.length > place.length && other.slice(0, place.length).join() === place.join())),
  )("cannot lose its own names to defaults, since names in a group are fixed: %s", (_name, place) => {
    const odd = changedAt(defaultPolicy, [...place, "anything"], (group, name) => ({ ...group, [name]: 1 }));
    expect(policySchema.safeParse(odd).success).toBe(false);
  });
});
