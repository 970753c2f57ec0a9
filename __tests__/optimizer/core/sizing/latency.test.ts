import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CollectedSeries } from "../../../../optimizer/core/model/collected-series.ts";
import { seriesId } from "../../../../optimizer/core/model/observation.ts";
import { answeredBy, answeredKeys, oneMachine, perFurtherRequest, perRequest, slowdownOf } from "../../../../optimizer/core/sizing/latency.ts";
import { secondsExceededBy } from "../../../../optimizer/core/sizing/waiting.ts";
import { metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { policySchema } from "../../../../optimizer/core/model/policy.ts";
import { ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import { aBalancer, aWorld, primary, secondary } from "../../../support/world.ts";

const facts = aWorld().facts([]);
const hours = (...values: readonly number[]): Float64Array => Float64Array.from(values);
const threeHours = (vcpu: number, load: number) => ({ vcpu: hours(vcpu), load: hours(load, load, load) });
const half = (load: number) => threeHours(0.5, load);
const whole = (load: number) => threeHours(1, load);

describe("how much longer requests take", () => {
  it("is what waiting and computing add, of what a window allows of the p99", () => {
    const answered = { perSecond: hours(10), p99Seconds: hours(0.5) };
    const { projected, fits, limit } = slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(0.2), afterwards: half(0.4) });
    const [before, after] = [Math.log(20) * (0.01 / 0.8) + 0.01, Math.log(40) * (0.02 / 0.6) + 0.02];
    expect(projected).toBeCloseTo((after - before) / (0.5 * 0.2), 12);
    expect({ fits, limit }).toEqual({ fits: false, limit: 0.9 });
  });

  it("is nothing on the processors of today", () => {
    const answered = { perSecond: hours(10), p99Seconds: hours(0.5) };
    expect(slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(0.2), afterwards: whole(0.2) })).toMatchObject({
      projected: 0,
      fits: true,
    });
  });

  it("takes a hundredth of all requests for a larger part of those that come there", () => {
    const answered = { perSecond: hours(10), p99Seconds: hours(0.5) };
    const of = (share: number): number => slowdownOf(facts, { answered, vcpuSeconds: 0.01, share, before: whole(0.2), afterwards: half(0.4) }).projected;
    expect(of(1 / 3)).toBeLessThan(of(1));
  });

  it("looks at the hour that it adds most to, and passes over hours without a p99", () => {
    const answered = { perSecond: hours(10, 10, 10), p99Seconds: hours(2, 0.5, Number.NaN) };
    const found = slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(0.2), afterwards: half(0.4) });
    expect(found.worstHour?.atMs).toBe(facts.baseline.span.startMs + 3_600_000);
  });

  it("is the mean of an hour's slots where most requests come in one of them: waiting grows faster than what comes", () => {
    const p99Seconds = hours(0.5, 0.5);
    const within = { slotsPerHour: 4, times: hours(1, 1, 1, 1, 0.4, 0.4, 0.4, 2.8), most: hours(1, 2.8) };
    const of = (answered: Parameters<typeof slowdownOf>[1]["answered"]): ReturnType<typeof slowdownOf> =>
      slowdownOf(facts, {
        answered,
        vcpuSeconds: 0.01,
        share: 1,
        before: { vcpu: hours(8), load: hours(0.15, 0.15) },
        afterwards: { vcpu: hours(4), load: hours(0.3, 0.3) },
      });
    const seconds = (servers: number, load: number): number => secondsExceededBy(0.01, { servers, load, serviceSeconds: 0.01 });
    const added = [0.4, 0.4, 0.4, 2.8].reduce((sum, times) => sum + (seconds(4, 0.3 * times) - seconds(8, 0.15 * times)) / 4, 0);
    const uneven = of({ perSecond: hours(10, 10), p99Seconds, within });
    expect(uneven.projected).toBeCloseTo(added / (0.5 * 0.2), 12);
    expect(uneven.worstHour?.atMs).toBe(facts.baseline.span.startMs + 3_600_000);
    expect(uneven.projected).toBeGreaterThan(2 * of({ perSecond: hours(10, 10), p99Seconds }).projected);
  });

  it("is that of the worst hour, whatever the hours, though those of less load are not looked at", () => {
    const hour = fc.record({
      p99Seconds: fc.oneof({ weight: 8, arbitrary: fc.double({ min: 0.05, max: 3, noNaN: true }) }, fc.constant(Number.NaN)),
      vcpu: fc.constantFrom(0.5, 2, 8),
      load: fc.oneof({ weight: 12, arbitrary: fc.double({ min: 0, max: 1.1, noNaN: true }) }, fc.constant(Number.NaN)),
      before: fc.double({ min: 0, max: 1.1, noNaN: true }),
      /** Of the first of two slots, as a multiple of both. */
      times: fc.constantFrom(1, 1.5, 0.2),
    });
    fc.assert(
      fc.property(fc.array(hour, { minLength: 1, maxLength: 40 }), fc.double({ min: 0.001, max: 0.6, noNaN: true }), (all, vcpuSeconds) => {
        const worstOf = (some: typeof all): number =>
          slowdownOf(facts, {
            answered: {
              perSecond: hours(...some.map(() => 10)),
              p99Seconds: hours(...some.map(({ p99Seconds }) => p99Seconds)),
              within: {
                slotsPerHour: 2,
                times: hours(...some.flatMap(({ times }) => [times, 2 - times])),
                most: hours(...some.map(({ times }) => Math.max(times, 2 - times))),
              },
            },
            vcpuSeconds,
            share: 1,
            before: { vcpu: hours(8), load: hours(...some.map(({ before }) => before)) },
            afterwards: { vcpu: hours(...some.map(({ vcpu }) => vcpu)), load: hours(...some.map(({ load }) => load)) },
          }).projected;
        const byOne = Math.max(...all.map((one) => worstOf([one])));
        // Of two hours that differ by the rounding of their figures alone either may be taken.
        expect(Math.abs(worstOf(all) - byOne)).toBeLessThanOrEqual(byOne * 1e-12);
      }),
      { numRuns: 500 },
    );
  });

  it("is an hour where more comes than the processors can do, which a stored plan keeps and tells in words", () => {
    const answered = { perSecond: hours(10), p99Seconds: hours(0.5) };
    expect(slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(0.2), afterwards: half(1) })).toMatchObject({
      projected: 36_000,
      fits: false,
    });
  });
});

describe("processors that cannot do today what comes", () => {
  const answered = { perSecond: hours(10), p99Seconds: hours(0.5) };
  const to = (afterwards: typeof half) => slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(1), afterwards: afterwards(1) });

  it("make no hour of which smaller ones are taken: what is beyond all measure twice is no difference of nothing", () => {
    expect(to(half)).toMatchObject({ projected: 36_000, fits: false });
    expect(slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(1), afterwards: whole(2) }).fits).toBe(false);
  });

  it("are no reason against the same ones", () => {
    expect(to(whole)).toMatchObject({ projected: 0, fits: true });
  });
});

describe("what load balancers tell of a region's requests", () => {
  it("is found out once, and whoever is given it then knows which series were not there: later ones decide it anew", () => {
    const { policy, baseline, ...others } = facts;
    const observations = new CollectedSeries();
    const unread = { ...others, policy, baseline: { ...baseline, observations } };
    const asked = () => observations.watch(() => answeredBy(unread, primary, ["app/web/1"]));
    const [key] = answeredKeys(primary, ["app/web/1"], policy);
    if (key === undefined) throw new Error("nothing is asked of a load balancer");
    for (const { result, missed } of [asked(), asked()]) {
      expect(result).toBeUndefined();
      expect(missed).toContain(seriesId(key));
    }
  });
});

describe("vCPU seconds of a request", () => {
  it("come from the hours with most requests, where what is done beside them counts least", () => {
    const perSecond = Float64Array.from({ length: 100 }, (_, hour) => (hour < 85 ? 1 : 100));
    const busy = perSecond.map((requests) => 0.5 + requests * 0.01);
    expect(perRequest({ perSecond, p99Seconds: perSecond }, busy)).toBeLessThan(0.02);
  });
});

describe("what a request more computes", () => {
  const answered = (...perSecond: readonly number[]) => ({ perSecond: hours(...perSecond), p99Seconds: hours(...perSecond.map(() => 0.5)) });
  const busy = [20, 20, 20, 20, 20, 20, 20, 20, 100, 100];

  it("leaves out what a machine does for itself: by the busiest hours and the one that computes least", () => {
    // 0.2 vCPU of its own, and 5 ms of each request.
    const vcpu = busy.map((requests) => 0.2 + requests * 0.005);
    expect(perFurtherRequest(answered(...busy), hours(...vcpu))).toBeCloseTo(0.005, 12);
    expect(perRequest(answered(...busy), hours(...vcpu))).toBeCloseTo(0.007, 12);
  });

  it("goes by the first of the idlest hours of which both are known", () => {
    const vcpu = busy.map((requests) => 0.2 + requests * 0.005);
    const lastIdle = 7;
    const without = (all: readonly number[], value: number) => all.map((each, at) => (at === lastIdle ? value : each));
    expect(perFurtherRequest(answered(...busy), hours(...without(vcpu, Number.NaN)))).toBeCloseTo(0.005, 12);
    expect(perFurtherRequest(answered(...without(busy, Number.NaN)), hours(...without(vcpu, 0.1)))).toBeCloseTo(0.005, 12);
    expect(perFurtherRequest(answered(40, 20, 100), hours(0.3, 0.3, 0.7))).toBeCloseTo(0.4 / 60, 12);
  });

  it("is more, never less, for a job at any hour", () => {
    const vcpu = busy.map((requests) => 0.2 + requests * 0.005);
    for (let hour = 0; hour < vcpu.length; hour++) {
      const withJob = vcpu.map((each, at) => (at === hour ? each + 0.3 : each));
      expect(perFurtherRequest(answered(...busy), hours(...withJob))).toBeGreaterThanOrEqual(0.005 - 1e-12);
    }
  });

  it("is not known where the idlest hour has nearly as many requests, or none is known", () => {
    expect(perFurtherRequest(answered(80, 100), hours(0.1, 0.2))).toBeNaN();
    expect(perFurtherRequest(answered(75, 100), hours(0.1, 0.2))).toBeCloseTo(0.004, 12);
    expect(perFurtherRequest(answered(75, 100), hours(Number.NaN, Number.NaN))).toBeNaN();
  });
});

describe("what is said of requests that take longer", () => {
  const answered = { perSecond: hours(10, 10, 10), p99Seconds: hours(2, 0.5, 1) };
  const { startMs } = facts.baseline.span;

  it("is how much more, of which p99 and of how much of it a window allows, in its worst hour", () => {
    const told = slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: threeHours(1, 0.2), afterwards: threeHours(0.5, 0.4) });
    // By 20 % of half a second are a tenth of one.
    expect(told).toEqual({
      dimension: "latency",
      current: 0,
      projected: expect.closeTo(0.0955 / 0.1, 3),
      limit: 0.9,
      fits: false,
      method: "95.52 ms more of a p99 of 500 ms, of the 20 % that a window allows: 10 ms of a vCPU each (M/M/c)",
      worstHour: { atMs: startMs + 3_600_000, rarePeaksMs: [] },
    });
  });

  it("is an hour more and growing where more would come than is answered", () => {
    expect(slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(0.2), afterwards: half(1.2) }).method).toBe(
      "an hour more and growing, as more would come than is answered, of a p99 of 500 ms, of the 20 % that a window allows: 10 ms of a vCPU each (M/M/c)",
    );
  });

  it("is the first hour where nothing is added", () => {
    expect(slowdownOf(facts, { answered, vcpuSeconds: 0.01, share: 1, before: whole(0.2), afterwards: whole(0.1) })).toMatchObject({
      projected: 0,
      fits: true,
      worstHour: { atMs: startMs },
    });
  });
});

describe("the processors of one machine", () => {
  it("are busy by the vCPUs of it that are, at each of its sizes", () => {
    const busy = hours(1, 3);
    expect(oneMachine(4, busy)).toEqual({ vcpu: hours(4), load: hours(0.25, 0.75) });
    expect(oneMachine(8, busy)).toEqual({ vcpu: hours(8), load: hours(0.125, 0.375) });
    expect(oneMachine(4, busy)).toBe(oneMachine(4, busy));
  });
});

describe("what load balancers tell", () => {
  const balancers = [aBalancer(), aBalancer(primary, "api")];
  const names = balancers.map(({ fullName }) => fullName);
  const slotMinutes = 15;
  const world = aWorld()
    .policed({ baselineDays: 14, window: { slotMinutes } })
    .with(...balancers)
    // In the second half of each hour one has twice as many.
    .sees(metrics.balancerRequests, names[0] ?? "", (hour) => (hour % 1 < 0.5 ? 900 : 1800))
    .sees(metrics.balancerRequests, names[1] ?? "", 9000)
    .sees(metrics.balancerResponseTime, names[0] ?? "", (hour) => (hour % 1 < 0.5 ? 0.2 : 0.6))
    .sees(metrics.balancerResponseTime, names[1] ?? "", (hour) => (hour < 24 ? 0.1 : 0.9));
  const seen = world.facts({ ...ruleOf("asg.instance-type"), demands: () => answeredKeys(primary, names, world.policy) });

  it("is all their requests by the second, and the lowest of their p99s, by the mean of each hour's slots", () => {
    const told = answeredBy(seen, primary, names);
    expect(told?.perSecond).toHaveLength(14 * 24);
    expect([told?.perSecond[0], told?.perSecond[30]]).toEqual([11.5, 11.5]);
    expect(told?.p99Seconds[0]).toBeCloseTo(0.1, 9);
    expect(told?.p99Seconds[30]).toBeCloseTo(0.4, 9);
    expect(answeredBy(seen, primary, names.slice(0, 1))?.perSecond[0]).toBeCloseTo(1.5, 9);
  });

  it("is nothing where there is none, or where one of them does not tell", () => {
    expect(answeredBy(seen, primary, [])).toBeUndefined();
    expect(answeredBy(seen, primary, [...names, "app/other/3"])).toBeUndefined();
    expect(answeredBy(seen, secondary, names)).toBeUndefined();
  });

  it("is asked for by the slot of the policy", () => {
    const told = answeredKeys(primary, names, policySchema.parse({ window: { slotMinutes: 5 } }));
    expect(told.map(({ metric, statistic, periodSeconds, dimensions }) => [metric, statistic, periodSeconds, dimensions["LoadBalancer"]])).toEqual(
      names.flatMap((name) => [
        ["RequestCount", "Sum", 300, name],
        ["TargetResponseTime", "p99", 300, name],
      ]),
    );
  });
});

describe("how unevenly requests come within an hour", () => {
  /** Of a load balancer, by quarters of an hour; a gap where it is not a number. */
  function within(quarters: (hour: number) => readonly [number, number, number, number], others: readonly ReturnType<typeof aBalancer>[] = []) {
    const balancer = aBalancer();
    const names = [balancer, ...others].map(({ fullName }) => fullName);
    const seen = names.slice(1).reduce(
      (world, name) => world.sees(metrics.balancerRequests, name, 900).sees(metrics.balancerResponseTime, name, 0.5),
      aWorld()
        .policed({ baselineDays: 14, window: { slotMinutes: 15 }, completeness: { minShare: 0.8 } })
        .with(balancer, ...others)
        .sees(metrics.balancerRequests, balancer.fullName, (hour) => quarters(Math.floor(hour))[Math.round((hour % 1) * 4)] ?? Number.NaN)
        .sees(metrics.balancerResponseTime, balancer.fullName, 0.5),
    );
    return answeredBy(seen.facts({ ...ruleOf("asg.instance-type"), demands: () => answeredKeys(primary, names, seen.policy) }), primary, names)?.within;
  }

  it("is told by each slot as a multiple of its hour's mean, and by the most of them", () => {
    const told = within((hour) => (hour === 5 ? [100, 200, 400, 100] : [200, 200, 200, 200]));
    expect(told?.slotsPerHour).toBe(4);
    expect([...(told?.times.subarray(20, 24) ?? [])]).toEqual([0.5, 1, 2, 0.5]);
    expect([...(told?.most.subarray(4, 7) ?? [])]).toEqual([1, 2, 1]);
    expect(told?.most).toHaveLength(14 * 24);
  });

  it("is of all load balancers together", () => {
    const told = within((hour) => (hour === 5 ? [100, 700, 100, 100] : [1100, 1100, 1100, 1100]), [aBalancer(primary, "api")]);
    expect(told?.most[5]).toBe(1);
    expect(within((hour) => (hour === 5 ? [100, 2700, 100, 100] : [200, 200, 200, 200]), [aBalancer(primary, "api")])?.most[5]).toBe(3600 / 1650);
  });

  it.each<[string, readonly [number, number, number, number], number]>([
    ["hardly uneven", [200, 200, 225, 200], 1],
    ["a little more", [200, 200, 235, 200], 235 / 208.75],
    ["its most is fewer than usual: what is busy then does not come with them", [10, 10, 190, 10], 1],
    ["its most is what is usual", [10, 10, 200, 10], 200 / 57.5],
    ["nobody asks", [0, 0, 0, 0], 1],
  ])("is no matter of hours in which few come or all quarters are alike: %s", (_, quarters, most) => {
    expect(within((hour) => (hour === 5 ? quarters : [200, 200, 200, 200]))?.most[5]).toBeCloseTo(most, 12);
  });

  it("is not told of an hour with a gap", () => {
    const told = within((hour) => (hour === 5 ? [100, Number.NaN, 900, 100] : [200, 200, 200, 200]));
    expect([told?.most[4], told?.most[5], told?.most[6]]).toEqual([1, 1, 1]);
  });
});

describe("the busiest hours", () => {
  it("are those that a tenth of all reach or exceed, of which those without a figure count for nothing", () => {
    const perSecond = Float64Array.from({ length: 20 }, (_, hour) => (hour >= 17 ? 100 + hour : 1));
    const answered = { perSecond, p99Seconds: perSecond };
    expect(
      perRequest(
        answered,
        perSecond.map((requests, hour) => (hour === 19 ? Number.NaN : requests * 2)),
      ),
    ).toBe(2);
    expect(
      perRequest(
        answered,
        perSecond.map((_, hour) => (hour >= 17 ? 59 + hour : 7)),
      ),
    ).toBeCloseTo((76 + 77 + 78) / (117 + 118 + 119), 9);
    expect(
      perRequest(
        answered,
        perSecond.map((_, hour) => (hour >= 17 ? Number.NaN : 7)),
      ),
    ).toBeNaN();
  });
});
