import { describe, expect, it } from "vitest";
import { tickAt } from "../../../simulation/load/tick.ts";
import { scenarioSchema } from "../../../simulation/scenario/schema.ts";
import { groupField, groupLoad } from "../../../simulation/services/auto-scaling/load.ts";
import { indexField, indexLoad } from "../../../simulation/services/dynamodb/load.ts";
import { tables } from "../../../simulation/services/dynamodb/table.ts";
import { balancerField, balancerLoad } from "../../../simulation/services/elb/load.ts";
import { clusterField, clusterLoad, memberField } from "../../../simulation/services/rds/cluster-load.ts";
import { missShareOf, type MemberCapacity } from "../../../simulation/services/rds/member-load.ts";
import { fakeModel, fakeNames, instances, members, type FakeRegion } from "../../support/fake-account.ts";

const region = "us-east-1";
const requests = {
  traffic: { peakRequestsPerSecond: 1000, peakHourUtc: 12, noiseSigma: 0 },
  application: { vcpuSecondsPerRequest: 0.04, memoryBaseGib: 4, memoryMibPerRequestPerSecond: 20 },
};
const scenario = scenarioSchema.parse({
  regions: {
    [region]: {
      ...requests,
      database: { writesPerRequest: 0.3, readsPerRequest: 0.8, writeVcpuSeconds: 0.01, readVcpuSeconds: 0.005, backgroundVcpu: 0 },
      tables: { "tap-{suffix}-tenants": { indexes: { "by-plan": { readsPerSecond: 10, unitsPerRead: 1 } } } },
    },
  },
});
const startMs = Date.parse(scenario.start);
const noon = tickAt(startMs + 12 * 3_600_000);
const noonMs = noon * 300_000;

function model(fake: FakeRegion) {
  return fakeModel(scenario, { [region]: fake });
}

function groupAtNoon(view: FakeRegion, field: number): number {
  return groupLoad(model(view), region, fakeNames.group)?.at(noon, field) ?? Number.NaN;
}

function balancerAtNoon(fake: FakeRegion) {
  const rows = balancerLoad(model(fake), region, fakeNames.loadBalancer);
  const at = (field: number): number => rows?.at(noon, field) ?? Number.NaN;
  return {
    requests: at(balancerField.requests),
    target5xx: at(balancerField.target5xx),
    balancer5xx: at(balancerField.balancer5xx),
    p99Seconds: Math.exp(at(balancerField.latencyLocation) + 2.326 * at(balancerField.latencyScale)),
  };
}

const fleet = (type: string, count = 15): FakeRegion => ({ group: () => instances(type, count) });

describe("a group", () => {
  it("has a utilization that rises as its capacity falls: by half the vCPUs, by fewer instances", () => {
    const whole = groupAtNoon(fleet("m5.4xlarge"), groupField.cpu);
    expect(whole).toBeCloseTo((1000 * 0.04) / (15 * 16), 3);
    expect(groupAtNoon(fleet("m5.2xlarge"), groupField.cpu) / whole).toBeCloseTo(2, 10);
    expect(groupAtNoon(fleet("m5.4xlarge", 10), groupField.cpu) / whole).toBeCloseTo(1.5, 10);
  });

  it("keeps its memory when instances get smaller: base and requests are the same, the share is not", () => {
    expect(groupAtNoon(fleet("m5.2xlarge"), groupField.memory) / groupAtNoon(fleet("m5.4xlarge"), groupField.memory)).toBeCloseTo(2, 10);
  });

  it("fills its small instances first while a refresh mixes types", () => {
    const mixed: FakeRegion = { group: () => ({ instances: { "m5.4xlarge": 2, "m5.xlarge": 2 }, zones: 2 }) };
    expect(groupAtNoon(mixed, groupField.rejected)).toBeGreaterThan(0.2);
    expect(groupAtNoon(fleet("m5.4xlarge", 4), groupField.rejected)).toBe(0);
  });

  it("does not exist before the history that the scenario gives it", () => {
    const rows = groupLoad(model(fleet("m5.4xlarge")), region, fakeNames.group);
    const firstTick = tickAt(startMs - scenario.historyDays * 86_400_000);
    expect(rows?.at(firstTick, groupField.instances)).toBe(15);
    expect(rows?.at(firstTick - 1, groupField.instances)).toBeNaN();
  });

  it("of an unknown instance type is refused, not guessed", () => {
    expect(() => groupAtNoon(fleet("x9.huge"), groupField.cpu)).toThrow(/not simulated: load on x9.huge/);
  });
});

describe("a load balancer", () => {
  it("answers with few errors and its usual p99 when there is room", () => {
    const seen = balancerAtNoon(fleet("m5.4xlarge"));
    expect(seen.balancer5xx + seen.target5xx).toBeLessThan(0.001 * seen.requests);
    expect(seen.p99Seconds).toBeLessThan(0.46);
  });

  it("loses the requests that do not fit, and its p99 is the time-out", () => {
    const seen = balancerAtNoon(fleet("m5.4xlarge", 2));
    expect(seen.balancer5xx / seen.requests).toBeCloseTo(1 - (2 * 16) / (1000 * 0.04), 1);
    expect(seen.p99Seconds).toBeCloseTo(30, 1);
  });

  it("answers 503 to everything without instances, and counts no request", () => {
    const seen = balancerAtNoon(fleet("m5.4xlarge", 0));
    expect(seen.requests).toBe(0);
    expect(seen.target5xx).toBe(0);
    expect(seen.balancer5xx).toBeGreaterThan(290_000);
  });

  it("shows errors only for the seconds in which the writer fails over", () => {
    const secondsDown = 30;
    const down = (atMs: number): boolean => atMs >= noonMs + 60_000 && atMs < noonMs + 60_000 + secondsDown * 1000;
    const failingOver = (atMs: number): readonly MemberCapacity[] =>
      members(["db.r6g.4xlarge", "db.r6g.4xlarge"]).map((member, at) => (at === 0 && down(atMs) ? { ...member, available: false } : member));
    const changesMs = [noonMs + 60_000, noonMs + 60_000 + secondsDown * 1000];
    const seen = balancerAtNoon({ ...fleet("m5.4xlarge"), members: failingOver, changesMs });
    expect(seen.target5xx / seen.requests).toBeCloseTo((0.3 * secondsDown) / 300, 2);
  });
});

describe("a cluster", () => {
  function cluster(members_: (atMs: number) => readonly MemberCapacity[], changesMs: readonly number[] = []) {
    return clusterLoad(model({ ...fleet("m5.4xlarge"), members: members_, changesMs }), region, fakeNames.cluster);
  }

  function cpu(classes: readonly string[], identifier: string): number {
    const load = cluster(() => members(classes));
    if (load === null) throw new Error("the cluster is described");
    return load.rows.at(noon, load.memberFieldOf(identifier, memberField.cpu));
  }

  it("gives writes to the writer and shares reads among the readers", () => {
    const big = "db.r6g.4xlarge";
    expect(cpu([big, big, big], "tap-prod-aurora-1")).toBeCloseTo((1000 * 0.3 * 0.01) / 16, 3);
    expect(cpu([big, big, big], "tap-prod-aurora-2")).toBeCloseTo((500 * 0.8 * 0.005) / 16, 3);
    expect(cpu([big, "db.r6g.2xlarge", big], "tap-prod-aurora-2")).toBeCloseTo((500 * 0.8 * 0.005) / 8, 3);
    expect(cpu([big], "tap-prod-aurora-1")).toBeCloseTo((1000 * (0.3 * 0.01 + 0.8 * 0.005)) / 16, 3);
  });

  it("loses a reader's reads only until clients have turned to the other one", () => {
    const goneFromMs = noonMs + 100_000;
    const load = cluster(
      (atMs) =>
        members(["db.r6g.4xlarge", "db.r6g.4xlarge", "db.r6g.4xlarge"]).map((member, at) =>
          at === 1 && atMs >= goneFromMs ? { ...member, available: false } : member,
        ),
      [goneFromMs],
    );
    expect(load?.rows.at(noon, clusterField.failed)).toBeCloseTo((0.8 * 0.5 * 5) / 300, 6);
    expect(load?.rows.at(noon + 1, clusterField.failed)).toBe(0);
  });

  it("misses its buffer pool once the working set does not fit", () => {
    expect(missShareOf(48, 40)).toBe(missShareOf(96, 40));
    expect(missShareOf(24, 40)).toBeGreaterThan(0.15);
  });
});

describe("an index", () => {
  const at = (cap: number | null, field: number): number => {
    const capped = model({ tables: { "tap-prod-tenants": { "by-plan": () => cap } } });
    const table = capped.state.of(tables).get(region, "tap-prod-tenants");
    if (table === undefined) throw new Error("the table is there");
    return indexLoad(capped, table, "by-plan").at(noon, field);
  };

  it("answers what its cap allows and throttles the rest", () => {
    expect(at(-1, indexField.units)).toBeCloseTo(3000, 6);
    expect(at(1, indexField.units)).toBeCloseTo(300, 6);
    expect(at(1, indexField.throttled)).toBeCloseTo(2700, 6);
  });

  it.each([
    [40, 10, [0, 20, 20, 0]],
    [1, 10, [0, 1, 0, 0]],
    [3, 10, [0, 2, 1, 0]],
  ])("is read by %s calls that come once, in their %s minutes and at no other time, each as a whole", (calls, minutes, expected) => {
    const dated = { start: 12, minutes, calls };
    const rare = scenarioSchema.parse({
      regions: { [region]: { ...requests, tables: { "tap-{suffix}-tenants": { indexes: { "by-plan": { dated: [dated] } } } } } },
    });
    const loaded = fakeModel(rare, { [region]: { tables: { "tap-prod-tenants": { "by-plan": () => -1 } } } });
    const [table] = loaded.state.of(tables).in(region);
    if (table === undefined) throw new Error("the table is there");
    const reads = [-1, 0, 1, 2].map((tick) => indexLoad(loaded, table, "by-plan").at(noon + tick, indexField.reads));
    expect(reads).toEqual(expected);
  });

  it("is silent once it is gone", () => {
    expect(at(null, indexField.units)).toBeNaN();
  });
});

it("is a pure function: two models, asked in different orders, agree", () => {
  const fake = { ...fleet("m5.4xlarge"), members: () => members(["db.r6g.4xlarge", "db.r6g.4xlarge"]) };
  const ticks = Array.from({ length: 300 }, (_, n) => noon - 400 + n);
  const read = (order: readonly number[]): ReadonlyMap<number, number | undefined> => {
    const rows = balancerLoad(model(fake), region, fakeNames.loadBalancer);
    return new Map(order.map((tick) => [tick, rows?.at(tick, balancerField.target5xx)]));
  };
  const forward = read(ticks);
  const backward = read([...ticks].reverse());
  expect(ticks.map((tick) => forward.get(tick))).toEqual(ticks.map((tick) => backward.get(tick)));
});
