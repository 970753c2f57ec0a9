import { describe, expect, it } from "vitest";
import { peakSeenMs } from "../../../../optimizer/core/observation/peak-hours.ts";
import { evenReference, startMs, west } from "../../../support/plan-builder.ts";

const hourMs = 3_600_000;
const hoursPerWeek = 168;

/** Usual requests of each hour of the week from Monday, 00:00 UTC, when a window begins in these tests. */
const usual = (requestsAt: (hour: number) => number | null) =>
  evenReference(west, { requestsPerSlotByHour: Array.from({ length: hoursPerWeek }, (_, hour) => requestsAt(hour)) });

describe("when a window has seen the week's peak", () => {
  it("is the hour after the fourth of its busiest hours", () => {
    expect(peakSeenMs(startMs, [usual((hour) => (hour >= 20 && hour < 70 ? 1000 : 100))])).toBe(startMs + 25 * hourMs);
  });

  it("is told by the hours that are known, where of others nothing is", () => {
    const known = usual((hour) => (hour < 10 ? null : hour >= 20 && hour < 70 ? 1000 : 100));
    expect(peakSeenMs(startMs, [known])).toBe(startMs + 25 * hourMs);
  });

  it("is from its beginning on where load hardly differs, and the latest of several load balancers", () => {
    expect(peakSeenMs(startMs, [usual(() => 100)])).toBe(startMs);
    const [early, late] = [usual((hour) => (hour >= 20 && hour < 70 ? 1000 : 100)), usual((hour) => (hour >= 100 && hour < 150 ? 1000 : 100))];
    expect(peakSeenMs(startMs, [late, early])).toBe(startMs + 105 * hourMs);
  });
});
