import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandInput, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { answersOf } from "../../../support/answers-of.ts";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createMetricReader } from "../../../../optimizer/adapters/aws/metric-reader.ts";
import { Fault } from "../../../../optimizer/errors.ts";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import type { SeriesKey, Span, Statistic } from "../../../../optimizer/core/model/observation.ts";

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 5);
const day: Span = { startMs, endMs: startMs + 24 * hourMs };
const days60: Span = { startMs, endMs: startMs + 60 * 24 * hourMs };

const client = new CloudWatchClient({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const mock = answersOf(client);

afterEach(() => {
  mock.reset();
});

function reader() {
  return createMetricReader(() => ({ cloudWatch: client }), { unitOf: () => "Percent", pauseMs: 0 });
}

function series(name: string, statistic: Statistic = "Average", periodSeconds = 3600): SeriesKey {
  return { region: "us-east-1", namespace: "AWS/EC2", metric: "CPUUtilization", dimensions: { AutoScalingGroupName: name }, statistic, periodSeconds };
}

/** Value of a series at a period, different for all. */
function valueOf(name: string, hour: number): number {
  return name.length * 1_000 + hour;
}

function nameOf(input: GetMetricDataCommandInput, index: number): string {
  return input.MetricDataQueries?.[index]?.MetricStat?.Metric?.Dimensions?.[0]?.Value ?? "";
}

function resultsFor(input: GetMetricDataCommandInput, hours: readonly number[], status: MetricDataResult["StatusCode"] = "Complete"): MetricDataResult[] {
  return (input.MetricDataQueries ?? []).map(({ Id }, index) => ({
    Id: Id ?? "",
    StatusCode: status,
    Timestamps: hours.map((hour) => new Date(startMs + hour * hourMs)),
    Values: hours.map((hour) => valueOf(nameOf(input, index), hour)),
  }));
}

function inputs(): readonly GetMetricDataCommandInput[] {
  return mock.commandCalls(GetMetricDataCommand).map((call) => call.args[0].input);
}

describe("packing calls", () => {
  it("stays within 100,800 points: 70 hourly series of 60 days a call", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({ MetricDataResults: resultsFor(input, []) }));
    const keys = Array.from({ length: 141 }, (_, index) => series(`g${index}`));
    await reader().read("us-east-1", keys, days60);
    expect(inputs().map(({ MetricDataQueries: queries }) => queries?.length)).toEqual([70, 70, 1]);
  });

  it("stays within 500 series, and mixes periods by their points", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({ MetricDataResults: resultsFor(input, []) }));
    await reader().read(
      "us-east-1",
      Array.from({ length: 501 }, (_, index) => series(`g${index}`)),
      day,
    );
    expect(inputs().map(({ MetricDataQueries: queries }) => queries?.length)).toEqual([500, 1]);
    mock.resetHistory();
    await reader().read(
      "us-east-1",
      Array.from({ length: 6 }, (_, index) => series(`f${index}`, "Maximum", 300)),
      days60,
    );
    expect(inputs().map(({ MetricDataQueries: queries }) => queries?.length)).toEqual([5, 1]);
  });

  it("has no point where AWS tells what no metric here can be: below zero, or no finite number", async () => {
    const told = [-5, 7, Number.NaN, Number.POSITIVE_INFINITY, 0, -0.001];
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
      MetricDataResults: resultsFor(
        input,
        told.map((_, hour) => hour),
      ).map((result) => ({ ...result, Values: told })),
    }));
    const written = seriesKey(metrics.ec2EbsWriteBytes, "us-east-1", { AutoScalingGroupName: "g" }, "Maximum", 3600);
    const [observation] = await reader().read("us-east-1", [written], day);
    expect([...(observation?.values.slice(0, told.length) ?? [])]).toEqual([Number.NaN, 7, Number.NaN, Number.NaN, 0, Number.NaN]);
  });

  it.each([
    "auroraVolumeBytes",
    "ec2Cpu",
    "ec2NetworkIn",
    "ec2NetworkOut",
    "agentMemory",
    "rdsCpu",
    "redisEngineCpu",
    "redisMemory",
    "redisUsedBytes",
    "redisConnections",
    "ecsMemory",
  ] as const)("has no point where AWS tells zero of what is never nothing, which would prove that any size holds it: %s", async (name) => {
    const key = seriesKey(metrics[name], "us-east-1", { DBClusterIdentifier: "db" }, "Maximum", 3600);
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
      MetricDataResults: resultsFor(input, [0, 1]).map((result) => ({ ...result, Values: [0, 7] })),
    }));
    const [observation] = await reader().read("us-east-1", [key], day);
    expect([...(observation?.values.slice(0, 2) ?? [])]).toEqual([Number.NaN, 7]);
  });

  it("asks equal series once, and answers in the order of the keys", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({ MetricDataResults: resultsFor(input, [0]) }));
    const keys = [series("bb"), series("a"), series("bb")];
    const observations = await reader().read("us-east-1", keys, day);
    expect(inputs()[0]?.MetricDataQueries).toHaveLength(2);
    expect(observations.map(({ key, values }) => [key, values[0]])).toEqual([
      [keys[0], valueOf("bb", 0)],
      [keys[1], valueOf("a", 0)],
      [keys[2], valueOf("bb", 0)],
    ]);
  });

  it("bills up to five statistics of a metric as one, and keeps them in one call", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({ MetricDataResults: resultsFor(input, []) }));
    const asked = reader();
    const statistics: Statistic[] = ["Average", "Maximum", "Minimum", "Sum", "SampleCount", "p99"];
    await asked.read("us-east-1", [...statistics.map((statistic) => series("a", statistic)), series("b")], day);
    expect(asked.requestsMade()).toBe(3);
  });

  it("asks oldest first, from an inclusive start to an exclusive end", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({ MetricDataResults: resultsFor(input, []) }));
    await reader().read("us-east-1", [series("a")], day);
    expect(inputs()[0]).toMatchObject({ ScanBy: "TimestampAscending", StartTime: new Date(day.startMs), EndTime: new Date(day.endMs) });
    expect(inputs()[0]?.MetricDataQueries?.[0]?.Id).toMatch(/^[a-z]\w*$/);
  });

  it("calls a series of another region, or a period that does not divide the span, a fault", async () => {
    await expect(reader().read("eu-west-1", [series("a")], day)).rejects.toThrow(Fault);
    await expect(reader().read("us-east-1", [series("a", "Sum", 7_000)], day)).rejects.toThrow(Fault);
  });
});

describe("answers of AWS", () => {
  it("gives the same observation however AWS splits, orders and repeats its points", async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => hour % 5 !== 0);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(hours, { minLength: hours.length }),
        fc.array(fc.nat({ max: hours.length }), { maxLength: 4 }),
        fc.constantFrom("PartialData" as const, "Complete" as const),
        async (order, cuts, between) => {
          mock.reset();
          const edges = [0, ...cuts.toSorted((a, b) => a - b), order.length];
          const pages = edges.slice(1).map((edge, index) => order.slice(Math.max(0, (edges[index] ?? 0) - 1), edge));
          mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => {
            const page = Number(input.NextToken ?? 0);
            const last = page === pages.length - 1;
            return { MetricDataResults: resultsFor(input, pages[page] ?? [], last ? "Complete" : between), ...(last ? {} : { NextToken: String(page + 1) }) };
          });
          const [observation] = await reader().read("us-east-1", [series("a")], day);
          expect(observation?.status).toBe("complete");
          expect([...(observation?.values ?? [])]).toEqual(Array.from({ length: 24 }, (_, hour) => (hours.includes(hour) ? valueOf("a", hour) : Number.NaN)));
        },
      ),
    );
  });

  it("asks partial series alone again until they are complete", async () => {
    let call = 0;
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => {
      call += 1;
      const results = resultsFor(input, call === 1 ? [0] : [0, 1]);
      return {
        MetricDataResults: call === 1 ? results.map((result, index) => ({ ...result, StatusCode: index === 0 ? "PartialData" : "Complete" })) : results,
      };
    });
    const [first, second] = await reader().read("us-east-1", [series("a"), series("b")], day);
    expect(inputs().map(({ MetricDataQueries: queries }) => queries?.length)).toEqual([2, 1]);
    expect(first).toMatchObject({ status: "complete" });
    expect([first?.values[1], second?.values[1]]).toEqual([valueOf("a", 1), Number.NaN]);
  });

  it.each([
    ["PartialData", [0], "partial"],
    ["InternalError", [], "failed"],
  ] as const)("gives up on series that stay %s", async (status, hours, expected) => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({ MetricDataResults: resultsFor(input, [...hours], status) }));
    expect((await reader().read("us-east-1", [series("a")], day))[0]?.status).toBe(expected);
    expect(inputs()).toHaveLength(4);
  });

  it("does not ask again what is forbidden, nor take silence for completeness", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
      MetricDataResults: resultsFor(input, [], "Forbidden").filter((_, index) => nameOf(input, index) === "a"),
    }));
    const observations = await reader().read("us-east-1", [series("a"), series("b")], day);
    expect(observations.map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(inputs().map(({ MetricDataQueries: queries }) => queries?.length)).toEqual([2, 1, 1, 1]);
  });

  it("ends a NextToken that leads in a circle as partial", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({ MetricDataResults: resultsFor(input, [3]), NextToken: "again" }));
    expect((await reader().read("us-east-1", [series("a")], day))[0]?.status).toBe("partial");
  });

  it("leaves out points outside the span and values that are no number", async () => {
    mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
      MetricDataResults: [
        {
          Id: input.MetricDataQueries?.[0]?.Id ?? "",
          StatusCode: "Complete",
          Timestamps: [-1, 24, 1, 2, 3].map((hour) => new Date(startMs + hour * hourMs)),
          Values: [9, 9, Number.POSITIVE_INFINITY, 5],
        },
      ],
    }));
    const [observation] = await reader().read("us-east-1", [series("a")], day);
    expect([...(observation?.values ?? [])].filter((value) => !Number.isNaN(value))).toEqual([5]);
    expect(observation?.unit).toBe("Percent");
  });

  it("tells denied and throttled reads as something the user can mend", async () => {
    mock.on(GetMetricDataCommand).rejects(Object.assign(new Error("no"), { name: "AccessDenied" }));
    await expect(reader().read("us-east-1", [series("a")], day)).rejects.toMatchObject({ code: "access-denied" });
    mock.on(GetMetricDataCommand).rejects(Object.assign(new Error("slow"), { name: "ThrottlingException" }));
    await expect(reader().read("us-east-1", [series("a")], day)).rejects.toMatchObject({ code: "throttled" });
  });
});
