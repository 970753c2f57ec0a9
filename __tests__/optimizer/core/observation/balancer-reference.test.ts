import { describe, expect, it } from "vitest";
import { balancerSlotKeys } from "../../../../optimizer/core/metrics/balancer-slots.ts";
import { type Observation, type SeriesKey, seriesId } from "../../../../optimizer/core/model/observation.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import type { LoadBalancer } from "../../../../optimizer/core/levers/load-balancer/load-balancer.ts";
import { balancerReference } from "../../../../optimizer/core/observation/balancer-reference.ts";
import { knownReference } from "../../../../optimizer/core/observation/known-references.ts";
import { hourOfWeek } from "../../../../optimizer/core/observation/hour-of-week.ts";
import { balancerName, buildTestPlan, east, startMs } from "../../../support/plan-builder.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import { quarterMs } from "../../../support/window-traffic.ts";

const balancer = buildTestPlan().inventory.resources.find((resource): resource is LoadBalancer => resource.kind === "load-balancer")!;
const keys = balancerSlotKeys(balancer, 900);

interface Course {
  readonly requests: (ms: number) => number;
  readonly errors: (ms: number) => number;
  readonly p99: (ms: number) => number;
}

function baselineOf({ requests, errors, p99 }: Course, days = 60, status: Observation["status"] = "complete") {
  const fromMs = startMs - days * 86_400_000;
  const observation = (key: SeriesKey, course: (ms: number) => number): Observation => ({
    key,
    unit: "Count",
    startMs: fromMs,
    values: Float64Array.from({ length: days * 96 }, (_, slot) => course(fromMs + slot * quarterMs)),
    status,
  });
  const observations = [
    observation(keys.requests, requests),
    observation(keys.target5xx, errors),
    observation(keys.elb5xx, () => Number.NaN),
    observation(keys.p99, p99),
  ];
  return {
    span: { startMs: fromMs, endMs: startMs },
    observations: new Map(observations.map((each) => [seriesId(each.key), each])),
    metricRequests: 4,
  };
}

/** A day's rhythm, a quiet weekend, a little noise. */
function seasonal(seed: number, sigma: number): Course {
  const random = seededRandom(seed);
  const rhythm = (ms: number): number => 1 + 0.5 * Math.sin((2 * Math.PI * (hourOfWeek(ms) % 24)) / 24) - (hourOfWeek(ms) >= 120 ? 0.3 : 0);
  return {
    requests: (ms) => Math.round(10_000 * rhythm(ms)),
    errors: (ms) => random.poisson(10_000 * rhythm(ms) * 0.0005),
    p99: (ms) => 0.1 * rhythm(ms) * Math.exp(sigma * random.gaussian()),
  };
}

describe("a load balancer's reference", () => {
  it("knows the hours of the week: Monday 00:00 UTC is the first", () => {
    expect(hourOfWeek(Date.UTC(2026, 0, 5, 0))).toBe(0);
    expect(hourOfWeek(Date.UTC(2026, 0, 11, 23, 59))).toBe(167);
  });

  it("finds medians, noise and dispersion that were put in, and rolls back no window of healthy traffic", () => {
    const reference = balancerReference(baselineOf(seasonal(7, 0.1)), balancer, defaultPolicy)!;
    expect(reference).toMatchObject({ region: east, loadBalancer: balancerName(east), conclusiveShare: 1, falseRollbackShare: 0 });
    expect(reference.p99SecondsByHour[6]).toBeCloseTo(0.15, 1);
    expect(reference.requestsPerSlotByHour[6]).toBeGreaterThan(14_000);
    expect(reference.logP99Sigma).toBeGreaterThan(0.04);
    expect(reference.logP99Sigma).toBeLessThan(0.12);
    expect(reference.errorDispersion).toBeCloseTo(1, 0);
    expect(reference.errorRate).toBeCloseTo(0.0005, 4);
    expect(reference.smallestVisibleP99Increase).toBeGreaterThan(0.1);
    expect(reference.smallestVisibleP99Increase).toBeLessThan(0.4);
  });

  it("tells that a literal decision would roll back healthy traffic", () => {
    const literal = { ...defaultPolicy, window: { ...defaultPolicy.window, decision: "literal" as const } };
    expect(balancerReference(baselineOf(seasonal(7, 0.1)), balancer, literal)!.falseRollbackShare).toBeGreaterThan(0.9);
  });

  it("measures bursts as dispersion", () => {
    const random = seededRandom(3);
    const bursty = { ...seasonal(7, 0.05), errors: () => random.poisson(2) * 10 };
    expect(balancerReference(baselineOf(bursty), balancer, defaultPolicy)!.errorDispersion).toBeGreaterThan(7);
  });

  it("of a load balancer with too little traffic at night is not conclusive enough", () => {
    const quiet = { ...seasonal(7, 0.05), requests: (ms: number) => (hourOfWeek(ms) % 24 < 6 ? 50 : 10_000) };
    expect(balancerReference(baselineOf(quiet), balancer, defaultPolicy)!.conclusiveShare).toBeCloseTo(0.75, 1);
  });

  it("is found as well for windows of minutes, of which there are too many to look at all", () => {
    const policy = { ...defaultPolicy, window: { ...defaultPolicy.window, minutes: 60, soakMinutes: 30 } };
    const reference = balancerReference(baselineOf(seasonal(7, 0.1)), balancer, policy)!;
    // Four slots with a standard deviation of 0.1 each: the lower middle of them strays by less, and by more than a whole day's would.
    expect(reference.windowNoise?.all).toBeGreaterThan(0.03);
    expect(reference.windowNoise?.all).toBeLessThan(0.1);
  });

  it("counts no errors where nobody reported any beside the requests", () => {
    const unreported = { ...seasonal(7, 0.05), errors: () => Number.NaN };
    expect(balancerReference(baselineOf(unreported, 60, "partial"), balancer, defaultPolicy)).toMatchObject({ errorRate: 0, conclusiveShare: 0 });
  });

  it("of gaps is made of what is there, and a load balancer never collected has none", () => {
    const gaps = { ...seasonal(7, 0.05), p99: (ms: number) => (hourOfWeek(ms) === 3 ? Number.NaN : 0.1) };
    const reference = balancerReference(baselineOf(gaps), balancer, defaultPolicy)!;
    expect(reference.p99SecondsByHour.every((value) => value === null || value === 0.1)).toBe(true);
    expect(balancerReference({ span: { startMs: 0, endMs: 0 }, observations: new Map(), metricRequests: 0 }, balancer, defaultPolicy)).toBeUndefined();
  });
});

describe("a load balancer's reference that is asked for again", () => {
  const calm = (): ReturnType<typeof baselineOf> => baselineOf({ requests: () => 10_000, errors: () => 3, p99: () => 0.1 }, 14);
  const learnt = (baseline: ReturnType<typeof baselineOf>, policy = defaultPolicy) => balancerReference(baseline, balancer, policy);

  it("is not learnt again from equal figures", () => {
    expect(learnt(calm())).toBe(learnt(calm()));
  });

  const otherwise: Readonly<Record<string, (baseline: ReturnType<typeof baselineOf>) => ReturnType<typeof baselineOf>>> = {
    "one figure": (baseline) =>
      withSeries(baseline, keys.p99, ({ values, ...rest }) => ({ ...rest, values: values.map((value, slot) => (slot === 100 ? 0.2 : value)) })),
    "what of a series is there": (baseline) => withSeries(baseline, keys.target5xx, (series) => ({ ...series, status: "partial" })),
    "when it begins": (baseline) => withSeries(baseline, keys.requests, (series) => ({ ...series, startMs: series.startMs + quarterMs })),
    "a series that is missing": (baseline) => ({ ...baseline, observations: new Map([...baseline.observations].slice(0, 2)) }),
  };

  it.each(Object.entries(otherwise))("is learnt again where %s is another", (_, change) => {
    expect(learnt(change(calm()))).not.toBe(learnt(calm()));
  });

  it("is learnt again for another policy", () => {
    const window = { ...defaultPolicy.window, maxP99Increase: 0.5 };
    expect(learnt(calm(), { ...defaultPolicy, window })).not.toEqual(learnt(calm()));
  });

  it("is kept for the 64 that were asked for last, so that a process that plans many accounts does not grow", () => {
    let learntTimes = 0;
    const reference = learnt(calm())!;
    const ask = (at: number) =>
      knownReference({ region: east, loadBalancer: `app/${at}/0` }, [], defaultPolicy.window, () => {
        learntTimes += 1;
        return reference;
      });
    for (let at = 0; at < 64; at++) ask(at);
    // The first is asked for again, so that the second is the oldest when another one comes.
    for (const at of [0, 64, 0, 1]) ask(at);
    expect(learntTimes).toBe(64 + 2);
  });
});

function withSeries(baseline: ReturnType<typeof baselineOf>, key: SeriesKey, change: (observation: Observation) => Observation): ReturnType<typeof baselineOf> {
  const id = seriesId(key);
  return { ...baseline, observations: new Map([...baseline.observations].map(([name, each]) => [name, name === id ? change(each) : each])) };
}
