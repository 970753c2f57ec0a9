/**
 * `node plan-account.js <resources> <state folder>`: plans an account of so many resources over sixty days and stores the plan, with the code
 * that the command runs and a reader that makes its figures up; prints what it took. Bundled and run by bench/planning.ts.
 */
import { createHash } from "node:crypto";
import { makePlan } from "../optimizer/app/make-plan.ts";
import { createPlanStore } from "../optimizer/adapters/files/plan-store.ts";
import { createPriceBook } from "../optimizer/adapters/prices/list-prices.ts";
import { maxPointsPerCall, metricBatches, pointsOf } from "../optimizer/core/metrics/metric-batches.ts";
import { policySchema } from "../optimizer/core/model/policy.ts";
import { deployments, largeAccount, observe } from "./planning/large-account.ts";
import type { Planned } from "./planning/planned.ts";

const [count = "100", state = ""] = process.argv.slice(2);
const resources = largeAccount(Number(count));
let [series, points, requests, readerCpuSeconds] = [0, 0, 0, 0];
const held = new Set<Float64Array>();

const begun = cpuSeconds();
const { plan, baseline } = await makePlan(
  { deployments, outputsHash: "bench", policy: policySchema.parse({}), skipPhases: [], approvals: [], maxCostUsd: Number.POSITIVE_INFINITY },
  {
    identity: { whoAmI: async () => ({ accountId: "123456789012", arn: "arn:aws:iam::123456789012:role/operator" }) },
    inventory: { describe: async ({ region }) => ({ resources: resources.filter(({ ref }) => ref.region === region), undescribed: [] }) },
    metrics: {
      read: async (_region, keys, span) => {
        const before = cpuSeconds();
        const read = keys.map((key) => observe(key, span));
        series += keys.length;
        points += keys.reduce((sum, key) => sum + pointsOf(key, span), 0);
        requests += metricBatches(keys, span).length;
        for (const { values } of read) held.add(values);
        readerCpuSeconds += cpuSeconds() - before;
        return read;
      },
      requestsMade: () => series,
    },
    costs: { costByInstanceType: async () => [], monthlyCostByService: async () => [], dailyCostByService: async () => [], requestsMade: () => 2 },
    commitments: { coverage: async () => [], utilization: async () => [], recommendations: async () => [], requestsMade: () => 0 },
    prices: createPriceBook(),
    clock: { jumps: true, nowMs: () => Date.UTC(2026, 5, 5, 0, 20), monotonicMs: () => 0, sleepUntil: async () => undefined },
    reporter: { tell: () => undefined },
  },
);
const stored = await createPlanStore(state).save(plan, baseline, "[]");
const ended = cpuSeconds();

const floorBegun = cpuSeconds();
const floorHash = createHash("sha256");
let readPoints = 0;
for (const values of held) {
  for (let period = 0; period < values.length; period++) if (!Number.isNaN(values[period] ?? Number.NaN)) readPoints += 1;
  floorHash.update(Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64"));
}
floorHash.update(String(readPoints)).digest();
const floorEnded = cpuSeconds();

const mib = 1024 ** 2;
const planned: Planned = {
  resources: Number(count),
  series,
  requests,
  fewestRequests: Math.ceil(points / maxPointsPerCall),
  proposals: plan.decisions.filter(({ kind }) => kind === "proposal").length,
  cpuSeconds: ended - begun,
  readerCpuSeconds,
  floorCpuSeconds: floorEnded - floorBegun,
  baselineMib: [...held].reduce((bytes, { byteLength }) => bytes + byteLength, 0) / mib,
  planMib: JSON.stringify(stored.plan).length / mib,
  planHash: stored.hash,
};
console.log(JSON.stringify(planned));

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
