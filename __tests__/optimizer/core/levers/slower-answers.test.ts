import { describe, expect, it } from "vitest";
import { metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import type { AutoScalingGroup } from "../../../../optimizer/core/levers/asg/group.ts";
import { saidShareOf } from "../../../../optimizer/core/levers/aurora/said-share.ts";
import { ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import type { Candidate, Decision } from "../../../../optimizer/core/model/rule.ts";
import type { Inventory } from "../../../../optimizer/core/levers/resource-kinds.ts";
import type { Policy } from "../../../../optimizer/core/model/policy.ts";
import type { RuleId } from "../../../../optimizer/core/model/rule-id.ts";
import { chanceToWait } from "../../../../optimizer/core/sizing/waiting.ts";
import { answeredKeys } from "../../../../optimizer/core/sizing/latency.ts";
import { aDefinition } from "../../../support/aurora-definition.ts";
import { readersSee } from "../../../support/aurora-readers.ts";
import { movingOn } from "../../../support/courses.ts";
import { anRdsInstance, instanceSees } from "../../../support/rds-instances.ts";
import { aBalancer, aCluster, aGroup, aMember, aWorld, groupSees, memberSees, noHabits, primary, type World } from "../../../support/world.ts";

/** In a slot of 15 minutes. */
const slotSeconds = 900;

/** Requests a second of the region's only load balancer, a hundredth of which take half a second and longer. */
function answering(world: World, requestsPerSecond: number): World {
  return world
    .with(aBalancer())
    .sees(metrics.balancerRequests, aBalancer().fullName, requestsPerSecond * slotSeconds)
    .sees(metrics.balancerResponseTime, aBalancer().fullName, 0.5);
}

const small = aGroup({ instanceType: "m5.2xlarge" });
const reader = (n: number) =>
  aMember(`aurora-${n}`, {
    role: n === 1 ? "writer" : "reader",
    instanceClass: "db.r6g.xlarge",
    promotionTier: n - 1,
    definition: aDefinition({ instanceClass: "db.r6g.xlarge", availabilityZone: `${primary}${"xabc"[n] ?? "a"}` }),
  });
const ofThree = aCluster({ members: [reader(1), reader(2), reader(3)] });

/** Each of them is asked for little of what it can do, and its rule proposes less of it. */
const calm: Readonly<Record<string, () => World>> = {
  "asg.instance-type": () => groupSees(aWorld().with(aGroup()), "web", { cpu: 20 }),
  "asg.capacity": () => groupSees(aWorld().with(small), "web", { cpu: 20 }),
  "aurora.writer-class": () => memberSees(memberSees(aWorld().with(aCluster()), "aurora-1", { cpu: 30 }), "aurora-2", { cpu: 5 }),
  "aurora.reader-count": () => readersSee(aWorld().with(ofThree), ofThree, { cpu: 20 }),
  "rds.instance-class": () =>
    instanceSees(
      aWorld()
        .policed({ rules: { rdsInstanceClass: { target: "db.m6g.large" } } })
        .with(anRdsInstance()),
      anRdsInstance(),
      { cpu: 19 },
    ),
};

function decisionOf(id: RuleId, world: World): Decision {
  const rule = ruleOf(id);
  // A plan asks for them since its windows score them.
  const asking = { ...rule, demands: (_: Inventory, policy: Policy) => answeredKeys(primary, [aBalancer().fullName], policy) };
  const [decision] = rule.decide(world.facts([rule, asking]));
  if (decision === undefined) throw new Error("no decision");
  return decision;
}

describe.each(Object.entries(calm))("%s", (id, world) => {
  const first = (of: World): Decision => decisionOf(id as RuleId, of);
  const untold = first(world());
  if (untold.kind !== "proposal") throw new Error(`${id} proposes nothing of what is calm`);

  it("proposes as much where the same utilization is of many short requests", () => {
    const decision = first(answering(world(), 2000));
    expect(decision).toMatchObject({ kind: "proposal", to: untold.to });
    expect(decision).toHaveProperty("chosen.projections", expect.arrayContaining([expect.objectContaining({ dimension: "latency", fits: true })]));
  });

  it("refuses it where it is of few long ones, which wait longer for fewer processors", () => {
    const decision = first(answering(world(), 1));
    if (decision.kind === "advice") throw new Error(decision.summary);
    const misfits = ({ projections }: Candidate) => projections.filter(({ fits }) => !fits).map(({ dimension }) => dimension);
    expect(decision.refused.find(({ target }) => target === untold.to)).toSatisfy(
      (refused: Candidate | undefined) => refused !== undefined && misfits(refused).includes("latency"),
    );
  });
});

it("requests that compute 1.2 s of a vCPU wait for one of 8 as Erlang's C says: 15 × 16 vCPU at 20 % become 15 × 8 at 40 %", () => {
  const decision = decisionOf("asg.instance-type", answering(groupSees(aWorld().with(aGroup()), "web", { cpu: 20 }), 40));
  if (decision.kind !== "skip") throw new Error(decision.kind);
  // C(8, 3.2 erlangs) is 1.85 %: a hundredth waits ln(1.85) × 1.2 ÷ (8 × 0.6) = 154 ms, of the 100 ms that half a second leaves. C(16, 3.2) is none to speak of.
  expect(decision.refused[0]?.projections.find(({ dimension }) => dimension === "latency")?.projected).toBeCloseTo(1.54, 2);
  expect(decision.detail).toContain("latency would be");
});

it("no metric tells how many requests ask a database: a sixth of them is taken for it, each of which computes six times as long", () => {
  const decision = decisionOf("aurora.writer-class", answering(calm["aurora.writer-class"]!(), 400));
  if (decision.kind !== "proposal") throw new Error(decision.kind);
  // 30 % of 16 vCPU for 400 requests a second, on 8 vCPU at 60 %: a hundredth of all is six hundredths of a sixth.
  const vcpuSeconds = (6 * 0.3 * 16) / 400;
  const addedSeconds = (Math.log(chanceToWait(8, 0.6) / 0.06) * vcpuSeconds) / (8 * 0.4);
  expect(decision.chosen?.projections.find(({ dimension }) => dimension === "latency")?.projected).toBeCloseTo(addedSeconds / (0.5 * 0.2), 6);
});

it("a reader whose processors nobody knows says nothing of how long requests take, by the requirement's words alone; the writer does", () => {
  const members = [aMember("aurora-1", { role: "writer" }), aMember("aurora-2", { instanceClass: "db.r6g.48xlarge" })];
  const world = members.reduce((seen, { identifier }) => memberSees(seen, identifier, { cpu: 5 }), aWorld().with(aCluster({ members })));
  const decision = decisionOf("aurora.writer-class", answering(world.policed({ rules: { decision: "literal" } }), 400));
  if (decision.kind !== "proposal") throw new Error(decision.kind);
  // A sixth of 400 requests a second asks it, for 5 % of 16 vCPU.
  expect(decision.chosen?.projections.filter(({ dimension }) => dimension === "latency")).toMatchObject([
    { method: expect.stringContaining(": 12 ms of a vCPU each") as string },
  ]);
});

it("what a machine does for itself is no request's: a tenth of each is busy without any, and another one with 400 a second", () => {
  const isDay = (hour: number): boolean => hour % 24 < 12;
  const world = groupSees(aWorld().with(aGroup()), "web", { cpu: (hour) => (isDay(hour) ? 20 : 11) })
    .sees(metrics.balancerRequests, aBalancer().fullName, (hour) => (isDay(hour) ? 400 : 40) * slotSeconds)
    .sees(metrics.balancerResponseTime, aBalancer().fullName, 0.5)
    .turned(movingOn);
  const decision = decisionOf("asg.instance-type", world);
  if (decision.kind !== "proposal") throw new Error(decision.kind);
  // 9 % of 15 × 16 vCPU for 360 requests a second more: 60 ms of a vCPU each.
  expect(decision.chosen?.projections.find(({ dimension }) => dimension === "latency")?.method).toContain(": 60 ms of a vCPU each");
});

describe("a group whose policies move its size, under a load that grows by 2 % a day", () => {
  const tracking = (value: number) => ({
    minSize: 15,
    maxSize: 60,
    habits: {
      ...noHabits,
      scalingPolicies: [{ name: "cpu", type: "TargetTrackingScaling", enabled: true, target: { metric: "ASGAverageCPUUtilization", value } }],
    },
  });
  /** At 17 % of fifteen in the end, of few requests that compute long. */
  const growing = (group: AutoScalingGroup): World => {
    const course = (hour: number): number => 1.02 ** ((hour - 1439) / 24);
    return groupSees(aWorld().with(group), "web", { cpu: (hour) => 17 * course(hour) })
      .sees(metrics.groupInService, "web", 15)
      .sees(metrics.balancerRequests, aBalancer().fullName, (hour) => 40 * slotSeconds * course(hour))
      .sees(metrics.balancerResponseTime, aBalancer().fullName, 0.5)
      .with(aBalancer())
      .turned(movingOn);
  };
  const latency = (group: AutoScalingGroup): number => {
    const decision = decisionOf("asg.instance-type", growing(group));
    if (decision.kind !== "proposal" && decision.kind !== "skip") throw new Error(decision.kind);
    const tried = [...(decision.kind === "proposal" && decision.chosen !== undefined ? [decision.chosen] : []), ...decision.refused];
    const found = tried.find(({ target }) => target === "m5.2xlarge")?.projections.filter(({ dimension }) => dimension === "latency");
    expect(found).toHaveLength(1);
    return found?.[0]?.projected ?? Number.NaN;
  };

  it("waits as long as one that nobody moves, where its policies add nothing for it", () => {
    const fixed = latency(aGroup({ minSize: 15, maxSize: 60 }));
    expect(fixed).toBeGreaterThan(0);
    expect(latency(aGroup(tracking(90)))).toBeCloseTo(fixed, 9);
  });

  it("waits as long as one that nobody moves, where its policies hear no alarm", () => {
    const { habits, ...rest } = tracking(25);
    const deaf = aGroup({ ...rest, habits: { ...habits, suspendedProcesses: ["AlarmNotification"] } });
    expect(latency(deaf)).toBeCloseTo(latency(aGroup(rest)), 9);
  });

  it("waits less long where they add instances", () => {
    expect(latency(aGroup(tracking(25)))).toBeLessThan(latency(aGroup(tracking(90))));
  });
});

describe("what the policy says of who asks a cluster", () => {
  const world = () => answering(memberSees(memberSees(aWorld().with(aCluster()), "aurora-1", { cpu: 30 }), "aurora-2", { cpu: 5 }), 200);
  const saying = (askingShares: Policy["rules"]["askingShares"]) => decisionOf("aurora.writer-class", world().policed({ rules: { askingShares } }));
  const latencyOf = (decision: Decision) => {
    if (decision.kind === "advice") throw new Error(decision.summary);
    const candidates = decision.kind === "proposal" ? [decision.chosen, ...decision.refused] : decision.refused;
    return candidates.flatMap((each) => each?.projections.filter(({ dimension }) => dimension === "latency") ?? [])[0];
  };

  it("decides how long each computes there: those wait less for one another that compute less each, as of a writer that most requests ask", () => {
    const [assumed, most] = [latencyOf(saying({})), latencyOf(saying({ aurora: { writer: 0.9 } }))];
    expect(most?.projected).toBeLessThan(assumed?.projected ?? Number.NaN);
    expect(most?.method).toContain("asked by 90 % of the requests (as the policy says)");
    expect(assumed?.method).toContain("(assumed; rules.askingShares may say it)");
  });

  it("is of no matter where it is said of another cluster, or of the other role", () => {
    expect(saying({ orders: { writer: 0.9 } })).toEqual(saying({}));
    expect(latencyOf(saying({ aurora: { readers: 0.9 } }))).toEqual(latencyOf(saying({})));
  });
});

describe("the share of the requests that asks a member", () => {
  const cluster = ofThree;
  const [writer, one] = [reader(1), reader(2)];
  const policy = (askingShares: Policy["rules"]["askingShares"]) => aWorld().policed({ rules: { askingShares } }).facts([]).policy;

  it("is the writer's own, and of readers, which are asked by turns, its part of what asks any", () => {
    const said = policy({ aurora: { writer: 0.3, readers: 0.8 } });
    expect(saidShareOf(said, cluster, writer)).toEqual({ own: 0.3, ofRole: 0.3 });
    expect(saidShareOf(said, cluster, one)).toEqual({ own: 0.4, ofRole: 0.8 });
  });

  it.each(["orders", "constructor", "toString"])("is nobody's word where the policy says nothing of a cluster named %s", (id) => {
    expect(saidShareOf(policy({ aurora: { writer: 0.3 } }), { ...cluster, ref: { ...cluster.ref, id } }, writer)).toBeNull();
  });
});
