import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { fingerprints } from "../support/optimizer-process.ts";
import { expectSameEnd, type RunEnd, runEnd } from "./run-end.ts";
import { optimizer } from "./start-optimizer.ts";
import { freshState, resume, runPlan, simulated } from "./story-commands.ts";

const story = inject("story");
const filler = pathToFileURL(join(import.meta.dirname, "full-at.mjs")).href;
/** A change whose fate is open is made again only when describes cannot be stale; windows move with it. */
const longestShiftMinutes = 60;

function fullAt(record: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${filler}`, TAP_FULL_AT: String(record) };
}

describe("a disk that gets full", () => {
  let undisturbed: RunEnd;
  beforeAll(async () => {
    undisturbed = await runEnd(story.undisturbed, story.runId, story.printed);
  });

  it.each([1, 9, 300])("at record %i ends the run with 75; it can be looked at without a byte written, and goes on where it stood", async (record) => {
    const state = freshState(story, `full-${record}`);
    const stopped = await optimizer(runPlan(story, state), fullAt(record));
    expect(stopped.code, stopped.stderr).toBe(75);
    expect(stopped.stderr).toContain(`optimizer resume ${story.runId}`);
    const before = await fingerprints(state);
    for (const command of [["status", story.runId], ["runs"], ["verify-journal", story.runId]]) {
      const looked = await optimizer([...command, ...simulated(state)], fullAt(0));
      expect(looked.code, `${command.join(" ")}: ${looked.stderr}`).toBe(0);
    }
    expect(await fingerprints(state)).toEqual(before);
    const still = await optimizer(resume(story, state), fullAt(0));
    expect(still.code, still.stderr).toBe(75);
    const resumed = await optimizer(resume(story, state));
    expect(resumed.code, resumed.stderr).toBe(5);
    expectSameEnd(await runEnd(state, story.runId, resumed.stdout), undisturbed, `full at ${record}`, longestShiftMinutes);
  });
});
