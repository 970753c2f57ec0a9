import { rmSync } from "node:fs";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { optimizer } from "./start-optimizer.ts";
import { accountLog, expectSameEnd, type RunEnd, runEnd } from "./run-end.ts";
import { begin, freshState, killed as kill, lastRecord, resume } from "./story-commands.ts";
import type { Story } from "./story.ts";

/** Moments in all: the demonstration's run has half of them, the way there and the way back of every kind of change a quarter each. */
const points = Number(process.env.TAP_CRASH_POINTS ?? 50);
const quarter = Math.floor(points / 4);
const { kept, takenBack } = inject("everyKind");
/** One slot that a window moved by, the minutes until it is scored, and the two minutes of waiting for describes. */
const oneSlot = 15 + 5 + 2;
const killed: readonly (readonly [string, Story, { readonly count: number; readonly longestShiftMinutes: number }])[] = [
  ["the demonstration", inject("story"), { count: points - 2 * quarter, longestShiftMinutes: oneSlot }],
  ["every kind of change", kept, { count: quarter, longestShiftMinutes: oneSlot }],
  ["every kind of change, taken back", takenBack, { count: quarter, longestShiftMinutes: oneSlot }],
];
/** Two at a time: one process waits for its disk while the other computes. */
const lanes = 2;
/** Every so manieth of the processes that resume is killed as well. */
const everyResume = 5;

interface Point {
  readonly index: number;
  /** Bytes of the journal, and milliseconds after it came to them. */
  readonly bytes: number;
  readonly afterMs: number;
}

/** Moments spread evenly over what the run journals, each moved within its share by a seeded generator. */
function moments(count: number, { fromBytes, journalBytes }: Story): readonly Point[] {
  let seed = 20_261_121;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const grown = journalBytes - fromBytes;
  return Array.from({ length: count }, (_, index) => ({
    index,
    bytes: fromBytes + 1 + Math.floor(((index + next()) / count) * grown * 0.99),
    afterMs: next() * 12,
  }));
}

interface Told {
  readonly last: string;
  readonly unmoved: boolean;
}

describe.each(killed)("a run that is killed with SIGKILL: %s", (name, story, { count, longestShiftMinutes }) => {
  let undisturbed: RunEnd;

  beforeAll(async () => {
    undisturbed = await runEnd(story.undisturbed, story.runId, story.printed, story.scenario);
  });

  /** Undefined where the process was faster than the signal. */
  async function killAndResume({ index, bytes, afterMs }: Point): Promise<Told | undefined> {
    const state = freshState(story, `point-${index}`);
    const first = await kill(begin(story, state), state, story.runId, { bytes, afterMs });
    const last = lastRecord(state, story.runId);
    const where = `point ${index}, killed after ${bytes} bytes and ${afterMs.toFixed(1)} ms, last record ${last}`;
    if (index % everyResume === 0) await kill(resume(story, state), state, story.runId, { bytes: (bytes + story.journalBytes) / 2, afterMs });
    const resumed = await optimizer(resume(story, state));
    expect(resumed.code, `${where}: ${resumed.stderr}`).toBe(story.code);
    const unmoved = expectSameEnd(await runEnd(state, story.runId, resumed.stdout, story.scenario), undisturbed, where, longestShiftMinutes);
    const log = accountLog(state);
    const again = await optimizer(resume(story, state));
    expect(again, `${where}, second resume`).toMatchObject({ code: story.code, stdout: resumed.stdout });
    expect(accountLog(state), `${where}, second resume`).toBe(log);
    rmSync(state, { recursive: true, force: true });
    return first.code === null ? { last, unmoved } : undefined;
  }

  it(`ends as the undisturbed run after resume, at ${count} moments, and a second resume changes nothing`, async () => {
    const waiting = [...moments(count, story)];
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
    console.log(
      `${name}: ${told.length} of ${count} killed midway: ${watching} while watching, ${told.length - watching} while acting; no window moved in ${unmoved}`,
    );
    expect(told.length).toBeGreaterThan(count * 0.9);
  });
});
