import { describe, expect, it } from "vitest";
import { leverRules, type Studies, type Study, type StudyRule } from "../../../../optimizer/core/levers/lever.ts";
import type { DynamoTable } from "../../../../optimizer/core/levers/dynamodb/table.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { seriesKey, metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import type { SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import { skip } from "../../../../optimizer/core/sizing/skip.ts";
import { aGroup, aTable, aWorld } from "../../../support/world.ts";

interface Counted extends Study {
  readonly reading: "careful" | "hopeful";
}

const fine: SeriesKey = seriesKey(metrics.dynamoReads, "us-east-1", {}, "Sum", 300);

/** Two rules on tables; the first is in doubt wherever the readings differ. */
function lever(refusal?: Study["refusal"], canBeSettled = true) {
  const studied: string[] = [];
  const studies: Studies<"dynamodb-table", Counted> = {
    kind: "dynamodb-table",
    series: ({ ref }) => [seriesKey(metrics.dynamoReads, ref.region, { TableName: ref.id }, "Sum", 3600)],
    study:
      (_, { ref }) =>
      (reading) => {
        studied.push(`${ref.id} ${reading}`);
        return { reading, refusal };
      },
  };
  const rule = (id: `${string}.${string}`, doubts: boolean): StudyRule<DynamoTable, Counted> => ({
    id,
    phase: 1,
    title: id,
    cost: { service: "DynamoDB", commitment: "none" },
    judgedBy: "load-balancers",
    checks: { notNeeded: "it proposes nothing" },
    restsOn: ({ billingMode }) => ({ billingMode }),
    ...(canBeSettled ? { finer: (_, { part }) => [{ ...fine, metric: `fine ${part}` }] } : {}),
    decide: ({ reading }, subject) => [
      skip({ ...subject, part: "doubtful" }, doubts && reading === "hopeful" ? "already-there" : "does-not-fit", ""),
      skip({ ...subject, part: "sure" }, "does-not-fit", ""),
    ],
  });
  return { studied, rules: leverRules(studies, [rule("x.first", true), rule("x.second", false)]) };
}

describe("the rules of one kind of resource", () => {
  const world = aWorld().with(aTable({ name: "a" }), aTable({ name: "b" }), aGroup());

  it("read one study of each resource", () => {
    const { studied, rules } = lever();
    decideAll(rules, world.facts([]));
    expect(studied).toEqual(["a careful", "b careful"]);
  });

  it("all look at a study before the next one is made: those of a large account would not fit into memory side by side", () => {
    const { studied, rules } = lever();
    const facts = world.facts([]);
    const looks = rules.map((rule) => rule.decide(facts).map(({ resource }) => resource.id));
    rules.map((rule) => rule.refinements(facts));
    expect(looks).toEqual([
      ["a", "a", "b", "b"],
      ["a", "a", "b", "b"],
    ]);
    expect(studied).toEqual(["a careful", "b careful", "a hopeful", "a careful", "b hopeful", "b careful"]);
  });

  it("are not read twice where no finer series could settle anything", () => {
    const { studied, rules } = lever(undefined, false);
    expect(rules.flatMap((rule) => rule.refinements(world.facts([])))).toEqual([]);
    expect(studied).toEqual([]);
  });

  it("ask for finer series of what a hopeful reading would decide otherwise, and of nothing else", () => {
    const { rules } = lever();
    const asked = rules.map((rule) => rule.refinements(world.facts([])).map(({ metric }) => metric));
    expect(asked).toEqual([["fine doubtful", "fine doubtful"], []]);
  });

  it("ask for the hourly series of their own kind only", () => {
    const [first] = lever().rules;
    expect(first!.demands(world.inventory, world.policy).map(({ dimensions }) => dimensions)).toEqual([{ TableName: "a" }, { TableName: "b" }]);
  });

  it("all say what the study refuses, and nothing of what is decided elsewhere", () => {
    const refused = decideAll(lever({ code: "tenant-resource", detail: "theirs" }).rules, world.facts([]));
    expect(refused.map((decision) => [decision.rule, decision.resource.id, decision.kind === "skip" && decision.code])).toEqual([
      ["x.first", "a", "tenant-resource"],
      ["x.first", "b", "tenant-resource"],
      ["x.second", "a", "tenant-resource"],
      ["x.second", "b", "tenant-resource"],
    ]);
    expect(decideAll(lever("elsewhere").rules, world.facts([]))).toEqual([]);
  });

  it("rest on nothing of another kind of resource", () => {
    const [first] = lever().rules;
    expect(first!.restsOn(aTable())).toEqual({ billingMode: "PAY_PER_REQUEST" });
    expect(first!.restsOn(aGroup())).toEqual({});
  });
});
