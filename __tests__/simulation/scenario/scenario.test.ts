import { describe, expect, it } from "vitest";
import { fitsPattern } from "../../../simulation/scenario/references.ts";
import { parseScenario, scenarioSchema } from "../../../simulation/scenario/schema.ts";
import healthy from "../../../simulation/scenarios/healthy.json" with { type: "json" };
import story from "../../../simulation/scenarios/story.json" with { type: "json" };

const region = { traffic: { peakRequestsPerSecond: 10 }, application: { vcpuSecondsPerRequest: 0.01 } };

describe("a scenario", () => {
  it("needs only its regions", () => {
    const scenario = parseScenario({ regions: { "us-east-1": region } }, "x.json");
    expect(scenario).toMatchObject({ accountId: "123456789012", historyDays: 90, promotions: [], faults: [] });
    expect(scenario.regions["us-east-1"]?.traffic.weekendShare).toBe(0.6);
  });

  it("reports all problems at once, each with its path and unknown keys by name", () => {
    const wrong = {
      accountId: "12",
      sede: 4,
      stackSettings: { AWS_REGION: "us-east-1" },
      regions: { "us-east-1": { ...region, traffic: { peakRequestsPerSecond: -1 } } },
      promotions: [{ region: "us-east-1", start: "tomorrow", hours: 3, factor: 2 }],
    };
    const error = problemsOf(() => parseScenario(wrong, "x.json"));
    expect(error).toMatchObject({ code: "bad-scenario" });
    for (const part of ["x.json", "accountId", "sede", "regions.us-east-1.traffic.peakRequestsPerSecond", "promotions.0.start", "stackSettings.AWS_REGION"]) {
      expect(String(error)).toContain(part);
    }
  });

  it.each([
    ["story", story, 3],
    ["healthy", healthy, 1],
  ])("%s is valid, and starts at 00:00 UTC of the weekday that its windows are laid out for", (_, document, weekday) => {
    const start = new Date(parseScenario(document, "x.json").start);
    expect([start.getUTCDay(), start.getUTCHours(), start.getUTCMinutes()]).toEqual([weekday, 0, 0]);
  });

  it("describes every field of its own in the schema that editors read", () => {
    const { properties } = JSON.parse(JSON.stringify(zodJson())) as { properties: Record<string, unknown> };
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(["seed", "regions", "promotions", "missingMetrics", "commitments"]));
  });
});

describe("a name with {suffix}", () => {
  it("fits any suffix, and nothing else", () => {
    expect(fitsPattern("tap-{suffix}-tenants", "tap-prod-tenants")).toBe(true);
    expect(fitsPattern("tap-{suffix}-tenants", "tap-pr-42-tenants")).toBe(true);
    expect(fitsPattern("tap-{suffix}-tenants", "tap--tenants")).toBe(false);
    expect(fitsPattern("tap-{suffix}-tenants", "tap-prod-users")).toBe(false);
    expect(fitsPattern("exact", "exact")).toBe(true);
  });
});

function zodJson(): unknown {
  return scenarioSchema.toJSONSchema({ io: "input" });
}

function problemsOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
