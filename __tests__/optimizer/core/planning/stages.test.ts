import { expect, it } from "vitest";
import type { Action } from "../../../../optimizer/core/model/action.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { phasesOf, trafficOf, unjudgeable } from "../../../../optimizer/core/planning/stages.ts";
import { evenReference } from "../../../support/plan-builder.ts";
import { aProposal } from "../../../support/small-rules.ts";
import { aGroup, primary, secondary } from "../../../support/world.ts";

/** Ids of the actions in the order they act in, which is the same in whatever order they are proposed. */
function order(...actions: readonly Partial<Action>[]): readonly string[] {
  const ids = orderOf(actions);
  for (let turned = 1; turned < actions.length; turned++) expect(orderOf([...actions.slice(turned), ...actions.slice(0, turned)])).toEqual(ids);
  expect(orderOf(actions.toReversed())).toEqual(ids);
  return ids;
}

function orderOf(actions: readonly Partial<Action>[]): readonly string[] {
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

it("a region that could never be judged says why: the whole sentence", () => {
  const reason = (...balancers: Parameters<typeof unjudgeable>[1]) => unjudgeable(primary, balancers, defaultPolicy);
  const [elsewhere, good] = [evenReference(secondary), evenReference(primary, { loadBalancer: "app/good/1" })];
  expect(reason(elsewhere)).toBe("no load balancer of us-east-1 has a baseline to judge a change by");
  const ill = evenReference(primary, { loadBalancer: "app/ill/1", errorRate: 0.006_12, conclusiveShare: 0.1 });
  expect(reason(good, ill)).toBe("errors of app/ill/1 were 0.61 % of requests before anything was changed, 0.5 % are allowed");
  // Never told as what is needed.
  const quiet = evenReference(primary, { loadBalancer: "app/quiet/1", conclusiveShare: 0.949_99 });
  expect(reason(good, quiet)).toBe("app/quiet/1 had enough requests in 94.9 % of its slots, 95 % are needed to judge a change");
  expect(reason(good)).toBeUndefined();
});

it("stages are by phase, round and region; the canary is the first of several in its round, where the rollout has one", () => {
  const action = (id: string, more: Partial<Action>) => aProposal({ id: "a.rule", phase: 2 }, aGroup().ref, {}, { id, ...more });
  const proposals = [
    action("a", { region: primary }),
    action("b", { region: secondary }),
    action("c", { region: primary, phase: 3 }),
    action("d", { region: primary, reversibility: "irreversible" }),
    action("e", { region: secondary, after: "b" }),
    action("f", { region: primary, after: "a" }),
  ];
  const staged = (rollout: "canary" | "together") =>
    phasesOf(proposals, { ownerRegion: primary, balancers: [], rollout }).map(({ number, stages }) => [
      number,
      stages.map(({ actions, ...stage }) => ({ ...stage, actions: actions.map(({ id }) => id) })),
    ]);
  expect(staged("canary")).toStrictEqual([
    [1, []],
    [
      2,
      [
        { region: secondary, role: "canary", actions: ["b"] },
        { region: primary, role: "follower", actions: ["a"] },
        { region: secondary, round: 2, role: "canary", actions: ["e"] },
        { region: primary, round: 2, role: "follower", actions: ["f"] },
        { region: primary, round: 3, role: "follower", actions: ["d"] },
      ],
    ],
    [3, [{ region: primary, role: "follower", actions: ["c"] }]],
  ]);
  expect(JSON.stringify(staged("together"))).not.toContain("canary");
});

it("regions act by their traffic, the least first, all load balancers together, and the owner last however quiet it is", () => {
  const busy = (region: string, ...requests: readonly number[]) =>
    requests.map((requestsPerSecond, at) => evenReference(region, { loadBalancer: `app/${region}/${at}`, requestsPerSecond }));
  const regions = ["eu-west-1", secondary, primary];
  const proposals = regions.map((region) => aProposal({ id: "a.rule", phase: 2 }, aGroup().ref, {}, { id: region, region }));
  const act = (...balancers: Parameters<typeof unjudgeable>[1]) =>
    phasesOf(proposals, { ownerRegion: primary, balancers, rollout: "canary" }).flatMap(({ stages }) => stages.map(({ region }) => region));
  expect(act(...busy("eu-west-1", 30, 30), ...busy(secondary, 50), ...busy(primary, 1))).toEqual([secondary, "eu-west-1", primary]);
  expect(act(...busy("eu-west-1", 20, 20), ...busy(secondary, 50), ...busy(primary, 1))).toEqual(["eu-west-1", secondary, primary]);
});
