import { readFileSync } from "node:fs";
import { extendedScenario } from "../../simulation/scenario/extend.ts";
import { hashUnit, streamOf } from "../../simulation/load/noise.ts";
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";

/** An account that nobody drew by hand: what is special about its load, and the load itself. */
export interface RandomAccount {
  readonly index: number;
  readonly shape: Shape;
  /** What extends `one-region.json`, as a scenario file would say it: enough to have the account again. */
  readonly document: object;
  readonly scenario: Scenario;
}

/** What an account is made to try. All but `ordinary` are built to mislead a rule that looks at an average, or at one figure. */
export const shapes = [
  "ordinary",
  "monthly peak",
  "bursts",
  "busy weekend",
  "one busy hour",
  "memory",
  "network",
  "connections",
  "working set",
  "uneven roles",
] as const;
export type Shape = (typeof shapes)[number];

export const region = "us-east-1";
/** Of the stacks at production size: 15 instances of m5.4xlarge, two members of db.r6g.4xlarge; both have 16 vCPU. */
const fleetVcpu = 15 * 16;
const memberVcpu = 16;
const scenarios = new URL("../../simulation/scenarios/", import.meta.url);

/** The account of that number. Everything random is a hash of seed and number. */
export async function randomAccount(seed: number, index: number): Promise<RandomAccount> {
  const draw = drawer(seed, index);
  const shape = shapes[Math.floor(draw("shape") * shapes.length)] ?? "ordinary";
  const document = accountDocument(draw, shape, seed, index);
  const first = { document, place: "bench" };
  const merged = await extendedScenario(first, async (name) => ({
    document: JSON.parse(readFileSync(new URL(name.endsWith(".json") ? name : `${name}.json`, scenarios), "utf8")) as unknown,
    place: name,
  }));
  return { index, shape, document, scenario: parseScenario(merged, `account ${index}`) };
}

type Draw = (of: string) => number;

function drawer(seed: number, index: number): Draw {
  return (of) => hashUnit(seed, streamOf(of), index);
}

function between(unit: number, low: number, high: number): number {
  return low + unit * (high - low);
}

/** Evenly in the logarithm: as often between 1 and 2 as between 2 and 4. */
function spread(unit: number, low: number, high: number): number {
  return low * (high / low) ** unit;
}

function accountDocument(draw: Draw, shape: Shape, seed: number, index: number): object {
  const peak = spread(draw("requests"), 60, 2400);
  const groupShare = spread(draw("group"), 0.04, 0.7);
  const writerShare = shape === "uneven roles" && draw("role") < 0.5 ? between(draw("writer"), 0.5, 0.75) : spread(draw("writer"), 0.03, 0.6);
  const readerShare = shape === "uneven roles" && draw("role") >= 0.5 ? between(draw("reader"), 0.5, 0.75) : spread(draw("reader"), 0.03, 0.6);
  const writes = between(draw("writes"), 0.05, 0.5);
  const reads = between(draw("reads"), 0.3, 1);
  return {
    extends: "one-region.json",
    name: `account ${index}: ${shape}`,
    seed: seed + index,
    start: new Date(Date.UTC(2026, 5, 1) + Math.floor(draw("hour of planning") * 168) * 3_600_000).toISOString(),
    historyDays: 61,
    promotions: promotionsOf(draw, shape),
    regions: {
      [region]: {
        traffic: trafficOf(draw, shape, peak),
        application: applicationOf(draw, shape, { peak, share: groupShare }),
        database: {
          writesPerRequest: writes,
          readsPerRequest: reads,
          writeVcpuSeconds: (writerShare * memberVcpu) / (peak * writes),
          readVcpuSeconds: (readerShare * memberVcpu) / (peak * reads),
          connectionsPerInstance: shape === "connections" ? spread(draw("connections"), 60, 200) : spread(draw("connections"), 5, 60),
          workingSetGib: shape === "working set" ? spread(draw("working set"), 30, 90) : spread(draw("working set"), 2, 40),
          volumeGib: spread(draw("volume"), 90, 900),
        },
      },
    },
  };
}

function trafficOf(draw: Draw, shape: Shape, peakRequestsPerSecond: number): object {
  return {
    peakRequestsPerSecond,
    peakHourUtc: Math.floor(draw("peak hour") * 24),
    nightShare: between(draw("night"), 0.05, 0.9),
    weekendShare: shape === "busy weekend" ? between(draw("weekend"), 1.2, 2) : between(draw("weekend"), 0.3, 1),
    noiseSigma: between(draw("noise"), 0.005, 0.06),
    bursts:
      shape === "bursts"
        ? { perWeek: spread(draw("bursts"), 0.2, 5), factor: between(draw("burst factor"), 1.3, 3), minutes: spread(draw("burst minutes"), 5, 90) }
        : { perWeek: 0 },
  };
}

function applicationOf(draw: Draw, shape: Shape, { peak, share }: { readonly peak: number; readonly share: number }): object {
  const eachAtPeak = peak / 15;
  return {
    vcpuSecondsPerRequest: (share * fleetVcpu) / peak,
    backgroundVcpu: between(draw("background"), 0, 0.4),
    memoryBaseGib: shape === "memory" && draw("memory kind") < 0.5 ? between(draw("memory base"), 12, 50) : between(draw("memory base"), 1, 10),
    memoryMibPerRequestPerSecond: (between(draw("memory"), 0.5, shape === "memory" ? 40 : 8) * 1024) / eachAtPeak,
    // Of an instance at the peak, in gigabits a second.
    networkOutBytesPerRequest: (spread(draw("network"), 0.05, shape === "network" ? 4 : 0.8) * 1.25e8) / eachAtPeak,
    networkInBytesPerRequest: 12_000,
  };
}

/** Hours that stand out, as moments after the start: within the sixty days before it, and again at about the same distance afterwards. */
function promotionsOf(draw: Draw, shape: Shape): readonly object[] {
  const factor = between(draw("peak factor"), 1.3, 3);
  const hours = between(draw("peak hours"), 1, 4);
  if (shape === "monthly peak") {
    const first = between(draw("peak day"), 1, 13);
    return [first - 60, first - 30, first].map((day) => ({ region, start: moment(day), hours, factor }));
  }
  if (shape === "one busy hour") return [{ region, start: moment(-between(draw("peak day"), 2, 58)), hours: 1, factor }];
  return [];
}

/** Scenarios count in hours from the start. */
function moment(days: number): number {
  return Math.round(days * 24);
}
