import { describe, expect, it } from "vitest";
import { lookAgainMs } from "../../../../optimizer/core/execution/retry-limits.ts";

const minuteMs = 60_000;
const settle = { pollSeconds: 30, maxMinutes: 360 };

function looksWithin(minutes: number): readonly number[] {
  const looks: number[] = [];
  for (let atMs = 0; atMs < minutes * minuteMs; atMs = lookAgainMs(0, atMs, settle)) looks.push(atMs);
  return looks;
}

describe("what is waited for is looked at again", () => {
  it("after the policy's pause at first", () => {
    expect(lookAgainMs(0, 0, settle)).toBe(30_000);
    expect(lookAgainMs(0, 10 * minuteMs, settle)).toBe(10.5 * minuteMs);
  });

  it("after a twentieth of the time waited later on, and never later than after five minutes", () => {
    expect(lookAgainMs(0, 60 * minuteMs, settle)).toBe(63 * minuteMs);
    expect(lookAgainMs(0, 300 * minuteMs, settle)).toBe(305 * minuteMs);
  });

  it("after a policy's pause that is longer than that", () => {
    expect(lookAgainMs(0, 60 * minuteMs, { ...settle, pollSeconds: 600 })).toBe(70 * minuteMs);
  });

  it("at the moment at which it is given up, whatever the pause", () => {
    expect(lookAgainMs(0, 359 * minuteMs, settle)).toBe(360 * minuteMs);
    expect(lookAgainMs(0, 0, { pollSeconds: 600, maxMinutes: 5 })).toBe(5 * minuteMs);
  });

  it("a fifth as often over six hours as with an even pause", () => {
    expect(looksWithin(360).length).toBeLessThan((360 * 2) / 5);
    expect(looksWithin(360).length).toBeGreaterThan(60);
  });
});
