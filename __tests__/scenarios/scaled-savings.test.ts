import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import type { Proposal } from "../../optimizer/core/model/rule.ts";
import { hoursPerMonth, knownUsd } from "../../optimizer/core/money/monthly.ts";
import { createPriceBook } from "../../optimizer/adapters/prices/list-prices.ts";
import { bundledScenario } from "../../optimizer/composition/bundled-scenarios.ts";
import { openAccount } from "../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../simulation/account/store.ts";
import { extendedScenario, type ScenarioDocument } from "../../simulation/scenario/extend.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import { groupAt } from "../support/account-capacity.ts";
import { inProcess, writeSynthesis } from "../support/deployed-state.ts";
import { sources, synthesizedText } from "../support/synthesized-stacks.ts";

/**
 * Claimed is what the plan says. Realizable is what the same days would have cost: the account deployed on the smaller type from the start, with
 * the same load, its policies followed, its instances counted.
 */
const oneRegion = { regions: ["us-east-1"], certificateArn: ["arn:aws:acm:us-east-1:123456789012:certificate/one"] };
const oneRegionFile = join(import.meta.dirname, "../../simulation/scenarios/one-region.json");
const baselineDays = 14;
const group = "tap-prod-asg";

let scratch = "";
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "scaled-savings-"));
  writeFileSync(join(scratch, "policy.json"), JSON.stringify({ baselineDays }));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function sizesOf(compute: object): Readonly<Record<string, unknown>> {
  return { "prod/primary.json": { version: 1, compute } };
}

function scenarioWith(seed: number, byHand: object, region: object): object {
  const groups = { "tap-{suffix}-asg": byHand };
  return { extends: oneRegionFile, name: "scaled", seed, regions: { "us-east-1": { ...region, scaling: "followed", groups } } };
}

async function proposed(name: string, scenario: object, compute: object): Promise<Proposal> {
  const state = join(scratch, name);
  const stacks = await writeSynthesis(join(scratch, `${name}.out`), oneRegion, sizesOf(compute));
  const file = join(scratch, `${name}.json`);
  writeFileSync(file, JSON.stringify(scenario));
  const world = ["--state", state, "--scenario", file, "--aws", "simulated", "--json"];
  await inProcess(["simulate", "deploy", "--from", stacks, ...world]);
  const outputs = join(state, "simulation", "terraform-outputs.json");
  const planned = await inProcess(["plan", ...world, "--policy", join(scratch, "policy.json"), "--skip-phases", "1,3", "--outputs-file", outputs]);
  const decision = (JSON.parse(planned.out) as Plan).decisions.find(({ rule }) => rule === "asg.instance-type");
  if (decision?.kind !== "proposal") throw new Error(`${name}: ${decision?.kind === "skip" ? decision.detail : "no decision"}`);
  return decision;
}

async function readParent(name: string): Promise<ScenarioDocument> {
  const bundled = await bundledScenario(name);
  return { document: bundled ?? JSON.parse(readFileSync(name, "utf8")), place: name };
}

/** Mean instances in service through the baseline's days, were the group on the type from the start. */
async function meanSizeOn(compute: object, document: object): Promise<number> {
  const scenario = parseScenario(await extendedScenario({ document, place: "test" }, readParent), "test");
  const account = openAccount(scenario, createMemoryAccountStore());
  const texts = synthesizedText(sources(oneRegion, sizesOf(compute)));
  account.deploy(Object.fromEntries(Object.entries(texts).map(([stack, text]) => [stack, JSON.parse(text)])));
  const startMs = account.nowMs();
  const ticks = baselineDays * 288;
  const count = (tick: number): number =>
    Object.values(groupAt(account, "us-east-1", group, startMs - (tick + 0.5) * 300_000)?.instances ?? {}).reduce((sum, each) => sum + each, 0);
  return Array.from({ length: ticks }, (_, tick) => count(tick)).reduce((sum, size) => sum + size, 0) / ticks;
}

const cpuAt = (value: number): object => ({ name: "own", type: "TargetTrackingScaling", target: { metric: "ASGAverageCPUUtilization", value } });
const requestsAt = (value: number): object => ({ name: "own", type: "TargetTrackingScaling", target: { metric: "ALBRequestCountPerTarget", value } });

/** Beside target tracking, which takes away again what its target does not need. */
const burstsAt = (type: "StepScaling" | "SimpleScaling", threshold: number, ...steps: readonly object[]): object => {
  const alarm = { metric: "CPUUtilization", comparison: "GreaterThanThreshold", threshold, evaluationMinutes: 3 };
  return { policies: [cpuAt(36), { name: "bursts", type, alarm, steps }] };
};

const morning = { name: "morning", recurrence: "0 6 * * MON-FRI", minSize: 16 };
const evening = { name: "evening", recurrence: "30 20 * * *", minSize: 8 };

const light = { memoryBaseGib: 3, memoryMibPerRequestPerSecond: 20 };

describe("what is claimed for a group that scales, against what the same days would have cost", () => {
  it.each<[string, number, object, object, object]>([
    ["cpu", 11, { policies: [cpuAt(40)] }, {}, {}],
    ["cpu-other-noise", 12, { policies: [cpuAt(40)] }, { traffic: { noiseSigma: 0.05 } }, {}],
    ["cpu-warm", 13, { policies: [cpuAt(36)] }, {}, {}],
    ["quiet-nights", 14, { policies: [cpuAt(40)] }, { traffic: { nightShare: 0.1 } }, {}],
    ["requests", 15, { policies: [requestsAt(4500)] }, {}, {}],
    ["scales-already", 16, { policies: [cpuAt(30)] }, { traffic: { nightShare: 0.2 }, application: light }, { minSize: 8, maxSize: 40 }],
    ["scheduled", 17, { policies: [cpuAt(30)], scheduledActions: [morning, evening] }, { application: light }, { minSize: 8, maxSize: 40 }],
    ["steps", 18, burstsAt("StepScaling", 34, { from: 0, until: 10, change: 1 }, { from: 10, change: 3 }), {}, {}],
    ["simple", 19, burstsAt("SimpleScaling", 34, { change: 2 }), {}, {}],
  ])("%s: within a twentieth", async (name, seed, byHand, region, compute) => {
    const scenario = scenarioWith(seed, byHand, region);
    const decision = await proposed(name, scenario, compute);
    const hourly = (type: string): number => createPriceBook().ec2Hourly("us-east-1", type) ?? Number.NaN;
    const cost = async (type: string): Promise<number> => (await meanSizeOn({ ...compute, instanceType: type }, scenario)) * hourly(type) * hoursPerMonth;
    const realizable = (await cost("m5.4xlarge")) - (await cost(decision.to));
    const ratio = knownUsd(decision.savings) / realizable;
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });
});
