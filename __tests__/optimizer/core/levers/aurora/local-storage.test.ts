import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aCluster, aMember, aWorld, memberSees, type World } from "../../../../support/world.ts";

const gib = 1024 ** 3;
const { proposal, skipped } = decisionsOf(ruleOf("aurora.writer-class"));

function clusterSees(load: { readonly cpu: number; readonly freeLocalGib?: number }, instanceClass = "db.r6g.4xlarge"): World {
  const members = [aMember("aurora-1", { role: "writer", instanceClass }), aMember("aurora-2", { instanceClass })];
  const world = aWorld().with(aCluster({ members }));
  return memberSees(memberSees(world, "aurora-1", { ...load, connections: 10 }), "aurora-2", { ...load, cpu: 1, connections: 10 });
}

describe("the local storage of an Aurora member", () => {
  it("must hold the temporary files of today on the smaller class", () => {
    expect(proposal(clusterSees({ cpu: 5, freeLocalGib: 320 - 128 })).chosen?.projections.find(({ dimension }) => dimension === "local storage")).toMatchObject(
      {
        projected: expect.closeTo(0.8),
        method: "128 GiB of aurora-2's 320 GiB in 160 GiB".replace("aurora-2", "aurora-1"),
      },
    );
    expect(skipped(clusterSees({ cpu: 5, freeLocalGib: 320 - 130 }))).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringContaining("local storage would be 81.3 %, at most 80 %"),
    });
  });

  it("is said not to be projected where it is not reported", () => {
    const blind = clusterSees({ cpu: 5 }).sees(metrics.rdsFreeLocalStorage, "aurora-2", Number.NaN);
    expect(proposal(blind).warnings).toContainEqual(expect.stringContaining("local storage of aurora-2 is not projected: FreeLocalStorage Minimum has 0 %"));
  });
});

describe("sizes as they were", () => {
  /** A db.r6g.2xlarge that was a 4xlarge for the first days. */
  const resizedAfter = (days: number): World =>
    clusterSees({ cpu: 20 }, "db.r6g.2xlarge").sees(metrics.rdsFreeLocalStorage, "aurora-1", (hour) => (hour < days * 24 ? 300 : 150) * gib);

  it("are proven by more free local storage than today's class has: those hours' percentages are not counted", () => {
    expect(skipped(resizedAfter(40))).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("CPUUtilization Average since aurora-1 is db.r6g.2xlarge has 33.2 % of its points"),
    });
  });

  it("change nothing once too few of those hours are left to matter", () => {
    const settled = resizedAfter(2).sees(metrics.auroraVolumeBytes, "aurora", 2 * gib);
    expect(proposal(settled).to).toBe("db.r6g.xlarge");
    expect(proposal(settled).chosen?.projections.find(({ dimension }) => dimension === "cpu")?.projected).toBeCloseTo(0.42);
  });
});
