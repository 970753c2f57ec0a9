import { describe, expect, it } from "vitest";
import { createPriceBook } from "../../../../optimizer/adapters/prices/list-prices.ts";

const prices = createPriceBook();

describe("list prices", () => {
  it("knows the snapshot's prices, in USD an hour and a unit", () => {
    expect(prices.ec2Hourly("us-east-1", "m5.4xlarge")).toBe(0.768);
    expect(prices.auroraHourly("us-east-1", "aurora-mysql", "db.r6g.4xlarge")).toBe(2.076);
    expect(prices.auroraHourly("us-east-1", "aurora-postgresql", "db.r6g.xlarge")).toBe(0.519);
    expect(prices.auroraHourly("us-east-1", "aurora-mysql", "db.r6g.4xlarge", "io-optimized")).toBe(2.699);
    expect(prices.auroraIoRequest("us-east-1")).toBe(0.2 / 1e6);
    expect(prices.auroraIoRequest("us-west-2")).toBeNull();
    expect(prices.rdsHourly("us-east-1", "mysql", "db.t3.large", false)).toBe(0.136);
    expect(prices.rdsHourly("us-east-1", "mariadb", "db.t3.large", true)).toBe(0.272);
    expect(prices.redisHourly("us-east-1", "cache.m5.large")).toBe(0.156);
    expect(prices.redisHourly("us-east-1", "cache.m5.large", "valkey")).toBeCloseTo(0.1248, 10);
    expect(prices.redisHourly("us-east-1", "cache.m5.4xlarge", "valkey")).toBeCloseTo(0.996, 10);
    expect(prices.dynamoDb("us-east-1")).toEqual({
      readRequestUnit: 0.125 / 1e6,
      writeRequestUnit: 0.625 / 1e6,
      storageGbMonth: 0.25,
      readCapacityHour: 0.000_13,
      writeCapacityHour: 0.000_65,
    });
    expect(prices.dynamoDb("us-east-1", "STANDARD_INFREQUENT_ACCESS")).toMatchObject({ storageGbMonth: 0.1, writeCapacityHour: 0.000_81 });
    expect(prices.metricRequest("us-east-1")).toBe(0.01 / 1000);
    expect(prices.costExplorerRequest()).toBe(0.01);
  });

  it.each(["moon-1", "toString", "__proto__"])("says null, never a guess, for the region %s", (region) => {
    expect([prices.ec2Hourly(region, "m5.large"), prices.dynamoDb(region), prices.metricRequest(region)]).toEqual([null, null, null]);
  });

  it("says null for unknown types and engines", () => {
    expect(prices.ec2Hourly("us-east-1", "m99.large")).toBeNull();
    expect(prices.ec2Hourly("us-east-1", "constructor")).toBeNull();
    expect(prices.auroraHourly("us-east-1", "mysql", "db.r6g.large")).toBeNull();
    expect(prices.auroraHourly("us-east-1", "mysql", "db.r6g.large", "io-optimized")).toBeNull();
    expect(prices.auroraHourly("af-south-1", "aurora-mysql", "db.r6g.large", "io-optimized")).toBeNull();
    expect(prices.rdsHourly("us-east-1", "postgres", "db.t3.large", false)).toBeNull();
    expect(prices.rdsHourly("moon-1", "mysql", "db.t3.large", false)).toBeNull();
    expect(prices.redisHourly("us-east-1", "toString")).toBeNull();
    expect(prices.redisHourly("us-east-1", "cache.m5.large", "memcached")).toBeNull();
  });

  it("tells where and when from, and a hash of the data", () => {
    expect(prices).toMatchObject({
      source: expect.stringContaining("aws-list-prices.json"),
      asOf: expect.stringMatching(/\d{4}/),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
