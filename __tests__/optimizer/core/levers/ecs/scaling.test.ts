import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { aContainer, aService, scaled, serviceSees } from "../../../../support/container-services.ts";
import type { Signal } from "../../../../support/courses.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, type World } from "../../../../support/world.ts";

const rule = ruleOf("ecs.service");
const { proposal, skipped } = decisionsOf(rule);
type Load = NonNullable<Parameters<typeof serviceSees>[2]>;
type Given = NonNullable<Parameters<typeof aService>[0]>;

const short = aWorld().policed({ baselineDays: 14 });
const seen = (load: Load = {}, given: Given = {}): World => {
  const service = aService(given);
  return serviceSees(short.with(service), service, load);
};
const onMemory = { name: "app-memory", type: "TargetTrackingScaling", target: { metric: "ECSServiceAverageMemoryUtilization", value: 60 } };
const changesOf = (world: World) => proposal(world).action.steps.flatMap((step) => (step.kind === "change" ? [step.change] : []));

describe("a service with a scaling target", () => {
  it("that no policy uses has the number that it is set to, and bounds that let it stand there", () => {
    const idle = scaled({ policies: [] });
    expect(proposal(seen({}, { scaling: idle })).to).toBe("3 × 512 CPU, 1024 MiB");
    expect(changesOf(seen({}, { scaling: idle })).slice(-2)).toMatchObject([
      { kind: "ecs.scaling-bounds", before: { minCount: 8, maxCount: 24 }, after: { minCount: 3, maxCount: 24 } },
      { kind: "ecs.desired-count", before: { desiredCount: 8 }, after: { desiredCount: 3 } },
    ]);
    const wide = scaled({ policies: [], minCount: 1 });
    expect(changesOf(seen({}, { scaling: wide })).map(({ kind }) => kind)).toEqual(["ecs.task-definition", "ecs.deployment", "ecs.desired-count"]);
    expect(rule.restsOn(aService({ scaling: idle }))["desiredCount"]).toBe(8);
    expect(rule.restsOn(aService({ scaling: scaled() }))["desiredCount"]).toBeNull();
    expect(rule.restsOn(aService())["desiredCount"]).toBe(8);
  });

  it("is adopted with the bounds that are changed, and with none where there are none", () => {
    const written = (given: Given) => Object.fromEntries(proposal(seen({}, given)).action.writeBack.map(({ property, value }) => [property, value]));
    const size = { cpu: 512, memoryMib: 1024 };
    expect(written({ scaling: scaled() })).toMatchObject({ ...size, minCount: 3, maxCount: 24 });
    expect(written({})).toEqual({ ...size, desiredCount: 3 });
    expect(Object.keys(written({ scaling: scaled({ policies: [], minCount: 1 }) }))).not.toContain("minCount");
  });

  it("is replayed by memory as by CPU: of 8 × 20 % a target of 60 % keeps ⌈160 ÷ 54⌉ = 3 tasks as large, and one of 25 % ⌈160 ÷ 22.5⌉ = 8", () => {
    const kept = [60, 25].map((value) => {
      const policies = [{ ...onMemory, target: { ...onMemory.target, value } }];
      return proposal(seen({ cpu: 2, memory: 20 }, { scaling: scaled({ policies }) })).to;
    });
    expect(kept).toEqual(["3 × 512 CPU, 2048 MiB", "8 × 512 CPU, 2048 MiB"]);
  });

  it("keeps in each hour what the one before asked for, too, since it is made smaller slowly", () => {
    const policies = [{ name: "app-cpu", type: "TargetTrackingScaling", target: { metric: "ECSServiceAverageCPUUtilization", value: 20 } }];
    const by = (cpu: Signal | number) => proposal(seen({ cpu }, { scaling: scaled({ policies }) })).monthlyCost?.after;
    const alternating = by((hour) => (Math.floor(hour) % 2 === 0 ? 8 : 2));
    expect(alternating).toEqual(by(8));
    expect(alternating).not.toEqual(by(2));
  });

  it("costs today what ran on average, not what is asked for just now; and the saving is told as that of its policies", () => {
    const running = (tasks: Signal | number) => proposal(seen({ tasks }, { scaling: scaled() })).monthlyCost?.before;
    const usd = (tasks: number) => ({ kind: "known", usd: expect.closeTo(tasks * (0.04048 + 2 * 0.004445) * 730, 6) });
    expect(running(8)).toEqual(usd(8));
    expect(running((hour) => (Math.floor(hour) % 2 === 0 ? 12 : 8))).toEqual(usd(10));
    const told = (given: Given) => proposal(seen({}, given)).warnings.join("; ");
    expect(told({ scaling: scaled() })).toContain("its policies app-cpu set its number of tasks: the saving is that of the numbers they would have kept");
    expect(told({})).not.toContain("set its number of tasks");
  });

  it.each<[string, { readonly metric: string; readonly value: number } | null, string]>([
    ["a target that AWS does not tell", null, "its policy p (TargetTrackingScaling) sets"],
    [
      "a target of nothing",
      { metric: "ECSServiceAverageCPUUtilization", value: 0 },
      "its policy p (TargetTrackingScaling on ECSServiceAverageCPUUtilization) sets",
    ],
    ["another metric", { metric: "ALBRequestCountPerTarget", value: 100 }, "its policy p (TargetTrackingScaling on ALBRequestCountPerTarget) sets"],
  ])("is left alone by %s, also beside a policy that is known", (_, target, words) => {
    const [known] = [{ name: "app-cpu", type: "TargetTrackingScaling", target: { metric: "ECSServiceAverageCPUUtilization", value: 60 } }];
    const policies = [known, { name: "p", type: "TargetTrackingScaling", target }];
    expect(skipped(seen({}, { scaling: scaled({ policies }) }))).toMatchObject({ code: "scaled", detail: expect.stringContaining(words) });
  });

  it("counts an hour that nobody saw with the number that ran then", () => {
    const gap = (hour: number): number => (hour === 100 ? Number.NaN : 6);
    const [whole, gapped] = [seen({}, { scaling: scaled() }), seen({ cpu: gap }, { scaling: scaled() })].map((world) => proposal(world).savings);
    expect(gapped?.kind === "known" && whole?.kind === "known" && gapped.usd < whole.usd).toBe(true);
  });

  it("is not replayed without the mean that its policy follows, whatever the highest figures tell", () => {
    const means: Signal = (_, statistic) => (statistic === "Average" ? Number.NaN : 6);
    expect(skipped(seen({ cpu: means }, { scaling: scaled() }))).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringMatching(/^CPUUtilization Average has 0 % of its points/),
    });
  });

  it("that would keep as much of smaller tasks is left alone: nothing would be saved", () => {
    // A target of 5 % is far above what 8 tasks do, whatever their minimum: at 4 % of each, ⌈8 × 4 ÷ 4.5⌉ are kept, and twice as many of half the size.
    const policies = [{ name: "app-cpu", type: "TargetTrackingScaling", target: { metric: "ECSServiceAverageCPUUtilization", value: 5 } }];
    const large = { task: { containers: [aContainer({ memoryMib: 2048 })] } };
    const decision = skipped(seen({ cpu: 4, memory: 20 }, { scaling: scaled({ policies }), ...large }));
    expect(decision).toMatchObject({ code: "scaled", detail: expect.stringContaining("its policies app-cpu set its number of tasks, and would keep as much") });
  });

  it("is not replayed where nobody tells how many tasks ran", () => {
    expect(skipped(seen({ tasks: Number.NaN }, { scaling: scaled() }))).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("how many tasks ran by the hour is not known"),
    });
  });
});

it("a service may have fewer tasks as large as today's, though by themselves its containers ask for more than these have", () => {
  const containers = [aContainer({ name: "app", memoryMib: 2048 }), aContainer({ name: "agent", memoryMib: 512 })];
  expect(proposal(seen({}, { task: { containers } })).to).toBe("3 × 1024 CPU, 2048 MiB");
});

describe("a service that could only have smaller tasks", () => {
  const few = { desiredCount: 3 };

  it("is left alone where none holds its containers, with the reason", () => {
    const full = { ...few, task: { containers: [aContainer({ cpu: 1024, memoryMib: 2048 })] } };
    expect(skipped(seen({}, full))).toMatchObject({
      code: "unsupported",
      detail: "its containers ask for 1024 CPU units by themselves",
    });
    expect(proposal(seen({ cpu: 2, memory: 2 }, few)).to).toBe("3 × 512 CPU, 1024 MiB");
  });
});
