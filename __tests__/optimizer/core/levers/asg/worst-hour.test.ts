import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aGroup, aWorld, bytesPerSample, groupSees } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("asg.instance-type"));
const calm = groupSees(aWorld().with(aGroup()), "web", { cpu: 26 });

/** Three hours on the 15th and the 45th day: 6 of 1,440 hours, which a p99.5 never sees. */
const monthly = (usual: number, peak: number) => (hour: number) => ([15, 45].includes(Math.floor(hour / 24)) && hour % 24 < 3 ? peak : usual);

describe("asg.instance-type, in its worst hour with a zone lost", () => {
  const peaking = (peak: number) => calm.sees(metrics.ec2Cpu, "web", monthly(12, peak));

  it("proposes where the other zones would be exactly full: 33.3 % × 2 × 15 ÷ 10 = 100 %", () => {
    const { chosen, warnings } = proposal(peaking(100 / 3));
    expect(warnings).toEqual([]);
    expect(chosen?.projections.filter(({ dimension, worstHour }) => dimension === "cpu" && worstHour !== undefined)).toMatchObject([
      { projected: expect.closeTo(2 / 3), method: expect.stringContaining("no zone lost") },
    ]);
  });

  it("refuses at 34 %, with the hours in which requests would fail", () => {
    expect(skipped(peaking(34))).toMatchObject({
      code: "does-not-fit",
      detail:
        "refused by its worst hour: m5.2xlarge: cpu would be 102 % in its worst hour, at most 100 % (highest sample 5.44 × 15 ÷ (8 × 10), one zone of 3 lost, at 2026-05-21 02:00 UTC, a rare peak that recurs: 2026-04-21 02:00 UTC, 2026-05-21 02:00 UTC, every 30 days)",
    });
  });

  it("refuses by the network alone, too", () => {
    const full = calm.sees(metrics.ec2NetworkOut, "web", monthly(bytesPerSample(0.5), bytesPerSample(1.75)));
    expect(skipped(full).detail).toContain("m5.2xlarge: network would be 105 % in its worst hour, at most 100 %");
  });

  it("has no zone to lose where all instances are in one", () => {
    const single = groupSees(aWorld().with(aGroup({ availabilityZones: ["us-east-1a"] })), "web", { cpu: 26 });
    expect(proposal(single.sees(metrics.ec2Cpu, "web", monthly(12, 45))).to).toBe("m5.2xlarge");
  });
});

describe("asg.instance-type, in its worst hour with nothing lost", () => {
  const inOneZone = groupSees(aWorld().with(aGroup({ availabilityZones: ["us-east-1a"] })), "web", { cpu: 26 });
  const peaking = (peak: number) => inOneZone.sees(metrics.ec2Cpu, "web", monthly(12, peak));

  it("refuses three hours a month at 46 % of twice the size, and says when they were and that they recur", () => {
    const decision = skipped(peaking(46));
    expect(decision.code).toBe("does-not-fit");
    expect(decision.detail).toBe(
      "refused by its worst hour: m5.2xlarge: cpu would be 92 % in its worst hour, at most 90 % (highest sample 7.36 × 15 ÷ (8 × 15), no zone lost, at 2026-05-21 02:00 UTC, a rare peak that recurs: 2026-04-21 02:00 UTC, 2026-05-21 02:00 UTC, every 30 days)",
    );
    const peak = decision.evidence.find(({ name }) => name === "CPU in the worst hour");
    expect(peak).toMatchObject({ value: 46, unit: "Percent", statistic: "Maximum", atMs: Date.UTC(2026, 4, 21, 2) });
  });

  it("proposes at 45 %, which is exactly what is allowed, and warns of the peaks above what is usual", () => {
    expect(proposal(peaking(45)).warnings).toEqual([
      "rare peaks: cpu would be above 80 % at 2026-04-21 02:00 UTC, 2026-05-21 02:00 UTC, every 30 days, 90 % at most (allowed 90 %); the next is to be expected about 2026-06-20",
    ]);
    expect(proposal(peaking(40)).warnings).toEqual([]);
  });

  it("allows what the policy does", () => {
    const lenient = peaking(46).policed({ rules: { maxWorstHourShare: 0.92 } });
    expect(proposal(lenient).to).toBe("m5.2xlarge");
    expect(skipped(peaking(45).policed({ rules: { maxWorstHourShare: 0.89 } })).detail).toContain("at most 89 %");
  });

  it.each([
    ["network", metrics.ec2NetworkOut, bytesPerSample(0.5), bytesPerSample(2.3)],
    ["ebs", metrics.ec2EbsReadBytes, (100e6 * 300) / 8, (2200e6 * 300) / 8],
  ] as const)("looks at the worst hour of %s", (dimension, metric, usual, peak) => {
    const decision = skipped(inOneZone.sees(metrics.ec2EbsWriteBytes, "web", 0).sees(metric, "web", monthly(usual, peak)));
    expect(decision.detail).toMatch(new RegExp(`^refused by its worst hour: m5.2xlarge: ${dimension} would be`));
  });

  it("replays each hour at the group's size then: a busy hour of many instances may bind less than a calm one of few", () => {
    const scaled = peaking(50).sees(metrics.groupInService, "web", (hour) => (monthly(0, 1)(hour) === 1 ? 30 : 15));
    // 30 instances at 50 % then; no such hour in the last week, so that only 15 can be counted on.
    expect(skipped(scaled).detail).toContain("(8 × 15)");
  });

  it("is only warned of by the literal rules", () => {
    expect(proposal(peaking(46).policed({ rules: { decision: "literal" } })).warnings).toEqual([
      expect.stringContaining("the projection speaks against it: m5.2xlarge: cpu would be 92 % in its worst hour"),
    ]);
  });
});
