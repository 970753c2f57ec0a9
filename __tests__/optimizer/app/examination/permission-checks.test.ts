import { describe, expect, it } from "vitest";
import { permissionChecks } from "../../../../optimizer/app/examination/permission-checks.ts";
import type { WatchedCall } from "../../../../optimizer/ports/calls.ts";

function call(outcome: WatchedCall["outcome"], action = "rds:DescribeDBClusters", region = "us-east-1"): WatchedCall {
  return { action, region, outcome, detail: outcome === "answered" ? "" : `AWS said ${outcome}` };
}

function checked(calls: readonly WatchedCall[], needed: readonly string[] = []): readonly string[] {
  return permissionChecks({ area: "permissions", region: "us-east-1", needed, calls }).map(({ name, verdict, seen }) => `${verdict} ${name}: ${seen}`);
}

describe("what AWS made of the reads of a plan", () => {
  it.each([
    ["denied", "problem"],
    ["credentials-refused", "problem"],
    ["unanswered", "problem"],
    ["throttled", "warning"],
    ["not-enabled", "warning"],
  ] as const)("%s is a %s of its own, with what to do", (outcome, verdict) => {
    const [check] = permissionChecks({ area: "permissions", region: "us-east-1", needed: [], calls: [call(outcome)] });
    expect(check).toMatchObject({ name: "rds:DescribeDBClusters", verdict, seen: `AWS said ${outcome}`, remedy: expect.stringMatching(/\w/) });
  });

  it("counts an action by the worst that one of its calls was told", () => {
    expect(checked([call("answered"), call("denied"), call("throttled"), call("answered")])).toEqual(["problem rds:DescribeDBClusters: AWS said denied"]);
  });

  it("counts the actions that answered, and names those that were not sent", () => {
    expect(checked([call("answered"), call("answered", "ecs:ListClusters")], ["ecs:ListClusters", "pipes:ListPipes"])).toEqual([
      "ok reads: 2 actions answered",
      "not-looked-at reads: pipes:ListPipes: sent only where there is something to ask about",
    ]);
  });

  it("says of another region's answer which region that was", () => {
    expect(checked([call("denied", "dynamodb:DescribeTable", "eu-west-1")])).toEqual(["problem dynamodb:DescribeTable: in eu-west-1: AWS said denied"]);
  });
});
