import { rmSync } from "node:fs";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { optimizer } from "./start-optimizer.ts";
import { accountLog, expectSameEnd, type RunEnd, runEnd } from "./run-end.ts";
import { freshState, killed, lastRecord, resume, runPlan } from "./story-commands.ts";

const story = inject("story");
const points = Number(process.env.TAP_CRASH_POINTS ?? 50);
/** Two at a time: one process waits for its disk while the other computes. */
const lanes = 2;
/** Every so manieth of the processes that resume is killed as well. */
const everyResume = 5;
/** One slot that a window moved by, the minutes until it is scored, and the two minutes of waiting for describes. */
const longestShiftMinutes = 15 + 5 + 2;

interface Point {
  readonly index: number;
  /** Bytes of the journal, and milliseconds after it came to them. */
  readonly bytes: number;
  readonly afterMs: number;
}

/** Moments spread evenly over what the run journals, each moved within its share by a seeded generator. */
function moments(count: number, journalBytes: number): readonly Point[] {
  let seed = 20_261_121;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, (_, index) => ({ index, bytes: Math.floor(((index + next()) / count) * journalBytes * 0.99), afterMs: next() * 12 }));
}

interface Told {
  readonly last: string;
  readonly unmoved: boolean;
}

describe("a run that is killed with SIGKILL", () => {
  let undisturbed: RunEnd;

  beforeAll(async () => {
    undisturbed = await runEnd(story.undisturbed, story.runId, story.printed);
  });

  /** Undefined where the process was faster than the signal. */
  async function killAndResume({ index, bytes, afterMs }: Point): Promise<Told | undefined> {
    const state = freshState(story, `point-${index}`);
    const first = await killed(runPlan(story, state), state, story.runId, { bytes, afterMs });
    const last = lastRecord(state, story.runId);
    const where = `point ${index}, killed after ${bytes} bytes and ${afterMs.toFixed(1)} ms, last record ${last}`;
    if (index % everyResume === 0) await killed(resume(story, state), state, story.runId, { bytes: (bytes + story.journalBytes) / 2, afterMs });
    const resumed = await optimizer(resume(story, state));
    expect(resumed.code, `${where}: ${resumed.stderr}`).toBe(5);
    const unmoved = expectSameEnd(await runEnd(state, story.runId, resumed.stdout), undisturbed, where, longestShiftMinutes);
    const log = accountLog(state);
    const again = await optimizer(resume(story, state));
    expect(again, `${where}, second resume`).toMatchObject({ code: 5, stdout: resumed.stdout });
    expect(accountLog(state), `${where}, second resume`).toBe(log);
    rmSync(state, { recursive: true, force: true });
    return first.code === null ? { last, unmoved } : undefined;
  }

  it(`ends as the undisturbed run after resume, at ${points} moments, and a second resume changes nothing`, async () => {
    const waiting = [...moments(points, story.journalBytes)];
    const told: Told[] = [];
    const lane = async (): Promise<void> => {
      for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
        const one = await killAndResume(point);
        if (one !== undefined) told.push(one);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    const watching = told.filter(({ last }) => last === "SLOT").length;
    const unmoved = told.filter((one) => one.unmoved).length;
    console.log(`${told.length} of ${points} killed midway: ${watching} while watching, ${told.length - watching} while acting; no window moved in ${unmoved}`);
    expect(told.length).toBeGreaterThan(points * 0.9);
  });
});
