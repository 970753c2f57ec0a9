import { describe, expect, it } from "vitest";
import { capacities } from "../../../../contract/capacities.ts";
import { throttleChecks } from "../../../../optimizer/core/levers/dynamodb/capacity.ts";
import { serviceChecks } from "../../../../optimizer/core/levers/ecs/load.ts";
import { sizeChecks } from "../../../../optimizer/core/levers/redis/size-checks.ts";
import { rules, ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import type { OwnCheck } from "../../../../optimizer/core/model/action.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { actionsOf } from "../../../../optimizer/core/model/rule.ts";
import type { RuleId } from "../../../../optimizer/core/model/rule-id.ts";
import { limitWords } from "../../../../optimizer/core/observation/own-checks.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { readersSee } from "../../../support/aurora-readers.ts";
import { aServerlessCluster, serverlessSees } from "../../../support/aurora-serverless.ts";
import { aService } from "../../../support/container-services.ts";
import type { LambdaFunction } from "../../../../optimizer/core/levers/lambda/lambda-function.ts";
import { aFunction, functionSees } from "../../../support/functions.ts";
import { aProvisionedTable, capacitySees } from "../../../support/provisioned-tables.ts";
import { anRdsInstance, instanceSees } from "../../../support/rds-instances.ts";
import { aCluster, aGroup, aMember, aRedisGroup, aWorld, groupSees, memberSees, type World } from "../../../support/world.ts";

const told = (checks: readonly OwnCheck[] | undefined): readonly string[] => (checks ?? []).map((check) => `${check.name}: ${limitWords(check)}`);

/** What each action that the rule proposes promises of the resource. */
function promised(world: World, rule: RuleId): readonly (readonly string[])[] {
  return decideAll([ruleOf(rule)], world.facts([ruleOf(rule)])).flatMap((decision) =>
    decision.kind === "proposal" ? actionsOf(decision).map(({ checks }) => told(checks)) : [],
  );
}

describe("what is watched of a changed resource itself", () => {
  const literal = { ...defaultPolicy, rules: { ...defaultPolicy.rules, decision: "literal" as const } };

  it("of Redis: engine and memory of each node, and that nothing is evicted; by its condition alone nothing but evictions", () => {
    const group = aRedisGroup({ shards: 2, nodes: 2 });
    const { id } = group.ref;
    const checks = sizeChecks({ policy: defaultPolicy, capacities }, group, "cache.r6g.large");
    expect(told(checks)).toEqual([
      `engine CPU of the busiest node of ${id}: at most 90 %`,
      `memory of the fullest node of ${id}: at most 90 %`,
      // 90 % of 65,000.
      `connections to one node of ${id}: at most 58,500`,
      `network of the busiest node of ${id}, of the baseline of cache.r6g.large: at most 90 %`,
      `evictions of ${id}: none`,
    ]);
    expect(checks.map(({ series }) => [...new Set(series.map(({ dimensions }) => dimensions["CacheClusterId"]))])).toEqual(
      checks.map(() => group.nodeGroups.flatMap(({ members }) => members)),
    );
    expect(told(sizeChecks({ policy: literal, capacities }, group, "cache.r6g.large"))).toEqual([`evictions of ${id}: none`]);
  });

  it("follows the policy's worst hour and slot", () => {
    const policy = { ...defaultPolicy, rules: { ...defaultPolicy.rules, maxWorstHourShare: 0.7 }, window: { ...defaultPolicy.window, slotMinutes: 5 } };
    const checks = serviceChecks(policy, aService());
    expect(checks.map(({ limit }) => limit)).toEqual([70, 70]);
    expect(checks.flatMap(({ series }) => series.map(({ metric, periodSeconds }) => [metric, periodSeconds]))).toEqual([
      ["CPUUtilization", 300],
      ["MemoryUtilization", 300],
    ]);
  });

  it("of a function: throttles, its longest call against the new time-out, and calls at once against what is reserved", () => {
    const lambda = aFunction();
    const [checks = []] = promised(functionSees(aWorld().with(lambda), lambda), "lambda.function");
    expect(checks).toEqual([
      `throttled calls of ${lambda.ref.id}: none`,
      expect.stringMatching(/^longest call of .+, whose time-out is 300 s: at most 270,000 ms$/),
      `calls at once of ${lambda.ref.id}, for which 20 are reserved: at most 18`,
    ]);
  });

  it("of a function that a stream calls: how old its records get, where calls get slower", () => {
    const source = (arn: string) => ({ eventSources: { kind: "seen", value: [{ arn, isBounded: true }] } }) as const;
    const checksOf = (lambda: LambdaFunction) => promised(functionSees(aWorld().with(lambda), lambda), "lambda.function").flat();
    const age = "age of records when archive reads them: at most 600,000 ms";
    expect(checksOf(aFunction(source("arn:aws:kinesis:us-east-1:123456789012:stream/clicks")))).toContain(age);
    expect(checksOf(aFunction(source("arn:aws:sqs:us-east-1:123456789012:jobs")))).not.toContain(age);
    expect(checksOf(aFunction({ memoryMb: 512, ...source("arn:aws:kinesis:us-east-1:123456789012:stream/clicks") }))).not.toContain(age);
  });

  it("of a group: CPU, network and volumes on average, these of the baseline of the type that it goes to", () => {
    const of = (type: string) => [
      "CPU of web: at most 90 %",
      `network of web, of the baseline of ${type}: at most 90 %`,
      `EBS of web, of the baseline of ${type}: at most 90 %`,
    ];
    const world = groupSees(aWorld().with(aGroup()), "web", { cpu: 20 });
    expect(promised(world, "asg.instance-type")).toEqual([of("m5.2xlarge")]);
    expect(promised(world, "asg.capacity")).toEqual([of("m5.2xlarge")]);
  });

  it("of a group's network: bytes of a sample in percent of the baseline bandwidth, the larger direction; of its volumes both together", () => {
    const [decision] = decideAll([ruleOf("asg.instance-type")], groupSees(aWorld().with(aGroup()), "web", { cpu: 20 }).facts([ruleOf("asg.instance-type")]));
    const checks = decision?.kind === "proposal" ? (actionsOf(decision)[0]?.checks ?? []) : [];
    const { networkBaselineGbps, ebsBaselineMbps } = capacities.ec2("m5.2xlarge") ?? {};
    // With basic monitoring a sample is of five minutes: so many bytes are all of the baseline.
    const wholeBytes = { network: ((networkBaselineGbps ?? 0) * 1e9 * 300) / 8, EBS: ((ebsBaselineMbps ?? 0) * 1e6 * 300) / 8 };
    const scaled = checks.slice(1).map(({ factor = 1, series, summed }, at) => ({
      percent: Math.round(factor * (at === 0 ? wholeBytes.network : wholeBytes.EBS)),
      series: series.map(({ metric, statistic }) => `${metric} ${statistic}`),
      summed,
    }));
    expect(scaled).toEqual([
      { percent: 100, series: ["NetworkIn Average", "NetworkOut Average"], summed: undefined },
      { percent: 100, series: ["EBSReadBytes Average", "EBSWriteBytes Average"], summed: true },
    ]);
  });

  it("of Aurora's resized members one by one: CPU, connections, twice the misses of the worst hour, or 5 %, and as many reads as in all of it, or 200 a second", () => {
    const seen = (hits: number, reads: number) =>
      ["aurora-1", "aurora-2"].reduce(
        (world, member) =>
          memberSees(world, member, { cpu: 8 })
            .sees(metrics.rdsHitRatio, member, (hour) => (hour === 50 ? hits : 99.99))
            .sees(metrics.rdsReadIops, member, (hour) => (hour === 50 && member === "aurora-1" ? reads : 3)),
        aWorld().with(aCluster()),
      );
    const members = (least: string, reads: string) =>
      ["aurora-2", "aurora-1"].map((member) => [
        `CPU of ${member}: at most 90 %`,
        // 90 % of the 3,000 that db.r6g.xlarge takes.
        `connections to ${member}: at most 2,700`,
        `buffer cache hit ratio of ${member}: at least ${least} %`,
        `reads from storage of ${member}: at most ${reads} a second`,
      ]);
    expect(promised(seen(99, 49), "aurora.writer-class")).toEqual(members("95", "200"));
    expect(promised(seen(90, 900), "aurora.writer-class")).toEqual(members("80", "3,600"));
    // Of a twentieth of the hours nobody knows how many were usual.
    const gaps = seen(99, 49).sees(metrics.rdsReadIops, "aurora-2", (hour) => (hour % 20 < 19 ? Number.NaN : 3));
    expect(promised(gaps, "aurora.writer-class")).toEqual(members("95", "").map((checks) => checks.slice(0, 3)));
  });

  it("lets a quiet cluster's pool fill for hours, by reads that nobody feels", () => {
    const world = ["aurora-1", "aurora-2"].reduce((seen, member) => memberSees(seen, member, { cpu: 8 }), aWorld().with(aCluster()));
    const [decision] = decideAll([ruleOf("aurora.writer-class")], world.facts([ruleOf("aurora.writer-class")]));
    const checks = decision?.kind === "proposal" ? (actionsOf(decision)[0]?.checks ?? []) : [];
    const [hits, reads] = ["buffer cache", "reads from storage"].map((name) => checks.find((check) => check.name.startsWith(name)));
    expect(hits?.harmlessUpTo).toEqual({ check: reads?.name, value: 200 });
  });

  it("takes no misses for harmless by reads that nobody watches", () => {
    const gap = (hour: number) => (hour % 20 < 19 ? Number.NaN : 3);
    const world = ["aurora-1", "aurora-2"].reduce(
      (seen, member) => memberSees(seen, member, { cpu: 8 }).sees(metrics.rdsReadIops, member, gap),
      aWorld().with(aCluster()),
    );
    const [decision] = decideAll([ruleOf("aurora.writer-class")], world.facts([ruleOf("aurora.writer-class")]));
    const checks = decision?.kind === "proposal" ? (actionsOf(decision)[0]?.checks ?? []) : [];
    const watched = checks.map(({ name }) => name);
    expect(watched.filter((name) => name.startsWith("buffer cache"))).toHaveLength(1);
    for (const { harmlessUpTo, why } of checks) {
      expect(harmlessUpTo).toBeUndefined();
      expect(why).not.toContain("read from storage");
    }
  });

  it("of an instance outside of clusters: all that its new class has a limit for, storage by bytes and by operations", () => {
    const instance = anRdsInstance();
    const policy = { baselineDays: 14, rules: { rdsInstanceClass: { target: "db.m6g.large" } } };
    const [checks = []] = promised(instanceSees(aWorld().policed(policy).with(instance), instance, {}), "rds.instance-class");
    const { id } = instance.ref;
    expect(checks).toEqual([
      `CPU of ${id}: at most 90 %`,
      // 90 % of 648.
      `connections to ${id}: at most 583.2`,
      `network of ${id}, of the baseline of db.m6g.large: at most 90 %`,
      `storage throughput of ${id}, of the baseline of db.m6g.large: at most 90 %`,
      `storage reads and writes of ${id}, of the baseline of db.m6g.large: at most 90 %`,
    ]);
  });

  it("of a database's and a cache's traffic: all that the new size sustains is 100 %, in the unit in which AWS tells each", () => {
    const host = capacities.rdsHost("db.m6g.large");
    const cache = capacities.redis("cache.r6g.large");
    if (host === undefined || cache === undefined) throw new Error("the capacities are known");
    const policy = { baselineDays: 14, rules: { rdsInstanceClass: { target: "db.m6g.large" } } };
    const world = instanceSees(aWorld().policed(policy).with(anRdsInstance()), anRdsInstance(), {});
    const [decision] = decideAll([ruleOf("rds.instance-class")], world.facts([ruleOf("rds.instance-class")]));
    const ofInstance = decision?.kind === "proposal" ? (actionsOf(decision)[0]?.checks ?? []) : [];
    const ofCache = sizeChecks({ policy: defaultPolicy, capacities }, aRedisGroup(), "cache.r6g.large");
    // RDS tells bytes and operations a second, ElastiCache bytes a minute.
    const whole = [
      { check: "network of mysql", amount: (host.networkBaselineGbps * 1e9) / 8, summed: undefined },
      { check: "storage throughput", amount: (host.ebsBaselineMbps * 1e6) / 8, summed: true },
      { check: "storage reads and writes", amount: host.ebsBaselineIops, summed: true },
      { check: "network of the busiest node", amount: (cache.networkBaselineGbps * 1e9 * 60) / 8, summed: undefined },
    ];
    for (const { check, amount, summed } of whole) {
      const found = [...ofInstance, ...ofCache].find(({ name }) => name.startsWith(check));
      expect((found?.factor ?? Number.NaN) * amount, check).toBeCloseTo(100, 6);
      expect(found?.summed, check).toBe(summed);
      expect(new Set(found?.series.map(({ metric }) => metric)).size, check).toBe(2);
    }
    expect(ofInstance.find(({ name }) => name.startsWith("connections"))?.series.map(({ statistic }) => statistic)).toEqual(["Maximum"]);
  });

  it("of a burstable class: CPU of what it sustains, since what it does beyond ends with its credits", () => {
    const instance = anRdsInstance({ instanceClass: "db.t3.large" });
    const world = instanceSees(aWorld().policed({ baselineDays: 14 }).with(instance), instance, { freeGib: 7.5 });
    const [decision] = decideAll([ruleOf("rds.instance-class")], world.facts([ruleOf("rds.instance-class")]));
    const [cpu] = decision?.kind === "proposal" ? (actionsOf(decision)[0]?.checks ?? []) : [];
    // 18 % of its processors are 90 % of the 20 % that they sustain.
    expect(cpu).toMatchObject({ name: `CPU of ${instance.ref.id}, of what db.t3.small sustains`, limit: 90, factor: 5 });
  });

  it("of Aurora's members of several classes: each by its own", () => {
    const cluster = aCluster({
      name: "mixed",
      members: ["1", "2", "3", "4"].map((n) =>
        aMember(`mixed-${n}`, { role: n === "1" ? "writer" : "reader", instanceClass: n === "1" ? "db.r6g.large" : "db.r6g.xlarge" }),
      ),
    });
    const world = readersSee(
      aWorld()
        .policed({ rules: { auroraReaderCount: { targetReaders: 2 } } })
        .with(cluster),
      cluster,
      { cpu: 5 },
    );
    const [checks = []] = promised(world, "aurora.reader-count");
    expect(checks.filter((check) => /^(?:CPU|connections)/.test(check))).toEqual([
      "CPU of mixed-1: at most 90 %",
      // 90 % of 1,000, and of 2,000.
      "connections to mixed-1: at most 900",
      "CPU of mixed-2, mixed-3: at most 90 %",
      "connections to mixed-2, mixed-3: at most 1,800",
    ]);
  });

  it("of Aurora with a reader less: the members that stay, and their lag", () => {
    const cluster = aCluster({
      name: "crowded",
      members: ["1", "2", "3"].map((n) => aMember(`crowded-${n}`, { role: n === "1" ? "writer" : "reader", instanceClass: "db.r6g.xlarge" })),
    });
    const [checks = []] = promised(readersSee(aWorld().with(cluster), cluster), "aurora.reader-count");
    expect(checks).toEqual([
      "CPU of crowded-1, crowded-2: at most 90 %",
      // 90 % of the 2,000 of the smallest of them.
      "connections to crowded-1, crowded-2: at most 1,800",
      expect.stringMatching(/^buffer cache hit ratio of crowded-1, crowded-2: at least /),
      expect.stringMatching(/^reads from storage of crowded-1, crowded-2: at most .+ a second$/),
      "replica lag of crowded: at most 100 ms",
    ]);
  });

  it("of Aurora looks at the members that its name tells, in each of its series", () => {
    const members = ["1", "2", "3"].map((n) => aMember(`own-${n}`, { role: n === "1" ? "writer" : "reader", instanceClass: "db.r6g.xlarge" }));
    const cluster = aCluster({ name: "own", members });
    const serverless = aServerlessCluster();
    const looked = (world: World, rule: RuleId) =>
      decideAll([ruleOf(rule)], world.facts([ruleOf(rule)])).flatMap((decision) =>
        decision.kind === "proposal"
          ? actionsOf(decision).flatMap(({ checks = [] }) =>
              checks.map(({ series }) => [...new Set(series.map(({ dimensions }) => dimensions["DBInstanceIdentifier"]))].join()),
            )
          : [],
      );
    expect(new Set(looked(readersSee(aWorld().with(cluster), cluster), "aurora.reader-count"))).toEqual(new Set(["own-1,own-2"]));
    const ranges = looked(serverlessSees(aWorld().with(serverless), serverless), "aurora.serverless-capacity");
    expect(new Set(ranges)).toEqual(new Set([serverless.members.map(({ identifier }) => identifier).join()]));
  });

  it("of a table on demand: throttles of what had none in the whole baseline, and nothing of what is not known", () => {
    const table = aProvisionedTable();
    const [rule] = [ruleOf("dynamodb.billing-mode")];
    const world = capacitySees(aWorld().with(table), "orders", { reads: 1, writes: 1 });
    const checksIn = (seen: World) => told(throttleChecks(seen.facts(rule), table));
    expect(checksIn(world)).toEqual(["throttled reads of orders: none", "throttled writes of orders: none"]);
    expect(checksIn(world.sees(metrics.dynamoReadThrottles, "orders", (hour) => (hour === 30 ? 2 : 0)))).toEqual(["throttled writes of orders: none"]);
    expect(checksIn(aWorld().with(table))).toEqual([]);
  });

  it("is nothing only where the rule says why", () => {
    expect(rules.flatMap(({ id, nothingOfItsOwn }) => (nothingOfItsOwn === undefined ? [] : [id]))).toContain("dynamodb.unused-gsi");
  });
});
