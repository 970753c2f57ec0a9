import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fargateCpus, fargateMemories } from "../../../../../contract/fargate-sizes.ts";
import type { ContainerService } from "../../../../../optimizer/core/levers/ecs/container-service.ts";
import { countText, smallerSizes } from "../../../../../optimizer/core/levers/ecs/task-size.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { aContainer, aService, scaled, serviceSees } from "../../../../support/container-services.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aBalancer, aWorld, primary, secondary, tagged, type World } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("ecs.service"));
type Load = NonNullable<Parameters<typeof serviceSees>[2]>;
type Given = NonNullable<Parameters<typeof aService>[0]>;

const short = aWorld().policed({ baselineDays: 14 });
const seen = (load: Load = {}, given: Given = {}): World => {
  const service = aService(given);
  return serviceSees(short.with(service), service, load);
};
const denied = { kind: "unseen", reason: "AccessDeniedException" } as const;

describe("ecs.service", () => {
  it("proposes the requirement's tasks where two of three carry the load when a zone is lost", () => {
    // CPU: 6 % × (1024 × 8) ÷ (512 × 2) = 48 %; memory: 6 % × (2048 × 8) ÷ (1024 × 2) = 48 %.
    const decision = proposal(seen());
    expect(decision).toMatchObject({ from: "8 × 1024 CPU, 2048 MiB", to: "3 × 512 CPU, 1024 MiB" });
    expect(decision.chosen?.projections.filter(({ worstHour }) => worstHour === undefined)).toMatchObject([
      { dimension: "cpu", projected: expect.closeTo(0.48, 9) },
      { dimension: "memory", projected: expect.closeTo(0.48, 9) },
    ]);
    // 8 × (0.04048 + 2 × 0.004445) − 3 × (0.02024 + 0.004445), 730 hours.
    expect(decision.savings).toMatchObject({ kind: "known", usd: expect.closeTo((8 * 0.04937 - 3 * 0.024685) * 730, 6) });
  });

  it("is left as it is where even the set nearest to today's would be too full, by which figures", () => {
    const full = skipped(seen({ cpu: 19, memory: 5 }).policed({ baselineDays: 14, rules: { headroom: 0.7 } }));
    expect(full).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("cpu would be") });
    expect(full.refused.at(-1)?.target).toBe("7 × 1024 CPU, 2048 MiB");
  });

  it("keeps one task where there is no other zone that could be left", () => {
    const oneZone = { zones: { kind: "seen", value: [`${primary}a`] } } as const;
    const few = (given: Given) => proposal(seen({ cpu: 1, memory: 1 }, given).policed({ baselineDays: 14, rules: { ecsService: { targetTasks: 1 } } }));
    expect(few({ desiredCount: 3 }).to).toMatch(/^2 × /);
    const alone = few({ desiredCount: 3, ...oneZone });
    expect(alone.to).toMatch(/^1 × /);
    expect(alone.chosen?.projections[0]?.method).toContain("no zone to lose");
  });

  it("says of a service behind two load balancers that harm at one of them is harm", () => {
    const service = aService({ loadBalancers: ["app/web/0123456789abcdef", "app/api/0123456789abcdef"] });
    const both = serviceSees(short.with(service, aBalancer(), aBalancer(primary, "api")), service);
    expect(proposal(both).warnings.join("; ")).toContain("it stands behind 2 load balancers: harm at one of them is harm");
    expect(skipped(serviceSees(short.with(service, aBalancer(), aBalancer(secondary, "api")), service))).toMatchObject({
      code: "cannot-judge",
      detail: expect.stringContaining("app/api/0123456789abcdef, which the outputs do not name"),
    });
  });

  it("tells of a number of tasks as of one or several", () => {
    expect([1, 2].map(countText)).toEqual(["1 task", "2 tasks"]);
  });

  it("registers the size, replaces the tasks, then runs fewer, and goes back the other way round", () => {
    const { action } = proposal(seen());
    expect(action.steps.map((step) => step.id.split("#")[1])).toEqual(["forward:task-definition", "forward:deployment", "forward:count"]);
    expect(action.rollback.map((step) => step.id.split("#")[1])).toEqual([
      "rollback:at-once",
      "rollback:count",
      "rollback:task-definition",
      "rollback:deployment",
    ]);
    expect(action.writeBack).toMatchObject([
      { type: "aws_ecs_service", id: "app", property: "cpu", value: 512 },
      { property: "memoryMib", value: 1024 },
      { property: "desiredCount", value: 3 },
    ]);
  });

  it("takes the cheapest set that fits where the requirement's does not", () => {
    // Memory 12 %: two of three tasks of 1024 MiB would need 96 %, of 2048 MiB 48 %; five of 1024 MiB would do, too, and cost more.
    const decision = proposal(seen({ memory: 12 }));
    expect(decision.to).toBe("3 × 512 CPU, 2048 MiB");
    expect(decision.refused[0]?.target).toBe("3 × 512 CPU, 1024 MiB");
  });

  it("lets each task keep the memory that it uses without load, and shares out the rest", () => {
    // Of 2048 MiB 10 % without load: 204.8 + 4 % of 2048 × 8 ÷ 2 = 532 MiB of 1024. Were all of it shared out, it would be 14 % × 2048 × 8 ÷ 2 = 1147 MiB.
    const swing = (hour: number): number => (1 - Math.cos((2 * Math.PI * hour) / 24)) / 2;
    const load = { cpu: (hour: number) => 6 * swing(hour), memory: (hour: number) => 10 + 4 * swing(hour) };
    const decision = proposal(seen(load));
    expect(decision.to).toBe("3 × 512 CPU, 1024 MiB");
    expect(decision.chosen?.projections.filter(({ dimension }) => dimension === "memory")).toMatchObject([
      { projected: expect.closeTo(0.52), method: expect.stringContaining("204.8 without load") },
      { projected: expect.closeTo((204.8 + (81.92 * 8) / 3) / 1024) },
    ]);
    expect(proposal(seen({ ...load, memory: 14 })).to).toBe("3 × 512 CPU, 2048 MiB");
  });

  it("goes by requests where load balancers tell them: CPU has a load beside them, whose line comes to too little memory", () => {
    const swing = (hour: number): number => (1 - Math.cos((2 * Math.PI * Math.floor(hour)) / 24)) / 2;
    const load = { cpu: (hour: number) => 3 + 3 * swing(hour), memory: (hour: number) => 8 + 6 * swing(hour) };
    // By CPU 2 % are used without any: 41 + 12 % of 2048 × 8 ÷ 2 = 1024 MiB of 1024. By requests 8 %: 164 + 6 % of 2048 × 8 ÷ 2 = 655 MiB.
    expect(proposal(seen(load)).to).toBe("3 × 512 CPU, 2048 MiB");
    const [balancer = ""] = aService().loadBalancers;
    const told = seen(load)
      .sees(metrics.balancerRequests, balancer, (hour) => 90_000 * swing(hour))
      .sees(metrics.balancerResponseTime, balancer, 0.5);
    expect(proposal(told).to).toBe("3 × 512 CPU, 1024 MiB");
    // Requests that memory does not follow tell nothing of it.
    const unlike = told.sees(metrics.balancerRequests, balancer, (hour) => 90_000 * swing(hour * 1.37));
    expect(proposal(unlike).to).toBe("3 × 512 CPU, 2048 MiB");
  });

  it.each([
    ["CPU at 20 %", { cpu: 20 }, "CPU 20 %"],
    ["memory at 40 %", { memory: 40 }, "memory 40 %"],
  ])("leaves a service alone with %s", (_, load, said) => {
    expect(skipped(seen(load))).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining(said) });
  });

  it("refuses a set that one hour in the baseline would fill, though no p99.5 sees it", () => {
    const peak = (hour: number): number => (hour === 100 ? 40 : 6);
    // 40 % × (1024 × 8) ÷ (512 × 3) is more than a set can hold.
    expect(proposal(seen({ cpu: peak })).to).not.toBe("3 × 512 CPU, 1024 MiB");
  });

  it("refuses a set that one hour would fill with a zone lost: of three tasks two are left, 13 % × (1024 × 8) ÷ (512 × 2) = 104 %", () => {
    const peaking = (peak: number) => seen({ cpu: (hour) => (hour === 100 ? peak : 6) });
    expect(proposal(peaking(12)).to).toBe("3 × 512 CPU, 1024 MiB");
    expect(proposal(peaking(13)).to).not.toBe("3 × 512 CPU, 1024 MiB");
    expect(proposal(peaking(13)).reason).toContain("3 × 512 CPU, 1024 MiB: cpu would be 104 % in its worst hour, at most 100 %");
  });

  it("guesses nothing where CPU or memory has gaps", () => {
    expect(skipped(seen({ cpu: Number.NaN })).code).toBe("insufficient-data");
    expect(skipped(seen({ memory: (hour) => (hour % 4 < 1 ? Number.NaN : 6) })).code).toBe("insufficient-data");
  });

  it("counts the tasks that ran, not those of today: what 16 carried is twice the load", () => {
    expect(proposal(seen({ tasks: 16 })).to).not.toBe("3 × 512 CPU, 1024 MiB");
    expect(skipped(seen({}, { desiredCount: 3, task: { size: { cpu: 512, memoryMib: 1024 } } })).code).toBe("already-there");
  });

  it("lowers the bound that policies stand at, and takes their number for theirs", () => {
    const { action, to } = proposal(seen({}, { scaling: scaled() }));
    expect(to).toBe("3 × 512 CPU, 1024 MiB");
    expect(action.steps.flatMap((step) => (step.kind === "change" ? step.change : []))).toMatchObject([
      { kind: "ecs.task-definition" },
      { kind: "ecs.deployment" },
      { kind: "ecs.scaling-bounds", before: { minCount: 8, maxCount: 24 }, after: { minCount: 3, maxCount: 24 } },
      { kind: "ecs.desired-count", before: { desiredCount: 8, full: 8 }, after: { desiredCount: 3, full: 8 } },
    ]);
    expect(action.rollback.map((step) => step.id.split("#")[1]).slice(0, 3)).toEqual(["rollback:at-once", "rollback:bounds", "rollback:count"]);
  });

  it("raises the most that policies may ask for where smaller tasks need more of them", () => {
    // 8 × 6 % of 4096 CPU is 384 % of 512 CPU: ⌈384 ÷ (60 × 0.9)⌉ = 8 tasks, 9 with room, where 8 were allowed.
    const load = { cpu: 6, memory: 1 };
    const { action, to } = proposal(seen(load, { scaling: scaled({ maxCount: 8 }), task: { size: { cpu: 4096, memoryMib: 8192 } } }));
    expect(to).toBe("8 × 512 CPU, 1024 MiB");
    expect(action.steps.map((step) => step.id.split("#")[1])).toEqual(["forward:task-definition", "forward:deployment", "forward:bounds"]);
    expect(action.steps.at(-1)).toMatchObject({ change: { before: { minCount: 8, maxCount: 8 }, after: { minCount: 8, maxCount: 9 } } });
  });

  it.each<[string, Given, string]>([
    ["a tenant's tag", { tags: tagged({ TenantId: "t1" }) }, "tenant-resource"],
    ["a step policy", { scaling: scaled({ policies: [{ name: "steps", type: "StepScaling", target: null }] }) }, "scaled"],
    [
      "requests per target",
      { scaling: scaled({ policies: [{ name: "r", type: "TargetTrackingScaling", target: { metric: "ALBRequestCountPerTarget", value: 9 } }] }) },
      "scaled",
    ],
    ["scheduled actions", { scaling: scaled({ scheduledActions: ["nightly"] }) }, "scaled"],
    ["suspended policies", { scaling: scaled({ isSuspended: true }) }, "scaled"],
    ["unseen scaling", { scaling: denied }, "unreadable"],
    ["unseen neighbours", { neighbours: denied }, "unreadable"],
    ["unseen zones", { zones: denied }, "unreadable"],
    ["no zone at all", { zones: { kind: "seen", value: [] } }, "unsupported"],
    ["a family that another service runs", { neighbours: { kind: "seen", value: ["service other"] } }, "shared"],
    [
      "a task that a schedule runs of whatever is the newest",
      { ranBeside: { kind: "seen", value: ["events-rule/nightly ran a task of app, last on 2026-05-30"] } },
      "shared",
    ],
    ["tasks of which nobody saw who runs them", { ranBeside: denied }, "unreadable"],
    ["a target group that another service serves", { alsoBehind: { kind: "seen", value: ["service main/other"] } }, "shared"],
    ["a target group of which nobody saw who serves it", { alsoBehind: denied }, "unreadable"],
    ["a tenant's target group, cluster or task definition", { surroundingTags: [tagged({}), tagged({ "Customer Tenant": "t1" })] }, "tenant-resource"],
    ["EC2", { launchType: "EC2" }, "unsupported"],
    ["external instances", { launchType: "EXTERNAL" }, "unsupported"],
    ["Spot beside Fargate", { launchType: null, capacityProviders: ["FARGATE", "FARGATE_SPOT"] }, "unsupported"],
    ["instances of a capacity provider", { launchType: null, capacityProviders: ["asg"] }, "unsupported"],
    ["nothing said of what it runs on", { launchType: null }, "unsupported"],
    ["a daemon", { schedulingStrategy: "DAEMON" }, "unsupported"],
    ["CodeDeploy", { deploymentController: "CODE_DEPLOY" }, "unsupported"],
    ["an external controller", { deploymentController: "EXTERNAL" }, "unsupported"],
    ["blue and green", { deploymentStrategy: "BLUE_GREEN" }, "unsupported"],
    ["a deployment under way", { underWay: "a deployment is IN_PROGRESS" }, "unsupported"],
    ["no circuit breaker", { rollsBackFailures: false }, "unsupported"],
    ["a draining service", { status: "DRAINING" }, "unsupported"],
    ["Windows", { task: { operatingSystem: "WINDOWS_SERVER_2022_CORE" } }, "unsupported"],
    ["a revision that nobody deployed", { task: { latestRevision: 8 } }, "unsupported"],
    ["no task wanted", { desiredCount: 0 }, "unsupported"],
    ["no load balancer", { targetGroupArns: [], loadBalancers: [] }, "cannot-judge"],
    ["a classic load balancer", { classicBalancers: ["old"] }, "cannot-judge"],
  ])("refuses %s", (_, given, code) => {
    expect(skipped(seen({}, given)).code).toBe(code);
  });

  it("refuses zones that are not enabled for its load balancer: what runs there is idle, and what a lost one leaves is not known", () => {
    const behind = (...zones: readonly string[]): World => seen().with({ ...aBalancer(), zones: zones.map((zone) => primary + zone) });
    expect(skipped(behind("a", "b"))).toMatchObject({
      code: "unsupported",
      detail: expect.stringContaining("app/web/0123456789abcdef is not enabled in us-east-1c"),
    });
    expect(proposal(behind("a", "b", "c")).to).toBe("3 × 512 CPU, 1024 MiB");
  });

  it("refuses a service of which one zone has more tasks than its part, or of which that could not be seen", () => {
    const uneven = (unevenZones: ContainerService["unevenZones"]): World => seen({}, { ...(unevenZones && { unevenZones }) });
    expect(skipped(uneven({ kind: "seen", value: "6 of its 8 tasks are in us-east-1a" }))).toMatchObject({
      code: "unsupported",
      detail: "6 of its 8 tasks are in us-east-1a: a lost zone would leave less than of equal shares",
    });
    expect(skipped(uneven({ kind: "unseen", reason: "ListTasks and DescribeTasks: denied" }))).toMatchObject({
      code: "unreadable",
      detail: expect.stringContaining("which zones its tasks are in could not be seen: ListTasks"),
    });
    expect(proposal(uneven({ kind: "seen", value: null })).to).toBe("3 × 512 CPU, 1024 MiB");
  });

  it.each<[string, object, string]>([
    ["keeps requests in their zone", { keepsToZone: true }, "keeps requests in the zone in which they arrive"],
    ["asks for more than one healthy target", { leastHealthy: 2 }, "asks for at least 2 healthy targets"],
  ])("refuses a target group that %s", (_, given, words) => {
    const spreading = (traits: object): World => {
      const value = [{ targetGroup: "targetgroup/app/0123456789abcdef", keepsToZone: false, leastHealthy: 1, ...traits }];
      return seen().with({ ...aBalancer(), routing: { kind: "seen", value } });
    };
    expect(skipped(spreading(given))).toMatchObject({ code: "unsupported", detail: expect.stringContaining(words) });
    expect(proposal(spreading({})).to).toBe("3 × 512 CPU, 1024 MiB");
  });

  const deploying = (minimumHealthy: number, maximum: number, load: { readonly cpu?: number } = {}) =>
    seen(load, { deploymentPercents: { minimumHealthy, maximum } });

  it("asks of the tasks that a deployment leaves what the worst hour asks for", () => {
    // Of 8 tasks 100 % stay, or 38 %: 4. Three of half the size are counted on in any case.
    for (const minimumHealthy of [100, 38]) expect(proposal(deploying(minimumHealthy, 200)).to).toBe("3 × 512 CPU, 1024 MiB");
    // 13 % are 2: 8 × 6 % of 1024 CPU is 48 % of 512 CPU for each of two, and 8 × 19 % more than they have.
    expect(proposal(deploying(13, 100)).to).toBe("3 × 512 CPU, 1024 MiB");
    const strained = proposal(deploying(13, 100, { cpu: 12 }));
    expect(strained.action.steps.map((step) => step.id.split("#")[1])).toEqual(["forward:count"]);
    expect(JSON.stringify(strained.refused)).toContain("while a deployment leaves 2 of 8 tasks");
  });

  it.each([
    ["stop all of its tasks", 0, 100, "a deployment may stop all of its tasks before others serve (minimumHealthyPercent 0 and maximumPercent 100 of 8)"],
    ["do nothing at all", 100, 110, "a deployment may neither stop a task nor start one more (minimumHealthyPercent 100 and maximumPercent 110 of 8)"],
  ])("takes fewer tasks of today's size where a deployment may %s", (_, minimumHealthy, maximum, words) => {
    const decision = proposal(deploying(minimumHealthy, maximum));
    expect(decision.to).toBe("3 × 1024 CPU, 2048 MiB");
    expect(decision.warnings.join()).toContain(words);
  });

  it("keeps what its containers ask for, and takes fewer tasks of it", () => {
    const memory = proposal(seen({ cpu: 2, memory: 2 }, { task: { containers: [aContainer({ memoryMib: 1536 })] } }));
    expect(memory.to).toBe("3 × 512 CPU, 2048 MiB");
    const cpu = proposal(seen({ cpu: 2, memory: 2 }, { task: { containers: [aContainer({ cpu: 512 }), aContainer({ name: "proxy", cpu: 256 })] } }));
    expect(cpu.to).toBe("3 × 1024 CPU, 2048 MiB");
    const heap = proposal(seen({ cpu: 2, memory: 2 }, { task: { containers: [aContainer({ heapSetting: "JAVA_TOOL_OPTIONS" })] } }));
    expect(heap.to).toBe("3 × 512 CPU, 2048 MiB");
    expect(heap.warnings.join()).toContain("JAVA_TOOL_OPTIONS");
  });

  it("says that no price is known, and proposes all the same: fewer of the same cost less", () => {
    const unpriced = proposal(seen().priced({ fargate: () => null }));
    expect(unpriced).toMatchObject({ to: "3 × 512 CPU, 1024 MiB", savings: { kind: "unknown" } });
  });

  it("prices ARM as ARM", () => {
    const { savings } = proposal(seen({}, { task: { architecture: "arm64" } }));
    expect(savings).toMatchObject({ kind: "known", usd: expect.closeTo((8 * (0.03238 + 2 * 0.00356) - 3 * (0.01619 + 0.00356)) * 730, 6) });
  });

  it("proposes no set that the load of any hour would fill when a zone is lost", () => {
    const [cpu, memory] = [fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 39 })];
    fc.assert(
      fc.property(cpu, memory, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }), (cpuPercent, memoryPercent, tasks, zones) => {
        const zoneNames = ["a", "b", "c"].slice(0, zones);
        const world = seen({ cpu: cpuPercent, memory: memoryPercent }, { desiredCount: tasks, zones: { kind: "seen", value: zoneNames } });
        const [decision] = ruleOf("ecs.service").decide(world.facts(ruleOf("ecs.service")));
        if (decision?.kind !== "proposal") return;
        const [count = 0, newCpu = 0, newMemory = 0] = [...decision.to.matchAll(/\d+/g)].map(Number);
        const lost = count - Math.ceil(count / zones);
        const left = lost > 0 ? lost : count;
        expect((cpuPercent * tasks * 1024) / (left * newCpu)).toBeLessThanOrEqual(80 + 1e-6);
        expect((memoryPercent * tasks * 2048) / (left * newMemory)).toBeLessThanOrEqual(80 + 1e-6);
        expect(count * newCpu).toBeLessThanOrEqual(tasks * 1024);
        expect(fargateMemories(newCpu)).toContain(newMemory);
      }),
      { numRuns: 60 },
    );
  });
});

describe("sizes that are looked at", () => {
  it("are pairs that Fargate offers, none larger than today's, today's among them", () => {
    const size = fc.constantFrom(...fargateCpus).chain((cpu) => fc.constantFrom(...fargateMemories(cpu)).map((memoryMib) => ({ cpu, memoryMib })));
    fc.assert(
      fc.property(size, size, (now, least) => {
        const sizes = smallerSizes(now, least);
        expect(sizes).toContainEqual(now);
        for (const { cpu, memoryMib } of sizes) {
          expect(fargateMemories(cpu)).toContain(memoryMib);
          expect([cpu <= now.cpu, memoryMib <= now.memoryMib]).toEqual([true, true]);
        }
      }),
    );
  });
});

describe("a service whose tasks had another size before", () => {
  const startMs = short.facts([]).baseline.span.startMs;
  const was = (untilHour: number): Given => ({
    sizesBefore: { kind: "seen", value: [{ size: "4096 CPU, 8192 MiB", fromMs: null, untilMs: startMs + untilHour * 3_600_000 }] },
  });
  /** Four times the processors until that hour. */
  const resized = (untilHour: number): Load => ({ cpu: (hour) => (hour < untilHour ? 10 : 40) });

  it("is judged by the hours of today's alone", () => {
    expect(skipped(seen(resized(2), was(2)))).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining("40 %") });
    expect(proposal(seen({}, was(2))).evidence.every(({ completeness }) => completeness <= 1 - 2 / 336)).toBe(true);
    expect(proposal(seen({}, was(0))).to).toBe(proposal(seen()).to);
  });

  it("is left alone while those are too few, and says so", () => {
    expect(skipped(seen(resized(300), was(300)))).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("were not 1024 CPU, 2048 MiB (4096 CPU, 8192 MiB)"),
    });
  });

  it("is skipped where its deployments could not be looked at, with the calls", () => {
    expect(skipped(seen({}, { sizesBefore: denied }))).toMatchObject({ code: "unreadable", detail: expect.stringContaining("AccessDeniedException") });
  });
});

describe("a service of whose tasks Container Insights does not tell the number by the hour", () => {
  const startMs = short.facts([]).baseline.span.startMs;
  /** Another number until that hour. */
  const had = (tasks: string, untilHour: number): Given => ({
    countsBefore: { kind: "seen", value: [{ size: tasks, fromMs: null, untilMs: startMs + untilHour * 3_600_000 }] },
  });
  const blind = (load: Load, given: Given): World => seen({ tasks: Number.NaN, ...load }, given);

  it("is judged by the hours of today's number alone: a share of 32 tasks is a quarter of what 8 have to do", () => {
    const fell = (hour: number): number => (hour < 2 ? 3 : 6);
    const [counted, all] = [blind({ cpu: fell }, had("32 tasks", 2)), blind({ cpu: fell }, {})].map((world) => proposal(world).evidence[0]?.completeness ?? 0);
    expect(counted).toBeLessThanOrEqual(1 - 2 / 336);
    expect(all).toBe(1);
    // 40 % on two tasks was what eight do with 10 %: those hours say nothing, not even that it is busy.
    const few = (hour: number): number => (hour < 2 ? 100 : 6);
    expect(proposal(blind({ cpu: few }, had("2 tasks", 2))).to).toBe("3 × 512 CPU, 1024 MiB");
  });

  it("is left alone while those are too few, and says so", () => {
    expect(skipped(blind({}, had("32 tasks", 300)))).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("main/app was not 8 tasks (32 tasks)"),
    });
  });

  it("is skipped where the calls could not be looked at, unless Container Insights tells the number", () => {
    const unseen: Given = { countsBefore: { kind: "unseen", reason: "LookupEvents: AccessDeniedException" } };
    expect(skipped(blind({}, unseen))).toMatchObject({
      code: "unreadable",
      detail: expect.stringContaining("Container Insights does not tell it, and LookupEvents"),
    });
    expect(proposal(seen({}, unseen)).to).toBe(proposal(seen()).to);
    expect(proposal(seen({}, had("32 tasks", 300))).to).toBe(proposal(seen()).to);
  });
});
