import { describe, expect, it } from "vitest";
import { resolvedValueAt, resolvedValues, witnessKeys } from "../../../../optimizer/core/metrics/absence.ts";
import { metricOf, metrics, seriesKey, unitOf } from "../../../../optimizer/core/metrics/catalogue.ts";
import { type Baseline, type SeriesKey, seriesId } from "../../../../optimizer/core/model/observation.ts";

const index = { TableName: "t", GlobalSecondaryIndexName: "i" };
const reads = seriesKey(metrics.dynamoReads, "us-east-1", index, "Sum", 3600);
const writesOfTable = seriesKey(metrics.dynamoWrites, "us-east-1", { TableName: "t" }, "Sum", 3600);

function baseline(...series: readonly (readonly [SeriesKey, readonly number[]])[]): Baseline {
  const observations = series.map(
    ([key, values]) => [seriesId(key), { key, unit: "Count", startMs: 0, values: Float64Array.from(values), status: "complete" }] as const,
  );
  return { span: { startMs: 0, endMs: 3_600_000 }, metricRequests: 0, observations: new Map(observations) };
}

describe("absence", () => {
  it("is zero only in the periods where a witness has a point", () => {
    const values = resolvedValues(baseline([reads, [Number.NaN, Number.NaN, 3]], [writesOfTable, [0, Number.NaN, Number.NaN]]), reads);
    expect([...(values ?? [])]).toEqual([0, Number.NaN, 3]);
  });

  it("stays missing without any witness, or when the metric is always reported", () => {
    const cpu = seriesKey(metrics.ec2Cpu, "us-east-1", { AutoScalingGroupName: "g" }, "Average", 3600);
    expect([...(resolvedValues(baseline([reads, [Number.NaN]]), reads) ?? [])]).toEqual([Number.NaN]);
    expect([...(resolvedValues(baseline([cpu, [Number.NaN]], [writesOfTable, [1]]), cpu) ?? [])]).toEqual([Number.NaN]);
  });

  it("stays missing where the witness is shorter", () => {
    expect([...(resolvedValues(baseline([reads, [Number.NaN, Number.NaN]], [writesOfTable, [1]]), reads) ?? [])]).toEqual([0, Number.NaN]);
  });

  it("is the same of one period as of the whole series", () => {
    const seen = baseline([reads, [Number.NaN, Number.NaN, 3, Number.NaN]], [writesOfTable, [0, Number.NaN, 1]]);
    const values = seen.observations.get(seriesId(reads))?.values ?? new Float64Array();
    const valueAt = (period: number) => resolvedValueAt(seen.observations, values, witnessKeys(reads).map(seriesId), period);
    const one = [0, 1, 2, 3].map(valueAt);
    expect(one).toEqual([...(resolvedValues(seen, reads) ?? [])]);
    expect(one).toEqual([0, Number.NaN, 3, Number.NaN]);
    expect([-1, 0.5, 4].map(valueAt)).toEqual([undefined, undefined, undefined]);
  });

  it("is undefined of a series that was never collected", () => {
    expect(resolvedValues(baseline(), reads)).toBeUndefined();
  });

  it("asks the table, without its indexes, as an index's witness", () => {
    expect(witnessKeys(reads).map(({ metric, dimensions }) => [metric, dimensions])).toEqual([
      ["ConsumedWriteCapacityUnits", { TableName: "t" }],
      ["ConsumedReadCapacityUnits", { TableName: "t" }],
    ]);
  });

  it("never lets a series witness itself", () => {
    expect(witnessKeys(writesOfTable).map(({ metric }) => metric)).toEqual(["ConsumedReadCapacityUnits"]);
  });

  it("knows no witness of a metric outside the catalogue", () => {
    const unknown = { ...reads, metric: "Nothing" };
    expect(witnessKeys(unknown)).toEqual([]);
    expect(metricOf(unknown)).toBeUndefined();
    expect(unitOf(unknown)).toBe("None");
  });
});

describe("the catalogue", () => {
  it("declares a witness for each metric that is reported on activity, and for no other", () => {
    for (const metric of Object.values(metrics)) expect(metric.witnesses.length > 0, metric.metric).toBe(metric.reported === "on-activity");
  });

  it("names each metric once, with a witness that it knows", () => {
    const all = Object.values(metrics);
    expect(new Set(all.map(({ namespace, metric }) => `${namespace}/${metric}`)).size).toBe(all.length);
    for (const { namespace, witnesses } of all) {
      for (const witness of witnesses) expect(all.some((one) => one.namespace === namespace && one.metric === witness.metric)).toBe(true);
    }
  });

  it("knows the unit of its series", () => {
    expect(unitOf(reads)).toBe("Count");
  });
});
