import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSchedule } from "./make-schedule.ts";
import { play, shrink } from "./play.ts";
import { makeTimersQuick } from "./quick-timers.ts";
import { type SmallWorld, smallWorld } from "./small-account.ts";

let small: SmallWorld;
const timersBack = makeTimersQuick();
beforeAll(async () => {
  small = await smallWorld();
});
afterAll(timersBack);

const seeds = Array.from({ length: 12 }, (_, at) => at + 1);

describe("a run through a schedule of troubles", () => {
  it.each(seeds)("keeps every promise: seed %i", async (seed) => {
    const { violations } = await play(small, makeSchedule(seed));
    expect(violations).toEqual([]);
  });

  it("is the same to the byte when it is played again", async () => {
    const once = await play(small, makeSchedule(14));
    expect((await play(small, makeSchedule(14))).digest).toBe(once.digest);
    expect(once.mutations).toBeGreaterThan(0);
  });

  it("is shrunk to the troubles that its failure needs", async () => {
    const schedule = makeSchedule(14);
    const failing = { ...(await play(small, schedule)), violations: [{ invariant: "no error but those that are told", detail: "", atMs: 0 }] };
    // Nothing smaller breaks the same promise: the schedule stays whole.
    expect((await shrink(small, failing)).schedule).toEqual(schedule);
  });
});
