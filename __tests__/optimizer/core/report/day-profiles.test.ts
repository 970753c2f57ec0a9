import { describe, expect, it } from "vitest";
import { metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { type Baseline, type Observation, seriesId, type Statistic } from "../../../../optimizer/core/model/observation.ts";
import type { Evidence } from "../../../../optimizer/core/model/rule.ts";
import { dayProfiles } from "../../../../optimizer/core/report/page/day-profiles.ts";
import { sampleProposal, sampleSkip } from "../../../support/sample-run.ts";

type Metric = (typeof metrics)[keyof typeof metrics];
const startMs = Date.UTC(2026, 5, 1);

/** Two whole days of hours, in percent. */
function observation({ namespace, metric, unit }: Metric, node: string, percentAt: (hour: number) => number, statistic: Statistic = "Maximum"): Observation {
  const values = Float64Array.from({ length: 48 }, (_, index) => percentAt(index % 24));
  return {
    key: { region: "us-east-1", namespace, metric, dimensions: { Node: node }, statistic, periodSeconds: 3600 },
    unit,
    startMs,
    values,
    status: "complete",
  };
}

function baselineOf(...observations: readonly Observation[]): Baseline {
  return {
    span: { startMs, endMs: startMs + 48 * 3_600_000 },
    observations: new Map(observations.map((each) => [seriesId(each.key), each])),
    metricRequests: 0,
  };
}

function evidenceOf(...observations: readonly Observation[]): Evidence {
  return {
    name: "x",
    value: 1,
    unit: "Percent",
    statistic: "Maximum",
    periodSeconds: 3600,
    completeness: 1,
    series: observations.map(({ key }) => seriesId(key)),
  };
}

describe("dayProfiles", () => {
  it("takes the busiest of several nodes, hour by hour", () => {
    const [first, second] = [
      observation(metrics.redisEngineCpu, "1", (hour) => (hour === 3 ? 50 : 10)),
      observation(metrics.redisEngineCpu, "2", (hour) => (hour === 9 ? 70 : 20)),
    ];
    const [profile, ...others] = dayProfiles([sampleSkip({ evidence: [evidenceOf(first, second)] })], baselineOf(first, second));
    expect(others).toEqual([]);
    expect(profile?.dimension).toBe("CPU");
    expect(profile?.byHour).toEqual(Array.from({ length: 24 }, (_, hour) => (hour === 3 ? 0.5 : hour === 9 ? 0.7 : 0.2)));
  });

  it("prefers the average of a metric to its maximum, where the baseline has both", () => {
    const [maximum, average] = [observation(metrics.ec2Cpu, "1", () => 90), observation(metrics.ec2Cpu, "1", () => 30, "Average")];
    const [profile] = dayProfiles([sampleSkip({ evidence: [evidenceOf(maximum)] })], baselineOf(maximum, average));
    expect(new Set(profile?.byHour)).toEqual(new Set([0.3]));
  });

  it("shows what a resource would become where any of its rules proposes something, by the projection that comes out highest", () => {
    const cpu = observation(metrics.ec2Cpu, "1", () => 20);
    const projection = { dimension: "cpu", current: 0.2, projected: 0.4, limit: 0.8, fits: true, method: "half the size" } as const;
    const worst = { ...projection, projected: 0.6, method: "and a zone lost" };
    const other = { ...projection, dimension: "network", projected: 0.7 } as const;
    const proposal = sampleProposal(undefined, {
      evidence: [evidenceOf(cpu)],
      chosen: { target: "m5.2xlarge", projections: [projection, worst, other], fits: true, monthlySavings: { kind: "known", usd: 1 } },
    });
    const skip = sampleSkip({ resource: proposal.resource, evidence: [evidenceOf(cpu)] });
    for (const decisions of [
      [proposal, skip],
      [skip, proposal],
    ]) {
      const profiles = dayProfiles(decisions, baselineOf(cpu));
      expect(profiles).toHaveLength(1);
      expect(profiles[0]?.projectedByHour?.[0]).toBeCloseTo(0.6);
    }
  });

  it("has a gap where nothing was measured in an hour, and no projection of it", () => {
    const night = observation(metrics.ec2Cpu, "1", (hour) => (hour < 6 ? Number.NaN : 20));
    const projection = { dimension: "cpu", current: 0.2, projected: 0.4, limit: 0.8, fits: true, method: "half the size" } as const;
    const chosen = { target: "m5.2xlarge", projections: [projection], fits: true, monthlySavings: { kind: "known", usd: 1 } } as const;
    const [profile] = dayProfiles([sampleProposal(undefined, { evidence: [evidenceOf(night)], chosen })], baselineOf(night));
    expect([profile?.byHour.slice(4, 8), profile?.projectedByHour?.slice(4, 8)]).toEqual([
      [null, null, 0.2, 0.2],
      [null, null, 0.4, 0.4],
    ]);
  });

  it("projects nothing of a proposal without arithmetic, nor from nothing", () => {
    const cpu = observation(metrics.ec2Cpu, "1", () => 20);
    const { chosen, ...proposal } = sampleProposal(undefined, { evidence: [evidenceOf(cpu)] });
    if (chosen === undefined) throw new Error("the sample has a candidate");
    const idle = { ...chosen, projections: chosen.projections.map((each) => ({ ...each, current: 0 })) };
    for (const each of [proposal, { ...proposal, chosen: idle }]) expect(dayProfiles([each], baselineOf(cpu))).toMatchObject([{ projectedByHour: null }]);
  });

  it("takes no share for a utilization that is none, and nothing that the baseline has not", () => {
    const hits = observation(metrics.rdsHitRatio, "1", () => 99);
    const gone = observation(metrics.rdsCpu, "1", () => 20);
    expect(dayProfiles([sampleSkip({ evidence: [evidenceOf(hits, gone)] })], baselineOf(hits))).toEqual([]);
  });
});
