/**
 * `node run-compiled.mjs <folder> plan-account <resources> <state folder>`: plans an account of so many resources over sixty days and stores the
 * plan, with the code that the command runs and a reader that makes its figures up; prints what it took. Bundled, loaded and run as the optimizer
 * is, by bench/planning.ts.
 */
import { createHash } from "node:crypto";
import { makePlan } from "../optimizer/app/make-plan.ts";
import { createPlanStore } from "../optimizer/adapters/files/plan-store.ts";
import { createPriceBook } from "../optimizer/adapters/prices/list-prices.ts";
import { maxPointsPerCall, maxSeriesPerCall, metricBatches, pointsOf } from "../optimizer/core/metrics/metric-batches.ts";
import type { Resource } from "../optimizer/core/levers/resource-kinds.ts";
import type { SeriesKey, Span } from "../optimizer/core/model/observation.ts";
import { policySchema } from "../optimizer/core/model/policy.ts";
import { deployments, largeAccount, observe } from "./planning/large-account.ts";
import type { StoredPlan } from "../optimizer/ports/run-store.ts";
import type { Planned } from "./planning/planned.ts";

let [series, points, requests, fewestWholeRequests, readerCpuSeconds] = [0, 0, 0, 0, 0];
const held = new Set<Float64Array>();

/** Of how many resources, and where the plan goes. */
export async function main(count: string, state: string): Promise<void> {
  const resources = largeAccount(Number(count));
  const begun = cpuSeconds();
  const stored = await plannedAndStored(resources, state);
  const ended = cpuSeconds();
  const mib = 1024 ** 2;
  const memoryMib = (process.resourceUsage().maxRSS * 1024) / mib;

  const floorBegun = cpuSeconds();
  readEncodeAndHash([...held]);
  const floorEnded = cpuSeconds();

  const planned: Planned = {
    resources: Number(count),
    series,
    requests,
    fewestRequests: Math.ceil(points / maxPointsPerCall),
    fewestWholeRequests,
    proposals: stored.plan.decisions.filter(({ kind }) => kind === "proposal").length,
    cpuSeconds: ended - begun,
    readerCpuSeconds,
    floorCpuSeconds: floorEnded - floorBegun,
    memoryMib,
    baselineMib: [...held].reduce((bytes, { byteLength }) => bytes + byteLength, 0) / mib,
    planMib: JSON.stringify(stored.plan).length / mib,
    planHash: stored.hash,
  };
  console.log(JSON.stringify(planned));
}

/** As the command does, which keeps nothing of a plan but what was stored. */
async function plannedAndStored(resources: readonly Resource[], state: string): Promise<StoredPlan> {
  const made = await makePlan(
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
          fewestWholeRequests += fewestOfWholeSeries(keys, span);
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
  return createPlanStore(state).save(made, "[]");
}

/**
 * The fewest calls that read these series when none is cut: a call has one span of time, one region, and room for so many whole series of each
 * period; what is left of its room holds shorter ones. Cut in time they would fit into fewer calls, and each piece would be billed as another metric.
 */
function fewestOfWholeSeries(keys: readonly SeriesKey[], span: Span): number {
  const lengths = keys.map((key) => pointsOf(key, span));
  const longest = Math.max(...lengths);
  const ofLongest = Math.ceil(lengths.filter((length) => length === longest).length / Math.floor(maxPointsPerCall / longest));
  return Math.max(ofLongest, Math.ceil(lengths.reduce((sum, length) => sum + length, 0) / maxPointsPerCall), Math.ceil(keys.length / maxSeriesPerCall));
}

/** In a function of its own: at the top level of a module the engine leaves such loops slow, and a slow floor flatters what is measured by it. */
function readEncodeAndHash(series: readonly Float64Array[]): string {
  const hash = createHash("sha256");
  let readPoints = 0;
  for (const values of series) {
    readPoints += pointsIn(values);
    hash.update(Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64"));
  }
  return hash.update(String(readPoints)).digest("hex");
}

function pointsIn(values: Float64Array): number {
  let found = 0;
  for (let period = 0; period < values.length; period++) if (!Number.isNaN(values[period] ?? Number.NaN)) found += 1;
  return found;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
