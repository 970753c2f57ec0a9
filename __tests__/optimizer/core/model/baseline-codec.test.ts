import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBaseline, encodeBaseline, littleEndian } from "../../../../optimizer/core/model/baseline-codec.ts";
import { sha256Hex } from "../../../../optimizer/core/model/hash.ts";
import { type Baseline, type Observation, seriesId, type SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import { frozen } from "../../../support/frozen.ts";

const key = (metric: string): SeriesKey => ({
  region: "us-east-1",
  namespace: "N",
  metric,
  dimensions: { B: "2", A: "1" },
  statistic: "p99",
  periodSeconds: 3600,
});
const observation = (metric: string, values: Float64Array): Observation => ({ key: key(metric), unit: "Seconds", startMs: 7, values, status: "partial" });
const collected = (...observations: readonly Observation[]) => ({
  span: { startMs: 0, endMs: 3_600_000 },
  metricRequests: 3,
  observations: new Map(observations.map((one) => [seriesId(one.key), one])),
});

const textOf = (baseline: Baseline): string => [...encodeBaseline(baseline)].join("");

describe("a stored baseline", () => {
  it("comes back to the last bit, gaps included", () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, 5e-324, Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const stored = frozen(collected(observation("m", Float64Array.from(values))));
        const back = decodeBaseline(Buffer.from(textOf(stored)));
        expect(back).toEqual(stored);
        expect([...(back.observations.get(seriesId(key("m")))?.values ?? [])].every((got, at) => Object.is(got, values[at]))).toBe(true);
      }),
    );
  });

  it("is read past empty lines, though its hash is another", () => {
    const text = textOf(collected(observation("m", Float64Array.of(1))));
    const back = decodeBaseline(Buffer.from(`\n${text}\n\n`));
    expect(back).toEqual({ ...decodeBaseline(Buffer.from(text)), hash: back.hash });
  });

  it("has its figures turned round on a processor that keeps them the other way, without a cut one at the end", () => {
    const bytes = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(littleEndian(bytes, true)).toBe(bytes);
    expect([...littleEndian(bytes, false)]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it("has equal text and hash whatever the order of collection", () => {
    const [a, b] = [observation("a", Float64Array.of(1)), observation("b", Float64Array.of(2))];
    expect(frozen(collected(a, b)).hash).toBe(frozen(collected(b, a)).hash);
  });

  it("is hashed over its text, so that any changed value shows", () => {
    const text = textOf(collected(observation("m", Float64Array.of(1))));
    expect(decodeBaseline(Buffer.from(text)).hash).toBe(sha256Hex(text));
    expect(frozen(collected(observation("m", Float64Array.of(1.5)))).hash).not.toBe(sha256Hex(text));
  });

  it.each(["AAAAAAAA8D8", "AAAAAAAA8D8==", "AAAAAA AA8D8=", "AAAAAA-A8D8=", "AAAAAA_A8D8=", "AAAA=AAA8D8=", "AAAAAA!A8D8="])(
    "is refused where figures are no base64: %s",
    (figures) => {
      const text = textOf(collected(observation("m", Float64Array.of(1)))).replace("AAAAAAAA8D8=", figures);
      expect(text).toContain(figures);
      expect(() => decodeBaseline(Buffer.from(text))).toThrow(expect.objectContaining({ code: "bad-baseline", message: expect.stringContaining("line 2") }));
    },
  );

  it.each([
    ["", "is no JSON"],
    ["{", "is no JSON"],
    [textOf(collected()).replace('"version":1', '"version":2'), "line 1 of the baseline"],
    [`${textOf(collected())}{}\n`, "line 2 of the baseline"],
  ])("is refused when it is not what this version wrote (%#)", (text, message) => {
    expect(() => decodeBaseline(Buffer.from(text))).toThrow(expect.objectContaining({ code: "bad-baseline", message: expect.stringContaining(message) }));
  });
});
