import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { answeredKeys } from "../../../../../optimizer/core/sizing/latency.ts";
import type { Inventory } from "../../../../../optimizer/core/levers/resource-kinds.ts";
import type { Policy } from "../../../../../optimizer/core/model/policy.ts";
import { aServerlessCluster, aServerlessMember, serverlessSees } from "../../../../support/aurora-serverless.ts";
import { aBalancer, balancerName } from "../../../../support/plan-builder.ts";
import type { Signal } from "../../../../support/courses.ts";
import { aWorld, type World } from "../../../../support/world.ts";

const rule = ruleOf("aurora.serverless-capacity");

const gib = 1024 ** 3;
const slotSeconds = 900;
const most = 40;
/** Full at day, a tenth of it at night. */
const requestsPerSecond = (hour: number): number => (hour % 24 < 12 ? most : most / 10);
const cluster = aServerlessCluster({ members: [aServerlessMember(1)] });

/** The one member computes for itself and for each request; of its maximum of 16 units, 4 vCPU. */
function computing(ownVcpu: number, perRequest: number, requests: Signal = requestsPerSecond, commits?: Signal): World {
  const balancer = aBalancer(cluster.ref.region);
  const cpu: Signal = (hour, statistic) => ((ownVcpu + requests(hour, statistic) * perRequest) / 4) * 100;
  return serverlessSees(aWorld().with(balancer, cluster), cluster, { "aurora-1": { cpu, ...(commits === undefined ? {} : { commits }) } })
    .sees(metrics.auroraVolumeBytes, "aurora", gib)
    .sees(metrics.balancerRequests, balancer.fullName, (hour, statistic) => requests(hour, statistic) * slotSeconds)
    .sees(metrics.balancerResponseTime, balancer.fullName, 0.5);
}

/** What the requirement's range adds to the p99, of what a window allows. */
function added(world: World): number {
  // A plan asks for them since its windows score them.
  const asking = { ...rule, demands: (_: Inventory, policy: Policy) => answeredKeys(cluster.ref.region, [balancerName(cluster.ref.region)], policy) };
  const [decision] = rule.decide(world.facts([rule, asking]));
  if (decision?.kind !== "proposal") throw new Error(JSON.stringify(decision));
  const { chosen, refused } = decision;
  const target = [...(chosen === undefined ? [] : [chosen]), ...refused].find((candidate) => candidate.target === "1–4 ACU");
  return target?.projections.find(({ dimension }) => dimension === "latency")?.projected ?? Number.NaN;
}

describe("aurora.serverless-capacity: how much longer requests take", () => {
  it("leaves out what a member does for itself: no request waits for that", () => {
    // 0.12 vCPU of its own and 1 ms of each request look like 4 ms of each in the busiest hours.
    expect(added(computing(0.12, 0.001))).toBeLessThan(0.9 * added(computing(0.12, 0.001, () => most)));
    // With more of its own there is less of the processors left for the same requests.
    expect(added(computing(0.12, 0.001))).toBeGreaterThan(added(computing(0.06, 0.001)));
  });

  it("takes all that it does for theirs where requests come evenly", () => {
    const evenly = () => most;
    expect(added(computing(0.12, 0.001, evenly))).toBeCloseTo(added(computing(0, 0.004, evenly)), 9);
  });

  it("takes fewer requests to ask a member where it commits for fewer than were assumed, and never more", () => {
    const committing = (share: number): World => computing(0.12, 0.001, requestsPerSecond, (hour) => requestsPerSecond(hour) * share);
    const assumed = added(computing(0.12, 0.001));
    expect(added(committing(0.4))).toBe(assumed);
    expect(added(committing(0.06))).toBeGreaterThan(assumed);
  });

  it("keeps what it assumed where commits are told of fewer hours than a decision needs", () => {
    const seldom: Signal = (hour) => (hour % 3 === 0 ? 16 : Number.NaN);
    expect(added(computing(0.12, 0.001, requestsPerSecond, seldom))).toBe(added(computing(0.12, 0.001)));
  });
});
