import { describe, expect, it } from "vitest";
import { createNames } from "../../constructs/names.ts";

const names = (suffix: string) => createNames({ suffix, region: "us-east-1", accountId: "${token}" });

describe("names", () => {
  it("carry suffix, account and region as the contract says", () => {
    expect(names("prod").resource("alb")).toBe("tap-prod-alb");
    expect(names("prod").role("app")).toBe("tap-prod-app-us-east-1");
    expect(names("prod").bucket("logs")).toBe("tap-prod-logs-${token}-us-east-1");
  });

  it("are refused at synthesis when AWS would refuse them at deployment", () => {
    expect(() => names("a".repeat(24)).resource("alb", "load-balancer")).not.toThrow();
    expect(() => names("a".repeat(25)).resource("alb", "load-balancer")).toThrow(/has 33 characters, AWS takes 32/);
  });

  it("of buckets count the account's twelve digits, whatever stands for them now", () => {
    expect(() => names("a".repeat(31)).bucket("logs")).not.toThrow();
    expect(() => names("a".repeat(32)).bucket("logs")).toThrow(/AWS takes 63/);
  });
});
