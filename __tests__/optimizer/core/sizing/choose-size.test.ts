import { describe, expect, it } from "vitest";
import type { Projection } from "../../../../optimizer/core/model/rule.ts";
import { policySchema } from "../../../../optimizer/core/model/policy.ts";
import { type Choice, chooseCandidate, chooseSize, type Option } from "../../../../optimizer/core/sizing/choose-size.ts";
import { refusedByWorstHour, worstHourRefusal } from "../../../../optimizer/core/sizing/worst-hour.ts";

const policy = policySchema.parse({});
const vcpu: Readonly<Record<string, number>> = { "4xlarge": 16, "2xlarge": 8 };
const choice: Choice = {
  from: "4xlarge",
  sizes: ["2xlarge"],
  demands: [
    { dimension: "cpu", current: 0.3, statistic: "p99.5 of hourly maxima", instancesBefore: 2, instancesAfter: 2, note: "", capacityOf: (type) => vcpu[type] },
  ],
  hourly: [],
  unknown: [],
  savings: () => ({ kind: "known", usd: 100 }),
  besides: () => [],
};

describe("the size that is chosen", () => {
  it("is none where there is no smaller one", () => {
    expect(chooseCandidate(policy, { from: "large", options: [], unknown: [], blind: [] })).toEqual({
      kind: "none",
      code: "already-there",
      detail: "large has no smaller size to go to",
      refused: [],
    });
  });

  it("is none where the capacity of a type is not known, by name", () => {
    const chosen = chooseSize(policy, { ...choice, sizes: ["3xlarge"] });
    expect(chosen).toMatchObject({ kind: "none", code: "unsupported", detail: "the cpu capacity of 4xlarge or 3xlarge is not known" });
  });

  it("of whose capacity nobody knows is taken by a literal decision alone, which says what was not projected", () => {
    const literal = policySchema.parse({ rules: { decision: "literal" } });
    expect(chooseSize(literal, { ...choice, sizes: ["3xlarge"] })).toMatchObject({
      kind: "size",
      candidate: { target: "3xlarge", projections: [], fits: true },
      warnings: ["not projected: the cpu capacity of 4xlarge or 3xlarge is not known"],
    });
  });

  it("is the target where 0.3 × 16 ÷ 8 = 60 % of it are used", () => {
    expect(chooseSize(policy, choice)).toMatchObject({ kind: "size", candidate: { target: "2xlarge", projections: [{ projected: 0.6, fits: true }] } });
  });
});

/** Usual projections are told by their share alone; `hour` says that it is one of the worst hour. */
const share = (
  projected: number,
  {
    dimension = "cpu",
    limit = 0.8,
    hour,
  }: { readonly dimension?: Projection["dimension"]; readonly limit?: number; readonly hour?: Projection["worstHour"] } = {},
): Projection => ({
  dimension,
  current: 0.1,
  projected,
  limit,
  fits: projected <= limit,
  method: `${dimension} as measured`,
  ...(hour === undefined ? {} : { worstHour: hour }),
});
const option = (target: string, ...projections: readonly Projection[]): Option<number> => ({
  to: target.length,
  candidate: { target, projections, fits: projections.every(({ fits }) => fits), monthlySavings: { kind: "known", usd: 1 } },
});
const atMs = Date.UTC(2026, 3, 30, 8);
const hour = { atMs, rarePeaksMs: [] };

function chosen(
  options: readonly Option<number>[],
  rest: Partial<Parameters<typeof chooseCandidate>[1]> = {},
  policed: Parameters<typeof policySchema.parse>[0] = {},
) {
  return chooseCandidate(policySchema.parse(policed), { from: "xl", unknown: [], blind: [], ...rest, options });
}

describe("with room left, the size that is chosen", () => {
  it("is the requirement's target where that fits, without a word of others", () => {
    const target = option("s", share(0.8));
    expect(chosen([target, option("m", share(0.1))])).toEqual({
      kind: "size",
      to: 1,
      candidate: target.candidate,
      refused: [],
      reason: "the requirement's target s fits in every dimension",
      warnings: [],
    });
  });

  it("is the first after it that fits, with why each before it does not, by each of its figures", () => {
    const [target, next] = [option("s", share(1.2), share(0.9, { dimension: "memory" })), option("mm", share(0.85), share(0.4, { dimension: "memory" }))];
    expect(chosen([target, next, option("lll", share(0.5)), option("llll", share(0.1))])).toMatchObject({
      to: 3,
      candidate: { target: "lll" },
      refused: [target.candidate, next.candidate],
      reason:
        "lll is the size nearest s that fits (s: cpu would be 120 %, at most 80 % (cpu as measured), memory would be 90 %, at most 80 % (memory as measured); mm: cpu would be 85 %, at most 80 % (cpu as measured))",
    });
  });

  it("is none where none fits, which says whether it was the worst hour alone", () => {
    const both = option("s", share(1.2), share(0.95, { limit: 0.9, hour }));
    expect(chosen([both])).toEqual({
      kind: "none",
      code: "does-not-fit",
      detail: "s: cpu would be 120 %, at most 80 % (cpu as measured)",
      refused: [both.candidate],
    });
    const byHour = option("m", share(0.7), share(0.95, { limit: 0.9, hour }));
    expect(chosen([both, byHour])).toMatchObject({
      code: "does-not-fit",
      detail:
        "refused by its worst hour: s: cpu would be 120 %, at most 80 % (cpu as measured); m: cpu would be 95 % in its worst hour, at most 90 % (cpu as measured)",
      refused: [both.candidate, byHour.candidate],
    });
    // Another dimension's worst hour is told beside a usual one.
    const other = option("s", share(1.2), share(0.95, { dimension: "memory", limit: 0.9, hour }));
    expect(chosen([other])).toMatchObject({ detail: expect.stringContaining("memory would be 95 % in its worst hour") });
  });

  it("is told with the rare peaks that it is let have", () => {
    const rare = { atMs, rarePeaksMs: [atMs] };
    expect(chosen([option("s", share(0.7), share(0.85, { limit: 0.9, hour: rare }))])).toMatchObject({
      warnings: [expect.stringContaining("rare peaks: cpu would be above 80 % at 2026-04-30 08:00 UTC")],
    });
    expect(chosen([option("s", share(0.7), share(0.8, { limit: 0.9, hour: rare }))])).toMatchObject({ warnings: [] });
  });

  it("is told with what AWS does not offer, by the target that this would be", () => {
    const notOffered = { target: "xs", reasons: ["AWS offers it no xs"] };
    expect(chosen([option("s", share(0.5))], { notOffered })).toMatchObject({
      candidate: { target: "s" },
      reason: "s is the size nearest xs that fits (AWS offers it no xs)",
      warnings: ["AWS offers it no xs"],
    });
    expect(chosen([option("s", share(1))], { notOffered })).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringMatching(/^AWS offers it no xs; s: cpu/),
    });
  });

  it.each<readonly [string, Parameters<typeof chosen>, string, string]>([
    [
      "what must be known is not",
      [[option("s")], { unknown: ["no memory", "no network"], blind: ["no capacity"] }],
      "insufficient-data",
      "no memory; no network",
    ],
    ["no data could tell", [[option("s")], { blind: ["no capacity", "no price"] }], "unsupported", "no capacity; no price"],
    [
      "a failed peer's load would come on top",
      [[option("s")], { blind: ["no capacity"] }, { regionFailover: "peer" }],
      "unsupported",
      "the load of a failed peer region (regionFailover: peer) is not projected; no capacity",
    ],
  ])("is none where %s, whatever fits", (_, [options, rest, policed], code, detail) => {
    expect(chosen(options, rest, policed)).toEqual({ kind: "none", code, detail, refused: [] });
  });
});

describe("by the requirement's words alone, the size that is chosen", () => {
  const literal = { rules: { decision: "literal" } };

  it("is its target, with all that speaks against it or was not projected", () => {
    const target = option("s", share(1.2));
    expect(chosen([target, option("m", share(0.1))], { unknown: ["no memory"], blind: ["no price"] }, { ...literal, regionFailover: "peer" })).toEqual({
      kind: "size",
      to: 1,
      candidate: target.candidate,
      refused: [],
      reason: "the requirement's target s, by its condition alone",
      warnings: [
        "the projection speaks against it: s: cpu would be 120 %, at most 80 % (cpu as measured)",
        "not projected: no memory",
        "not projected: the load of a failed peer region (regionFailover: peer) is not projected",
        "not projected: no price",
      ],
    });
    expect(chosen([option("s", share(0.8))], {}, literal)).toMatchObject({ warnings: [] });
  });

  it("is none where AWS does not offer it", () => {
    const notOffered = { target: "xs", reasons: ["AWS offers it no xs", "nor any s"] };
    expect(chosen([option("m")], { notOffered }, literal)).toEqual({
      kind: "none",
      code: "unsupported",
      detail: "AWS offers it no xs; nor any s",
      refused: [],
    });
  });
});

describe("a size is projected", () => {
  const used = (high: number) => ({
    dimension: "cpu" as const,
    name: "CPU",
    series: { name: "CPU Maximum", keys: [], periodSeconds: 3600, values: Float64Array.of(high, 1), whole: true },
    unit: "Percent" as const,
    startMs: atMs,
    used: Float64Array.of(high, 1),
    instancesBefore: Float64Array.of(1, 1),
    instancesAfter: Float64Array.of(1, 1),
    note: "",
    capacityOf: (type: string) => vcpu[type],
  });

  it("by its demands, by what else is asked of it, and by its worst hour, and saves what is said of it", () => {
    const besides = share(0.5, { dimension: "memory" });
    const found = chooseSize(policy, { ...choice, hourly: [used(4)], besides: () => [besides] });
    expect(found).toMatchObject({ to: "2xlarge", candidate: { fits: true, monthlySavings: { kind: "known", usd: 100 } } });
    const projections = found.kind === "size" ? found.candidate.projections : [];
    expect(projections.map(({ dimension, projected, worstHour }) => [dimension, projected, worstHour?.atMs])).toEqual([
      ["cpu", 0.6, undefined],
      ["memory", 0.5, undefined],
      ["cpu", 0.5, atMs],
    ]);
    expect(chooseSize(policy, { ...choice, hourly: [used(7.3)] })).toMatchObject({
      kind: "none",
      detail: expect.stringContaining("cpu would be 91.3 % in its worst hour"),
    });
  });

  it("only where AWS offers it: what it does not is told", () => {
    const notOffered = { target: "xlarge", reasons: ["AWS offers it no xlarge"] };
    expect(chooseSize(policy, { ...choice, notOffered })).toMatchObject({ kind: "size", warnings: ["AWS offers it no xlarge"] });
    expect(chooseSize(policy, { ...choice, unknown: ["no memory"] })).toMatchObject({ kind: "none", code: "insufficient-data", detail: "no memory" });
  });
});

describe("what refused every size", () => {
  it("is no worst hour where no size was refused", () => {
    expect(refusedByWorstHour([])).toBeUndefined();
    expect(worstHourRefusal({ code: "does-not-fit", refused: [] })).toBeUndefined();
    expect(worstHourRefusal({ code: "insufficient-data", refused: [] })).toBeUndefined();
  });
});
