import type { Scenario } from "../scenario/scenario.ts";
import { momentMs } from "../scenario/references.ts";
import { driftingNormal, hashUnit, streamOf } from "./noise.ts";
import { hourOfWeek, tickMs, ticksPerDay } from "./tick.ts";
import type { Promotion, Traffic } from "../scenario/traffic.ts";

/** Requests per second of a region by tick: wave by hour of week × noise × burst × promotion. Zero for a region without load. */
export function trafficOf(scenario: Scenario, region: string): (tick: number) => number {
  const traffic = scenario.regions[region]?.traffic;
  if (traffic === undefined) return () => 0;
  const startMs = Date.parse(scenario.start);
  const noise = driftingNormal(scenario.seed, streamOf(`${region}/traffic`));
  const burstStream = streamOf(`${region}/burst`);
  const promotions = scenario.promotions.filter((promotion) => promotion.region === region);
  return (tick) =>
    traffic.peakRequestsPerSecond *
    waveAt(traffic, (tick + 0.5) * tickMs) *
    Math.exp(traffic.noiseSigma * noise(tick)) *
    burstAt(traffic, scenario.seed, burstStream, tick) *
    promotions.reduce((product, promotion) => product * promotionAt(promotion, startMs, tick), 1);
}

/** The expected wave as a share of an ordinary weekday's peak: a cosine over the day, lower at the weekend. */
export function waveAt(traffic: Traffic, ms: number): number {
  const hour = hourOfWeek(ms);
  const lift = (1 + Math.cos(((hour - traffic.peakHourUtc) / 24) * 2 * Math.PI)) / 2;
  const day = traffic.nightShare + (1 - traffic.nightShare) * lift;
  return hour >= 120 ? day * traffic.weekendShare : day;
}

function burstAt(traffic: Traffic, seed: number, stream: number, tick: number): number {
  const { perWeek, factor, minutes } = traffic.bursts;
  if (perWeek === 0) return 1;
  const day = Math.floor(tick / ticksPerDay);
  if (hashUnit(seed, stream, day) >= perWeek / 7) return 1;
  const lengthTicks = Math.max(1, Math.round(minutes / 5));
  const firstTick = day * ticksPerDay + Math.floor(hashUnit(seed, stream + 1, day) * (ticksPerDay - lengthTicks));
  return tick >= firstTick && tick < firstTick + lengthTicks ? factor : 1;
}

function promotionAt(promotion: Promotion, startMs: number, tick: number): number {
  const fromMs = momentMs(promotion.start, startMs);
  const untilMs = fromMs + promotion.hours * 3_600_000;
  const middleMs = (tick + 0.5) * tickMs;
  if (middleMs <= fromMs || middleMs >= untilMs) return 1;
  const rampMs = promotion.rampMinutes * 60_000;
  const ramp = rampMs === 0 ? 1 : Math.min(1, (middleMs - fromMs) / rampMs, (untilMs - middleMs) / rampMs);
  return 1 + (promotion.factor - 1) * ramp;
}
