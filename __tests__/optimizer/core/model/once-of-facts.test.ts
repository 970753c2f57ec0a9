import { describe, expect, it } from "vitest";
import { onceOfFacts } from "../../../../optimizer/core/model/once-of-facts.ts";
import { CollectedSeries } from "../../../../optimizer/core/model/collected-series.ts";
import { type Observation, seriesId } from "../../../../optimizer/core/model/observation.ts";
import type { RuleFacts } from "../../../../optimizer/core/model/rule.ts";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { aWorld } from "../../../support/world.ts";

const world = aWorld();
const fine = seriesKey(metrics.ec2Cpu, "us-east-1", { AutoScalingGroupName: "web" }, "Average", 300);
const other = seriesKey(metrics.ec2Cpu, "us-east-1", { AutoScalingGroupName: "api" }, "Average", 300);
const fineId = seriesId(fine);

function entriesOf(...observations: readonly Observation[]): readonly (readonly [string, Observation])[] {
  return observations.map((one) => [seriesId(one.key), one]);
}

/** Hourly facts, and the same with these series besides. */
function facts(...keys: Parameters<typeof world.observe>[0]): readonly [RuleFacts, RuleFacts] {
  const hourly = world.facts([]);
  const observations = new CollectedSeries(entriesOf(...world.observe(keys)));
  return [hourly, { ...hourly, baseline: { ...hourly.baseline, observations, coarser: hourly.baseline } }];
}

function counted() {
  const seen: string[] = [];
  const inner = onceOfFacts(({ baseline }) => {
    seen.push("inner");
    return baseline.observations.has(fineId);
  });
  const outer = onceOfFacts((of) => {
    seen.push("outer");
    return `found: ${inner(of)}`;
  });
  return { seen, inner, outer };
}

describe("what follows from the facts", () => {
  it("is found out once of the same facts", () => {
    const { seen, inner } = counted();
    const [hourly] = facts();
    expect([inner(hourly), inner({ ...hourly })]).toEqual([false, false]);
    expect(seen).toEqual(["inner"]);
  });

  it("stays true when series are read that it did not look for", () => {
    const { seen, outer } = counted();
    const [hourly, finer] = facts(other);
    expect([outer(hourly), outer(finer)]).toEqual(["found: false", "found: false"]);
    expect(seen).toEqual(["outer", "inner"]);
  });

  it("stays true over several rounds of reading, until one is read that it looked for in vain", () => {
    const { seen, outer } = counted();
    const [hourly, later] = facts(other);
    const round = (of: RuleFacts, ...keys: Parameters<typeof world.observe>[0]): RuleFacts => ({
      ...of,
      baseline: { ...of.baseline, observations: new CollectedSeries(entriesOf(...world.observe(keys))), coarser: of.baseline },
    });
    outer(hourly);
    expect(outer(round(later, other))).toBe("found: false");
    expect(seen).toEqual(["outer", "inner"]);
    expect(outer(round(round(later, other), other, fine))).toBe("found: true");
  });

  it("is found out again when one is read that it looked for in vain", () => {
    const { outer } = counted();
    const [hourly, finer] = facts(fine);
    expect([outer(hourly), outer(finer)]).toEqual(["found: false", "found: true"]);
  });

  it("is found out again, too, where what it rests on was found out earlier by somebody else", () => {
    const { inner, outer } = counted();
    const [hourly, finer] = facts(fine);
    inner(hourly);
    expect([outer(hourly), outer(finer)]).toEqual(["found: false", "found: true"]);
  });

  it("is found out again of facts whose series do not tell what was looked for", () => {
    const { outer } = counted();
    const [hourly, finer] = facts(fine);
    outer(hourly);
    expect(outer({ ...finer, baseline: { ...finer.baseline, observations: new Map(entriesOf(...world.observe([fine]))) } })).toBe("found: true");
  });
});
