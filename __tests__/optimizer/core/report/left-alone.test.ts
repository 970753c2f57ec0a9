import { describe, expect, it } from "vitest";
import { reasonOnALine } from "../../../../optimizer/core/report/left-alone.ts";
import type { Candidate, Projection } from "../../../../optimizer/core/model/rule.ts";
import { sampleSkip } from "../../../support/sample-run.ts";

const usual: Projection = { dimension: "cpu", method: "", current: 0.26, projected: 1.52, limit: 0.8, fits: false };
const refused = (projection: Projection): Candidate => ({
  target: "a.large",
  fits: false,
  monthlySavings: { kind: "known", usd: 5 },
  projections: [projection],
});
const atMs = Date.UTC(2026, 4, 12, 3);

describe("why a resource is left alone, on a line", () => {
  it.each([
    ["not enough data: no points", sampleSkip({ code: "insufficient-data", detail: "no points" })],
    ["no smaller size fits", sampleSkip({ code: "does-not-fit", detail: "a.large: 152 %; b.large: 304 %", refused: [refused(usual)] })],
    [
      "refused by its worst hour: CPU 93.4 % at best on 2026-05-12 03:00 UTC, allowed 90 %",
      sampleSkip({
        code: "does-not-fit",
        detail: "a.large: 93.4 %",
        refused: [refused({ ...usual, projected: 0.934, limit: 0.9, worstHour: { atMs, rarePeaksMs: [] } })],
      }),
    ],
  ])("is %s", (line, skip) => {
    expect(reasonOnALine(skip)).toBe(line);
  });
});
