import type { AccountState } from "../account/state.ts";
import type { Timeline } from "../account/timeline.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { loadBalancers, type LoadBalancer } from "../shared/load-balancer.ts";
import { createHistory, type History } from "./history.ts";
import { rememberRows } from "./tick-rows.ts";
import { trafficOf } from "./traffic.ts";

export type ByTick = (tick: number) => number;

/** What answers the requests of a load balancer, or is asked on their way. Shares are of all its requests; NaN counts as 0. */
export interface Stage {
  /** Targets in service, for what is registered with the load balancer; NaN while it was not there. */
  readonly targets?: ByTick;
  /** Share of requests that find no room. */
  readonly rejected?: ByTick;
  /** Share of requests, of those that found room, that the stage makes fail. */
  readonly failed?: ByTick;
  /** Seconds that each request waits for storage. */
  readonly storageSeconds?: ByTick;
  /** Quantiles of the seconds that requests wait for their turn. */
  readonly waitMedian: ByTick;
  readonly waitP99: ByTick;
}

/** A service's part in a load balancer's requests; `null` when it has none. */
export type StageOf = (model: LoadModel, region: string, balancer: LoadBalancer) => Stage | null;

/** What the load meets of the account's services. */
export interface LoadedService {
  readonly capacity?: (state: AccountState, region: string) => readonly Timeline<unknown>[];
  readonly stage?: StageOf;
  readonly applicationInstances?: ApplicationInstances;
}

/** How many instances or tasks of the region's application a service runs at a moment: each holds connections to databases and caches. */
export type ApplicationInstances = (state: AccountState, region: string, atMs: number) => number;

/**
 * The load that every service turns into figures of its resources by tick of five minutes: a pure function of scenario, capacity and
 * time. Only ticks that are over may be asked. Resources are looked up when first asked, so the account must be deployed by then.
 */
export interface LoadModel {
  readonly scenario: Scenario;
  readonly state: AccountState;
  readonly history: History;
  /** Requests a second that arrive in a region. */
  requests(region: string): ByTick;
  /** The part of them that comes through the load balancers that fit: they are spread evenly over all. */
  requestsThrough(region: string, fits: (balancer: LoadBalancer) => boolean): ByTick;
  /** Instances in service and tasks that run the region's application at a moment. */
  applicationInstances(region: string): (atMs: number) => number;
  /** All that takes part in answering a load balancer's requests, in the order of the registry. */
  stages(region: string, balancer: LoadBalancer): readonly Stage[];
}

export function createLoadModel(scenario: Scenario, state: AccountState, services: readonly LoadedService[]): LoadModel {
  const history = createHistory(scenario, state, (region) => services.flatMap(({ capacity }) => capacity?.(state, region) ?? []));
  const model: LoadModel = {
    scenario,
    state,
    history,
    requests: (region) => rememberedRequests(scenario, region),
    requestsThrough(region, fits) {
      const balancers = state.of(loadBalancers).in(region);
      const share = balancers.filter(fits).length / Math.max(1, balancers.length);
      const all = model.requests(region);
      return (tick) => share * all(tick);
    },
    applicationInstances(region) {
      const running = services.flatMap(({ applicationInstances }) => applicationInstances ?? []);
      const rememberedCount = history.remember((atMs) => running.reduce((sum, count) => sum + count(state, region, atMs), 0));
      return (atMs) => rememberedCount(atMs) ?? 0;
    },
    stages: (region, balancer) => services.flatMap(({ stage }) => stage?.(model, region, balancer) ?? []),
  };
  return model;
}

const requestsByScenario = new WeakMap<Scenario, Map<string, ByTick>>();

/** Requests hang on the scenario alone, so that all models of one share them. */
function rememberedRequests(scenario: Scenario, region: string): ByTick {
  const known = requestsByScenario.get(scenario) ?? new Map<string, ByTick>();
  requestsByScenario.set(scenario, known);
  const before = known.get(region);
  if (before !== undefined) return before;
  const compute = trafficOf(scenario, region);
  const rows = rememberRows(1, (tick, values, offset) => {
    values[offset] = compute(tick);
  });
  const made: ByTick = (tick) => rows.at(tick, 0);
  known.set(region, made);
  return made;
}

/**
 * Computes once of each resource, by name, what is kept as long as the account's load model, so that every tick is computed once. `null`,
 * for a resource that is not there or without load, is not kept.
 */
export function rememberPerModel<T>(): <Made extends T | null>(model: LoadModel, name: string, make: () => Made) => T | Made {
  const models = new WeakMap<LoadModel, Map<string, T>>();
  return (model, name, make) => {
    const known = models.get(model) ?? new Map<string, T>();
    models.set(model, known);
    const before = known.get(name);
    if (before !== undefined) return before;
    const made = make();
    if (made !== null) known.set(name, made);
    return made;
  };
}
