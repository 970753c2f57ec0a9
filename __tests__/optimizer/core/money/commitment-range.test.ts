import { describe, expect, it } from "vitest";
import type { CostLine } from "../../../../optimizer/core/model/money.ts";
import { commitmentCapped } from "../../../../optimizer/core/money/commitment-cap.ts";
import { monthlyByService } from "../../../../optimizer/core/money/seen-costs.ts";
import { effectiveRates } from "../../../../optimizer/core/money/effective-rate.ts";
import { cappedWords } from "../../../../optimizer/core/report/spending.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
import { aGroup, aTable } from "../../../support/world.ts";

const byType = aRule("by.type", "auto-scaling-group", 2, { cost: { service: "EC2", commitment: "instance-type" } });
const byUse = aRule("by.use", "dynamodb-table", 1, { cost: { service: "DynamoDB", commitment: "none" } });
const rules = [byType, byUse];
/** 14 days that make so many US dollars in 730 hours. */
const days = 14;
const fortnight = (monthly: number): number => (monthly / 730) * 24 * days;

function line(purchaseType: NonNullable<CostLine["purchaseType"]>, monthlyUsd: number, more: Partial<CostLine> = {}): CostLine {
  const amortizedUsd = fortnight(monthlyUsd);
  return { region: "us-east-1", service: "EC2", instanceType: "m5.4xlarge", purchaseType, amortizedUsd, unblendedUsd: amortizedUsd, ...more };
}

const usd = (amount: number) => ({ kind: "known", usd: amount }) as const;
/** $10,000 a month become $5,000 on half the size. */
const halved = aProposal(byType, aGroup().ref, {
  from: "m5.4xlarge",
  to: "m5.2xlarge",
  savings: usd(5000),
  monthlyCost: { before: usd(10_000), after: usd(5000) },
});

function cap(lines: readonly CostLine[], proposals = [halved]) {
  return commitmentCapped(proposals, { lines, days }, rules);
}

describe("what commitments make of a saving", () => {
  it("is one figure where none covers the type", () => {
    const lines = [line("on-demand", 10_000), line("reserved", 900, { instanceType: "m5.large" })];
    expect(cap(lines)).toEqual({ commitmentCapped: { kind: "known", usd: expect.closeTo(5000) } });
  });

  it("under a Savings Plan is at most what is paid on demand for the type, and up to all that the plan could cover instead", () => {
    // 80 % covered: $2,000 on demand, so that a half costs $2,000 less. Elsewhere $1,500 more are on demand, which what is freed may cover.
    const lines = [line("on-demand", 2000), line("savings-plan", 5800), line("on-demand", 1500, { instanceType: "c6i.large", region: "us-west-2" })];
    const savings = cap(lines);
    expect(savings).toEqual({
      commitmentCapped: { kind: "known", usd: expect.closeTo(2000) },
      commitmentRange: { low: { kind: "known", usd: expect.closeTo(2000) }, high: { kind: "known", usd: expect.closeTo(3500) } },
    });
  });

  it("under reservations reaches over the family alone, and is a loss where they are bound to their size", () => {
    // $2,000 on demand. Bound to 4xlarge, the reservations cover nothing of the 2xlarge instances, which cost $5,000: $3,000 more than now.
    const lines = [
      line("on-demand", 2000),
      line("reserved", 5000),
      line("on-demand", 400, { instanceType: "m5.large" }),
      line("on-demand", 900, { instanceType: "m5a.large" }),
    ];
    const savings = cap(lines);
    expect(savings.commitmentRange).toEqual({ low: { kind: "known", usd: expect.closeTo(-3000) }, high: { kind: "known", usd: expect.closeTo(2400) } });
    expect(cappedWords({ ...savings, estimated: usd(5000), realizedSoFarUsd: null })).toBe(
      "of it, what is really paid on demand today; −$3,000/month where reservations cover nothing of what it becomes, $2,400/month where what is freed covers other usage",
    );
  });

  it("claims what is paid on demand elsewhere once, however many types would be freed for it", () => {
    const larger = aProposal(byType, aGroup().ref, { ...halved, from: "m5.8xlarge" });
    const elsewhere = line("on-demand", 3000, { instanceType: "m5.large" });
    const high = (...types: readonly ("savings-plan" | "reserved")[]) =>
      cap([elsewhere, ...types.map((type, at) => line(type, 5000, { instanceType: at === 0 ? "m5.4xlarge" : "m5.8xlarge" }))], [halved, larger]).commitmentRange
        ?.high;
    expect(high("savings-plan", "savings-plan")).toEqual({ kind: "known", usd: expect.closeTo(3000) });
    expect(high("reserved", "savings-plan")).toEqual({ kind: "known", usd: expect.closeTo(3000) });
  });

  it("of fewer instances of the same type is no loss: their reservations go on covering the type", () => {
    const fewer = aProposal(byType, aGroup().ref, { ...halved, from: "15 instances", to: "8 instances", paidAs: "m5.4xlarge" });
    expect(cap([line("on-demand", 2000), line("reserved", 5000)], [fewer])).toEqual({ commitmentCapped: { kind: "known", usd: expect.closeTo(2000) } });
  });

  it("of fewer instances that the change names with their type is no loss either", () => {
    const fewer = aProposal(byType, aGroup().ref, { ...halved, from: "15 × m5.4xlarge", to: "8 × m5.4xlarge", paidAs: "m5.4xlarge" });
    expect(cap([line("on-demand", 2000), line("reserved", 5000)], [fewer])).toEqual({ commitmentCapped: { kind: "known", usd: expect.closeTo(2000) } });
  });

  it("under reservations reaches over no other region, where they cover nothing", () => {
    const elsewhere = line("on-demand", 900, { instanceType: "m5.large", region: "us-west-2" });
    expect(cap([line("on-demand", 2000), line("reserved", 5000), elsewhere]).commitmentRange?.high).toEqual({ kind: "known", usd: expect.closeTo(2000) });
  });

  it("is one figure where a commitment is named that nothing is paid for", () => {
    for (const type of ["reserved", "savings-plan"] as const)
      expect(cap([line("on-demand", 2000), line(type, 0), line("on-demand", 500, { instanceType: "m5.large" })])).toEqual({
        commitmentCapped: { kind: "known", usd: expect.closeTo(2000) },
      });
  });

  it("is unknown before Cost Explorer has a whole day", () => {
    const { commitmentCapped: capped } = commitmentCapped([halved], { lines: [line("on-demand", 2000)], days: 0 }, rules);
    expect(capped).toMatchObject({ kind: "unknown", reason: "Cost Explorer shows no cost of it" });
  });

  it("is nothing where all is covered and nothing else runs on demand", () => {
    expect(cap([line("savings-plan", 7200)])).toEqual({ commitmentCapped: { kind: "known", usd: 0 } });
  });
});

describe("the range of a saving under commitments", () => {
  const large = { instanceType: "m5.large" };
  const high = (lines: readonly CostLine[], proposals = [halved]) => cap(lines, proposals).commitmentRange?.high;

  it("counts what runs on demand by its type alone: other costs of the service are covered by none", () => {
    const { instanceType: _none, ...untyped } = line("on-demand", 9000);
    expect(high([line("on-demand", 2000), line("savings-plan", 5800), untyped, line("on-demand", 300, large)])).toEqual({
      kind: "known",
      usd: expect.closeTo(2300),
    });
    expect(high([line("on-demand", 2000), line("savings-plan", 5800), line("on-demand", 9000, { service: "RDS" })])).toBeUndefined();
  });

  it("of two families is that of each: what is freed of one covers nothing of the other", () => {
    const other = { ...halved, from: "c6i.4xlarge", to: "c6i.2xlarge" };
    const lines = [
      line("on-demand", 2000),
      line("reserved", 5000),
      line("on-demand", 400, large),
      line("on-demand", 1000, { instanceType: "c6i.4xlarge" }),
      line("reserved", 5000, { instanceType: "c6i.4xlarge" }),
      line("on-demand", 700, { instanceType: "c6i.large" }),
    ];
    expect(cap(lines, [halved, other]).commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(3000) });
    expect(high(lines, [halved, other])).toEqual({ kind: "known", usd: expect.closeTo(2000 + 400 + 1000 + 700) });
  });

  it("of one family in two regions is that of each", () => {
    const west = { ...halved, resource: aGroup({ region: "us-west-2" }).ref };
    const lines = ["us-east-1", "us-west-2"].flatMap((region) => [
      line("on-demand", 2000, { region }),
      line("reserved", 5000, { region }),
      line("on-demand", 400, { ...large, region }),
    ]);
    expect(high(lines, [halved, west])).toEqual({ kind: "known", usd: expect.closeTo(4800) });
  });

  it("goes down by what the new size costs on demand, after discounts, and by nothing where that is not said", () => {
    const net = (each: CostLine): CostLine => ({ ...each, netAmortizedUsd: each.amortizedUsd * 0.5 });
    const lines = [line("on-demand", 2000), line("reserved", 5000)].map(net);
    // 1,000 on demand today; 5,000 at half of the list price then.
    expect(cap(lines).commitmentRange?.low).toEqual({ kind: "known", usd: expect.closeTo(1000 - 2500) });
    const { monthlyCost: _cost, ...unsaid } = halved;
    expect(cap(lines, [unsaid])).toMatchObject({ commitmentCapped: { kind: "known", usd: expect.closeTo(1000) } });
    expect(cap(lines, [unsaid])).not.toHaveProperty("commitmentRange");
  });

  it.each([
    ["c6i.4xlarge", "c6i.2xlarge", 1000 - 5000],
    ["db.r6g.4xlarge", "1 × db.r6g.2xlarge", 1000 - 5000],
    ["db.r6g.4xlarge", "1 × db.r6g.4xlarge", 1000],
    ["cache.m6g.large", "cache.m6g.large, one replica fewer", 1000],
  ])("tells by the name of the type whether %s become another one: %s", (from, to, low) => {
    const lines = [line("on-demand", 1000, { instanceType: from }), line("reserved", 5000, { instanceType: from })];
    const { commitmentCapped: usual, commitmentRange } = cap(lines, [{ ...halved, from, to }]);
    expect((commitmentRange ?? { low: usual }).low).toEqual({ kind: "known", usd: expect.closeTo(low) });
  });

  it("is at most the estimate, however much runs on demand beside it", () => {
    expect(high([line("on-demand", 2000), line("savings-plan", 5800), line("on-demand", 9000, large)])).toEqual({ kind: "known", usd: expect.closeTo(5000) });
  });

  it("is that of both kinds of commitment where both cover the type", () => {
    const lines = [line("on-demand", 2000), line("reserved", 3000), line("savings-plan", 2000), line("on-demand", 800, { instanceType: "c6i.large" })];
    expect(cap(lines).commitmentRange).toEqual({ low: { kind: "known", usd: expect.closeTo(-3000) }, high: { kind: "known", usd: expect.closeTo(2800) } });
  });
});

describe("what is billed by use", () => {
  const table = aProposal(byUse, aTable().ref, { savings: usd(100) });
  const used = (purchaseType: NonNullable<CostLine["purchaseType"]>, monthlyUsd: number): CostLine => {
    const { instanceType: _none, ...rest } = line(purchaseType, monthlyUsd, { service: "DynamoDB" });
    return rest;
  };

  it("is one figure where a Savings Plan is named that nothing is paid for", () => {
    expect(cap([used("on-demand", 20), used("savings-plan", 0)], [table])).toEqual({ commitmentCapped: { kind: "known", usd: expect.closeTo(20) } });
    expect(cap([used("on-demand", 20), used("reserved", 50)], [table])).toEqual({ commitmentCapped: { kind: "known", usd: expect.closeTo(20) } });
  });

  it("is capped once for all that would be saved on a service, whatever each of it is", () => {
    const other = { ...table, from: "something else", savings: usd(50) };
    expect(cap([used("on-demand", 120)], [table, other]).commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(120) });
  });

  it("saves nothing where more is given back than is paid", () => {
    expect(cap([used("on-demand", 20), used("other", -30)], [table]).commitmentCapped).toEqual({ kind: "known", usd: 0 });
  });

  it("is unknown before Cost Explorer has a whole day, and where it shows the cost of other services alone", () => {
    expect(commitmentCapped([table], { lines: [used("on-demand", 2)], days: 0 }, rules).commitmentCapped.kind).toBe("unknown");
    expect(cap([line("on-demand", 1)], [table]).commitmentCapped).toMatchObject({ kind: "unknown", reason: "Cost Explorer shows no cost of it" });
  });
});

describe("what is paid by service", () => {
  it("is one figure for each region and service, at the pace of the days seen, by region and name", () => {
    const lines = [line("on-demand", 300, { region: "us-west-2" }), line("on-demand", 200), line("reserved", 50), line("other", 7, { service: "DynamoDB" })];
    for (const each of [lines, lines.toReversed()])
      expect(monthlyByService({ lines: each, days })).toEqual([
        { region: "us-east-1", service: "DynamoDB", monthlyUsd: expect.closeTo(7) },
        { region: "us-east-1", service: "EC2", monthlyUsd: expect.closeTo(250) },
        { region: "us-west-2", service: "EC2", monthlyUsd: expect.closeTo(300) },
      ]);
  });
});

describe("the account's effective rate", () => {
  const net = (monthlyUsd: number, rate: number, more: Partial<CostLine> = {}): CostLine =>
    line("on-demand", monthlyUsd, { netAmortizedUsd: fortnight(monthlyUsd) * rate, ...more });

  it("is net ÷ list of what runs on demand: covered hours are amortized below their list price", () => {
    const committed = (["reserved", "savings-plan"] as const).map((type) => line(type, 5000, { netAmortizedUsd: 1 }));
    const rates = effectiveRates([net(1000, 0.9), net(3000, 0.86, { instanceType: "m5.large" }), ...committed]);
    // (900 + 2,580) ÷ 4,000
    expect(rates).toEqual([{ region: "us-east-1", service: "EC2", rate: expect.closeTo(0.87) }]);
  });

  it("is not had where AWS tells no net figure of some of it", () => {
    expect(effectiveRates([net(1000, 0.9), line("on-demand", 10)])).toEqual([]);
    expect(effectiveRates([line("on-demand", 10), net(1000, 0.9)])).toEqual([]);
  });

  it("is not had of a service that cost nothing, or of which more was given back than it cost", () => {
    expect(effectiveRates([net(0, 1), net(-5, 0.9, { service: "RDS" })])).toEqual([]);
  });

  it("is each region's and each service's own", () => {
    const everyRate = [
      net(10_000, 0.5, { region: "eu-west-1" }),
      net(10_000, 0.6, { service: "RDS" }),
      net(10_000, 0.8),
      net(10_000, 0.7, { region: "us-west-2" }),
    ];
    expect(cap(everyRate).commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(4000) });
    expect(cap([...everyRate].reverse()).commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(4000) });
  });

  it("makes no figure of a saving whose price is not known", () => {
    const unpriced = { ...halved, savings: { kind: "unknown", what: "m5.2xlarge", reason: "price unknown" } as const };
    expect(cap([net(10_000, 0.8)], [unpriced]).commitmentCapped).toEqual(unpriced.savings);
  });

  it("multiplies what is known of a saving, and keeps naming the rest", () => {
    const table = aProposal(byUse, aTable().ref, { savings: { kind: "partly", usd: 100, unknown: [{ what: "storage", reason: "price unknown" }] } });
    const { instanceType: _none, ...used } = line("other", 500, { service: "DynamoDB", netAmortizedUsd: fortnight(500) * 0.8 });
    expect(cap([used], [table]).commitmentCapped).toEqual({ kind: "partly", usd: expect.closeTo(80), unknown: [{ what: "storage", reason: "price unknown" }] });
  });

  it("is never more than the list price, nor less than nothing, whatever is charged or given back beside usage", () => {
    expect([1.2, -0.2, 0].map((rate) => effectiveRates([net(1000, rate)])[0]?.rate)).toEqual([1, 0, 0]);
  });

  it("multiplies what is claimed, and is told", () => {
    const table = aProposal(byUse, aTable().ref, { savings: usd(100) });
    const used = line("other", 500, { service: "DynamoDB", netAmortizedUsd: fortnight(500) * 0.87 });
    const { instanceType: _none, ...withoutType } = used;
    const savings = cap([net(10_000, 0.87), withoutType, net(1, 0.5, { region: "eu-west-1" })], [halved, table]);
    // $5,000 and $100 at list prices.
    expect(savings.commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(4437) });
    expect(savings.effectiveRates?.map(({ service }) => service)).toEqual(["EC2", "DynamoDB"]);
    expect(cappedWords({ ...savings, estimated: usd(5100), realizedSoFarUsd: null })).toBe(
      "of it, what is really paid on demand today; at your account's effective rate of 0.87",
    );
  });

  it("caps by what is paid on demand after discounts", () => {
    expect(cap([net(2000, 0.87)]).commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(1740) });
  });

  it("goes without saying where it is 1", () => {
    const savings = cap([net(10_000, 1)]);
    expect(cappedWords({ ...savings, estimated: usd(5000), realizedSoFarUsd: null })).toBe("of it, what is really paid on demand today");
  });
});
