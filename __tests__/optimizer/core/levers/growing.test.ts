/** A load that grows by two percent a day, of each kind of resource: what just fits today does not in two weeks. */
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { ruleOf, rules } from "../../../../optimizer/core/levers/rules.ts";
import { type Metric, metricOf, metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { tellsLoad } from "../../../../optimizer/core/metrics/what-load-moves.ts";
import type { SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import type { Policy } from "../../../../optimizer/core/model/policy.ts";
import { refKey } from "../../../../optimizer/core/model/resource-ref.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { answeredKeys } from "../../../../optimizer/core/sizing/latency.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { movingOn } from "../../../support/courses.ts";
import { aBalancer, aGroup, aWorld, groupSees, noHabits, primary, secondary, type World } from "../../../support/world.ts";

const days = 60;
const daily = 1.02;
/** So many instances and tasks there are, whatever is asked of them. */
const numbers = new Set([metrics.groupInService, metrics.insightsRunningTasks]);

const withBalancers = [primary, secondary].reduce(
  (world, region) => world.with(aBalancer(region)).sees(metrics.balancerRequests, aBalancer(region).fullName, 90_000, region),
  account(days),
);

/** As much as `level` says of a day, of some metrics. */
function loaded(isOf: (key: SeriesKey) => boolean, level: (day: number) => number): World {
  return withBalancers.turned((value, key, hour) => {
    if (!isOf(key)) return value;
    return Math.min(value * level(hour / 24), metricOf(key)?.unit === "Percent" ? 100 : Number.POSITIVE_INFINITY);
  });
}

function everything(key: SeriesKey): boolean {
  const metric = metricOf(key);
  return tellsLoad(key) && metric !== undefined && !numbers.has(metric);
}

function only(metric: Metric): (key: SeriesKey) => boolean {
  return (key) => metricOf(key) === metric;
}

/** What is decided, by rule and resource. */
function decided(world: World): ReadonlyMap<string, string> {
  return new Map(
    decideAll(rules, world.facts(rules)).map((decision) => [
      `${decision.rule} ${refKey(decision.resource)}`,
      decision.kind === "proposal" ? decision.to : decision.kind === "skip" ? decision.code : "advice",
    ]),
  );
}

describe("a load that comes to as much, and grows by two percent a day", () => {
  it.each<readonly [string, (key: SeriesKey) => boolean, number, Readonly<Record<string, readonly [string, string]>>]>([
    [
      "everything, 1.3 times",
      everything,
      1.3,
      {
        "asg.capacity auto-scaling-group:eu-west-1:web": ["does-not-fit", "9 (9 to 17)"],
        "asg.capacity auto-scaling-group:us-east-1:web": ["does-not-fit", "9 (9 to 17)"],
        "asg.capacity auto-scaling-group:us-west-2:web": ["does-not-fit", "9 (9 to 17)"],
        "asg.instance-type auto-scaling-group:eu-west-1:web": ["m5.2xlarge", "does-not-fit"],
        "asg.instance-type auto-scaling-group:us-east-1:web": ["m5.2xlarge", "does-not-fit"],
        "asg.instance-type auto-scaling-group:us-west-2:web": ["m5.2xlarge", "does-not-fit"],
        "aurora.serverless-capacity aurora-cluster:us-east-1:serverless": ["scaled", "2–14 ACU"],
      },
    ],
    [
      "everything, 1.6 times",
      everything,
      1.6,
      {
        "asg.capacity auto-scaling-group:eu-west-1:web": ["9 (9 to 17)", "11 (10 to 17)"],
        "asg.capacity auto-scaling-group:us-east-1:web": ["9 (9 to 17)", "11 (10 to 17)"],
        "asg.capacity auto-scaling-group:us-west-2:web": ["9 (9 to 17)", "11 (10 to 17)"],
        "ecs.service ecs-service:us-east-1:main/app": ["3 × 512 CPU, 1024 MiB", "5 × 512 CPU, 1024 MiB"],
        "aurora.serverless-capacity aurora-cluster:us-east-1:serverless": ["scaled", "does-not-fit"],
        "rds.instance-class rds-instance:us-east-1:mysql": ["db.t3.small", "db.t3.medium"],
      },
    ],
    [
      "bytes of Redis",
      only(metrics.redisUsedBytes),
      2.2,
      {
        "redis.size redis-replication-group:us-east-1:cache": ["cache.r6g.xlarge, 1 shard of 2 nodes", "cache.r6g.2xlarge, 1 shard of 2 nodes"],
      },
    ],
    [
      "network of Redis",
      only(metrics.redisBytesOut),
      20,
      {
        "redis.size redis-replication-group:us-east-1:cache": ["cache.r6g.xlarge, 1 shard of 2 nodes", "cache.r6g.2xlarge, 1 shard of 2 nodes"],
      },
    ],
    [
      "memory of a function",
      only(metrics.insightsUsedMemory),
      2.5,
      {
        "lambda.function lambda-function:us-east-1:archive": ["1024 MB, 300 s, 20 reserved", "1152 MB, 300 s, 20 reserved"],
      },
    ],
    [
      "calls at once",
      only(metrics.lambdaConcurrency),
      2.5,
      {
        "lambda.function lambda-function:us-east-1:archive": ["1024 MB, 300 s, 20 reserved", "1024 MB, 300 s"],
      },
    ],
    [
      "CPU of databases",
      only(metrics.rdsCpu),
      2.6,
      {
        "aurora.reader-count aurora-cluster:us-east-1:crowded": ["1 reader", "does-not-fit"],
        "aurora.writer-class aurora-cluster:us-east-1:aurora": ["db.r6g.2xlarge", "does-not-fit"],
      },
    ],
    [
      "connections of databases",
      only(metrics.rdsConnections),
      1.7,
      {
        "aurora.reader-count aurora-cluster:us-east-1:crowded": ["1 reader", "does-not-fit"],
        "rds.instance-class rds-instance:us-east-1:mysql": ["db.t3.small", "db.t3.medium"],
      },
    ],
  ])("of %s: what fits one that stays, and what it takes instead", (_, isOf, times, expected) => {
    const steady = decided(loaded(isOf, () => times));
    const growing = decided(loaded(isOf, (day) => times * daily ** (day - days)));
    const changed = [...steady].filter(([subject, said]) => growing.get(subject) !== said);
    expect(Object.fromEntries(changed.map(([subject, said]) => [subject, [said, growing.get(subject)]]))).toEqual(expected);
  });
});

describe("a load that came to as much five days ago, and grows by six percent a day since", () => {
  it("is decided about as it will be in two weeks, of each kind of resource", () => {
    const begun = (day: number): number => 1.06 ** Math.max(0, day - (days - 5));
    const steady = decided(loaded(everything, () => 1.3));
    const growing = decided(loaded(everything, (day) => (1.3 * begun(day)) / begun(days)));
    const changed = [...steady].filter(([subject, said]) => growing.get(subject) !== said);
    expect(Object.fromEntries(changed.map(([subject, said]) => [subject, [said, growing.get(subject)]]))).toEqual({
      ...Object.fromEntries(
        ["eu-west-1", "us-east-1", "us-west-2"].map((region) => [`asg.instance-type auto-scaling-group:${region}:web`, ["m5.2xlarge", "does-not-fit"]]),
      ),
      "aurora.reader-count aurora-cluster:us-east-1:crowded": ["1 reader", "does-not-fit"],
      "aurora.serverless-capacity aurora-cluster:us-east-1:serverless": ["scaled", "does-not-fit"],
      "ecs.service ecs-service:us-east-1:main/app": ["3 × 512 CPU, 1024 MiB", "5 × 512 CPU, 1024 MiB"],
      "rds.instance-class rds-instance:us-east-1:mysql": ["db.t3.small", "db.t3.medium"],
      "redis.size redis-replication-group:us-east-1:cache": ["cache.r6g.xlarge, 1 shard of 2 nodes", "cache.r6g.2xlarge, 1 shard of 2 nodes"],
    });
  });
});

describe("a group whose policies answer a load that grows", () => {
  const asked = rules.filter(({ id }) => id === "asg.instance-type" || id === "asg.capacity");
  const habits = {
    ...noHabits,
    scalingPolicies: [{ name: "cpu", type: "TargetTrackingScaling", enabled: true, target: { metric: "ASGAverageCPUUtilization", value: 50 } }],
  };
  /** Twelve instances whose CPU comes to 21 %: on half as large ones to 42 %, 63 % with a zone lost; two weeks on to 55 % and 83 %. */
  const said = (maxSize: number, level: (day: number) => number): readonly string[] => {
    const group = aGroup({ minSize: 12, desiredCapacity: 12, maxSize, habits });
    const world = groupSees(aWorld().with(group), "web", { cpu: 20, size: 12 }).sees(metrics.ec2Cpu, "web", (hour) => 21 * level(hour / 24));
    return decideAll(asked, world.turned(movingOn).facts(asked)).map((decision) =>
      decision.kind === "proposal"
        ? `${decision.rule}: ${decision.to}`
        : decision.kind === "skip"
          ? `${decision.rule}: ${decision.code} ${decision.detail}`
          : "",
    );
  };
  const growing = (day: number): number => daily ** (day - days);

  it("goes to the smaller type where they may add as many as that takes by then", () => {
    expect(said(30, () => 1)).toContain("asg.instance-type: m5.2xlarge");
    expect(said(30, growing)).toContain("asg.instance-type: m5.2xlarge");
  });

  it("stays where its maximum would bind by then", () => {
    expect(said(12, () => 1)).toContain("asg.instance-type: m5.2xlarge");
    expect(said(12, growing)).toContainEqual(
      expect.stringMatching(
        /^asg\.instance-type: does-not-fit m5\.2xlarge: instances would be 1\d\d(?:\.\d)? %, at most 100 % .*its maximum of 12 would bind/u,
      ),
    );
  });

  it("keeps as many as let requests wait no longer by then, too", () => {
    // Six answer as fast today; but two weeks on they would be busier by a third.
    const number = (level: (day: number) => number) => {
      const group = aGroup({ instanceType: "m5.2xlarge", minSize: 12, desiredCapacity: 12, maxSize: 30, habits });
      const balancer = aBalancer();
      const world = groupSees(aWorld().with(group, balancer), "web", { cpu: 20, size: 12 })
        .sees(metrics.ec2Cpu, "web", (hour) => 17 * level(hour / 24))
        .sees(metrics.balancerRequests, balancer.fullName, (hour) => 35 * 900 * level(hour / 24))
        .sees(metrics.balancerResponseTime, balancer.fullName, 0.5);
      const rule = ruleOf("asg.capacity");
      const asking = { ...rule, demands: (_: Inventory, policy: Policy) => answeredKeys(group.ref.region, [balancer.fullName], policy) };
      const [decision] = rule.decide(world.turned(movingOn).facts([rule, asking]));
      if (decision?.kind !== "proposal") throw new Error(JSON.stringify(decision));
      const latency = decision.refused.flatMap(({ projections }) => projections.filter(({ dimension, fits }) => dimension === "latency" && !fits));
      return { to: decision.to, slower: latency.map(({ method }) => method.endsWith("two weeks on")) };
    };
    expect(number(() => 1)).toEqual({ to: "8 (6 to 15)", slower: [] });
    expect(number(growing)).toEqual({ to: "8 (7 to 15)", slower: [true] });
  });
});
