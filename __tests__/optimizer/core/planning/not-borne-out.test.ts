import { beforeEach, describe, expect, it } from "vitest";
import { canonicalCopy } from "../../../../contract/canonical-json.ts";
import { createPriceBook } from "../../../../optimizer/adapters/prices/list-prices.ts";
import type { Action, Step } from "../../../../optimizer/core/model/action.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import type { Decision } from "../../../../optimizer/core/model/rule.ts";
import { planFaults } from "../../../../optimizer/core/execution/plan-faults.ts";
import { notBorneOut } from "../../../../optimizer/core/planning/not-borne-out.ts";
import { type SmallWorld, smallWorld } from "../../../fault-schedules/small-account.ts";

let small: SmallWorld;
let stored: Plan;
// A world whose own plan does not follow from its baseline is refused while it is made: that is a failure of each test, and made once for all.
let made: ReturnType<typeof smallWorld> | undefined;
beforeEach(async () => {
  made ??= smallWorld();
  small = await made;
  stored = canonicalCopy(small.stored.plan);
});

function faultsOf(plan: Plan): readonly string[] {
  return notBorneOut(plan, small.baseline, createPriceBook());
}

/** The plan with an action edited alike wherever it stands, so that it contradicts itself nowhere. */
function editedAlike(rule: Action["rule"], edit: (action: Action) => Action): Plan {
  const own = (action: Action): Action => (action.rule === rule ? edit(action) : action);
  return {
    ...stored,
    phases: stored.phases.map((phase) => ({ ...phase, stages: phase.stages.map((stage) => ({ ...stage, actions: stage.actions.map(own) })) })),
    decisions: stored.decisions.map((decision): Decision =>
      decision.kind === "proposal"
        ? {
            ...decision,
            action: own(decision.action),
            ...(decision.followUps === undefined ? {} : { followUps: decision.followUps.map((each) => ({ ...each, action: own(each.action) })) }),
          }
        : decision,
    ),
  };
}

/** Another size wherever the action names the one that it goes to. */
function to(size: string, other: string): (action: Action) => Action {
  return (action) => JSON.parse(JSON.stringify(action).replaceAll(`"${size}"`, `"${other}"`)) as Action;
}

function typeOf(rule: Action["rule"], field: "instanceType" | "instanceClass"): string {
  const [action] = stored.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.filter((each) => each.rule === rule)));
  const sizes = action?.steps.flatMap((step) => (step.kind === "change" ? [(step.change.after as Readonly<Record<string, unknown>> | null)?.[field]] : []));
  const size = sizes?.find((each) => typeof each === "string");
  if (typeof size !== "string") throw new Error(`the plan has no ${rule}`);
  return size;
}

describe("a plan", () => {
  it("as it was made, stored and read again follows from its own baseline", () => {
    expect(stored.phases.flatMap(({ stages }) => stages)).not.toEqual([]);
    expect(faultsOf(stored)).toEqual([]);
  });

  it.each([
    ["a number beyond its limits", { window: { maxErrorRate: 7 } }, "window.maxErrorRate"],
    ["a pause that is none", { settle: { pollSeconds: -1 } }, "settle.pollSeconds"],
    ["a word that is none of those there are", { rules: { decision: "none" } }, "rules.decision"],
    ["a setting that there is not", { lock: { forever: true } }, "lock"],
  ])("whose policy has %s is told so, by the setting's name", (_what, edited, name) => {
    const [group = "", settings = {}] = Object.entries(edited)[0] ?? [];
    const own = Object(Object.entries(stored.policy).find(([key]) => key === group)?.[1]);
    const [fault, ...others] = faultsOf({ ...stored, policy: { ...stored.policy, [group]: { ...own, ...settings } } });
    expect(others).toEqual([]);
    expect(fault).toContain(`its policy is none that this release takes: ${name}: `);
  });

  it("without a load balancer that its baseline has seen is told by that one's name", () => {
    const [first] = stored.balancers;
    expect(faultsOf({ ...stored, balancers: stored.balancers.slice(1) })).toEqual([
      `${first?.loadBalancer}: what was usual of it is not what its baseline says`,
    ]);
  });

  it.each<[string, () => Plan]>([
    ["a smaller instance type", () => editedAlike("asg.instance-type", to(typeOf("asg.instance-type", "instanceType"), "m5.large"))],
    ["a smaller class", () => editedAlike("aurora.writer-class", to(typeOf("aurora.writer-class", "instanceClass"), "db.r6g.large"))],
    [
      "a limit of its own checks",
      () => editedAlike("asg.instance-type", (one) => ({ ...one, checks: one.checks?.map((check) => ({ ...check, limit: 99 })) ?? [] })),
    ],
    ["no checks of its own", () => editedAlike("asg.instance-type", ({ checks: _checks, ...one }) => one)],
    [
      "a shorter brownout",
      () =>
        editedAlike("dynamodb.unused-gsi", (one) => ({
          ...one,
          steps: one.steps.map((step): Step => (step.kind === "brownout" ? { ...step, minutes: 0 } : step)),
        })),
    ],
    [
      "fewer days of backups",
      () => editedAlike("aurora.backup-retention", (one) => JSON.parse(JSON.stringify(one).replaceAll('"days":14', '"days":1')) as Action),
    ],
    [
      "disruptions that would mute evidence",
      () => editedAlike("asg.instance-type", (one) => ({ ...one, disruptions: [{ kind: "failover", seconds: 172_800, detail: "" }] })),
    ],
  ])("with %s in an action and its decision alike does not", (_, edit) => {
    const plan = edit();
    expect(plan).not.toEqual(stored);
    expect(planFaults(plan)).toEqual([]);
    expect(faultsOf(plan).join("\n")).toContain("by the plan's own baseline its rule proposes otherwise");
  });

  it("with an action and its decision taken out says which rule proposes it", () => {
    const without = (action: Action): boolean => action.rule !== "asg.instance-type";
    const plan: Plan = {
      ...stored,
      phases: stored.phases.map((phase) => ({
        ...phase,
        stages: phase.stages.map((stage) => ({ ...stage, actions: stage.actions.filter(without) })).filter(({ actions }) => actions.length > 0),
      })),
      decisions: stored.decisions.filter(({ rule }) => rule !== "asg.instance-type"),
    };
    expect(faultsOf(plan)[0]).toMatch(/^asg\.instance-type:.*: its rule proposes it, and the plan leaves it out$/);
  });

  it("whose actions somebody approved of by hand follows as well as by standing policy", () => {
    const byHand = (stored.approvals ?? []).map(({ action }) => ({ action, by: "ann@desk" }));
    expect(byHand).not.toEqual([]);
    expect(faultsOf({ ...stored, policy: { ...stored.policy, approvals: [] }, approvals: byHand })).toEqual([]);
  });

  it("from which a phase was left out follows, and may not have its actions all the same", () => {
    const [phase] = stored.phases.filter(({ stages }) => stages.length > 0);
    if (phase === undefined) throw new Error("the plan has no phase");
    const rulesOf = new Set(phase.stages.flatMap(({ actions }) => actions.map(({ rule }) => rule)));
    const decisions = stored.decisions.map((decision): Decision =>
      rulesOf.has(decision.rule)
        ? { kind: "skip", rule: decision.rule, resource: decision.resource, code: "phase-skipped", detail: "", evidence: [], refused: [] }
        : decision,
    );
    const without = stored.phases.map((each) => (each.number === phase.number ? { ...each, stages: [] } : each));
    expect(faultsOf({ ...stored, decisions, phases: without })).toEqual([]);
    expect(faultsOf({ ...stored, decisions }).join("; ")).toContain("no rule proposes it by the plan's own baseline");
  });

  it("whose outputs have no owner region does not", () => {
    expect(faultsOf({ ...stored, deployments: { ...stored.deployments, deployments: [] } })).toEqual([
      `its owner region is ${stored.ownerRegion}, and that of its outputs none`,
    ]);
  });

  it("with an action that nobody approved of, or that no rule proposes, says so", () => {
    const approvals = stored.approvals ?? [];
    expect(approvals).not.toEqual([]);
    const unapproved: Plan = { ...stored, policy: { ...stored.policy, approvals: [] }, approvals: [] };
    expect(faultsOf(unapproved).join("\n")).toContain(`${approvals[0]?.action}: no rule proposes it by the plan's own baseline`);
    const invented = editedAlike("asg.instance-type", (one) => ({ ...one, id: `${one.id}:again` }));
    expect(faultsOf(invented).join("\n")).toContain(":again: no rule proposes it by the plan's own baseline");
  });

  it("whose load balancers are said to be noisier or slower than they were does not follow either", () => {
    const blind: Plan = { ...stored, balancers: stored.balancers.map((each) => ({ ...each, errorDispersion: 1000 })) };
    expect(faultsOf(blind)).toHaveLength(stored.balancers.length);
    expect(faultsOf(blind)[0]).toContain("what was usual of it is not what its baseline says");
    expect(faultsOf({ ...stored, balancers: [...stored.balancers, { ...stored.balancers[0]!, loadBalancer: "app/other/1" }] })).toEqual([
      "it judges windows by load balancers that its baseline has not seen",
    ]);
  });

  it("whose regions act in another order, or whose owner is another region, does not either", () => {
    const turned: Plan = { ...stored, phases: stored.phases.map((phase) => ({ ...phase, stages: phase.stages.toReversed() })) };
    expect(faultsOf(turned)).toEqual(["its regions or actions are not in the order in which they are to act"]);
    expect(faultsOf({ ...stored, ownerRegion: "us-west-2" })).toEqual(["its owner region is us-west-2, and that of its outputs us-east-1"]);
  });
});
