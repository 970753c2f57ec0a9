/** What holds of every rule's decisions, whatever the load: tried on an account for which each of them proposes something. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Capacities, capacities } from "../../../../contract/capacities.ts";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import { metricOf, metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { oncePer } from "../../../../optimizer/core/model/once.ts";
import type { SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import { refKey } from "../../../../optimizer/core/model/resource-ref.ts";
import type { Decision, Rule } from "../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { bolder, dollars, sizesOf } from "../../../support/bolder.ts";
import type { World } from "../../../support/world.ts";

type MetricName = keyof typeof metrics;

/**
 * What more load does to each metric: `more` of it, less that is left (`less`), more of what is lacking to 100 % (`misses`); or why it is
 * no load. The compiler asks it of every metric.
 */
const underLoad: { readonly [Name in MetricName]: "more" | "less" | "misses" | { readonly isNoLoad: string } } = {
  ec2Cpu: "more",
  ec2NetworkIn: "more",
  ec2NetworkOut: "more",
  ec2EbsReadBytes: "more",
  ec2EbsWriteBytes: "more",
  agentMemory: "more",
  groupInService: { isNoLoad: "how many instances carry it" },
  dynamoReads: "more",
  dynamoWrites: { isNoLoad: "writes beside an index or a stream that nobody reads make nobody read it, and are tried for billing by its own test" },
  dynamoReadThrottles: "more",
  dynamoReadCapThrottles: "more",
  dynamoWriteThrottles: "more",
  dynamoProvisionedReads: { isNoLoad: "what is paid for" },
  dynamoProvisionedWrites: { isNoLoad: "what is paid for" },
  dynamoIndexProgress: { isNoLoad: "how far an index is made" },
  dynamoCalls: "more",
  dynamoStreamRecords: "more",
  dynamoReplication: "more",
  rdsCpu: "more",
  rdsConnections: "more",
  rdsHitRatio: "misses",
  rdsReadIops: "more",
  rdsWriteIops: { isNoLoad: "the requirement compares reads with all operations: writes alone make their share smaller" },
  rdsFreeableMemory: "less",
  rdsReadThroughput: "more",
  rdsWriteThroughput: "more",
  rdsBytesIn: "more",
  rdsBytesOut: "more",
  rdsFreeLocalStorage: "less",
  auroraServerlessCapacity: "more",
  auroraAcuUtilization: "more",
  auroraCommits: { isNoLoad: "the same work in more transactions is less of each; what their work comes to is CPU" },
  auroraReplicaLag: "more",
  auroraVolumeBytes: "more",
  redisEngineCpu: "more",
  redisMemory: "more",
  redisUsedBytes: "more",
  redisFragmentation: "more",
  redisEvictions: "more",
  redisConnections: "more",
  redisGets: "more",
  redisSets: "more",
  redisBytesIn: "more",
  redisBytesOut: "more",
  s3Objects: { isNoLoad: "more objects of the same bytes are smaller ones" },
  s3StoredBytes: { isNoLoad: "what is saved grows with what is stored" },
  s3Requests: "more",
  s3DownloadedBytes: "more",
  s3Gets: "more",
  lambdaInvocations: "more",
  lambdaErrors: "more",
  lambdaThrottles: "more",
  lambdaConcurrency: "more",
  lambdaDuration: "more",
  lambdaIteratorAge: "more",
  lambdaUnreserved: "more",
  insightsUsedMemory: "more",
  insightsTotalMemory: { isNoLoad: "the memory that the function has" },
  insightsCpuTime: "more",
  ecsCpu: "more",
  ecsMemory: "more",
  insightsRunningTasks: { isNoLoad: "how many tasks carry it" },
  balancerRequests: "more",
  balancerTarget5xx: "more",
  balancerElb5xx: "more",
  balancerResponseTime: "more",
  balancerHealthyHosts: { isNoLoad: "who carries it" },
};

const loads = (Object.keys(underLoad) as readonly MetricName[]).filter((name) => typeof underLoad[name] === "string");
const names = new Map(Object.entries(metrics).map(([name, metric]) => [metric, name as MetricName]));
/** Looked up once for each series, not for each of its points. */
const nameOf = oncePer((key: SeriesKey): MetricName | undefined => {
  const metric = metricOf(key);
  return metric && names.get(metric);
});

/** A value of that metric under `factor` times the load. */
function loaded(value: number, name: MetricName, factor: number): number {
  const { unit } = metrics[name];
  const most = unit === "Percent" ? 100 : Number.POSITIVE_INFINITY;
  switch (underLoad[name]) {
    case "more":
      // Where there was none there is some.
      return Math.min(most, value * factor + (factor - 1));
    case "less":
      return value / factor;
    case "misses":
      return Math.max(0, 100 - (100 - value) * factor);
    default:
      return value;
  }
}

function underMoreLoad(world: World, grown: readonly MetricName[], factor: number): World {
  return world.turned((value, key) => {
    const name = nameOf(key);
    return name !== undefined && grown.includes(name) ? loaded(value, name, factor) : value;
  });
}

function decided(world: World, asked: readonly Rule[] = rules): readonly Decision[] {
  return decideAll(asked, world.facts(asked));
}

/** Each decision without its figures: what it comes to. */
function outcomes(decisions: readonly Decision[]): readonly string[] {
  return decisions.map(outcomeOf).toSorted();
}

function outcomeOf(decision: Decision): string {
  const { kind, rule, resource } = decision;
  const what = kind === "proposal" ? `${sizesOf(decision)}, ${dollars(decision)}` : kind === "skip" ? decision.code : "";
  return `${rule} ${refKey(resource)}: ${kind} ${what}`;
}

/** Of two weeks, which all rules but that of a bucket's objects are content with. */
const world = account(14);
const longer = account(35);
const asItIs = decided(world);

/** The rules on each kind of resource of which some rule reads this metric. */
function rulesReading(name: MetricName): readonly Rule[] {
  const kinds = rules
    .filter((rule) => rule.demands(world.inventory, world.policy).some((key) => metricOf(key) === metrics[name]))
    .map((rule) => rule.resourceKind);
  return rules.filter(({ resourceKind }) => kinds.includes(resourceKind));
}

describe("every rule, whatever the load", () => {
  it("is tried: each of those that act has a proposal", () => {
    const proposing = new Set([...asItIs, ...decided(longer, rulesReading("s3Objects"))].filter(({ kind }) => kind === "proposal").map(({ rule }) => rule));
    expect(rules.filter(({ id, judgedBy }) => judgedBy !== "never-executed" && !proposing.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it.each(loads.map((name) => [name, rulesReading(name)] as const).filter(([, readers]) => readers.length > 0))(
    "is never bolder for more of %s",
    (name, readers) => {
      const isOfBuckets = name.startsWith("s3");
      const account = isOfBuckets ? longer : world;
      const before = isOfBuckets ? decided(longer, readers) : asItIs.filter(({ rule }) => readers.some(({ id }) => id === rule));
      for (const factor of [1.3, 8]) expect(bolder(before, decided(underMoreLoad(account, [name], factor), readers)), `${factor} times ${name}`).toEqual([]);
    },
  );

  it("is never bolder for more of everything", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 8, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true }), (less, more) => {
        expect(bolder(decided(underMoreLoad(world, loads, less)), decided(underMoreLoad(world, loads, less * more)))).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });

  it("decides the same in whichever order AWS names the resources", () => {
    expect(outcomes(decided(world.reversed()))).toEqual(outcomes(asItIs));
  });

  it("decides the same at whichever hour of the week it plans", () => {
    /** A week that repeats itself, in a baseline of whole weeks: no hour of it is in it more often than another. */
    const weekly = world.turned((value, key, hour) => {
      const name = nameOf(key);
      return name !== undefined && underLoad[name] === "more" ? rhythm(value, hour) : value;
    });
    const now = outcomes(decided(weekly));
    expect(now.filter((outcome) => outcome.includes("proposal")).length).toBeGreaterThan(8);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 167 }), (hours) => {
        expect(outcomes(decided(weekly.later(hours)))).toEqual(now);
      }),
      { numRuns: 4 },
    );
  });

  it.each([0.5, 4])("decides the same where loads and what types can do are both %s times as large", (times) => {
    const scaled = world.offered(scaledCapacities(times)).turned((value, key) => (isAbsolute(key) ? value * times : value));
    const before = outcomes(asItIs).filter(isOfTypes);
    expect(before.length).toBeGreaterThan(8);
    expect(outcomes(decided(scaled)).filter(isOfTypes)).toEqual(before);
  });
});

/** Between four fifths of the value and all of it, by the hour of the week. */
function rhythm(value: number, hour: number): number {
  return value * (0.9 + 0.1 * Math.sin((2 * Math.PI * Math.floor(hour)) / 168));
}

/** Levers whose sizes are types with capacities of their own, each of which can be scaled. */
function isOfTypes(outcome: string): boolean {
  return ["asg.", "aurora.writer-class", "aurora.reader-count", "rds.instance-class"].some((rule) => outcome.startsWith(rule));
}

/** Figures that are not shares of a capacity, of the levers above. */
function isAbsolute({ namespace, metric }: SeriesKey): boolean {
  if (namespace === "AWS/EC2") return metric !== "CPUUtilization";
  return (
    namespace === "AWS/RDS" && !["CPUUtilization", "BufferCacheHitRatio", "AuroraReplicaLag", "ServerlessDatabaseCapacity", "ACUUtilization"].includes(metric)
  );
}

function scaledCapacities(times: number): Capacities {
  const every = <T extends object>(of: T | undefined): T | undefined =>
    of && (Object.fromEntries(Object.entries(of).map(([name, value]) => [name, name === "baselineShare" ? value : Number(value) * times])) as T);
  const one = (value: number | undefined): number | undefined => value && value * times;
  return {
    ...capacities,
    ec2: (type) => every(capacities.ec2(type)),
    rds: (type) => every(capacities.rds(type)),
    rdsHost: (type) => every(capacities.rdsHost(type)),
    rdsMysqlMaxConnections: (type) => one(capacities.rdsMysqlMaxConnections(type)),
    auroraMysqlMaxConnections: (type) => one(capacities.auroraMysqlMaxConnections(type)),
    auroraMaxConnections: (engine, type) => one(capacities.auroraMaxConnections(engine, type)),
    auroraLocalStorageGib: (engine, type) => one(capacities.auroraLocalStorageGib(engine, type)),
  };
}
