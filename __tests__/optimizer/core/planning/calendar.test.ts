import { describe, expect, it } from "vitest";
import type { Action, Round } from "../../../../optimizer/core/model/action.ts";
import type { PlannedPhase, PlannedStage } from "../../../../optimizer/core/model/plan.ts";
import { policySchema } from "../../../../optimizer/core/model/policy.ts";
import { calendarOf, watchedMinutes } from "../../../../optimizer/core/planning/calendar.ts";
import { sampleAction } from "../../../support/sample-run.ts";

const [canary, follower] = ["us-west-2", "us-east-1"];

interface Staged {
  readonly role?: PlannedStage["role"];
  readonly round?: Round;
  readonly actions?: readonly Action[];
}

function stage(region: string, { role = "follower", round = 1, actions = [sampleAction({ region })] }: Staged = {}): PlannedStage {
  return { region, ...(round === 1 ? {} : { round }), role, actions };
}

const brownedOut = (minutes: number): Action =>
  sampleAction({ steps: [{ kind: "brownout", id: "brownout", minutes, probes: [], lift: [], description: "see whether anything reads it" }] });
const unseen = sampleAction({ judgedBy: "nothing-visible" });

/** In windows of 100 minutes and soaks of 30. */
function told(stages: readonly PlannedStage[], { number = 2, ...policy }: { readonly number?: PlannedPhase["number"]; readonly [name: string]: unknown } = {}) {
  const calendar = calendarOf([{ number, stages }], policySchema.parse({ window: { minutes: 100, soakMinutes: 30 }, ...policy }));
  return calendar.map(({ atMinutes, region, round, what }) => [atMinutes, region, what, ...(round === undefined ? [] : [round])]);
}

describe("the calendar of a round", () => {
  it("is empty where nothing is planned", () => {
    expect(told([])).toEqual([]);
  });

  it("lets the others follow the canary after its soak, and after its window where that is shorter", () => {
    const stages = [stage(canary, { role: "canary" }), stage(follower)];
    expect(told(stages)).toEqual([
      [0, canary, "act"],
      [30, canary, "soak-ends"],
      [30, follower, "act"],
      [100, canary, "window-ends"],
      [130, follower, "window-ends"],
    ]);
    expect(told(stages, { window: { minutes: 100, soakMinutes: 500 } })).toEqual([
      [0, canary, "act"],
      [100, canary, "soak-ends"],
      [100, canary, "window-ends"],
      [100, follower, "act"],
      [200, follower, "window-ends"],
    ]);
  });

  it("lets the brownouts of one stage run one after another before it acts, and the next stage after them", () => {
    const both = [brownedOut(40), brownedOut(20)];
    expect(told([stage(canary, { actions: both }), stage(follower)])).toEqual([
      [0, canary, "brownout"],
      [60, canary, "act"],
      [60, follower, "act"],
      [160, canary, "window-ends"],
      [160, follower, "window-ends"],
    ]);
    expect(told([stage(canary, { actions: both }), stage(follower)], { rollout: "together" })).toEqual([
      [0, canary, "brownout"],
      [0, follower, "act"],
      [60, canary, "act"],
      [100, follower, "window-ends"],
      [160, canary, "window-ends"],
    ]);
  });

  it("has no soak and no window of what none could show, which nobody waits for", () => {
    expect(told([stage(canary, { role: "canary", actions: [unseen] }), stage(follower)])).toEqual([
      [0, canary, "act"],
      [0, follower, "act"],
      [100, follower, "window-ends"],
    ]);
    expect(told([stage(canary, { actions: [unseen] }), stage(follower, { actions: [unseen] })], { rollout: "sequential" })).toEqual([
      [0, canary, "act"],
      [0, follower, "act"],
    ]);
  });

  it("begins after all windows of the one before, watches later ones for a soak, and says which it is", () => {
    const stages = [stage(follower, { round: 3 }), stage(follower, { round: 2 }), stage(canary, { role: "canary" }), stage(follower)];
    expect(told(stages)).toEqual([
      [0, canary, "act"],
      [30, canary, "soak-ends"],
      [30, follower, "act"],
      [100, canary, "window-ends"],
      [130, follower, "window-ends"],
      [130, follower, "act", 2],
      [160, follower, "window-ends", 2],
      [160, follower, "act", 3],
      [190, follower, "window-ends", 3],
    ]);
  });

  it("follows the one of the phase before, whose last entries come first", () => {
    const phases = ([1, 2] as const).map((number): PlannedPhase => ({ number, stages: [stage(follower)] }));
    expect(calendarOf(phases, policySchema.parse({ window: { minutes: 100 } }))).toEqual([
      { atMinutes: 0, phase: 1, region: follower, what: "act" },
      { atMinutes: 100, phase: 1, region: follower, what: "window-ends" },
      { atMinutes: 100, phase: 2, region: follower, what: "act" },
      { atMinutes: 200, phase: 2, region: follower, what: "window-ends" },
    ]);
  });
});

describe("a stage", () => {
  it("is watched where a window could show any of its actions", () => {
    const { window } = policySchema.parse({ window: { minutes: 100, soakMinutes: 30 } });
    expect(watchedMinutes(stage(follower, { actions: [unseen, sampleAction()] }), window)).toBe(100);
    expect(watchedMinutes(stage(follower, { actions: [unseen, sampleAction()], round: 2 }), window)).toBe(30);
    expect(watchedMinutes(stage(follower, { actions: [unseen, unseen] }), window)).toBe(0);
  });
});
