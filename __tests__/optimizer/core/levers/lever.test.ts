import { describe, expect, it } from "vitest";
import { leverRules, type OwnChecksOf, type Studies, type Study, type StudyRule } from "../../../../optimizer/core/levers/lever.ts";
import type { DynamoTable } from "../../../../optimizer/core/levers/dynamodb/table.ts";
import { decideAll, sortInventory } from "../../../../optimizer/core/planning/decide-all.ts";
import { seriesKey, metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { CollectedSeries } from "../../../../optimizer/core/model/collected-series.ts";
import { type Baseline, type SeriesKey, seriesId } from "../../../../optimizer/core/model/observation.ts";
import type { Action, OwnCheck } from "../../../../optimizer/core/model/action.ts";
import { actionsOf, type Candidate, type Decision, type Proposal, type Rule, type RuleFacts, type SkipCode } from "../../../../optimizer/core/model/rule.ts";
import { answeredKeys } from "../../../../optimizer/core/sizing/latency.ts";
import { readSeries } from "../../../../optimizer/core/sizing/series.ts";
import { skip, type Subject } from "../../../../optimizer/core/sizing/skip.ts";
import { Fault } from "../../../../optimizer/errors.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
import { aBalancer, aGroup, aStream, aTable, aWorld, primary, secondary, type World } from "../../../support/world.ts";

interface Counted extends Study {
  readonly reading: "careful" | "hopeful";
}

const fine: SeriesKey = seriesKey(metrics.dynamoReads, "us-east-1", {}, "Sum", 300);

/** Two rules on tables; the first is in doubt wherever the readings differ. */
function lever(refusal?: Study["refusal"], canBeSettled = true, look: (facts: RuleFacts, table: DynamoTable) => unknown = () => undefined) {
  const studied: string[] = [];
  const studies: Studies<"dynamodb-table", Counted> = {
    kind: "dynamodb-table",
    otherSizes: () => [],
    looksCloser: true,
    series: ({ ref }) => [seriesKey(metrics.dynamoReads, ref.region, { TableName: ref.id }, "Sum", 3600)],
    study: (facts, table) => (reading) => {
      studied.push(`${table.ref.id} ${reading}`);
      look(facts, table);
      return { reading, refusal };
    },
  };
  const rule = (id: `${string}.${string}`, doubts: boolean): StudyRule<DynamoTable, Counted> => ({
    id,
    phase: 1,
    title: id,
    cost: { service: "DynamoDB", commitment: "none" },
    judgedBy: "load-balancers",
    changes: [],
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

/** Facts by the hour, and the same when these series were read besides. */
function refined(world: World, keys: readonly SeriesKey[]): readonly [RuleFacts, RuleFacts] {
  const facts = { ...world.facts([]), inventory: sortInventory(world.inventory) };
  const observations = new CollectedSeries([...facts.baseline.observations, ...world.observe(keys).map((one) => [seriesId(one.key), one] as const)]);
  return [facts, { ...facts, baseline: { ...facts.baseline, observations, coarser: facts.baseline } }];
}

function baselineWithoutCoarser({ baseline: { span, observations, metricRequests } }: RuleFacts): Baseline {
  return { span, observations, metricRequests };
}

/** Of tables, about which nothing is found out. */
const studies: Studies<"dynamodb-table", Study> = {
  kind: "dynamodb-table",
  otherSizes: () => [],
  looksCloser: false,
  series: () => [],
  study: () => () => ({ refusal: undefined }),
};

it("a rule rests on nothing of a resource of another kind, nor of one that it has no concern with", () => {
  const [rule] = leverRules(studies, [
    {
      id: "x.stream",
      phase: 1,
      title: "",
      cost: { service: "DynamoDB", commitment: "none" },
      judgedBy: "nothing-visible",
      changes: [],
      concerns: ({ streamArn }) => streamArn !== undefined,
      restsOn: ({ ref }) => ({ name: ref.id }),
      decide: () => [],
    },
  ]);
  expect([aTable(aStream()), aTable(), aGroup()].map((resource) => rule?.restsOn(resource))).toEqual([{ name: "tenants" }, {}, {}]);
});

it("a rule that proposes a change which its `changes` leave out is a bug of ours: no IAM policy made for it would let it", () => {
  const table = aTable({ name: "a" });
  const { region, id } = table.ref;
  const change = { kind: "dynamodb.stream", region, table: id, before: { viewType: "NEW_IMAGE" }, after: { viewType: null } } as const;
  const rule = (changes: Rule["changes"]): StudyRule<DynamoTable, Study> => ({
    id: "x.stream",
    phase: 1,
    title: "",
    cost: { service: "DynamoDB", commitment: "none" },
    judgedBy: "nothing-visible",
    changes,
    restsOn: () => ({}),
    decide: (_, { resource }) => [aProposal({ id: "x.stream", phase: 1 }, resource, {}, { steps: [{ kind: "change", id: "1", change, description: "" }] })],
  });
  const deciding = (changes: Rule["changes"]) => () => leverRules(studies, [rule(changes)]).flatMap(({ decide }) => decide(aWorld().with(table).facts([])));
  expect(deciding(["dynamodb.stream"])()).toMatchObject([{ kind: "proposal" }]);
  expect(deciding([])).toThrow(new Fault("the rule x.stream proposes a change of the kind dynamodb.stream, which its `changes` leave out"));
});

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

  it("decide again, after finer series were read, only what looked for one of them", () => {
    const looked = { ...fine, dimensions: { TableName: "a" } };
    const { studied, rules } = lever(undefined, true, ({ baseline }, { ref }) => readSeries(baseline, { ...fine, dimensions: { TableName: ref.id } }));
    const [facts, finer] = refined(world, [looked]);
    rules.map((rule) => rule.refinements(facts));
    const before = studied.length;
    decideAll(rules, finer);
    expect(studied.slice(before)).toEqual(["a careful"]);
  });

  it.each([
    ["another policy", (facts: RuleFacts): RuleFacts => ({ ...facts, policy: { ...facts.policy } })],
    ["another inventory", (facts: RuleFacts): RuleFacts => ({ ...facts, inventory: { ...facts.inventory } })],
    [
      "a baseline that does not say what was looked for",
      (facts: RuleFacts): RuleFacts => ({ ...facts, baseline: { ...facts.baseline, observations: new Map() } }),
    ],
    ["a baseline that is not the same made finer", (facts: RuleFacts): RuleFacts => ({ ...facts, baseline: baselineWithoutCoarser(facts) })],
  ])("decide all again of %s", (_, changed) => {
    const { studied, rules } = lever();
    const [facts, finer] = refined(world, []);
    rules.map((rule) => rule.refinements(facts));
    const before = studied.length;
    decideAll(rules, changed(finer));
    expect(studied.slice(before)).toEqual(["a careful", "b careful"]);
  });

  it("are not read twice where no finer series could settle anything", () => {
    const { studied, rules } = lever(undefined, false);
    expect(rules.flatMap((rule) => rule.refinements(world.facts([])))).toEqual([]);
    expect(studied).toEqual([]);
  });

  it("study each resource once for each reading", () => {
    const { studied, rules } = lever();
    const facts = world.facts([]);
    rules.map((rule) => rule.refinements(facts));
    expect(studied).toEqual(["a careful", "a hopeful", "b careful", "b hopeful"]);
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
    expect(first!.restsOn(aGroup())).toStrictEqual({});
  });
});

const aCandidate: Candidate = { target: "less", projections: [], fits: false, monthlySavings: { kind: "known", usd: 0 } };

type Watched = { readonly judgedBy: "load-balancers"; readonly checks: OwnChecksOf<Study> } | { readonly judgedBy: "nothing-visible" };
const unwatched: Watched = { judgedBy: "load-balancers", checks: { notNeeded: "nothing" } };

/** A rule that brings every table to the same. */
function proposing(proposal: Partial<Proposal> = {}, watched = unwatched): StudyRule<DynamoTable, Study> {
  return {
    id: "x.proposing",
    phase: 1,
    title: "",
    cost: { service: "DynamoDB", commitment: "none" },
    changes: [],
    restsOn: () => ({}),
    decide: (_, { resource }) => [aProposal({ id: "x.proposing", phase: 1 }, resource, proposal)],
    ...watched,
  };
}

describe("what AWS did not describe", () => {
  it.each([
    ["not-found", "not-found"],
    ["unsupported", "unsupported"],
    ["access-denied", "unreadable"],
    ["failed", "unreadable"],
  ] as const)("is skipped with the reason by each rule of its kind, and by no other: %s", (reason, code) => {
    const world = aWorld()
      .with(aTable({ name: "a" }))
      .undescribed({ ref: aTable({ name: "b" }).ref, reason, detail: "why" }, { ref: aGroup().ref, reason, detail: "why" });
    const decided = leverRules(studies, [proposing()]).flatMap(({ decide }) => decide(world.facts([])));
    expect(decided).toMatchObject([
      { kind: "skip", resource: { id: "b" }, rule: "x.proposing", code, detail: "why" },
      { kind: "proposal", resource: { id: "a" } },
    ]);
  });
});

describe("what a window watches of the resource itself", () => {
  const check = (id: string): OwnCheck => ({ name: `throttles of ${id}`, kind: "never", series: [], limit: 0, unit: "Count", why: "" });
  const deciding = (checks: (action: Action) => readonly OwnCheck[], proposal: Partial<Proposal> = {}) => {
    const [decision] = leverRules(studies, [proposing(proposal, { judgedBy: "load-balancers", checks: (_, action) => checks(action) })]).flatMap(({ decide }) =>
      decide(
        aWorld()
          .with(aTable({ name: "a" }))
          .facts([]),
      ),
    );
    return decision?.kind === "proposal" ? actionsOf(decision) : [];
  };

  it("is asked of each action, also of those that follow, each by its own", () => {
    const next = aProposal({ id: "x.proposing", phase: 1 }, aTable({ name: "a" }).ref, {}, { id: "next" }).action;
    const actions = deciding(({ id }) => [check(id)], { followUps: [{ action: next, savings: { kind: "known", usd: 1 } }] });
    expect(actions.map(({ id, checks }) => [id, checks])).toEqual([
      ["x.proposing:us-east-1:a", [check("x.proposing:us-east-1:a")]],
      ["next", [check("next")]],
    ]);
  });

  it("stands in no action of which there is nothing to be watched", () => {
    expect(deciding(() => [])).toEqual([expect.not.objectContaining({ checks: expect.anything() })]);
  });

  it("is nothing only where the rule says why", () => {
    const nothing = (checks: OwnChecksOf<Study>) =>
      leverRules(studies, [proposing({}, { judgedBy: "load-balancers", checks })]).map(({ nothingOfItsOwn }) => nothingOfItsOwn);
    expect(nothing({ notNeeded: "who reads it says so" })).toEqual(["who reads it says so"]);
    expect(nothing(() => [])).toEqual([undefined]);
    expect(leverRules(studies, [proposing({}, { judgedBy: "load-balancers", checks: () => [] })])[0]).not.toHaveProperty("nothingOfItsOwn");
  });
});

describe("a resource that was of another size when most was asked of its region", () => {
  const dayMs = 86_400_000;
  const { startMs } = aWorld().facts([]).baseline.span;
  const resized: Studies<"dynamodb-table", Study> = {
    ...studies,
    otherSizes: () => [{ size: "another", fromMs: startMs + 3 * dayMs, untilMs: startMs + 4 * dayMs }],
  };
  const busy = (hour: number): number => (hour >= 3 * 24 && hour < 4 * 24 ? 5000 : 1000);
  const decidedIn = (region: string, rule: StudyRule<DynamoTable, Study>, decision: "guarded" | "literal" = "guarded") => {
    const world = aWorld()
      .policed({ rules: { decision } })
      .with(aTable({ name: "a" }), aBalancer(region))
      .sees(metrics.balancerRequests, aBalancer(region).fullName, busy, region);
    const asking = { ...aRule("x.asking", "load-balancer", 1), demands: () => answeredKeys(region, [aBalancer(region).fullName], world.policy) };
    return leverRules(resized, [rule]).flatMap(({ decide }) => decide(world.facts(asking)))[0];
  };

  it("is left alone, where load could break what is proposed: its worst hour is not known", () => {
    expect(decidedIn(primary, proposing({ refused: [aCandidate] }))).toMatchObject({
      kind: "skip",
      code: "insufficient-data",
      detail: expect.stringMatching(/^figures of another size do not count at /),
      refused: [aCandidate],
    });
    expect(decidedIn(secondary, proposing()), "as nobody of its own region asked").toMatchObject({ kind: "proposal" });
    expect(decidedIn(primary, proposing({}, { judgedBy: "nothing-visible" }))).toMatchObject({ kind: "proposal" });
  });

  it("is changed by the letter of the requirement, with what is not known beside what the rule warns of", () => {
    expect(decidedIn(primary, proposing({ warnings: ["of the rule"] }), "literal")).toMatchObject({
      kind: "proposal",
      warnings: ["of the rule", expect.stringMatching(/^not projected: figures of another size do not count at /)],
    });
  });

  it("is skipped for the rule's own reason where that refuses it", () => {
    const refusing = { ...proposing(), decide: (_: Study, subject: Subject) => [skip(subject, "does-not-fit", "too small")] };
    expect(decidedIn(primary, refusing)).toMatchObject({ code: "does-not-fit", detail: "too small" });
  });
});

describe("two readings of a resource", () => {
  const subject: Subject = { rule: "x.doubting", resource: aTable({ name: "a" }).ref };
  const proposed = (to: string): Decision => aProposal({ id: "x.doubting", phase: 1 }, subject.resource, { to });
  const noted = { others: [], reason: "", evidence: [], refused: [], savesAtMost: { kind: "known", usd: 0 }, toFindOut: [], warnings: [] } as const;
  const advised = (summary: string): Decision => ({ kind: "advice", ...subject, summary, ...noted });
  const refused = (code: SkipCode): Decision => skip(subject, code, "");
  /** Whether a finer series is asked for, where they decide so. */
  const isInDoubt = (careful: readonly Decision[], hopeful: readonly Decision[]): boolean => {
    const read: Studies<"dynamodb-table", Counted> = { ...studies, looksCloser: true, study: () => (reading) => ({ reading, refusal: undefined }) };
    const rule: StudyRule<DynamoTable, Counted> = {
      id: "x.doubting",
      phase: 1,
      title: "",
      cost: { service: "DynamoDB", commitment: "none" },
      judgedBy: "nothing-visible",
      changes: [],
      restsOn: () => ({}),
      finer: () => [fine],
      decide: ({ reading }) => (reading === "careful" ? careful : hopeful),
    };
    return (
      leverRules(read, [rule]).flatMap(({ refinements }) =>
        refinements(
          aWorld()
            .with(aTable({ name: "a" }))
            .facts([]),
        ),
      ).length > 0
    );
  };

  it.each<readonly [string, readonly Decision[], readonly Decision[], boolean]>([
    ["propose the same", [proposed("small")], [proposed("small")], false],
    ["propose another size", [proposed("small")], [proposed("smaller")], true],
    ["advise the same", [advised("merge them")], [advised("merge them")], false],
    ["advise something else", [advised("merge them")], [advised("merge others")], true],
    ["refuse for the same reason", [refused("does-not-fit")], [refused("does-not-fit")], false],
    ["refuse for another", [refused("does-not-fit")], [refused("scaled")], true],
    ["refuse and propose", [refused("does-not-fit")], [proposed("small")], true],
    ["propose, and the hopeful one says nothing", [proposed("small")], [], true],
    ["advise, and the hopeful one says nothing", [advised("merge them")], [], true],
  ])("that %s", (_, careful, hopeful, expected) => {
    expect(isInDoubt(careful, hopeful)).toBe(expected);
  });
});
