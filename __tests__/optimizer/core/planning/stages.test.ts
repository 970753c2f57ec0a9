import { expect, it } from "vitest";
import type { Action } from "../../../../optimizer/core/model/action.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { phasesOf, trafficOf, unjudgeable } from "../../../../optimizer/core/planning/stages.ts";
import { evenReference } from "../../../support/plan-builder.ts";
import { aProposal } from "../../../support/small-rules.ts";
import { aGroup, primary, secondary } from "../../../support/world.ts";

/** Ids of the actions in the order they act in. */
function order(...actions: readonly Partial<Action>[]): readonly string[] {
  const proposals = actions.map((action) => aProposal({ id: "a.rule", phase: 2 }, aGroup().ref, {}, action));
  const phases = phasesOf(proposals, { ownerRegion: primary, balancers: [], rollout: "canary" });
  return phases.flatMap(({ stages }) => stages.flatMap((stage) => stage.actions.map(({ id }) => id)));
}

it("actions act by their ids, and one that names another acts right behind it", () => {
  expect(order({ id: "c" }, { id: "a" }, { id: "b" })).toEqual(["a", "b", "c"]);
  expect(order({ id: "a", behind: "b" }, { id: "c" }, { id: "b" })).toEqual(["b", "a", "c"]);
  expect(order({ id: "a", behind: "c" }, { id: "d" }, { id: "c" }, { id: "b", behind: "c" })).toEqual(["c", "a", "b", "d"]);
});

it("regions of equal traffic act in order of their names, in whatever order they are proposed, and the owner last", () => {
  const act = (...regions: readonly string[]) => order(...regions.map((region) => ({ id: region, region })));
  expect(act("eu-west-1", primary, secondary)).toEqual(["eu-west-1", secondary, primary]);
  expect(act(secondary, primary, "eu-west-1")).toEqual(["eu-west-1", secondary, primary]);
});

it("one that is the last acts after all others of its round, whatever its id", () => {
  expect(order({ id: "a", isLast: true }, { id: "c" }, { id: "b", behind: "c" })).toEqual(["c", "b", "a"]);
  expect(order({ id: "b", isLast: true }, { id: "d", after: "c" }, { id: "a", isLast: true }, { id: "c" })).toEqual(["c", "a", "b", "d"]);
});

it("one whose forerunner is not planned acts all the same", () => {
  expect(order({ id: "a", behind: "b" }, { id: "c" })).toEqual(["a", "c"]);
});

it("a region can be judged right at the limits of its errors and of its conclusive slots, and by each of its load balancers", () => {
  const { maxErrorRate, minConclusiveShare } = defaultPolicy.window;
  const atLimit = evenReference(primary, { errorRate: maxErrorRate, conclusiveShare: minConclusiveShare });
  const elsewhere = evenReference(secondary, { errorRate: 1, conclusiveShare: 0 });
  expect(unjudgeable(primary, [elsewhere, atLimit], defaultPolicy)).toBeUndefined();
  const quiet = evenReference(primary, { loadBalancer: "app/quiet/1", conclusiveShare: minConclusiveShare - 0.001 });
  expect(unjudgeable(primary, [atLimit, quiet], defaultPolicy)).toMatch(/^app\/quiet\/1 had enough requests in/);
});

it("a region's traffic is that of all of its load balancers", () => {
  const balancers = [
    evenReference(primary, { requestsPerSecond: 60 }),
    evenReference(secondary, { requestsPerSecond: 100 }),
    evenReference(primary, { requestsPerSecond: 70 }),
  ];
  expect(trafficOf(primary, balancers)).toBe(130);
});
