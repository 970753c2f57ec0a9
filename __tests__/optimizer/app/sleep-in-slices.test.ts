import { describe, expect, it } from "vitest";
import { sleepInSlices } from "../../../optimizer/app/sleep-in-slices.ts";

function sleeper(kind: "real" | "virtual") {
  const seen = { nowMs: 0, renewed: 0, sleeps: 0 };
  const clock = {
    jumps: kind === "virtual",
    nowMs: () => seen.nowMs,
    monotonicMs: () => seen.nowMs,
    sleepUntil: async (ms: number) => {
      seen.sleeps += 1;
      seen.nowMs = ms;
    },
  };
  const lease = { epoch: 1, stolen: false, remainingMs: () => 1, assertHeld: async () => void (seen.renewed += 1), release: async () => undefined };
  return { seen, parts: { clock, lease } };
}

describe("a long sleep", () => {
  it("of a real clock renews the lease three times within its length", async () => {
    const { seen, parts } = sleeper("real");
    await sleepInSlices(600_000, 120, parts);
    expect(seen).toEqual({ nowMs: 600_000, renewed: 15, sleeps: 15 });
  });

  it("of a clock that jumps is one jump", async () => {
    const { seen, parts } = sleeper("virtual");
    await sleepInSlices(600_000, 120, parts);
    expect(seen).toEqual({ nowMs: 600_000, renewed: 1, sleeps: 1 });
  });
});
