/** A peak that comes once a month, and whatever has no point just then: no rule may take the quiet hours for the worst ones. */
import { describe, expect, it } from "vitest";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import { type Metric, metricOf, metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { hangsOnLoad, tellsLoad } from "../../../../optimizer/core/metrics/what-load-moves.ts";
import type { SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import { refKey } from "../../../../optimizer/core/model/resource-ref.ts";
import type { Decision } from "../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { bolder } from "../../../support/bolder.ts";
import { movingOn } from "../../../support/courses.ts";
import { aBalancer, aGroup, aWorld, groupSees, primary, secondary, type World } from "../../../support/world.ts";

/** World's first day is Monday, 6 April 2026. The last working day of April is a Thursday, of May a Friday: no hour of the week has both. */
const closes = [Date.UTC(2026, 3, 30, 8), Date.UTC(2026, 4, 29, 8)].map((ms) => (ms - Date.UTC(2026, 3, 6)) / 3_600_000);
const closeHours = 3;
const times = 2.5;

function isClosing(hour: number): boolean {
  return closes.some((start) => hour >= start && hour < start + closeHours);
}

const withBalancers = [primary, secondary].reduce(
  (world, region) => world.with(aBalancer(region)).sees(metrics.balancerRequests, aBalancer(region).fullName, 90_000, region),
  account(60),
);

/** Everything that load moves is more of at each close; what is `hidden` has no point then. */
function closing(world: World, hidden: (key: SeriesKey) => boolean = () => false): World {
  return world.turned((value, key, hour) => {
    if (!isClosing(hour)) return value;
    if (hidden(key)) return Number.NaN;
    return tellsLoad(key) ? Math.min(value * times, metricOf(key)?.unit === "Percent" ? 100 : Number.POSITIVE_INFINITY) : value;
  });
}

function decided(world: World): readonly Decision[] {
  return decideAll(rules, world.facts(rules));
}

const byTruth = decided(closing(withBalancers));

const moved = Object.entries<Metric>(metrics).filter(([, metric]) => hangsOnLoad(seriesKey(metric, primary, {}, "Maximum", 3600)));

describe("a peak of every month", () => {
  it("matters: more is proposed without it", () => {
    const resources = bolder(byTruth, decided(withBalancers)).map((words) => words.slice(0, words.indexOf(": ")));
    expect(resources).toEqual([
      "auto-scaling-group:eu-west-1:web",
      "auto-scaling-group:us-east-1:web",
      "auto-scaling-group:us-west-2:web",
      "ecs-service:us-east-1:main/app",
      "redis-replication-group:us-east-1:cache",
      "aurora-cluster:us-east-1:crowded",
      "aurora-cluster:us-east-1:serverless",
      "rds-instance:us-east-1:mysql",
    ]);
  });

  it.each(moved)("makes no rule bolder by hiding %s", (_, hidden) => {
    expect(bolder(byTruth, decided(closing(withBalancers, (key) => metricOf(key) === hidden)))).toEqual([]);
  });

  it.each(["AWS/EC2", "AWS/ECS", "AWS/RDS", "AWS/ElastiCache", "AWS/Lambda", "CWAgent"])("makes no rule bolder by hiding all of %s", (namespace) => {
    // The region without a load balancer has nothing else that could tell.
    const others = byTruth.filter(({ resource }) => resource.region !== "eu-west-1");
    const found = decided(closing(withBalancers, (key) => key.namespace === namespace)).filter(({ resource }) => resource.region !== "eu-west-1");
    expect(bolder(others, found)).toEqual([]);
  });
});

const group = groupSees(aWorld().with(aGroup()), "web", { cpu: 20 }).turned(movingOn);
const watched = group.with(aBalancer()).sees(metrics.balancerRequests, aBalancer().fullName, (hour) => (isClosing(hour) ? 200_000 : 90_000));
const asked = rules.filter(({ id }) => id === "asg.instance-type" || id === "asg.capacity");

function outcomes(world: World): readonly string[] {
  return decideAll(asked, world.facts(asked)).map((decision) =>
    decision.kind === "skip" ? `${decision.rule}: ${decision.code}: ${decision.detail}` : `${decision.rule} ${refKey(decision.resource)}: ${decision.kind}`,
  );
}

/** Without points in those hours. */
function gap(world: World, metric: string, isGap: (hour: number) => boolean): World {
  return world.turned((value, key, hour) => (key.metric === metric && isGap(hour) ? Number.NaN : value));
}

describe("what hides a peak", () => {
  const proposed = ["asg.capacity auto-scaling-group:us-east-1:web: proposal", "asg.instance-type auto-scaling-group:us-east-1:web: proposal"];

  it("is told with the hour, and with what was asked then", () => {
    const words =
      "insufficient-data: mem_used_percent Maximum of web has no point at 2026-04-30 08:00 UTC, when RequestCount Sum of app/web/0123456789abcdef was 222.2 % of the most in any hour of which it has: what such an hour asks for is not known";
    expect(outcomes(gap(watched, "mem_used_percent", isClosing))).toEqual([`asg.capacity: ${words}`, `asg.instance-type: ${words}`]);
  });

  it("is no gap of an ordinary hour", () => {
    expect(outcomes(watched)).toEqual(proposed);
    expect(outcomes(gap(watched, "mem_used_percent", (hour) => isClosing(hour - 24)))).toEqual(proposed);
  });

  it("is no gap of one peak where another is known", () => {
    expect(outcomes(gap(watched, "mem_used_percent", (hour) => isClosing(hour) && hour > 1000))).toEqual(proposed);
  });

  it("is nothing that the room above the worst hour would hold", () => {
    const little = (world: World, requests: number): World =>
      world.sees(metrics.balancerRequests, aBalancer().fullName, (hour) => (isClosing(hour) ? requests : 90_000));
    expect(outcomes(gap(little(watched, 99_000), "CPUUtilization", isClosing))).toEqual(proposed);
    expect(outcomes(gap(little(watched, 101_000), "CPUUtilization", isClosing)).map((words) => words.includes("insufficient-data"))).toEqual([true, true]);
  });

  it("is a day of another type, whose figures do not count", () => {
    const [first = 0] = closes;
    const startMs = Date.UTC(2026, 3, 6);
    const on = (day: number) => [{ instanceType: "m5.8xlarge", fromMs: startMs + day * 86_400_000, untilMs: startMs + (day + 1) * 86_400_000 }];
    const tried = (day: number): World =>
      groupSees(aWorld().with(aGroup({ otherTypes: on(day) }), aBalancer()), "web", { cpu: 20 })
        .turned(movingOn)
        .sees(metrics.balancerRequests, aBalancer().fullName, (hour) => (isClosing(hour) && hour < first + closeHours ? 200_000 : 90_000));
    const closingDay = Math.floor(first / 24);
    expect(outcomes(tried(closingDay))[0]).toBe(
      "asg.capacity: insufficient-data: figures of another size do not count at 2026-04-30 08:00 UTC, when RequestCount Sum of app/web/0123456789abcdef was 222.2 % of the most in any hour of which they do: what such an hour asks for is not known",
    );
    expect(outcomes(tried(closingDay - 2))).toEqual(proposed);
  });

  it("is told beside the requirement's own target, which asks for no worst hour", () => {
    const literally = gap(watched, "mem_used_percent", isClosing).policed({ rules: { decision: "literal" } });
    const [decision] = decideAll(asked, literally.facts(asked));
    expect(decision).toMatchObject({ kind: "proposal" });
    expect(decision?.kind === "proposal" ? decision.warnings : []).toContainEqual(
      expect.stringContaining("not projected: mem_used_percent Maximum of web has no point at 2026-04-30 08:00 UTC"),
    );
  });
});
