import { describe, expect, it } from "vitest";
import { sameBounds, type ScaledBounds } from "../../../../optimizer/core/levers/asg/changes.ts";
import { type Change, changeFacts } from "../../../../optimizer/core/levers/change-kinds.ts";
import { sameCount } from "../../../../optimizer/core/levers/ecs/changes.ts";
import { aDefinition } from "../../../support/aurora-definition.ts";
import { primary } from "../../../support/world.ts";

const bothWays = <S>(same: (one: S, other: S) => boolean, one: S, other: S): boolean => {
  const found = same(one, other);
  expect(same(other, one)).toBe(found);
  return found;
};

describe("two states of a group's bounds", () => {
  const fixed: ScaledBounds = { minSize: 3, desiredCapacity: 6, maxSize: 9 };
  const moved: ScaledBounds = { ...fixed, desiredMoves: true };

  it.each<[string, ScaledBounds, ScaledBounds, boolean]>([
    ["are the same with the same numbers", fixed, { ...fixed }, true],
    ["differ by the minimum", fixed, { ...fixed, minSize: 2 }, false],
    ["differ by the maximum", fixed, { ...fixed, maxSize: 10 }, false],
    ["differ by the desired number where nobody moves it", fixed, { ...fixed, desiredCapacity: 7 }, false],
    ["do not where policies move it, whichever state tells so", moved, { ...fixed, desiredCapacity: 7 }, true],
    ["differ by the minimum all the same", moved, { ...moved, minSize: 2 }, false],
    ["differ by the maximum all the same", moved, { ...moved, maxSize: 10, desiredCapacity: 7 }, false],
  ])("%s", (_, one, other, expected) => {
    expect(bothWays(sameBounds, one, other)).toBe(expected);
  });
});

describe("two states of the version that a group launches from", () => {
  type Version = { readonly instanceType: string; readonly reference?: "$Latest" | "$Default" | "number" };

  it.each<[string, Version, Version, boolean]>([
    [
      "are the same by type and by how it is referred to",
      { instanceType: "m5.large", reference: "$Latest" },
      { instanceType: "m5.large", reference: "$Latest" },
      true,
    ],
    ["differ by the type", { instanceType: "m5.large", reference: "number" }, { instanceType: "m5.xlarge", reference: "number" }, false],
    ["differ by how it is referred to", { instanceType: "m5.large", reference: "number" }, { instanceType: "m5.large", reference: "$Latest" }, false],
    ["do not where an older plan does not tell that", { instanceType: "m5.large" }, { instanceType: "m5.large", reference: "$Default" }, true],
    ["differ by the type all the same", { instanceType: "m5.large" }, { instanceType: "m5.xlarge", reference: "$Default" }, false],
  ])("%s", (_, before, after, expected) => {
    const change: Change = { kind: "asg.launch-template", region: primary, autoScalingGroup: "web", launchTemplateId: "lt-1", before, after };
    const { same } = changeFacts(change);
    expect(bothWays<Version>((one, other) => same({ ...one }, { ...other }), before, after)).toBe(expected);
  });
});

type TaskCount = Parameters<typeof sameCount>[0];

describe("two states of a service's number", () => {
  it.each<[string, TaskCount, TaskCount, boolean]>([
    ["are the same with as many tasks", { desiredCount: 8 }, { desiredCount: 8 }, true],
    ["differ by one where nobody moves the number", { desiredCount: 8 }, { desiredCount: 9 }, false],
    ["are the same with all tasks or more of them, where policies move the number", { desiredCount: 8, full: 8 }, { desiredCount: 11, full: 8 }, true],
    ["are the same with fewer, however many", { desiredCount: 3, full: 8 }, { desiredCount: 7, full: 8 }, true],
    ["differ where one has all and the other fewer", { desiredCount: 7, full: 8 }, { desiredCount: 8, full: 8 }, false],
    ["are so by what either tells of all", { desiredCount: 8, full: 8 }, { desiredCount: 11 }, true],
    ["and differ by it", { desiredCount: 8, full: 8 }, { desiredCount: 5 }, false],
  ])("%s", (_, one, other, expected) => {
    expect(bothWays(sameCount, one, other)).toBe(expected);
  });
});

describe("before a member of a cluster is deleted or made again", () => {
  const definition = aDefinition({ instanceClass: "db.r6g.large", engine: "aurora-mysql" });
  const change = (before: typeof definition | null, after: typeof definition | null): Change => ({
    kind: "rds.member",
    region: primary,
    cluster: "aurora",
    instance: "aurora-2",
    before,
    after,
  });

  it("a person waits until it is there, or until its name is free again, and for the cluster", () => {
    const lines = (each: Change) => changeFacts<Change>(each).first;
    const [deleted, made] = [change(definition, null), change(null, definition)].map((each) => {
      const first = lines(each);
      return typeof first === "function" ? first(each) : [];
    });
    expect(deleted?.[0]).toContain("DBInstances[0].DBInstanceStatus");
    expect(made?.[0]).toBe("aws rds wait db-instance-deleted --region us-east-1 --db-instance-identifier aurora-2");
    for (const both of [deleted, made]) expect(both?.[1]).toContain("DBClusters[0].Status");
  });
});
