import { describe, expect, it } from "vitest";
import { metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { certainly } from "../../../../optimizer/core/model/certainly.ts";
import { answeringOf, grownSlowdownOn, slowdownOn } from "../../../../optimizer/core/sizing/answering.ts";
import { asGrown } from "../../../../optimizer/core/sizing/growth.ts";
import { answeredKeys, slowdownOf } from "../../../../optimizer/core/sizing/latency.ts";
import type { Series } from "../../../../optimizer/core/sizing/series.ts";
import { ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import { aBalancer, aWorld, primary } from "../../../support/world.ts";

const { fullName } = aBalancer();
const loadBalancers = [fullName];
/** Half of each day nobody asks for much; in three hours of it most. */
const requests = (hour: number): number => (hour % 24 < 3 ? 400 : hour % 24 < 12 ? 100 : 40);
const days = 42;
const world = aWorld()
  .policed({ baselineDays: days, completeness: { minShare: 0.8 } })
  .with(aBalancer())
  .sees(metrics.balancerRequests, fullName, (hour) => requests(Math.floor(hour)) * 900)
  .sees(metrics.balancerResponseTime, fullName, 0.5);
const asking = { ...ruleOf("asg.instance-type"), demands: () => answeredKeys(primary, loadBalancers, world.policy) };
const facts = world.facts(asking);

function hourly(valueAt: (hour: number) => number): Series {
  const values = Float64Array.from({ length: days * 24 }, (_, hour) => valueAt(hour));
  return { name: "CPU Average", keys: [], periodSeconds: 3600, values, whole: true };
}

/** Ten machines of eight vCPUs, or as many as there were in each hour. */
function answering(percentAt: (hour: number) => number, isScaled = false, byHour?: Series) {
  const cpu = hourly(percentAt);
  return answeringOf(facts, { region: primary, loadBalancers, cpu, vcpu: 8, size: { desired: 10, zones: 3, byHour }, isScaled });
}

describe("what requests compute on machines", () => {
  it("is what is busy in the hours that have most of them, by the second", () => {
    // 40 % of 80 vCPUs for 400 requests a second.
    expect(answering((hour) => requests(hour) / 10)?.vcpuSeconds).toBeCloseTo((0.4 * 80) / 400, 9);
  });

  it("is the lower of two that are both too much: by what is done for requests more, or for all of them", () => {
    // 8 vCPUs that the machines do for themselves; and a job beside the busiest hours' requests, of which the others take an eighth.
    expect(answering((hour) => (requests(hour) / 10) * 0.8 + 10)?.vcpuSeconds).toBeCloseTo((0.4 * 80 * 0.8) / 400, 9);
    expect(answering((hour) => (hour % 24 < 3 ? 40 : requests(hour) / 80))?.vcpuSeconds).toBeCloseTo((0.4 * 80) / 400, 9);
  });

  it("is not known where just those hours have no point, though enough of the others have", () => {
    expect(answering((hour) => (hour % 24 < 3 ? Number.NaN : requests(hour) / 10))).toBeUndefined();
    expect(answering((hour) => (hour % 24 >= 21 ? Number.NaN : requests(hour) / 10))).toBeDefined();
  });

  it("is not known without requests, whatever is busy", () => {
    const cpu = hourly((hour) => requests(hour) / 10);
    const size = { desired: 10, zones: 3, byHour: undefined };
    expect(answeringOf(facts, { region: primary, loadBalancers: [], cpu, vcpu: 8, size, isScaled: false })).toBeUndefined();
    expect(answeringOf(facts, { region: primary, loadBalancers, cpu: { ...cpu, whole: false }, vcpu: 8, size, isScaled: false })).toBeUndefined();
    expect(answeringOf(facts, { region: primary, loadBalancers, cpu, vcpu: 8, size, isScaled: false })).toBeDefined();
  });

  it("is all that is busy for all requests where no hour has fewer of them, by which the rest could be told apart", () => {
    const flat = aWorld()
      .policed({ baselineDays: days })
      .with(aBalancer())
      .sees(metrics.balancerRequests, fullName, 200 * 900)
      .sees(metrics.balancerResponseTime, fullName, 0.5)
      .facts(asking);
    const size = { desired: 10, zones: 3, byHour: undefined };
    expect(answeringOf(flat, { region: primary, loadBalancers, cpu: hourly(() => 20), vcpu: 8, size, isScaled: false })?.vcpuSeconds).toBeCloseTo(16 / 200, 9);
  });

  it("is as it was where policies answer a load that grows with more machines", () => {
    const scaled = answering((hour) => requests(hour) / 10, true);
    expect(scaled?.grownVcpu).toEqual(scaled?.busyVcpu);
  });

  it("takes no longer two weeks on where nothing grows", () => {
    const now = answering((hour) => requests(hour) / 10, true);
    const machines = { today: Float64Array.of(10), afterwards: Float64Array.of(20) };
    expect(now && grownSlowdownOn(facts, now, 4, machines)).toBeUndefined();
    expect(now).toBeDefined();
  });
});

describe("how much longer requests take on other machines", () => {
  const daily = certainly(
    answering((hour) => requests(hour) / 10),
    "there are requests",
  );
  const growing = certainly(
    answering((hour) => (requests(hour) / 10) * 1.05 ** (hour / 168)),
    "there are requests",
  );
  const each = (count: number) => new Float64Array(days * 24).fill(count);
  /** By how many vCPUs are busy, on ten machines of eight and on others of four. */
  const expected = ({ answered, vcpuSeconds }: typeof daily, busy: Float64Array, now: number, then: number) =>
    slowdownOf(facts, {
      answered,
      vcpuSeconds,
      share: 1,
      before: { vcpu: Float64Array.of(8), load: busy.map((vcpu) => vcpu / (8 * now)) },
      afterwards: { vcpu: Float64Array.of(4), load: busy.map((vcpu) => vcpu / (4 * then)) },
    });

  it("is by the share of each that is busy, of one number of them or of one for each hour", () => {
    const told = slowdownOn(facts, daily, 4, Float64Array.of(15));
    expect(told).toEqual(expected(daily, daily.busyVcpu, 10, 15));
    expect(slowdownOn(facts, daily, 4, each(15))).toEqual(told);
    expect(told.projected).toBeGreaterThan(slowdownOn(facts, daily, 4, Float64Array.of(20)).projected);
  });

  it("is by as many as there were in each hour", () => {
    const byHour = hourly((hour) => (hour % 24 < 3 ? 16 : 8));
    const scaled = certainly(
      answering(() => 30, false, byHour),
      "there are requests",
    );
    expect(slowdownOn(facts, scaled, 8, byHour.values).projected).toBe(0);
    // Each is 30 % busy now, and of eight in the hours of sixteen 60 %.
    const { answered, vcpuSeconds, busyVcpu } = scaled;
    const before = { vcpu: Float64Array.of(8), load: each(0.3) };
    const asked = { answered, vcpuSeconds, share: 1, before, afterwards: { vcpu: Float64Array.of(8), load: busyVcpu.map((vcpu) => vcpu / 64) } };
    expect(slowdownOn(facts, scaled, 8, Float64Array.of(8)).projected).toBeCloseTo(slowdownOf(facts, asked).projected, 9);
    expect(slowdownOn(facts, scaled, 8, Float64Array.of(8)).worstHour?.atMs).toBe(facts.baseline.span.startMs);
  });

  it("is by what is asked for two weeks on where nobody adds machines", () => {
    expect(slowdownOn(facts, growing, 4, Float64Array.of(24))).toEqual(expected(growing, asGrown(growing.busyVcpu), 10, 24));
    expect(asGrown(growing.busyVcpu)).not.toEqual(growing.busyVcpu);
  });

  it("is by the machines that policies have two weeks on, and today's never fewer than there were", () => {
    const of = (today: number, afterwards: number) => grownSlowdownOn(facts, growing, 4, { today: each(today), afterwards: each(afterwards) });
    const now = expected(growing, asGrown(growing.busyVcpu), 12, 22);
    expect(of(12, 22)).toEqual({ ...now, method: `${now.method}, with what it will be asked for two weeks on` });
    expect(of(5, 22)).toEqual(of(10, 22));
    expect(of(12, 22)).not.toEqual(of(10, 22));
  });
});
