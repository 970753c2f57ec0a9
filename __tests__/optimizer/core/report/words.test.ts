import { describe, expect, it } from "vitest";
import {
  calendarWords,
  evidenceWords,
  projectionWords,
  realizedWords,
  refusalWords,
  undoWords,
  withheldReason,
  worstProjection,
} from "../../../../optimizer/core/report/words.ts";
import type { RealizedSoFar } from "../../../../optimizer/core/model/money.ts";
import type { CalendarEntry } from "../../../../optimizer/core/model/plan.ts";
import type { Candidate, Evidence, Projection } from "../../../../optimizer/core/model/rule.ts";
import { groupAction } from "../../../support/plan-builder.ts";

describe("how an action is undone", () => {
  const action = groupAction("us-east-1");

  it("is told in hours and minutes where they are known", () => {
    expect(undoWords({ ...action, reversibility: "slow", undoMinutes: 135 })).toBe("some 2 h 15 min to undo");
    expect(undoWords({ ...action, reversibility: "immediate", undoMinutes: 1 })).toBe("some 1 min to undo");
  });

  it("is told with the reason where no time can be", () => {
    const undoMinutes = { kind: "unknown", reason: "its warm-up is not known" } as const;
    expect(undoWords({ ...action, reversibility: "slow", undoMinutes })).toBe("slow to undo, in a time that cannot be told: its warm-up is not known");
  });

  it("is what does not come back, however long it would take", () => {
    const lost = { ...action, reversibility: "irreversible", undoMinutes: 10, cannotComeBack: "the older backups" } as const;
    expect(undoWords(lost)).toBe("cannot be undone: the older backups would not come back");
    expect(undoWords({ ...action, reversibility: "irreversible" })).toBe("cannot be undone");
  });

  it("is part of why it waits for an approval", () => {
    const withheld = { action: "a", summary: "s", savings: { kind: "known", usd: 1 }, why: "history is lost" } as const;
    expect(withheldReason(withheld)).toBe("history is lost");
    expect(withheldReason({ ...withheld, cannotComeBack: "the older backups" })).toBe("history is lost; the older backups would not come back");
  });
});

describe("a figure of the evidence", () => {
  const words = (value: number, unit: Evidence["unit"]) =>
    evidenceWords({ name: "memory", value, unit, statistic: "Maximum", periodSeconds: 3600, completeness: 1, series: [] });

  it.each([
    [11_775_539_339, "Bytes", "memory 11 GiB (Maximum)"],
    [0, "Bytes", "memory 0 bytes (Maximum)"],
    [1023, "Bytes", "memory 1,023 bytes (Maximum)"],
    [1024, "Bytes", "memory 1 KiB (Maximum)"],
    [5_242_880, "Bytes/Second", "memory 5 MiB a second (Maximum)"],
    [3 * 1024 ** 4, "Bytes", "memory 3 TiB (Maximum)"],
    [-2_097_152, "Bytes", "memory -2 MiB (Maximum)"],
    [5449.2, "Count/Second", "memory 5,449 a second (Maximum)"],
    [14, "Percent", "memory 14 % (Maximum)"],
    [0.25, "Ratio", "memory 25 % (Maximum)"],
    [0.2, "Seconds", "memory 0.2 s (Maximum)"],
    [512, "Megabytes", "memory 512 MB (Maximum)"],
    [12.34, "Milliseconds", "memory 12.3 ms (Maximum)"],
    [3, "Queries/Week", "memory 3 queries a week (Maximum)"],
    [0.7312, "Correlation", "memory 0.73 (Maximum)"],
    [1200, "Count", "memory 1,200 (Maximum)"],
    [7, "None", "memory 7 (Maximum)"],
    [40, "Connections", "memory 40 connections (Maximum)"],
    [3, "Days", "memory 3 days (Maximum)"],
    [10, "Gbps", "memory 10 Gbit/s (Maximum)"],
  ] as const)("of %d %s is told as people count it", (value, unit, told) => {
    expect(words(value, unit)).toBe(told);
  });

  it("says in which hour it was, what its limit is, and how much of it is missing", () => {
    const evidence = { name: "CPU", value: 93, unit: "Percent", statistic: "highest hour", periodSeconds: 3600, series: [] } as const;
    expect(evidenceWords({ ...evidence, completeness: 0.98, limit: 90, atMs: Date.UTC(2026, 4, 12, 3) })).toBe(
      "CPU 93 % (highest hour, 2026-05-12 03:00 UTC, limit 90 %, 98 % of points)",
    );
  });
});

describe("a projection", () => {
  const projection: Projection = { dimension: "memory", current: 0.4, projected: 0.6, limit: 0.8, fits: true, method: "" };
  const candidate = (...projections: readonly Projection[]): Candidate => ({
    target: "m5.large",
    projections,
    fits: true,
    monthlySavings: { kind: "known", usd: 1 },
  });

  it("names its dimension as people do, and its worst hour where it is one", () => {
    expect(projectionWords({ ...projection, dimension: "ebs" })).toBe("EBS 40 % would become 60 %, allowed 80 %");
    expect(projectionWords({ ...projection, worstHour: { atMs: Date.UTC(2026, 4, 12, 3), rarePeaksMs: [] } })).toBe(
      "memory 40 % in its worst hour (2026-05-12 03:00 UTC) would become 60 %, allowed 80 %",
    );
  });

  it("decides where it is furthest over its own limit, wherever it stands", () => {
    const worst = { ...projection, dimension: "cpu", projected: 0.5, limit: 0.5 } as const;
    for (const each of [candidate(projection, worst), candidate(worst, projection)]) expect(worstProjection(each)).toBe(worst);
    expect(worstProjection(candidate())).toBeUndefined();
  });

  it("stands in a refusal where it is why", () => {
    expect(refusalWords(candidate(projection, { ...projection, projected: 0.9, fits: false }))).toBe(
      "m5.large refused: memory 40 % would become 90 %, allowed 80 %",
    );
    expect(refusalWords(candidate(projection))).toBe("m5.large refused");
  });
});

describe("an entry of the calendar", () => {
  it.each<readonly [Partial<CalendarEntry>, string]>([
    [{ what: "brownout" }, "phase 2: brownout begins in us-east-1"],
    [{ what: "act", round: 3 }, "phase 2: changes in us-east-1, round 3"],
    [{ what: "soak-ends" }, "phase 2: the canary in us-east-1 has soaked"],
    [{ what: "window-ends" }, "phase 2: window closes in us-east-1"],
  ])("of %j is %j", (rest, words) => {
    expect(calendarWords({ atMinutes: 0, phase: 2, region: "us-east-1", what: "act", ...rest })).toBe(words);
  });

  it("of the whole phase names no region", () => {
    expect(calendarWords({ atMinutes: 0, phase: 2, what: "act" })).toBe("phase 2: changes");
  });
});

describe("what is realized", () => {
  const saving = { region: "us-east-1", service: "EC2", days: 2, usd: 4 } as const;

  it.each<readonly [RealizedSoFar, string]>([
    [{ kind: "not-yet", reason: "too early" }, "too early"],
    [{ kind: "unread", reason: "AccessDenied" }, "Cost Explorer could not be read: AccessDenied"],
    [
      {
        kind: "seen",
        usd: 8,
        costExplorerRequests: 1,
        savings: [
          { ...saving, comparedAt: "equal-weekdays" },
          { ...saving, comparedAt: "equal-requests", days: 1 },
        ],
      },
      "Cost Explorer, against the same weekdays before: EC2 in us-east-1 $4.00 in 2 days; EC2 in us-east-1 $4.00 in 1 day, at equal requests",
    ],
  ])("%#: is told with where it comes from, or why there is nothing", (realized, words) => {
    expect(realizedWords(realized)).toBe(words);
  });
});
