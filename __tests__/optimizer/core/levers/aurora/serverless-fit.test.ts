import { describe, expect, it } from "vitest";
import type { AuroraCluster } from "../../../../../optimizer/core/levers/aurora/cluster.ts";
import { fitOf, rangeText } from "../../../../../optimizer/core/levers/aurora/serverless-fit.ts";
import { serverlessLoad } from "../../../../../optimizer/core/levers/aurora/serverless-load.ts";
import { clusterStudies } from "../../../../../optimizer/core/levers/aurora/study.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { aDefinition } from "../../../../support/aurora-definition.ts";
import { aServerlessCluster, aServerlessMember, serverlessSees } from "../../../../support/aurora-serverless.ts";
import { aWorld, type World } from "../../../../support/world.ts";

const gib = 1024 ** 3;
const today = { minAcu: 4, maxAcu: 16 };
/** A month of one capacity unit of standard storage, and of I/O-Optimized (us-east-1). */
const [unitUsd, optimizedUsd] = [0.12 * 730, 0.16 * 730];

/** Members at 4 units day and night, 3 % CPU of 16 units, 8 connections each. */
function fitted(cluster: AuroraCluster, see: (world: World) => World = (world) => world) {
  const world = see(serverlessSees(aWorld().with(cluster), cluster));
  const study = clusterStudies.study(world.facts(ruleOf("aurora.serverless-capacity")), cluster)("careful");
  const { evidence, options, isPoolProven } = fitOf(study, serverlessLoad(study, today), today);
  return {
    evidence: evidence.map(({ name, value, unit, statistic }) => [name, value, unit, statistic]),
    options: options.map(({ to, candidate }) => ({ ...candidate, to: rangeText(to), isPoolProven: isPoolProven(to) })),
  };
}

const one = aServerlessCluster({ members: [aServerlessMember(1)] });
const two = aServerlessCluster();
const usd = (amount: number) => ({ kind: "known", usd: expect.closeTo(amount) });

describe("the range that serverless members are given", () => {
  it("is the requirement's, or the smallest that carries what one alone needs", () => {
    const { evidence, options } = fitted(one);
    expect(evidence).toEqual([
      ["capacity units of one member", 0.48, "Count", "p99.5 of hourly maxima"],
      ["connections to one member", 8, "Connections", "Maximum"],
      ["capacity units of the busiest member in the worst hour", 0.48, "Count", "Maximum"],
    ]);
    expect(options).toMatchObject([
      { to: "1–4 ACU", target: "1–4 ACU", fits: false, monthlySavings: usd(3 * unitUsd), isPoolProven: false },
      { to: "2–4 ACU", target: "2–4 ACU", fits: true, monthlySavings: usd(2 * unitUsd), isPoolProven: false },
    ]);
    expect(
      options[0]?.projections.map(({ dimension, current, projected, limit, fits, method }) => [dimension, current, projected, limit, fits, method]),
    ).toEqual([
      ["capacity", 0.03, 0.12, 0.8, true, "p99.5 of hourly maxima 3 % × (16 × 1) ÷ (4 × 1)"],
      ["connections", 8 / 3360, 8 / 823, 0.8, true, "peak of 8 connections 0.24 % × (3360 × 1) ÷ (823 × 1)"],
      ["capacity", 0.03, 0.12, 0.9, true, expect.stringMatching(/^highest sample 0.48 × 1 ÷ \(4 × 1\), at .* UTC$/)],
      ["memory", 1, 4, 2, false, "a full buffer pool at the minimum, since nothing proves the working set smaller: half of today's minimum a run"],
      ["scale-up", 0.03, 0.12, 1, true, "from 1 to 0.48 ACU, of the 4 times the minimum that today's maximum is"],
    ]);
  });

  it("carries what another one did that is lost", () => {
    const { evidence, options } = fitted(two);
    expect(evidence.slice(0, 2)).toEqual([
      ["capacity units of one member with any other one lost", 0.96, "Count", "p99.5 of hourly maxima"],
      ["connections to one member with any other one lost", 16, "Connections", "Maximum"],
    ]);
    expect(options.map(({ to, monthlySavings }) => [to, monthlySavings])).toEqual([
      ["1–4 ACU", usd(2 * 3 * unitUsd)],
      ["2–4 ACU", usd(2 * 2 * unitUsd)],
    ]);
    expect(options[0]?.projections[0]).toMatchObject({ projected: 0.24, method: "p99.5 of hourly maxima 6 % × (16 × 1) ÷ (4 × 1), any one of 2 members lost" });
    expect(options[0]?.projections[1]).toMatchObject({ dimension: "connections", method: expect.stringContaining(", any one of 2 members lost") });
  });

  it("may have a minimum that the whole volume is known to fit: 68 % of 2 GiB a unit, of which four fifths", () => {
    const volume = (size: number) => (world: World) => world.sees(metrics.auroraVolumeBytes, "aurora", size * gib);
    const [proven] = fitted(one, volume(1)).options;
    expect(proven).toMatchObject({ to: "1–4 ACU", fits: true, isPoolProven: true });
    expect(proven?.projections.find(({ dimension }) => dimension === "memory")).toEqual({
      dimension: "memory",
      current: expect.closeTo(1 / (0.68 * 8)),
      projected: expect.closeTo(1 / (0.68 * 2)),
      limit: 0.8,
      fits: true,
      method: "the whole volume of 1 GiB in a buffer pool of 1.36 GiB at the minimum",
    });
    // 1.2 ÷ 1.36 is more than four fifths, 1.2 ÷ 2.04 is not.
    expect(fitted(one, volume(1.2)).options.map(({ to, isPoolProven }) => [to, isPoolProven])).toEqual([
      ["1–4 ACU", false],
      ["1.5–4 ACU", true],
    ]);
    const gaps = (world: World) => world.sees(metrics.auroraVolumeBytes, "aurora", (hour) => (hour % 20 < 19 ? Number.NaN : gib));
    expect(fitted(one, gaps).options[0]).toMatchObject({ fits: false, isPoolProven: false });
  });

  it.each([
    [
      "with Performance Insights, two units",
      aServerlessMember(1, { definition: aDefinition({ instanceClass: "db.serverless" }) }),
      {},
      2,
      "Performance Insights keeps its figures in memory",
    ],
    [
      "as the primary of a global database, eight, or what it has",
      aServerlessMember(1),
      { globalRole: "primary" as const },
      4,
      "the primary cluster of a global database",
    ],
  ])("may have no less than AWS asks for: %s", (_, member, global, least, why) => {
    const [first] = fitted(aServerlessCluster({ members: [member], ...global })).options;
    expect(first?.projections).toContainEqual({
      dimension: "memory",
      current: least / 4,
      projected: least,
      limit: 1,
      fits: false,
      method: `${why}: AWS asks for a minimum of ${least} ACU`,
    });
  });

  it("costs what the storage's kind of unit does", () => {
    expect(fitted({ ...one, storage: "io-optimized" }).options[1]).toMatchObject({ monthlySavings: usd(2 * optimizedUsd) });
  });
});
