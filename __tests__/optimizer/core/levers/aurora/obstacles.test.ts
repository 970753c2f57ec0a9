import { describe, expect, it } from "vitest";
import type { AuroraCluster, AuroraMember, Surroundings } from "../../../../../optimizer/core/levers/aurora/cluster.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aCluster, aMember, aWorld, memberSees, quietSurroundings, type World } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("aurora.writer-class"));

/** A quiet cluster of three that would get a smaller writer, but for what is said. */
function clusterWith(cluster: Partial<AuroraCluster>, ...members: readonly Partial<AuroraMember>[]): World {
  const all = ["aurora-1", "aurora-2", "aurora-3"].map((id, at) => aMember(id, { role: at === 0 ? "writer" : "reader", promotionTier: at, ...members[at] }));
  const world = aWorld().with(aCluster({ members: all, ...cluster }));
  return all.reduce((seen, { identifier }) => memberSees(seen, identifier, { cpu: 5, connections: 10 }), world);
}

function surroundedBy(around: Partial<Surroundings>): World {
  return clusterWith({ surroundings: { ...quietSurroundings, ...around } });
}

describe("what stands in the way of a restart", () => {
  it("is nothing of a quiet cluster", () => {
    expect(proposal(clusterWith({})).warnings).not.toContainEqual(expect.stringMatching(/maintenance|RDS Proxy/));
  });

  it.each<[string, World, string]>([
    ["an engine mode of which nothing is known", clusterWith({ engineMode: "serverless" }), "the cluster's engine mode is serverless, not provisioned"],
    ["a serverless member", clusterWith({}, {}, { instanceClass: "db.serverless" }), "aurora-2 is serverless"],
    [
      "a member of another generation",
      clusterWith({}, {}, {}, { instanceClass: "db.r7g.4xlarge" }),
      "aurora-3 is db.r7g.4xlarge beside aurora-1 of db.r6g.4xlarge",
    ],
    ["a modification of the cluster that waits", clusterWith({ waiting: ["a change of EngineVersion"] }), "aurora waits with a change of EngineVersion"],
    [
      "a modification of any member that waits",
      clusterWith({}, {}, {}, { waiting: ["a change of EngineVersion"] }),
      "aurora-3 waits with a change of EngineVersion",
    ],
    [
      "planned maintenance",
      surroundedBy({ maintenance: { kind: "seen", value: [{ resource: "aurora-2", action: "db-upgrade", isPlanned: true }] } }),
      "maintenance of aurora-2 is planned: db-upgrade",
    ],
    ["a custom endpoint", surroundedBy({ customEndpoints: { kind: "seen", value: ["reporting"] } }), "custom endpoint reporting"],
    ["reader auto scaling", surroundedBy({ readerScaling: { kind: "seen", value: ["1 to 5"] } }), "reader auto scaling keeps 1 to 5 readers"],
    ["a blue/green deployment", surroundedBy({ blueGreenDeployments: { kind: "seen", value: ["upgrade"] } }), "part of blue/green deployment upgrade"],
    [
      "a parameter that follows the memory by default and was set",
      surroundedBy({ memoryParameters: { kind: "seen", value: ["max_connections = 4000"] } }),
      "a parameter group of it sets max_connections = 4000",
    ],
    [
      "readers of another parameter group",
      clusterWith({}, { parameterGroup: "a" }, { parameterGroup: "b" }, { parameterGroup: "c" }),
      "no reader can be promoted: aurora-2 has parameter group b, aurora-3 has parameter group c, the writer a",
    ],
  ])("is %s", (_, world, words) => {
    expect(skipped(world)).toMatchObject({ code: "unsupported", detail: expect.stringContaining(words) });
  });

  it("is a reader that auto scaling made", () => {
    const members = [aMember("aurora-1", { role: "writer" }), aMember("application-autoscaling-1b2c")];
    const world = members.reduce((seen, { identifier }) => memberSees(seen, identifier, { cpu: 5 }), aWorld().with(aCluster({ members })));
    expect(skipped(world)).toMatchObject({ code: "unsupported", detail: expect.stringContaining("made by reader auto scaling") });
  });

  it.each<[keyof Surroundings, string]>([
    ["maintenance", "pending maintenance"],
    ["customEndpoints", "custom endpoints"],
    ["blueGreenDeployments", "blue/green deployments"],
    ["proxies", "RDS proxies"],
    ["readerScaling", "reader auto scaling"],
    ["memoryParameters", "parameters that are set"],
  ])("is not having seen %s", (name, words) => {
    const world = surroundedBy({ [name]: { kind: "unseen", reason: "AccessDenied" } });
    expect(skipped(world)).toMatchObject({ code: "unreadable", detail: `${words} could not be seen (AccessDenied)` });
  });

  it("is all that was not seen, told together, and nothing that an older plan does not tell of", () => {
    const denied = { kind: "unseen", reason: "AccessDenied" } as const;
    expect(skipped(surroundedBy({ proxies: denied, maintenance: denied }))).toMatchObject({
      code: "unreadable",
      detail: "pending maintenance could not be seen (AccessDenied); RDS proxies could not be seen (AccessDenied)",
    });
    const { memoryParameters: _, ...older } = quietSurroundings;
    expect(proposal(clusterWith({ surroundings: older })).to).toBe(proposal(clusterWith({})).to);
  });

  it("promotes the reader whose parameter group is the writer's, whatever its tier", () => {
    const decision = proposal(clusterWith({}, { parameterGroup: "a" }, { parameterGroup: "b" }, { parameterGroup: "a" }));
    expect(decision.action.summary).toContain("by promoting aurora-3");
  });
});

describe("what is said of a proposal", () => {
  it("is maintenance that is merely offered, and a proxy in front", () => {
    const offered = { resource: "aurora-2", action: "system-update", isPlanned: false };
    const world = surroundedBy({ maintenance: { kind: "seen", value: [offered] }, proxies: { kind: "seen", value: ["pool"] } });
    expect(proposal(world).warnings).toEqual(
      expect.arrayContaining([
        "maintenance is offered, without a date: system-update of aurora-2",
        expect.stringContaining("RDS Proxy pool pools a share of max_connections"),
      ]),
    );
  });

  it.each([
    ["aurora-mysql", "5.7.mysql_aurora.2.12.5", true],
    ["aurora-mysql", "8.0.mysql_aurora.3.04.0", false],
    ["aurora-postgresql", "11.21", true],
    ["aurora-postgresql", "13.23", true],
    ["aurora-postgresql", "14.20", false],
    ["aurora-postgresql", "17.7", false],
  ] as const)("is that Extended Support of an old version, billed by the vCPU, is not counted: %s %s", (engine, engineVersion, isOld) => {
    const said = "RDS Extended Support, where it is charged, is billed by the members' vCPUs: what falls of it is not counted";
    expect(proposal(clusterWith({ engine, engineVersion })).warnings.includes(said)).toBe(isOld);
  });

  it("is what an I/O-Optimized cluster really pays", () => {
    expect(proposal(clusterWith({ storage: "io-optimized" })).savings).toEqual({ kind: "known", usd: expect.closeTo(2 * 1.35 * 730, 0) });
  });
});
