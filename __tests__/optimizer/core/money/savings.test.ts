import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monthly } from "../../../../optimizer/core/report/figures.ts";
import type { CostLine, MonthlyUsd } from "../../../../optimizer/core/model/money.ts";
import { commitmentCapped } from "../../../../optimizer/core/money/commitment-cap.ts";
import { knownUsd, monthlyCost, monthlyDifference, sumMonthly, unknownParts, unknownWords, withoutPart } from "../../../../optimizer/core/money/monthly.ts";
import { ownBill } from "../../../../optimizer/core/money/own-bill.ts";
import { type DailyCost, firstRealizedDayEndMs, realizedSavings, realizedSoFarUsd } from "../../../../optimizer/core/money/realized.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
import { aGroup, aTable } from "../../../support/world.ts";
import { somePrices } from "../../../support/some-prices.ts";

describe("an estimate", () => {
  const priced = (hourlyUsd: number | null) => ({ name: "a type", hourlyUsd });

  it("is the hourly difference over 730 hours", () => {
    expect(monthlyDifference(priced(0.768), priced(0.384), 15)).toEqual({ kind: "known", usd: expect.closeTo(4204.8) });
  });

  it("is unknown as soon as one price is", () => {
    const unknown = { kind: "unknown", what: "a type", reason: "price unknown" };
    expect(monthlyDifference(priced(null), priced(1), 1)).toEqual(unknown);
    expect(monthlyDifference(priced(1), priced(null), 1)).toEqual(unknown);
  });
});

describe("what something costs", () => {
  it("is its hourly price over 730 hours, for each of it, and unknown without a price", () => {
    expect(monthlyCost({ name: "m5.4xlarge", hourlyUsd: 0.768 }, 15)).toEqual({ kind: "known", usd: expect.closeTo(8409.6) });
    expect(monthlyCost({ name: "m5.4xlarge", hourlyUsd: null }, 15)).toEqual({ kind: "unknown", what: "m5.4xlarge", reason: "price unknown" });
  });
});

describe("a sum", () => {
  const amount: fc.Arbitrary<MonthlyUsd> = fc.oneof(
    fc.record({ kind: fc.constant("known" as const), usd: fc.integer({ min: -1000, max: 1000 }) }),
    fc.record({ kind: fc.constant("unknown" as const), what: fc.constantFrom("storage", "requests"), reason: fc.constant("price unknown") }),
    fc.record({ kind: fc.constant("unknown" as const), reason: fc.constantFrom("of an older plan", "another") }),
    fc.record({
      kind: fc.constant("partly" as const),
      usd: fc.integer({ min: 0, max: 1000 }),
      unknown: fc.constantFrom([{ what: "storage", reason: "price unknown" }], [{ reason: "another" }]),
    }),
  );

  it("keeps what is known, and names each unknown part once, in whatever order it is added up", () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 6 }), fc.nat({ max: 6 }), (parts, cut) => {
        const whole = sumMonthly(parts);
        expect(knownUsd(whole)).toBe(parts.reduce((sum, part) => sum + knownUsd(part), 0));
        const names = [...new Set(parts.flatMap(unknownParts).map(unknownWords))];
        for (const name of names) expect(monthly(whole).split(name)).toHaveLength(2);
        expect(whole.kind === "known").toBe(names.length === 0);
        const inTwo = sumMonthly([sumMonthly(parts.slice(0, cut)), sumMonthly(parts.slice(cut))]);
        expect(knownUsd(inTwo)).toBe(knownUsd(whole));
        expect(unknownParts(inTwo)).toEqual(unknownParts(whole));
      }),
    );
  });

  it("of nothing is known to be nothing", () => {
    expect(sumMonthly([])).toEqual({ kind: "known", usd: 0 });
  });

  it("says what is known first, then what is not, by name", () => {
    const storage = { kind: "unknown", what: "backup storage", reason: "price unknown" } as const;
    expect(monthly(sumMonthly([{ kind: "known", usd: 9971 }, storage]))).toBe("$9,971/month, and backup storage (price unknown)");
    expect(monthly(storage)).toBe("unknown: backup storage (price unknown)");
    expect(monthly({ kind: "unknown", reason: "no price is known for m5.large" })).toBe("unknown (no price is known for m5.large)");
  });

  it("without one of its parts loses that part's dollars and the names that only it brought", () => {
    const storage = { kind: "unknown", what: "storage", reason: "price unknown" } as const;
    const whole = sumMonthly([{ kind: "known", usd: 5 }, { kind: "known", usd: 3 }, storage]);
    expect(withoutPart(whole, storage)).toEqual({ kind: "known", usd: 8 });
    expect(withoutPart(whole, { kind: "known", usd: 3 })).toMatchObject({ kind: "partly", usd: 5 });
    const requests = { kind: "unknown", what: "requests", reason: "price unknown" } as const;
    expect(withoutPart(sumMonthly([storage, requests]), storage)).toEqual(requests);
  });
});

describe("the commitment cap", () => {
  const byType = aRule("by.type", "auto-scaling-group", 2, { cost: { service: "EC2", commitment: "instance-type" } });
  const byUse = aRule("by.use", "dynamodb-table", 1, { cost: { service: "DynamoDB", commitment: "none" } });
  const rules = [byType, byUse];
  const saving = (usd: number) => ({ from: "m5.4xlarge", savings: { kind: "known", usd } as const });
  const groups = ["web", "batch"].map((name) => aProposal(byType, aGroup({ name }).ref, saving(4000)));
  const line = (purchaseType: CostLine["purchaseType"], amortizedUsd: number, overrides: Partial<CostLine> = {}): CostLine => ({
    region: "us-east-1",
    service: "EC2",
    instanceType: "m5.4xlarge",
    ...(purchaseType === undefined ? {} : { purchaseType }),
    amortizedUsd,
    unblendedUsd: amortizedUsd,
    ...overrides,
  });
  /** 14 days that make 1000 USD in 730 hours. */
  const days = 14;
  const fortnight = (monthly: number) => (monthly / 730) * 24 * days;

  it("is what is paid on demand for the type in the region, once for all proposals", () => {
    expect(groups).toHaveLength(2);
    const lines = [
      line("on-demand", fortnight(1000)),
      line("savings-plan", 9e9),
      line("reserved", 9e9),
      line("on-demand", 9e9, { region: "us-west-2" }),
      line("on-demand", 9e9, { instanceType: "m5.large" }),
    ];
    expect(commitmentCapped(groups, { lines, days }, rules).commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(1000) });
  });

  it("leaves the estimate where more is paid on demand, and nothing where all is committed", () => {
    expect(commitmentCapped(groups, { lines: [line("on-demand", 1e9)], days }, rules).commitmentCapped).toEqual(
      sumMonthly(groups.map(({ savings }) => savings)),
    );
    expect(commitmentCapped(groups, { lines: [line("savings-plan", 500)], days }, rules).commitmentCapped).toEqual({ kind: "known", usd: 0 });
  });

  it("is unknown without costs, or without any cost of the type", () => {
    expect(commitmentCapped(groups, null, rules).commitmentCapped).toMatchObject({ kind: "unknown", reason: "Cost Explorer could not be read" });
    expect(commitmentCapped(groups, { lines: [], days }, rules).commitmentCapped).toEqual({
      kind: "unknown",
      what: "what is paid for m5.4xlarge in us-east-1",
      reason: "Cost Explorer shows no cost of it",
    });
    const table = aProposal(byUse, aTable().ref, saving(7));
    expect(commitmentCapped([table], null, rules).commitmentCapped).toEqual({
      kind: "unknown",
      what: "what is paid for DynamoDB in us-east-1",
      reason: "Cost Explorer could not be read",
    });
    expect(commitmentCapped([], null, rules).commitmentCapped).toEqual({ kind: "known", usd: 0 });
  });

  it("is apart for each type, region and service", () => {
    const elsewhere = aProposal(byType, aGroup({ region: "us-west-2" }).ref, saving(4000));
    const other = aProposal(byType, aGroup({ name: "other" }).ref, { ...saving(4000), from: "m5.8xlarge" });
    const lines = [
      line("on-demand", fortnight(100)),
      line("on-demand", fortnight(10), { region: "us-west-2" }),
      line("on-demand", fortnight(1), { instanceType: "m5.8xlarge" }),
      line("on-demand", 9e9, { service: "RDS" }),
    ];
    expect(commitmentCapped([...groups, elsewhere, other], { lines, days }, rules).commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(111) });
  });

  const table = aProposal(byUse, aTable().ref, saving(7));
  const used = (purchaseType: CostLine["purchaseType"], monthly: number): CostLine => {
    const { instanceType: _none, ...rest } = line(purchaseType, fortnight(monthly), { service: "DynamoDB" });
    return rest;
  };

  it.each([
    ["nothing is paid for the service, which stays below its free tier", [used("on-demand", 0)], 0],
    ["less is paid for it than would be saved", [used("on-demand", 3), used("other", 1)], 4],
    ["more is paid for it", [used("on-demand", 3), used("other", 10)], 7],
    ["all of it is reserved, and paid whether used or not", [used("on-demand", 0), used("reserved", 50)], 0],
    ["nothing is paid for it, and much elsewhere", [used("on-demand", 0), { ...used("on-demand", 50), region: "us-west-2" }], 0],
  ])("is no more than what is paid for a service that is billed by use: %s", (_, lines, usd) => {
    expect(commitmentCapped([table], { lines, days }, rules)).toMatchObject({ commitmentCapped: { kind: "known", usd: expect.closeTo(usd) } });
  });

  it("counts what is paid for such a service once for all that would be saved on it", () => {
    const other = aProposal(byUse, aTable({ name: "orders" }).ref, saving(7));
    expect(commitmentCapped([table, other], { lines: [used("on-demand", 9)], days }, rules).commitmentCapped).toEqual({
      kind: "known",
      usd: expect.closeTo(9),
    });
  });

  it("is a range up to the estimate where a Savings Plan pays for such a service: what it is freed from may cover other usage", () => {
    const elsewhere = (monthly: number) => ({ ...used("on-demand", monthly), region: "us-west-2" });
    const upTo = (...lines: readonly CostLine[]) =>
      commitmentCapped([table], { lines: [used("on-demand", 2), used("savings-plan", 50), ...lines], days }, rules);
    expect(upTo(elsewhere(3))).toEqual({
      commitmentCapped: { kind: "known", usd: expect.closeTo(2) },
      commitmentRange: { low: { kind: "known", usd: expect.closeTo(2) }, high: { kind: "known", usd: expect.closeTo(5) } },
    });
    expect(upTo(elsewhere(300)).commitmentRange?.high).toEqual({ kind: "known", usd: 7 });
    expect(upTo().commitmentRange).toBeUndefined();
  });

  it("is unknown where Cost Explorer shows nothing of a service that is billed by use, and $0 is $0 whatever it shows", () => {
    expect(commitmentCapped([table], { lines: [], days }, rules).commitmentCapped).toMatchObject({
      kind: "unknown",
      reason: "Cost Explorer shows no cost of it",
    });
    const free = aProposal(byUse, aTable().ref, saving(0));
    for (const costs of [null, { lines: [], days }]) expect(commitmentCapped([free], costs, rules).commitmentCapped).toEqual({ kind: "known", usd: 0 });
  });

  it("keeps an unknown estimate unknown", () => {
    const unpriced = groups.map((proposal) => ({ ...proposal, savings: { kind: "unknown", reason: "no price" } as const }));
    expect(commitmentCapped(unpriced, { lines: [line("on-demand", 1)], days }, rules).commitmentCapped).toEqual({ kind: "unknown", reason: "no price" });
  });
});

describe("realized savings", () => {
  const dayMs = 86_400_000;
  const service = "EC2";
  /** 100 USD on working days, 50 at weekends (days 5 and 6 of 7), 30 less from day 14 on. */
  const costs: readonly DailyCost[] = Array.from({ length: 28 }, (_, day) => ({
    dayStartMs: day * dayMs,
    service,
    amortizedUsd: (day % 7 < 5 ? 100 : 50) - (day >= 14 ? 30 : 0),
  }));
  const change = { service, comparedAt: "equal-weekdays" as const, firstChangeMs: 13.5 * dayMs, lastChangeMs: 13.9 * dayMs };

  it("compare each day with the same weekday before", () => {
    const savings = realizedSavings(costs, [change], new Map(), 30 * dayMs);
    expect(savings).toEqual([{ service, comparedAt: "equal-weekdays", days: 14, usd: 14 * 30 }]);
    expect(realizedSoFarUsd(savings)).toBe(420);
  });

  it("leave out days younger than 48 h and the days of the change itself", () => {
    expect(realizedSavings(costs, [change], new Map(), 17 * dayMs)).toEqual([{ service, comparedAt: "equal-weekdays", days: 1, usd: 30 }]);
    expect(realizedSavings(costs, [{ ...change, lastChangeMs: 14.1 * dayMs }], new Map(), 18 * dayMs)).toEqual([
      { service, comparedAt: "equal-weekdays", days: 1, usd: 30 },
    ]);
  });

  it("say nothing before anything could be seen, or without the same weekday before", () => {
    expect(realizedSoFarUsd(realizedSavings(costs, [change], new Map(), 15 * dayMs))).toBeNull();
    expect(realizedSavings(costs, [{ ...change, firstChangeMs: 0, lastChangeMs: 0 }], new Map(), 30 * dayMs)).toEqual([]);
    expect(realizedSavings(costs, [{ ...change, service: "RDS" }], new Map(), 30 * dayMs)).toEqual([]);
  });

  it("of a change at midnight count the days on both sides of it whole", () => {
    const midnight = { ...change, firstChangeMs: 7 * dayMs, lastChangeMs: 7 * dayMs };
    expect(realizedSavings(costs.slice(0, 14), [midnight], new Map(), 30 * dayMs)).toEqual([{ service, comparedAt: "equal-weekdays", days: 7, usd: 0 }]);
  });

  it("compare what is paid by requests at equal requests: a promotion is no cost of a change, and a quiet week no saving", () => {
    const byUse = { ...change, comparedAt: "equal-requests" as const };
    // A dollar a thousand requests before, 90 cents after; twice the traffic from day 14 on, then a tenth of it.
    const traffic = (factor: number) => (day: number) => (day % 7 < 5 ? 100_000 : 50_000) * (day >= 14 ? factor : 1);
    for (const requestsOf of [traffic(2), traffic(0.1)]) {
      const used = costs.map(({ dayStartMs }, day) => ({ dayStartMs, service, amortizedUsd: (requestsOf(day) / 1000) * (day >= 14 ? 0.9 : 1) }));
      const requests = new Map(costs.map(({ dayStartMs }, day) => [dayStartMs, requestsOf(day)]));
      const after = costs.reduce((sum, _, day) => sum + (day >= 14 ? requestsOf(day) : 0), 0);
      const [saving] = realizedSavings(used, [byUse], requests, 30 * dayMs);
      expect(saving?.days).toBe(14);
      expect(saving?.usd).toBeCloseTo((after / 1000) * 0.1, 6);
    }
  });

  it("of what was paid by the hour and is paid by requests are the lower of both: neither more traffic nor less makes a saving", () => {
    // $100 a day of capacity before, whatever is asked of it; a dollar a thousand requests from day 14 on.
    const saved = (requestsAfter: number) => {
      const requestsOf = (day: number) => (day >= 14 ? requestsAfter : 50_000);
      const paid = costs.map(({ dayStartMs }, day) => ({ dayStartMs, service, amortizedUsd: day >= 14 ? requestsAfter / 1000 : 100 }));
      const requests = new Map(costs.map(({ dayStartMs }, day) => [dayStartMs, requestsOf(day)]));
      return realizedSavings(paid, [{ ...change, comparedAt: "whichever-is-less" }], requests, 30 * dayMs);
    };
    expect(saved(50_000)).toMatchObject([{ days: 14, usd: expect.closeTo(14 * 50) }]);
    // Twice the traffic costs $100, as before: at equal requests the capacity would have cost twice as much.
    expect(saved(100_000)).toMatchObject([{ comparedAt: "equal-weekdays", usd: expect.closeTo(0) }]);
    // A tenth of it costs $5 instead of $100, of which nine tenths are the quiet weeks'.
    expect(saved(5_000)).toMatchObject([{ comparedAt: "equal-requests", usd: expect.closeTo(14 * 5) }]);
    expect(realizedSavings(costs, [{ ...change, comparedAt: "whichever-is-less" }], new Map(), 30 * dayMs)).toMatchObject([{ comparedAt: "equal-weekdays" }]);
  });

  it("leave out days whose requests nobody knows, where they matter", () => {
    const byUse = { ...change, comparedAt: "equal-requests" as const };
    expect(realizedSavings(costs, [byUse], new Map(), 30 * dayMs)).toEqual([]);
    const some = new Map(costs.slice(0, 16).map(({ dayStartMs }) => [dayStartMs, 1000]));
    expect(realizedSavings(costs, [byUse], some, 30 * dayMs)).toEqual([{ service, comparedAt: "equal-requests", days: 2, usd: 60 }]);
  });

  it("take nothing of days without requests, which cost and served nobody, and say nothing where no other is known", () => {
    const byUse = { ...change, comparedAt: "equal-requests" as const };
    const requests = new Map(costs.map(({ dayStartMs }, day) => [dayStartMs, day < 7 ? 0 : 1000]));
    expect(realizedSavings(costs, [byUse], requests, 17 * dayMs)).toEqual([{ service, comparedAt: "equal-requests", days: 1, usd: 30 }]);
    const after = new Map(costs.slice(14).map(({ dayStartMs }) => [dayStartMs, 1000]));
    expect(realizedSavings(costs, [byUse], after, 30 * dayMs)).toEqual([]);
  });

  it("are first known of the first whole day after a change, once Cost Explorer has had two days to complete it", () => {
    expect([13.1, 13.9, 14].map((day) => firstRealizedDayEndMs(day * dayMs) / dayMs)).toEqual([17, 17, 17]);
    const since = (nowMs: number) => realizedSavings(costs, [change], new Map(), nowMs);
    expect(since(firstRealizedDayEndMs(change.lastChangeMs))).toHaveLength(1);
    expect(since(firstRealizedDayEndMs(change.lastChangeMs) - 1)).toEqual([]);
  });

  it("add up services, losses included", () => {
    expect(
      realizedSoFarUsd([
        { service: "a", comparedAt: "equal-weekdays", days: 1, usd: 10 },
        { service: "b", comparedAt: "equal-requests", days: 1, usd: -4 },
      ]),
    ).toBe(6);
  });
});

describe("the tool's own bill", () => {
  it("counts metrics at the dearest region's price, and Cost Explorer by the request", () => {
    const prices = { ...somePrices, metricRequest: (region: string) => ({ a: 0.000_01, b: 0.000_02 })[region] ?? null };
    expect(ownBill(prices, ["a", "b", "nowhere"], { metricRequests: 1000, costExplorerRequests: 3 })).toEqual({
      metricRequests: 1000,
      costExplorerRequests: 3,
      usd: expect.closeTo(0.05),
    });
  });

  it("is nothing where nothing was asked, or no price is known", () => {
    const prices = { ...somePrices, metricRequest: () => null };
    expect(ownBill(somePrices, [], { metricRequests: 1000, costExplorerRequests: 0 }).usd).toBe(0);
    expect(ownBill(prices, ["a"], { metricRequests: 1000, costExplorerRequests: 0 }).usd).toBe(0);
  });
});
