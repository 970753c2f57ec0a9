import { AccountState } from "../../simulation/account/state.ts";
import { deployStacks } from "../../simulation/deployment/deploy.ts";
import { createLoadModel, type LoadModel } from "../../simulation/load/load-model.ts";
import { tickAt, ticksPerHour } from "../../simulation/load/tick.ts";
import { trafficOf } from "../../simulation/load/traffic.ts";
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { services } from "../../simulation/services.ts";
import { groups } from "../../simulation/services/auto-scaling/group.ts";
import { balancerField, balancerLoad } from "../../simulation/services/elb/load.ts";
import { clusters, instances } from "../../simulation/services/rds/cluster.ts";
import { loadBalancers } from "../../simulation/shared/load-balancer.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { region } from "./random-account.ts";

/** What is gone all the time: the oracle tries each hour without it. */
export type Lost = "nothing" | "zone" | "reader" | "writer";

/** What clients saw in an hour. */
export interface Hour {
  readonly hour: number;
  readonly errorShare: number;
  /** Mean of the hour's p99 by five minutes, seconds. */
  readonly p99Seconds: number;
}

/** Hours, counted from 1970, in which the stacks meet their load. */
export interface Hours {
  readonly past: readonly number[];
  readonly future: readonly number[];
}

const dayHours = 24;
const baselineDays = 60;
const futureDays = 14;
/** Of each span, the busiest hours are tried, and every so many of the others: whatever breaks, breaks when there is much to do. */
const busiest = 72;
const everyOther = 16;

/** All hours of the baseline. */
export function baselineHours(scenario: Scenario): readonly number[] {
  const startHour = tickAt(Date.parse(scenario.start)) / ticksPerHour;
  return Array.from({ length: baselineDays * dayHours }, (_, at) => startHour - baselineDays * dayHours + at);
}

/** The hours that are tried. */
export function hoursOf(scenario: Scenario): Hours {
  const startHour = tickAt(Date.parse(scenario.start)) / ticksPerHour;
  const requests = trafficOf(scenario, region);
  const busyness = (hour: number): number => {
    let most = 0;
    for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) most = Math.max(most, requests(tick));
    return most;
  };
  const span = (from: number, until: number): readonly number[] => {
    const hours = Array.from({ length: until - from }, (_, at) => from + at);
    const byBusyness = hours.map((hour) => ({ hour, most: busyness(hour) })).sort((a, b) => b.most - a.most);
    return byBusyness.filter((_, at) => at < busiest || at % everyOther === 0).map(({ hour }) => hour);
  };
  return {
    past: span(startHour - baselineDays * dayHours, startHour),
    future: span(startHour, startHour + futureDays * dayHours),
  };
}

/** Sizes in place of the deployed ones; what is absent is as deployed. */
export interface Sizes {
  readonly instanceType?: string;
  /** By member. */
  readonly instanceClasses?: Readonly<Record<string, string>>;
}

/** An account that can be tried at any size: deployed once, since resolving stacks costs more than their load. */
export interface Trial {
  readonly writer: string;
  readonly readers: readonly string[];
  readonly deployed: { readonly instanceType: string; readonly instances: number; readonly instanceClass: string };
  /** The account as if these had been its sizes all the time, and what is lost had never been there. */
  at(sizes: Sizes, lost?: Lost): LoadModel;
}

export function trialOf(scenario: Scenario, stacks: StackDocuments): Trial {
  const startMs = Date.parse(scenario.start);
  const state = new AccountState(scenario.accountId, startMs - scenario.historyDays * dayHours * 3_600_000, startMs);
  deployStacks(services, state, scenario, stacks);
  const [group, cluster] = [state.of(groups).in(region)[0], state.of(clusters).in(region)[0]];
  if (group === undefined || cluster === undefined) throw new Error("the stacks have one group and one cluster");
  const fleet = group.instances.final();
  const writer = cluster.state.final().writer ?? "";
  const members = cluster.memberIds.map((id) => {
    const instance = state.of(instances).get(region, id);
    if (instance === undefined) throw new Error(`${id} is not there`);
    return { id, timeline: instance.state, asDeployed: instance.state.final() };
  });
  const readers = members.map(({ id }) => id).filter((id) => id !== writer);
  return {
    writer,
    readers,
    deployed: { instanceType: fleet[0]?.instanceType ?? "", instances: fleet.length, instanceClass: members[0]?.asDeployed.instanceClass ?? "" },
    at({ instanceType, instanceClasses = {} }, lost = "nothing") {
      const left = lost === "zone" ? fleet.filter(({ zone }) => zone !== fleet[0]?.zone) : fleet;
      group.instances.set(state.bornMs, instanceType === undefined ? left : left.map((each) => ({ ...each, instanceType })));
      const gone = lost === "writer" ? writer : lost === "reader" ? readers[0] : undefined;
      for (const { id, timeline, asDeployed } of members) {
        timeline.set(state.bornMs, { ...asDeployed, instanceClass: instanceClasses[id] ?? asDeployed.instanceClass, serving: id !== gone });
      }
      cluster.state.set(state.bornMs, { status: "available", writer: lost === "writer" ? (readers[0] ?? null) : writer });
      return createLoadModel(scenario, state, services);
    },
  };
}

/** What clients of the region's load balancer see in each hour. */
export function seenBy(model: LoadModel, hours: readonly number[]): readonly Hour[] {
  const balancer = model.state.of(loadBalancers).in(region)[0];
  const rows = balancer === undefined ? null : balancerLoad(model, region, balancer.fullName);
  if (rows === null) throw new Error("the account has no load balancer under load");
  return hours.map((hour) => {
    let [requests, errors, p99] = [0, 0, 0];
    for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) {
      requests += rows.at(tick, balancerField.requests);
      errors += rows.at(tick, balancerField.target5xx) + rows.at(tick, balancerField.balancer5xx);
      p99 += Math.exp(rows.at(tick, balancerField.latencyLocation) + z99 * rows.at(tick, balancerField.latencyScale)) / ticksPerHour;
    }
    return { hour, errorShare: requests === 0 ? 0 : errors / requests, p99Seconds: p99 };
  });
}

const z99 = 2.326;
