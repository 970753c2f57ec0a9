import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { aService, serviceSees } from "../../../../support/container-services.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aBalancer, aWorld, secondary, type World } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("ecs.service"));
type Given = NonNullable<Parameters<typeof aService>[0]>;

const seen = (given: Given = {}, load: NonNullable<Parameters<typeof serviceSees>[2]> = {}): World => {
  const service = aService(given);
  return serviceSees(aWorld().policed({ baselineDays: 14 }).with(service), service, load);
};

describe("what runs a service's tasks", () => {
  it.each<[string, Given]>([
    ["Fargate by its launch type", { launchType: "FARGATE" }],
    ["Fargate by its launch type and as a capacity provider", { launchType: "FARGATE", capacityProviders: ["FARGATE"] }],
    ["Fargate as a capacity provider", { launchType: null, capacityProviders: ["FARGATE"] }],
  ])("may be %s", (_, given) => {
    expect(proposal(seen(given)).to).toBe("3 × 512 CPU, 1024 MiB");
  });

  it.each<[string, Given, string]>([
    ["instances", { launchType: "EC2" }, "its tasks run on EC2, not on Fargate"],
    ["nothing that AWS names", { launchType: null, capacityProviders: [] }, "AWS does not say what its tasks run on"],
    ["instances of a capacity provider", { launchType: null, capacityProviders: ["FARGATE", "own"] }, "its capacity providers own place its tasks"],
    ["Fargate Spot", { launchType: null, capacityProviders: ["FARGATE_SPOT"] }, "runs on FARGATE_SPOT"],
  ])("is told where it is %s", (_, given, words) => {
    expect(skipped(seen(given))).toMatchObject({ code: "unsupported", detail: expect.stringContaining(words) });
  });
});

describe("what stands before a service", () => {
  it.each<[string, Given, string]>([
    ["a target group to which no load balancer forwards", { loadBalancers: [] }, "no load balancer forwards to its target groups"],
    ["nothing", { targetGroupArns: [], loadBalancers: [] }, "no load balancer stands before it"],
    [
      "several, where the outputs name none",
      { loadBalancers: ["app/web/0123456789abcdef", "app/api/0123456789abcdef"] },
      "app/web/0123456789abcdef, which the outputs do not name",
    ],
  ])("is no window's to see where it is %s", (_, given, words) => {
    expect(skipped(seen(given))).toMatchObject({ code: "cannot-judge", detail: expect.stringContaining(words) });
  });

  it("is named by the outputs of its own region alone", () => {
    expect(skipped(seen().with(aBalancer(secondary), aBalancer(undefined, "api")))).toMatchObject({
      code: "cannot-judge",
      detail: expect.stringContaining("app/web/0123456789abcdef, which the outputs do not name"),
    });
  });
});

describe("how many tasks there were", () => {
  const methods = (world: World): readonly string[] => proposal(world).chosen?.projections.map(({ method }) => method) ?? [];

  it("is the desired number where Container Insights is off, which is told", () => {
    const words = "the desired 8 taken as the number of tasks since Container Insights is off";
    expect(methods(seen({}, { tasks: Number.NaN }))[0]).toContain(words);
    expect(methods(seen()).join()).not.toContain("Container Insights");
  });
});

describe("the way back of a service", () => {
  const [launch, drain] = [2, 1];
  const minutesOf = (given: Given, load: Parameters<typeof seen>[1] = {}) => {
    const { action } = proposal(seen(given, load));
    return [action.steps.map((step) => step.id.split("#forward:")[1]).join(" "), action.undoMinutes];
  };

  it("takes as long as its tasks come up, and those of a size leave besides", () => {
    const containers = [{ name: "app", cpu: 1024, memoryMib: 2048, heapSetting: null }];
    expect(minutesOf({ task: { containers } })).toEqual(["count", launch]);
    expect(minutesOf({ desiredCount: 3 }, { cpu: 2, memory: 2 })).toEqual(["task-definition deployment", launch + drain]);
    expect(minutesOf({})).toEqual(["task-definition deployment count", 2 * launch + drain]);
  });
});
