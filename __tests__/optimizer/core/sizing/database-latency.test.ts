import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { answeredInRegion, type AskedInstance, askingShares, slowdownBy } from "../../../../optimizer/core/sizing/database-latency.ts";
import { asGrown } from "../../../../optimizer/core/sizing/growth.ts";
import { answeredKeys, oneMachine } from "../../../../optimizer/core/sizing/latency.ts";
import { secondsExceededBy } from "../../../../optimizer/core/sizing/waiting.ts";
import { aBalancer, aCluster, aWorld, primary, secondary } from "../../../support/world.ts";

const assumedTo = (...shares: readonly number[]) => shares.map((share) => ({ share, how: "assumed" }));
const assumed = { ofAll: assumedTo(1 / 6, 1 / 3, 2 / 3, 1), ofFurther: assumedTo(0.1, 0.2, 0.4, 0.8, 1) };
const committed = (share: number) => ({ share, how: "no more commit" });
const saidToBe = (share: number) => ({ share, how: "as the policy says" });

describe("the shares of requests that may ask an instance", () => {
  it("are a sixth and more where all that it does is theirs, else a tenth and more, as long as nothing tells", () => {
    expect(askingShares(Number.NaN)).toEqual(assumed);
  });

  it.each([
    ["a third of the requests", 1 / 3, { ofAll: assumedTo(1 / 6, 1 / 3), ofFurther: [...assumedTo(0.1, 0.2), committed(1 / 3)] }],
    ["three transactions of each request: one that asks may commit many times, so that all may ask, or few", 3, assumed],
    ["an eighth", 0.125, { ofAll: [committed(0.125)], ofFurther: [...assumedTo(0.1), committed(0.125)] }],
    ["a twentieth", 0.05, { ofAll: [committed(0.05)], ofFurther: [committed(0.05)] }],
    ["a hundredth, the fewest that a p99 shows", 0.01, { ofAll: [committed(0.01)], ofFurther: [committed(0.01)] }],
    ["fewer: what only reads may not be counted", 0.0099, assumed],
    ["none", 0, assumed],
  ])("are no more than commit: %s", (_, commitsPerRequest, shares) => {
    expect(askingShares(commitsPerRequest)).toEqual(shares);
  });

  it("name the setting where the policy may say it and does not", () => {
    const how = "assumed; rules.askingShares may say it";
    expect(askingShares(0.25, null).ofAll).toEqual([
      { share: 1 / 6, how },
      { share: 0.25, how: "no more commit" },
    ]);
    expect(askingShares(0.05, null)).toEqual({ ofAll: [committed(0.05)], ofFurther: [committed(0.05)] });
  });

  it.each([
    ["nine tenths, of which nothing else tells", 0.9, Number.NaN, saidToBe(0.9)],
    ["fewer than would be assumed", 0.02, Number.NaN, saidToBe(0.02)],
    ["as many as commit", 0.4, 0.4, saidToBe(0.4)],
    ["fewer than commit", 0.4, 3, saidToBe(0.4)],
    ["more than commit: who asks commits at least once", 0.9, 0.4, committed(0.4)],
    ["more than commit, of which so few are no measure", 0.9, 0.0099, saidToBe(0.9)],
  ])("are the one that the policy says, either way: %s", (_, said, commitsPerRequest, share) => {
    expect(askingShares(commitsPerRequest, said)).toEqual({ ofAll: [share], ofFurther: [share] });
  });

  it("go from the fewest that are assumed to all, or to those that commit, each at most twice the one before", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 20, noNaN: true }), (commitsPerRequest) => {
        const { ofAll, ofFurther } = askingShares(commitsPerRequest);
        for (const [shares, fewest] of [
          [ofAll, 1 / 6],
          [ofFurther, 1 / 10],
        ] as const) {
          const each = shares.map(({ share }) => share);
          expect(each[0]).toBe(Math.min(commitsPerRequest, fewest));
          expect(each.at(-1)).toBe(Math.min(commitsPerRequest, 1));
          for (const [place, share] of each.slice(1).entries()) expect(share / (each[place] ?? 0)).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});

describe("how much longer requests take by a database", () => {
  const facts = aWorld().facts([]);
  const perSecond = Float64Array.from({ length: 48 }, (_, hour) => (hour % 24 < 12 ? 40 : 4));
  const answered = { perSecond, p99Seconds: perSecond.map(() => 0.5) };
  /** 5 ms of a vCPU for each request, and 0.1 vCPU for itself. */
  const busyVcpu = perSecond.map((requests) => 0.1 + requests * 0.005);
  const on = (vcpu: number) => (busy: Float64Array) => oneMachine(vcpu, busy);
  const instance = { busyVcpu, before: on(1), afterwards: on(0.5) };
  const added = (commits?: Float64Array): number =>
    slowdownBy(facts, answered, [{ ...instance, ...(commits === undefined ? {} : { commits }) }])[0]?.projected ?? -1;

  it("is what those wait and compute longer that are taken to ask it", () => {
    // At 0.3 vCPU: a tenth asks, 50 ms each, and a hundredth of all is a tenth of them; where more ask, less is added.
    const before = secondsExceededBy(0.1, { servers: 1, load: 0.3, serviceSeconds: 0.05 });
    const afterwards = secondsExceededBy(0.1, { servers: 1, load: 0.6, serviceSeconds: 0.1 });
    expect(added()).toBeCloseTo((afterwards - before) / (0.5 * 0.2), 9);
  });

  it("is more where commits show that fewer ask, and never less", () => {
    const committing = (share: number) => perSecond.map((requests) => requests * share);
    expect(added(committing(1))).toBe(added());
    expect(added(committing(0.15))).toBe(added());
    expect(added(committing(0.06))).toBeGreaterThan(added());
  });

  it("is less where the policy says that more ask than is assumed, more where fewer do, and tells which", () => {
    const saying = (share: number) => slowdownBy(facts, answered, [{ ...instance, said: { own: share, ofRole: share } }])[0];
    expect(saying(0.1)?.projected).toBe(added());
    expect(saying(0.8)?.projected).toBeLessThan(added() / 2);
    expect(saying(0.05)?.projected).toBeGreaterThan(added());
    expect(saying(0.8)?.method).toContain("6.25 ms of a vCPU each, asked by 80 % of the requests (as the policy says) (M/M/c)");
    expect(slowdownBy(facts, answered, [instance])[0]?.method).toContain("asked by 10 % of the requests (assumed)");
  });

  it("is never less than it would be by any share between the fewest that are assumed and all: few may wait at all, and are the more the more ask", () => {
    const anyShare = fc.double({ min: 1 / 6, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyShare, fc.integer({ min: 1, max: 16 }), fc.double({ min: 0.05, max: 0.9, noNaN: true }), (share, vcpu, load) => {
        const busy = perSecond.map((requests) => (requests / 40) * load * vcpu);
        const resized = { busyVcpu: busy, before: on(vcpu * 2), afterwards: on(vcpu) };
        const by = (of: Partial<AskedInstance>) => slowdownBy(facts, answered, [{ ...resized, ...of }])[0]?.projected ?? -1;
        expect(by({})).toBeGreaterThanOrEqual(0.9 * by({ said: { own: share, ofRole: share } }));
      }),
    );
    // 4.4 of 8 vCPU: of a hundredth of those that a tenth or a sixth asks nobody waits, of those that two fifths ask some do.
    const heavy = { busyVcpu: perSecond.map((requests) => requests * 0.11), before: on(16), afterwards: on(8) };
    expect(slowdownBy(facts, answered, [heavy])[0]).toMatchObject({
      projected: expect.toSatisfy((share: number) => share > 0.5),
      method: expect.stringContaining("asked by 40 %"),
    });
  });

  it("counts what all of a role make longer, where each of them is asked by turns", () => {
    // 50 ms of a vCPU each, since a tenth asks this one, and a hundredth of all is a twentieth of the fifth that asks it or its like.
    const before = secondsExceededBy(0.05, { servers: 1, load: 0.3, serviceSeconds: 0.05 });
    const afterwards = secondsExceededBy(0.05, { servers: 1, load: 0.6, serviceSeconds: 0.1 });
    const [slowdown] = slowdownBy(facts, answered, [{ ...instance, said: { own: 0.1, ofRole: 0.2 } }]);
    expect(slowdown?.projected).toBeCloseTo((afterwards - before) / (0.5 * 0.2), 9);
  });

  it("leaves out commits that come without requests, by a job of one hour or at all hours", () => {
    const share = 0.06;
    const alone = added(perSecond.map((requests) => requests * share));
    expect(added(perSecond.map((requests) => requests * share + 20))).toBeCloseTo(alone, 9);
    expect(added(perSecond.map((requests, hour) => requests * share + (hour === 20 ? 500 : 0)))).toBeCloseTo(alone, 9);
  });

  it("keeps the assumption where no hour's commits are known", () => {
    expect(added(perSecond.map(() => Number.NaN))).toBe(added());
  });

  it("is that of the instance that adds most, in whatever order they are", () => {
    const more = { ...instance, afterwards: on(0.4) };
    const most = { ...instance, afterwards: on(0.35) };
    const [alone] = slowdownBy(facts, answered, [most]);
    for (const instances of [
      [instance, more, most],
      [most, instance, more],
      [more, most, instance],
    ])
      expect(slowdownBy(facts, answered, instances)).toEqual([alone]);
  });

  it("is the most of what each of them adds alone, as a whole and without what it does for itself", () => {
    const instances = fc.array(
      fc.record({
        itself: fc.double({ min: 0, max: 0.3, noNaN: true }),
        each: fc.double({ min: 0.001, max: 0.02, noNaN: true }),
        vcpu: fc.integer({ min: 1, max: 8 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(instances, (all) => {
        const asked = all.map(({ itself, each, vcpu }) => ({
          busyVcpu: perSecond.map((requests) => itself + requests * each),
          before: on(vcpu * 2),
          afterwards: on(vcpu),
        }));
        const alone = asked.flatMap((one) => slowdownBy(facts, answered, [one]));
        expect(slowdownBy(facts, answered, asked)).toEqual(alone.toSorted((a, b) => b.projected - a.projected).slice(0, 1));
      }),
    );
  });

  it("is not told without an instance, or where nothing tells what one does", () => {
    const unknown = { ...instance, busyVcpu: busyVcpu.map(() => Number.NaN) };
    expect(slowdownBy(facts, answered, [])).toEqual([]);
    expect(slowdownBy(facts, answered, [unknown])).toEqual([]);
    expect(slowdownBy(facts, answered, [unknown, instance])).toEqual(slowdownBy(facts, answered, [instance]));
  });

  describe("of a load that grows", () => {
    const days = 35;
    const steady = new Float64Array(days * 24).fill(0.3);
    const growing = steady.map((load, hour) => load * 1.02 ** (hour / 24 - days));
    const addedOn = (busy: Float64Array, before: AskedInstance["before"], afterwards: AskedInstance["afterwards"], carriedVcpu = busy): number =>
      slowdownBy(facts, { perSecond: busy.map((load) => load * 100), p99Seconds: busy.map(() => 0.5) }, [
        { busyVcpu: busy, carriedVcpu, before, afterwards },
      ])[0]?.projected ?? -1;

    it("is more than of one that stays, since the same instance is asked for more two weeks on", () => {
      expect(addedOn(growing, on(1), on(0.5))).toBeGreaterThan(2 * addedOn(steady, on(1), on(0.5)));
    });

    it("is what it is today where today's instance will be as slow by then", () => {
      // Half busy, from a minimum on, below which the load is today and which it will have passed in two weeks.
      const halfBusyFrom = (least: number) => (busy: Float64Array) => {
        const vcpu = busy.map((each) => Math.max(least, each * 2));
        return { vcpu, load: busy.map((each, hour) => each / (vcpu[hour] ?? Number.NaN)) };
      };
      expect(asGrown(growing).every((load) => load * 2 > 0.75)).toBe(true);
      expect(addedOn(growing, halfBusyFrom(0.75), halfBusyFrom(0.5))).toBeGreaterThan(0.1);
    });

    it("is what it is today where what it does grows, and not what it will carry", () => {
      // 0.3 vCPU today and 0.4 in two weeks: more than today's, and less than those.
      expect(
        addedOn(
          growing,
          on(1),
          on(1),
          steady.map(() => 0.38),
        ),
      ).toBeGreaterThan(0);
    });
  });
});

describe("the requests of a region", () => {
  const [web, api, other] = [aBalancer(), aBalancer(primary, "api"), aBalancer(secondary)];
  const world = [web, api, other].reduce(
    (seen, { fullName, ref }) => seen.sees(metrics.balancerRequests, fullName, 3600, ref.region).sees(metrics.balancerResponseTime, fullName, 0.5, ref.region),
    aWorld().with(web, api, other, aCluster()),
  );
  const demands = () =>
    [primary, secondary].flatMap((region) =>
      answeredKeys(
        region,
        [web, api, other].flatMap(({ ref, fullName }) => (ref.region === region ? [fullName] : [])),
        world.policy,
      ),
    );
  const facts = world.facts({ ...ruleOf("asg.instance-type"), demands });

  it("are those of all its load balancers, and of no other region's", () => {
    const slotSeconds = world.policy.window.slotMinutes * 60;
    expect(answeredInRegion(facts, primary)?.perSecond[0]).toBeCloseTo((2 * 3600) / slotSeconds, 9);
    expect(answeredInRegion(facts, secondary)?.perSecond[0]).toBeCloseTo(3600 / slotSeconds, 9);
    expect(answeredInRegion(facts, "eu-west-1")).toBeUndefined();
  });
});
