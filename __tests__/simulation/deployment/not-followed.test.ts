import { describe, expect, it } from "vitest";
import { notFollowed } from "../../../simulation/deployment/deploy.ts";
import { accountScenario } from "../../support/simulated-clients.ts";
import { services } from "../../../simulation/services.ts";

const provider = { aws: [{ region: "us-east-1" }] };

describe("what the simulated account keeps but does not act on", () => {
  it("names the stacks whose groups have scaling policies", () => {
    const stacks = { primary: { provider, resource: { aws_autoscaling_policy: { cpu: { name: "cpu" } } } }, secondary: { provider } };
    expect(notFollowed(services, stacks, accountScenario())).toEqual([expect.stringContaining("scaling policies are kept but not followed (primary)")]);
  });

  it("is silent about stacks that ask for nothing of the kind", () => {
    expect(notFollowed(services, { primary: { provider, resource: { aws_vpc: { vpc: { cidr_block: "10.0.0.0/16" } } } } }, accountScenario())).toEqual([]);
  });

  it("is silent about regions whose scaling is followed", () => {
    const stacks = { primary: { provider, resource: { aws_autoscaling_policy: { cpu: { name: "cpu" } } } } };
    const traffic = { peakRequestsPerSecond: 1 };
    const scenario = accountScenario({ regions: { "us-east-1": { traffic, application: { vcpuSecondsPerRequest: 0.01 }, scaling: "followed" } } });
    expect(notFollowed(services, stacks, scenario)).toEqual([]);
  });
});
