import { describe, expect, it } from "vitest";
import type { CostLine } from "../../../../optimizer/core/model/money.ts";
import { commitmentCapped } from "../../../../optimizer/core/money/commitment-cap.ts";
import { monthlyByService } from "../../../../optimizer/core/money/seen-costs.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
import { aCluster, aGroup, aTable } from "../../../support/world.ts";

const rds = "Amazon Relational Database Service";
const byType = aRule("by.type", "auto-scaling-group", 2, { cost: { service: "EC2", commitment: "instance-type" } });
const byClass = aRule("by.class", "aurora-cluster", 3, { cost: { service: rds, commitment: "instance-type" } });
const byUnit = aRule("by.unit", "aurora-cluster", 3, { cost: { service: rds, commitment: "usage" } });
const byCapacity = aRule("by.capacity", "dynamodb-table", 1, { cost: { service: "DynamoDB", commitment: "capacity" } });
const byRequest = aRule("by.request", "dynamodb-table", 1, { cost: { service: "DynamoDB", commitment: "usage" } });
const rules = [byType, byClass, byUnit, byCapacity, byRequest];

const days = 14;
const usd = (amount: number) => ({ kind: "known", usd: amount }) as const;

/** A line of so many US dollars in 730 hours on each day of the fortnight. */
function line(purchaseType: NonNullable<CostLine["purchaseType"]>, monthlyUsd: number | readonly number[], more: Partial<CostLine> = {}): CostLine {
  const byDay = Array.from({ length: days }, (_, day) => ((typeof monthlyUsd === "number" ? monthlyUsd : (monthlyUsd[day] ?? 0)) / 730) * 24);
  const amortizedUsd = byDay.reduce((sum, each) => sum + each, 0);
  return { region: "us-east-1", service: "EC2", instanceType: "m5.4xlarge", purchaseType, amortizedUsd, unblendedUsd: amortizedUsd, byDay, ...more };
}

function withoutType({ instanceType: _none, ...rest }: CostLine): CostLine {
  return rest;
}

/** $10,000 a month become $5,000 on half the size. */
const halved = aProposal(byType, aGroup().ref, {
  from: "m5.4xlarge",
  to: "m5.2xlarge",
  savings: usd(5000),
  monthlyCost: { before: usd(10_000), after: usd(5000) },
});

function capped(lines: readonly CostLine[], proposals = [halved]): number | undefined {
  const { commitmentCapped: amount } = commitmentCapped(proposals, { lines, days }, rules);
  return amount.kind === "known" ? amount.usd : undefined;
}

function rangeOf(lines: readonly CostLine[], proposals = [halved]): readonly [low: number, high: number] {
  const { commitmentCapped: amount, commitmentRange: range = { low: amount, high: amount } } = commitmentCapped(proposals, { lines, days }, rules);
  if (range.low.kind !== "known" || range.high.kind !== "known") throw new Error("the range is not known");
  return [range.low.usd, range.high.usd];
}

describe("commitments that began or ended while costs were looked at", () => {
  const until = (day: number, before: number, after: number) => Array.from({ length: days }, (_, at) => (at < day ? before : after));

  it.each([
    ["a reservation bought three days ago leaves nothing on demand, whatever was before", until(11, 10_000, 0), until(11, 0, 6000), 0],
    ["a Savings Plan of nine days likewise", until(5, 10_000, 0), until(5, 0, 7000), 0],
    ["one that covers a part since yesterday leaves the rest", until(13, 10_000, 3000), until(13, 0, 4900), 3000],
    ["one that ended two days ago leaves all on demand", until(12, 1000, 10_000), until(12, 6000, 0), 5000],
    ["one that ended nine days ago likewise", until(5, 0, 10_000), until(5, 7000, 0), 5000],
    ["one that was there all the time covers what it covers", until(0, 0, 2000), until(0, 0, 5600), 2000],
  ])("%s", (_, onDemand, covered, expected) => {
    expect(capped([line("on-demand", onDemand), line("reserved", covered)])).toBeCloseTo(expected);
    expect(capped([line("on-demand", onDemand), line("savings-plan", covered)])).toBeCloseTo(expected);
  });

  it("a commitment that has ended makes no loss of a saving, nor a range", () => {
    const lines = [line("on-demand", until(12, 1000, 10_000)), line("reserved", until(12, 6000, 0)), line("on-demand", 900, { instanceType: "m5.large" })];
    const [low, high] = rangeOf(lines);
    expect([low, high]).toEqual([5000, 5000]);
  });

  it("weekends on which less runs are no change of commitments: each day is compared with the same weekday", () => {
    // On five days of the week $6,000 of on-demand instances beside $4,000 of reserved ones, at weekends the latter alone.
    const weekly = (weekday: number, weekend: number) => Array.from({ length: days }, (_, day) => (day % 7 < 5 ? weekday : weekend));
    expect(capped([line("on-demand", weekly(6000, 0)), line("reserved", 4000)])).toBeCloseTo((6000 * 5) / 7);
  });

  it("what began to run five days ago costs what it did on these days", () => {
    expect(capped([line("on-demand", until(9, 0, 4000))])).toBeCloseTo(4000);
  });

  it("where single days are not known, or no two weeks, all days count", () => {
    const { byDay: _none, ...whole } = line("on-demand", until(11, 10_000, 0));
    expect(capped([whole])).toBeCloseTo(5000);
    const week = [line("on-demand", until(4, 4000, 0))].map((each) => ({ ...each, byDay: each.byDay?.slice(0, 7) ?? [] }));
    expect(commitmentCapped([halved], { lines: week, days: 7 }, rules).commitmentCapped).toEqual(usd(expect.closeTo((4000 * 4) / 7)));
  });
});

describe("what is given back", () => {
  it("beyond what was paid is no negative price of what runs on", () => {
    expect(capped([line("on-demand", -300)])).toBe(0);
    expect(capped([line("on-demand", 1000), line("on-demand", -4000)])).toBe(0);
    const table = aProposal(byRequest, aTable().ref, { savings: usd(7) });
    expect(capped([withoutType(line("on-demand", -2, { service: "DynamoDB" }))], [table])).toBe(0);
  });

  it("counts less what is paid for each service, which is told after discounts", () => {
    const discounted = line("on-demand", 1000, { netAmortizedUsd: (800 / 730) * 24 * days });
    expect(monthlyByService({ lines: [discounted], days })).toEqual([{ region: "us-east-1", service: "EC2", monthlyUsd: expect.closeTo(800) }]);
  });
});

describe("reserved capacity of tables", () => {
  // $57 of capacity become $2 of requests.
  const byNeed = aProposal(byCapacity, aTable().ref, {
    from: "PROVISIONED",
    to: "PAY_PER_REQUEST",
    savings: usd(55),
    monthlyCost: { before: usd(57), after: usd(2) },
  });
  const table = (type: NonNullable<CostLine["purchaseType"]>, monthly: number) => withoutType(line(type, monthly, { service: "DynamoDB" }));

  it("pays for no request: nothing is claimed, and the range goes from a loss to what is paid beside it", () => {
    const lines = [table("on-demand", 40), table("reserved", 30)];
    expect(capped(lines, [byNeed])).toBe(0);
    expect(rangeOf(lines, [byNeed])).toEqual([expect.closeTo(-2), expect.closeTo(40)]);
  });

  it("is no matter of a table that it cannot be had of", () => {
    const infrequent = { ...byNeed, commitment: "usage" } as const;
    expect(capped([table("on-demand", 400), table("reserved", 30)], [infrequent])).toBe(55);
    expect(rangeOf([table("on-demand", 40), table("reserved", 30)], [infrequent])).toEqual([expect.closeTo(40), expect.closeTo(40)]);
  });

  it("is no matter where there is none, or of what is paid by request", () => {
    expect(capped([table("on-demand", 400)], [byNeed])).toBe(55);
    const index = aProposal(byRequest, aTable().ref, { savings: usd(7) });
    expect(rangeOf([table("on-demand", 40), table("reserved", 30)], [index])).toEqual([7, 7]);
  });
});

describe("what is paid for a service and bound to no type", () => {
  const paid = (type: NonNullable<CostLine["purchaseType"]>, monthly: number | readonly number[], more: Partial<CostLine> = {}) =>
    withoutType(line(type, monthly, { service: "DynamoDB", ...more }));
  const index = aProposal(byRequest, aTable().ref, { savings: usd(7) });
  const capacity = aProposal(byCapacity, aTable().ref, { savings: usd(9), monthlyCost: { before: usd(11), after: usd(2) } });

  it.each([
    ["less than both would save", [paid("on-demand", 10)], 10, [10, 10]],
    ["more", [paid("on-demand", 30)], 16, [16, 16]],
    ["nothing", [paid("on-demand", 0)], 0, [0, 0]],
    ["some, beside reserved capacity", [paid("on-demand", 10), paid("reserved", 30)], 7, [7 - 2, 10]],
    ["much, beside reserved capacity", [paid("on-demand", 90), paid("reserved", 30)], 7, [7 - 2, 16]],
  ])("is claimed once, whichever commitments may pay for a part of it: %s", (_, lines, usual, [low = Number.NaN, high = Number.NaN]) => {
    for (const proposals of [
      [index, capacity],
      [capacity, index],
    ]) {
      expect(capped(lines, proposals)).toBeCloseTo(usual);
      expect(rangeOf(lines, proposals)).toEqual([expect.closeTo(low), expect.closeTo(high)]);
    }
  });

  it("is claimed once of each region", () => {
    const there = { ...index, resource: { ...index.resource, region: "us-west-2" } };
    expect(capped([paid("on-demand", 5), paid("on-demand", 6, { region: "us-west-2" })], [index, there, capacity])).toBeCloseTo(5 + 6);
  });

  // Of the newest days none was paid, as when a month has begun and its free tier lasts.
  const untilMonthsEnd = (each: number) => Array.from({ length: days }, (_, day) => (day < 10 ? each : 0));

  it("is that of all days where the newest cost nothing: the free tier of a month that has begun will be used up", () => {
    expect(capped([paid("on-demand", untilMonthsEnd(4))], [index])).toBeCloseTo((4 * 10) / 14);
    expect(capped([paid("on-demand", untilMonthsEnd(400))], [index])).toBe(7);
  });

  it("is that of days since a Savings Plan began all the same, free ones or not", () => {
    const since = (before: number, after: number) => Array.from({ length: days }, (_, day) => (day < 6 ? before : day < 10 ? after : 0));
    const lines = [paid("on-demand", since(400, 7)), paid("savings-plan", since(0, 300))];
    expect(capped(lines, [index])).toBeCloseTo((7 * 4) / 8);
  });

  it("of instances is none where none ran on the newest days", () => {
    expect(capped([line("on-demand", untilMonthsEnd(10_000))])).toBe(0);
  });
});

describe("capacity units beside instances", () => {
  const range = aProposal(byUnit, aCluster().ref, { savings: usd(525) });

  it("are capped by what is paid for themselves, not for instances of the same service", () => {
    const instances = line("on-demand", 9000, { service: rds, instanceType: "db.r6g.4xlarge" });
    const units = (type: NonNullable<CostLine["purchaseType"]>, monthly: number) => withoutType(line(type, monthly, { service: rds }));
    expect(capped([instances, units("savings-plan", 600), units("on-demand", 100)], [range])).toBeCloseTo(100);
    expect(capped([instances, line("on-demand", 300, { service: rds, instanceType: "db.serverless" })], [range])).toBeCloseTo(300);
    expect(capped([instances], [range])).toBeUndefined();
  });
});

describe("what reservations bound to their size would make of two changes of one group", () => {
  // 15 × $0.768 become 15 × $0.384, then 8 of these: $8,410, $4,205, $2,243 a month.
  const smaller = aProposal(byType, aGroup().ref, {
    from: "m5.4xlarge",
    to: "m5.2xlarge",
    savings: usd(4205),
    monthlyCost: { before: usd(8410), after: usd(4205) },
  });
  const fewer = aProposal(byType, aGroup().ref, {
    from: "15 (12 to 20)",
    to: "8 (6 to 15)",
    paidAs: "m5.4xlarge",
    runsOn: "m5.2xlarge",
    savings: usd(1962),
    monthlyCost: { before: usd(4205), after: usd(2243) },
  });

  it("is the price of what runs at last, not of what would run in between", () => {
    expect(rangeOf([line("reserved", 5000)], [smaller, fewer])[0]).toBeCloseTo(-2243);
    expect(rangeOf([line("reserved", 5000)], [smaller])[0]).toBeCloseTo(-4205);
  });

  it("is no loss where there are only fewer of the type that is there", () => {
    const { runsOn: _none, ...ofToday } = fewer;
    expect(rangeOf([line("reserved", 5000)], [ofToday])[0]).toBe(0);
  });
});

describe("members of two classes", () => {
  const action = aProposal(byClass, aCluster().ref).action;
  // The writer's $1,514 become $757, and the larger reader's $3,029 do, too.
  const both = aProposal(byClass, aCluster().ref, {
    from: "db.r6g.4xlarge",
    paidAs: "db.r6g.8xlarge",
    to: "db.r6g.2xlarge",
    savings: usd(3029),
    monthlyCost: { before: usd(4543), after: usd(1514) },
    followUps: [{ action, savings: usd(757), paid: { as: "db.r6g.4xlarge", costAfter: usd(757) } }],
  });
  const member = (type: NonNullable<CostLine["purchaseType"]>, instanceType: string, monthly: number) => line(type, monthly, { service: rds, instanceType });

  it("are two lines of the bill, each with its own cap", () => {
    const onDemand = [member("on-demand", "db.r6g.4xlarge", 1514), member("on-demand", "db.r6g.8xlarge", 3029)];
    expect(capped(onDemand, [both])).toBe(3029);
    // The reader is reserved: of all its saving nothing is had, and nothing of what the writer costs makes up for that.
    expect(capped([member("on-demand", "db.r6g.4xlarge", 9000), member("reserved", "db.r6g.8xlarge", 2000)], [both])).toBe(757);
    expect(capped([member("reserved", "db.r6g.4xlarge", 1000), member("on-demand", "db.r6g.8xlarge", 3029)], [both])).toBe(2272);
  });

  it("cost, where reservations are bound to their size, what each of them does afterwards", () => {
    const reserved = [member("reserved", "db.r6g.4xlarge", 1000), member("reserved", "db.r6g.8xlarge", 2000)];
    expect(rangeOf(reserved, [both])[0]).toBeCloseTo(-1514);
  });
});
