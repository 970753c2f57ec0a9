import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { loadWhenGivenMore, slowdownIn } from "../../../../../optimizer/core/levers/aurora/serverless-latency.ts";
import { serverlessLoad } from "../../../../../optimizer/core/levers/aurora/serverless-load.ts";
import { answeredKeys } from "../../../../../optimizer/core/sizing/latency.ts";
import type { Inventory } from "../../../../../optimizer/core/levers/resource-kinds.ts";
import type { Policy } from "../../../../../optimizer/core/model/policy.ts";
import { type AcuLoad, aServerlessCluster, aServerlessMember, serverlessSees } from "../../../../support/aurora-serverless.ts";
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

/** The one member stands at these capacity units and keeps so many vCPUs busy. */
function computingAt(acu: Signal, busyVcpu: Signal): World {
  return balanced(cluster, { "aurora-1": { acu, cpu: (hour, statistic) => (busyVcpu(hour, statistic) / 4) * 100 } });
}

/** Members so loaded behind the load balancer whose requests come by day. */
function balanced(of: typeof cluster, loads: Readonly<Record<string, AcuLoad>>): World {
  const balancer = aBalancer(of.ref.region);
  return serverlessSees(aWorld().with(balancer, of), of, loads)
    .sees(metrics.auroraVolumeBytes, "aurora", gib)
    .sees(metrics.balancerRequests, balancer.fullName, (hour) => requestsPerSecond(hour) * slotSeconds)
    .sees(metrics.balancerResponseTime, balancer.fullName, 0.5);
}

/** Share of its processors at which a member was given more, as far as it is known. */
function givenMoreAt(world: World, of = cluster): number | undefined {
  const today = { minAcu: 4, maxAcu: 16 };
  return loadWhenGivenMore(of, serverlessLoad({ facts: world.facts([rule]), cluster: of }, today), today);
}

/** A plan asks for them since its windows score them. */
const asking = { ...rule, demands: (_: Inventory, policy: Policy) => answeredKeys(cluster.ref.region, [balancerName(cluster.ref.region)], policy) };

/** What the requirement's range adds to the p99, of what a window allows. */
function added(world: World): number {
  const [decision] = rule.decide(world.facts([rule, asking]));
  if (decision === undefined) throw new Error("nothing was said of the cluster");
  const chosen = decision.kind === "proposal" && decision.chosen !== undefined ? [decision.chosen] : [];
  const target = [...chosen, ...(decision.refused ?? [])].find((candidate) => candidate.target === "1–4 ACU");
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

  describe("and when a member is given more, which AWS does not say", () => {
    /** From 4 units on the writer keeps so much of what it has busy; at night it stands at them. */
    const scaling = (share: number, acuOf = (needed: number) => Math.max(4, needed)) => {
      const busyVcpu: Signal = (hour) => (hour % 24 < 12 ? 1.4 + (hour % 5) / 10 : 0.1);
      return computingAt((hour, statistic) => acuOf(busyVcpu(hour, statistic) / share / 0.25), busyVcpu);
    };
    const night = 4;

    it("is seen where it keeps the same share of its processors busy at any capacity between minimum and maximum", () => {
      expect([0.5, 0.6, 0.7, 0.85].map((share) => givenMoreAt(scaling(share)))).toEqual([0.5, 0.6, 0.7, 0.85].map((share) => expect.closeTo(share, 9)));
    });

    it.each<[string, World]>([
      ["memory or connections hold it above the minimum, whatever it computes", scaling(0.7, () => 9)],
      ["it never leaves the minimum", scaling(0.7, () => 4)],
      ["it stands at the maximum as soon as it leaves the minimum", scaling(0.7, (needed) => (needed > night ? 16 : 4))],
      [
        "it is there for fewer than 24 hours",
        computingAt(
          (hour) => (hour < 23 ? 8 : 4),
          (hour) => (hour < 23 ? 1.4 : 0.1),
        ),
      ],
    ])("is not known where %s", (_, world) => {
      expect(givenMoreAt(world)).toBeUndefined();
    });

    it("is told by no reader that has what the writer has", () => {
      const reader = (promotionTier: number) => aServerlessCluster({ members: [aServerlessMember(1), aServerlessMember(2, { promotionTier })] });
      const loads = { "aurora-2": { acu: (hour: number) => 6 + (hour % 5), cpu: (hour: number) => ((6 + (hour % 5)) / 16) * 40 } };
      const told = (promotionTier: number) =>
        givenMoreAt(serverlessSees(aWorld().with(reader(promotionTier)), reader(promotionTier), loads), reader(promotionTier));
      expect([told(1), told(2)]).toEqual([undefined, expect.closeTo(0.4, 9)]);
    });

    it("counts a reader that has what the writer has with that, and one that has its own alone without", () => {
      const today = { minAcu: 4, maxAcu: 16 };
      // The writer is far above either minimum at all hours; the reader computes little.
      const addedWith = (promotionTier: number): number => {
        const of = aServerlessCluster({ members: [aServerlessMember(1), aServerlessMember(2, { promotionTier })] });
        const world = balanced(of, {
          "aurora-1": { acu: (hour) => 8 + (hour % 3), cpu: (hour) => ((8 + (hour % 3)) / 16) * 40 },
          "aurora-2": { cpu: (hour) => ((0.02 + requestsPerSecond(hour) * 0.002) / 4) * 100 },
        });
        const facts = world.facts([rule, asking]);
        return slowdownIn(facts, of, serverlessLoad({ facts, cluster: of }, today), today, { minAcu: 2, maxAcu: 16 })[0]?.projected ?? Number.NaN;
      };
      expect(addedWith(1)).toBeCloseTo(0, 9);
      expect(addedWith(2)).toBeGreaterThan(0.5);
    });

    it("adds nothing in an hour in which a member is given as much at either minimum", () => {
      // The busiest hours ask for more than 4 units, if 60 % is where AWS gives more; if 80 % is, for less.
      const busy: Signal = (hour) => (hour % 24 < 12 ? 0.62 : 0.05);
      const atSixty = computingAt((hour, statistic) => Math.max(4, busy(hour, statistic) / 0.6 / 0.25), busy);
      const unknown = computingAt(() => 4, busy);
      expect(added(atSixty)).toBeLessThan(added(unknown));
    });
  });
});
