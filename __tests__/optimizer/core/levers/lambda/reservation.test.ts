import { describe, expect, it } from "vitest";
import type { LambdaFunction } from "../../../../../optimizer/core/levers/lambda/lambda-function.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { aFunction, functionSees } from "../../../../support/functions.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, type World } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("lambda.function"));
type Load = NonNullable<Parameters<typeof functionSees>[2]>;
const guarded = aWorld().policed({ baselineDays: 14 });
const literal = aWorld().policed({ baselineDays: 14, rules: { decision: "literal" } });
const seen = (overrides: Partial<LambdaFunction>, load: Load = {}, world: World = guarded): World => {
  const lambda = aFunction(overrides);
  return functionSees(world.with(lambda), lambda, load);
};
const reserved = (value: number | null) => ({ reservedConcurrency: { kind: "seen", value } }) as const;
const unreserved = (value: number) => ({ unreservedConcurrency: { kind: "seen", value } }) as const;
const kindsOf = (world: World) => proposal(world).action.steps.map((step) => step.kind === "change" && step.change.kind);

describe("what lambda.function reserves", () => {
  it("is the requirement's 20 before memory goes, in a call of its own, and says that it saves nothing", () => {
    expect(kindsOf(seen({}))).toEqual(["lambda.concurrency", "lambda.configuration"]);
    expect(proposal(seen({})).warnings.join()).toContain("a reservation saves nothing");
    expect(proposal(seen({ memoryMb: 512 })).savings).toEqual({ kind: "known", usd: 0 });
  });

  it.each([
    // 5 × 3008 ÷ 1024 = 14.69 of 20; 6 × 3008 ÷ 1024 = 17.63 of 20.
    ["80 % of it, as many as there are with longer calls", {}, { atOnce: 5 }, "1024 MB, 300 s, 20 reserved"],
    ["more than that", {}, { atOnce: 6 }, "1024 MB, 300 s"],
    ["80 % of it where calls get no longer", { memoryMb: 512 }, { atOnce: 16 }, "512 MB, 300 s, 20 reserved"],
    ["more than that where calls get no longer", { memoryMb: 512 }, { atOnce: 17 }, "512 MB, 300 s"],
  ] as const)("is decided by the most calls at once of the baseline: %s", (_, overrides, load, to) => {
    expect(proposal(seen(overrides, { sharedAtOnce: 30, ...load })).to).toBe(to);
  });

  it("is left out with the figure that speaks against it, and memory goes alone", () => {
    const world = seen({}, { atOnce: 6 });
    expect(kindsOf(world)).toEqual(["lambda.configuration"]);
    const { refused, warnings, action, chosen } = proposal(world);
    expect(refused).toMatchObject([{ target: "1024 MB, 300 s, 20 reserved", fits: false }]);
    // What it would have had to fit besides what the size has to: its own calls in it, and the others' in the rest.
    expect(refused[0]?.projections.slice(0, -2)).toEqual(chosen?.projections);
    expect(refused[0]?.projections.slice(-2)).toMatchObject([
      { dimension: "concurrency", fits: false, method: "6 calls at once × 3008 ÷ 1024, of 20 reserved" },
      { dimension: "concurrency", fits: true, method: "4 of other functions at once, of 980 left unreserved" },
    ]);
    expect(warnings.join()).toContain("no 20 executions are reserved for it: concurrency would be 88.1 %, at most 80 %");
    expect(action.writeBack.map(({ property }) => property)).not.toContain("reservedConcurrency");
  });

  it.each([
    [119, 2, "1024 MB, 300 s", "99 of 119 would stay unreserved, and AWS keeps 100"],
    [120, 2, "1024 MB, 300 s, 20 reserved", "saves nothing"],
    // 80 of 100 that are left; 81.
    [120, 82, "1024 MB, 300 s, 20 reserved", "saves nothing"],
    [120, 83, "1024 MB, 300 s", "concurrency would be 81 %"],
  ])("keeps AWS's floor and room for the others: %i unreserved, %i of all at once", (left, sharedAtOnce, to, said) => {
    const decision = proposal(seen(unreserved(left), { sharedAtOnce }));
    expect(decision.to).toBe(to);
    expect(decision.warnings.join()).toContain(said);
  });

  it("counts every function of the region that may get as many", () => {
    const other = aFunction({ name: "other", ...unreserved(139) });
    const both = (overrides: Partial<LambdaFunction>): World => seen(unreserved(139), {}, guarded.with({ ...other, ...overrides }));
    const ours = (world: World): string =>
      decisionsOf(ruleOf("lambda.function"))
        .decisions(world)
        .flatMap((each) => (each.kind === "proposal" ? [each.to] : []))
        .join();
    expect(ours(both({}))).toBe("1024 MB, 300 s");
    expect(ours(both(reserved(10)))).toBe("1024 MB, 300 s, 20 reserved");
    expect(ours(both({ memoryMb: 512, timeoutSeconds: 60 }))).toBe("1024 MB, 300 s, 20 reserved");
    expect(ours(both({ reservedConcurrency: { kind: "unseen", reason: "AccessDenied" } })), "of which nobody knows whether it has one").toBe("1024 MB, 300 s");
    expect(ours(both({ memoryMb: 1024, timeoutSeconds: 300 })), "which has the requirement's size").toBe("1024 MB, 300 s, 20 reserved");
    expect(ours(both({ memoryMb: 512 })), "whose time-out alone is longer").not.toContain("1024 MB, 300 s, 20");
    expect(ours(both({ ref: { ...other.ref, region: "us-west-2" } })), "of another region").toContain("1024 MB, 300 s, 20 reserved");
  });

  it("lowers a larger reservation, from the number that it brings back, and leaves a smaller one", () => {
    const lowered = proposal(seen(reserved(100)));
    expect(lowered).toMatchObject({ from: "3008 MB, 900 s, 100 reserved", to: "1024 MB, 300 s, 20 reserved" });
    expect(lowered.action.rollback[0]).toMatchObject({ change: { before: { reserved: 20 }, after: { reserved: 100 } } });
    for (const value of [8, 20]) expect(kindsOf(seen(reserved(value)))).toEqual(["lambda.configuration"]);
    // With nothing left to others: a lower reservation takes nothing from them.
    expect(kindsOf(seen({ ...reserved(100), ...unreserved(100) }))).toContain("lambda.concurrency");
  });

  it("is no reason to change a function whose memory and time-out are there", () => {
    expect(skipped(seen({ memoryMb: 1024, timeoutSeconds: 300 })).code).toBe("already-there");
  });

  it("by the letter is reserved whatever the projection says, which is said, if the account keeps its floor", () => {
    const decision = proposal(seen({}, { atOnce: 6 }, literal));
    expect(decision.to).toBe("1024 MB, 300 s, 20 reserved");
    expect(proposal(seen({}, {}, literal)).warnings.join()).not.toContain("speaks against the reservation");
    expect(decision.warnings.join()).toContain("speaks against the reservation: concurrency would be 88.1 %");
    expect(proposal(seen(unreserved(119), {}, literal)).to).toBe("1024 MB, 300 s");
  });
});
