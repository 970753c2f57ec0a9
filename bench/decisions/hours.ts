import type { LoadModel } from "../../simulation/load/load-model.ts";
import { tickAt, ticksPerHour } from "../../simulation/load/tick.ts";
import { trafficOf } from "../../simulation/load/traffic.ts";
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { balancerField, balancerLoad } from "../../simulation/services/elb/load.ts";
import { loadBalancers } from "../../simulation/shared/load-balancer.ts";
import { region } from "./region.ts";

/** What clients saw in an hour. */
export interface Hour {
  readonly errorShare: number;
  /** Mean of the hour's p99 by five minutes, seconds. */
  readonly p99Seconds: number;
}

/** Hours, counted from 1970, in which the stacks meet their load; those that ask most first. */
export interface Hours {
  readonly past: readonly number[];
  readonly future: readonly number[];
}

const dayHours = 24;
export const baselineDays = 60;
export const futureDays = 14;
/** The number of busiest hours of each span that are tried, beside a sample of the others: what breaks, breaks when there is much to do. */
const busiest = 72;
const everyOther = 16;
const z99 = 2.326;

/** All hours of the baseline. */
export function baselineHours(scenario: Scenario): readonly number[] {
  const startHour = tickAt(Date.parse(scenario.start)) / ticksPerHour;
  return Array.from({ length: baselineDays * dayHours }, (_, at) => startHour - baselineDays * dayHours + at);
}

/** All hours of the two weeks after the plan. */
export function futureHours(scenario: Scenario): readonly number[] {
  const startHour = tickAt(Date.parse(scenario.start)) / ticksPerHour;
  return Array.from({ length: futureDays * dayHours }, (_, at) => startHour + at);
}

/** The hours that are tried, by the traffic and, where something else is asked at certain hours, by what `also` names. */
export function hoursOf(scenario: Scenario, also: readonly number[] = []): Hours {
  const startHour = tickAt(Date.parse(scenario.start)) / ticksPerHour;
  const requests = trafficOf(scenario, region);
  const busyness = (hour: number): number => highestIn(hour, requests);
  const span = (from: number, until: number): readonly number[] => {
    const named = also.filter((hour) => hour >= from && hour < until);
    const hours = Array.from({ length: until - from }, (_, at) => from + at);
    const byBusyness = hours.map((hour) => ({ hour, most: busyness(hour) })).sort((a, b) => b.most - a.most);
    const tried = byBusyness.filter((_, at) => at < busiest || at % everyOther === 0).map(({ hour }) => hour);
    return [...new Set([...named, ...tried])];
  };
  return { past: span(startHour - baselineDays * dayHours, startHour), future: span(startHour, startHour + futureDays * dayHours) };
}

/** What clients of the region's load balancer see in an hour. */
export function seenIn(model: LoadModel): (hour: number) => Hour {
  const balancer = model.state.of(loadBalancers).in(region)[0];
  const rows = balancer === undefined ? null : balancerLoad(model, region, balancer.fullName);
  if (rows === null) throw new Error("the account has no load balancer under load");
  return (hour) => {
    let [requests, errors, p99] = [0, 0, 0];
    for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) {
      requests += rows.at(tick, balancerField.requests);
      errors += rows.at(tick, balancerField.target5xx) + rows.at(tick, balancerField.balancer5xx);
      p99 += Math.exp(rows.at(tick, balancerField.latencyLocation) + z99 * rows.at(tick, balancerField.latencyScale)) / ticksPerHour;
    }
    return { errorShare: requests === 0 ? 0 : errors / requests, p99Seconds: p99 };
  };
}

/** The highest of an hour's twelve ticks. */
export function highestIn(hour: number, at: (tick: number) => number): number {
  let most = 0;
  for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) most = Math.max(most, at(tick));
  return most;
}

/** The mean of an hour's twelve ticks. */
export function meanIn(hour: number, at: (tick: number) => number): number {
  let sum = 0;
  for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) sum += at(tick) / ticksPerHour;
  return sum;
}

/** Nearest rank, as CloudWatch's percentiles: the smallest value that so large a share of all does not exceed. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** All of an hour's twelve ticks together; one in which something was not there counts as nothing. */
export function sumIn(hour: number, at: (tick: number) => number): number {
  let sum = 0;
  for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) {
    const value = at(tick);
    if (!Number.isNaN(value)) sum += value;
  }
  return sum;
}
