import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { ContainerService } from "../../../../../optimizer/core/levers/ecs/container-service.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { aService, scaled, serviceSees } from "../../../../support/container-services.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { movingOn, type Signal } from "../../../../support/courses.ts";
import { aWorld, type World } from "../../../../support/world.ts";

const { proposal } = decisionsOf(ruleOf("ecs.service"));

const balancer = "app/web/0123456789abcdef";
/** In a slot of 15 minutes. */
const slotSeconds = 900;

/** Eight tasks of one vCPU and CPU in percent; requests a second, and the p99 of their answers. */
function answered(requestsPerSecond: number, p99Seconds: number, cpu: number | Signal = 6): World {
  const service = aService();
  return serviceSees(aWorld().policed({ baselineDays: 14 }).with(service), service, { cpu })
    .sees(metrics.balancerRequests, balancer, requestsPerSecond * slotSeconds)
    .sees(metrics.balancerResponseTime, balancer, p99Seconds);
}

describe("ecs.service: how much longer requests take", () => {
  it("takes the requirement's tasks where requests compute little of what they take", () => {
    // 8 × 6 % of a vCPU is 0.48, of 100 requests a second: 4.8 ms each. On 3 × half a vCPU at 32 %: ln(32) × 9.6 ÷ 0.68 + 9.6 = 58.5 ms.
    const decision = proposal(answered(100, 0.5));
    expect(decision.to).toBe("3 × 512 CPU, 1024 MiB");
    const before = Math.log(6) * (0.0048 / 0.94) + 0.0048;
    const after = Math.log(32) * (0.0096 / 0.68) + 0.0096;
    expect(decision.chosen?.projections.find(({ dimension }) => dimension === "latency")?.projected).toBeCloseTo((after - before) / (0.5 * 0.2), 9);
    expect(decision.warnings.join()).not.toContain("is not projected");
  });

  it("refuses tasks of half a vCPU where the same utilization is of few long requests", () => {
    // 48 ms of a vCPU each: on half a one at 32 % a hundredth takes 585 ms, which no p99 of half a second stays below 600 ms with.
    const decision = proposal(answered(10, 0.5));
    expect(decision.to).toBe("3 × 1024 CPU, 2048 MiB");
    expect(decision.refused[0]?.projections.filter(({ fits }) => !fits)).toMatchObject([{ dimension: "latency" }]);
  });

  it("looks at the hour that it adds most to, not at the mean", () => {
    const peak = (hour: number): number => (hour === 100 ? 30 : 6);
    const chosen = proposal(answered(100, 0.5, peak)).chosen?.projections.find(({ dimension }) => dimension === "latency");
    expect(chosen?.worstHour?.atMs).toBe(aWorld().policed({ baselineDays: 14 }).facts(ruleOf("ecs.service")).baseline.span.startMs + 100 * 3_600_000);
  });

  it("reckons with what grows of a service that no policy moves, registered to be scaled or not", () => {
    const course = (hour: number): number => 1.02 ** ((hour - 1439) / 24);
    const latency = (scaling: ContainerService["scaling"]): number => {
      const service = aService({ scaling });
      const world = serviceSees(aWorld().with(service), service, { cpu: (hour) => 6 * course(hour) })
        .sees(metrics.balancerRequests, balancer, (hour) => 100 * slotSeconds * course(hour))
        .sees(metrics.balancerResponseTime, balancer, 0.5)
        .turned(movingOn);
      return proposal(world).chosen?.projections.find(({ dimension }) => dimension === "latency")?.projected ?? Number.NaN;
    };
    const unmoved = latency({ kind: "seen", value: null });
    expect(unmoved).toBeGreaterThan(0);
    expect(latency(scaled({ policies: [] }))).toBeCloseTo(unmoved, 9);
  });

  it("says that nothing is projected where the load balancers tell nothing", () => {
    const service = aService();
    const world = serviceSees(aWorld().policed({ baselineDays: 14 }).with(service), service, {});
    expect(proposal(world).warnings.join()).toContain("how much longer requests take is not projected");
  });
});
