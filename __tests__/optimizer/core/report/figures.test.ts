import { describe, expect, it } from "vitest";
import { dayAndTime, duration, monthly, usd } from "../../../../optimizer/core/report/figures.ts";

const hourMs = 3_600_000;

describe("figures", () => {
  it("count days from the first", () => {
    expect(dayAndTime(0)).toBe("day 1 00:00");
    expect(dayAndTime(52.25 * hourMs)).toBe("day 3 04:15");
  });

  it("print amounts", () => {
    expect([0, 4.2, 1234.5, -20].map(usd)).toEqual(["$0.00", "$4.20", "$1,235", "−$20.00"]);
  });

  it("print durations", () => {
    expect([35_000, 15 * 60_000, 2.5 * hourMs, 48 * hourMs, 216 * hourMs].map(duration)).toEqual(["35 s", "15 min", "2 h 30 min", "48 h", "9 days"]);
  });

  it.each([
    [59_600, "1 min"],
    [hourMs - 20_000, "1 h"],
    [2 * hourMs - 20_000, "2 h"],
    [2 * hourMs + 20_000, "2 h"],
    [3 * hourMs - 40_000, "2 h 59 min"],
  ])("round %d ms to %s: no 60 minutes, and no hour and 0 minutes", (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it("print what is known of an amount, and what is not", () => {
    const part = { what: "storage", reason: "price unknown" };
    expect(monthly({ kind: "partly", usd: 12, unknown: [part] })).toBe("$12.00/month, and storage (price unknown)");
    expect(monthly({ kind: "unknown", reason: "price unknown" })).toBe("unknown (price unknown)");
    expect(monthly({ kind: "unknown", ...part, others: [{ what: "requests", reason: "no metrics" }] })).toBe(
      "unknown: storage (price unknown) and requests (no metrics)",
    );
  });
});
