import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type Ended, optimizer } from "./start-optimizer.ts";
import { accountLog, callsIn, expectSameEnd, type RunEnd, runEnd } from "./run-end.ts";
import { freshState, resume, runPlan } from "./story-commands.ts";

const story = inject("story");
const killer = pathToFileURL(join(import.meta.dirname, "kill-at.mjs")).href;
/** Each call may cost two minutes of waiting for describes, and windows may move by slots; the promotion's hour does not move. */
const longestShiftMinutes = 60;

interface Place {
  readonly where: "before" | "torn" | "written" | "durable";
  readonly title: string;
  readonly takesEffect: boolean;
}

const places: readonly Place[] = [
  { where: "before", title: "before the account has written anything", takesEffect: false },
  { where: "torn", title: "with the account's line half written", takesEffect: false },
  { where: "written", title: "with the effect written, not yet on disk", takesEffect: true },
  { where: "durable", title: "with the effect on disk and the reply lost", takesEffect: true },
];

function killedAt(place: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${killer}`, TAP_KILL_AT: place };
}

describe("a run whose processes are all killed", () => {
  let undisturbed: RunEnd;

  beforeAll(async () => {
    undisturbed = await runEnd(story.undisturbed, story.runId, story.printed);
  });

  /** What a killed call did not bring about, the next process does first: it is killed in the call after that. */
  async function killedInEveryCall({ where, takesEffect }: Place, state: string): Promise<{ readonly last: Ended; readonly kills: number }> {
    const calls = undisturbed.calls.length;
    for (let kills = 0; kills <= calls; kills += 1) {
      const which = takesEffect || kills === 0 ? 1 : 2;
      const last = await optimizer(kills === 0 ? runPlan(story, state) : resume(story, state), killedAt(`${where}:${which}`));
      if (last.code !== null) return { last, kills };
      expect(callsIn(state)).toHaveLength(kills + (takesEffect ? 1 : 0));
    }
    throw new Error(`more than ${calls} processes were killed in ${calls} calls`);
  }

  it.each(places)("in a call ends as the undisturbed run, each call made once: $title", async (place) => {
    const state = freshState(story, place.where);
    const { last, kills } = await killedInEveryCall(place, state);
    expect(last.code, last.stderr).toBe(5);
    expect(kills).toBe(undisturbed.calls.length);
    expectSameEnd(await runEnd(state, story.runId, last.stdout), undisturbed, place.title, longestShiftMinutes);
    const log = accountLog(state);
    expect(await optimizer(resume(story, state))).toMatchObject({ code: 5, stdout: last.stdout });
    expect(accountLog(state)).toBe(log);
  });

  it("with the fifth record that each journals half written ends as the undisturbed run", async () => {
    const state = freshState(story, "record");
    let last = await optimizer(runPlan(story, state), killedAt("record:5"));
    let kills = 0;
    for (; last.code === null && kills < undisturbed.state.records.length; kills += 1) last = await optimizer(resume(story, state), killedAt("record:5"));
    expect(last.code, last.stderr).toBe(5);
    expect(kills).toBeGreaterThan(10);
    expectSameEnd(await runEnd(state, story.runId, last.stdout), undisturbed, "torn records", longestShiftMinutes);
  });
});
