import type { CapacityView } from "../capacity-view.ts";
import type { Scenario } from "../scenario.ts";
import { balancerRows } from "./balancer-load.ts";
import { clusterLoad, type ClusterLoad } from "./cluster-load.ts";
import type { TableDemand } from "./demand-schema.ts";
import { groupRows } from "./group-load.ts";
import { createHistory } from "./history.ts";
import { byPattern } from "./name-pattern.ts";
import { redisRows } from "./redis-load.ts";
import { indexRows, tableRows } from "./table-load.ts";
import { rememberRows, type TickRows } from "./tick-rows.ts";
import { trafficOf } from "./traffic.ts";

/**
 * Figures of every resource by tick of five minutes: a pure function of scenario, capacity and time. `null` for a resource
 * the region does not have, or whose load the scenario does not describe. Only ticks that are over may be asked.
 */
export interface LoadModel {
  readonly scenario: Scenario;
  readonly view: CapacityView;
  balancer(region: string, fullName: string): TickRows | null;
  group(region: string, group: string): TickRows | null;
  cluster(region: string, cluster: string): ClusterLoad | null;
  table(region: string, table: string): TickRows | null;
  index(region: string, table: string, index: string): TickRows | null;
  tableDemand(region: string, table: string): TableDemand;
  redis(region: string, group: string): TickRows | null;
}

const noTableDemand: TableDemand = { readsPerRequest: 0, writesPerRequest: 0, unitsPerRead: 0.5, unitsPerWrite: 1, latencyMilliseconds: 4, indexes: {} };

/** Names are looked up when first asked, so the account must be deployed by then. */
export function createLoadModel(scenario: Scenario, view: CapacityView): LoadModel {
  const history = createHistory(scenario, view);
  const remember = <T>() => new Map<string, T>();
  const traffic = remember<(tick: number) => number>();
  const [groups, balancers, tables, indexes, caches] = [
    remember<TickRows>(),
    remember<TickRows>(),
    remember<TickRows>(),
    remember<TickRows>(),
    remember<TickRows>(),
  ];
  const clusters = remember<ClusterLoad>();

  const requests = (region: string): ((tick: number) => number) =>
    once(traffic, region, () => {
      const compute = trafficOf(scenario, region);
      const rows = rememberRows(1, (tick, values, offset) => {
        values[offset] = compute(tick);
      });
      return (tick) => rows.at(tick, 0);
    });

  /** The part of the region's requests that comes through the balancers whose backend fits. */
  const requestsThrough = (region: string, fits: (loadBalancer: string) => boolean): ((tick: number) => number) => {
    const { loadBalancers } = view.namesIn(region);
    const share = loadBalancers.filter(({ fullName }) => fits(fullName)).length / Math.max(1, loadBalancers.length);
    const all = requests(region);
    return (tick) => share * all(tick);
  };

  const appInstances = (region: string) => {
    const names = view.namesIn(region).autoScalingGroups;
    const countAt = (atMs: number): number =>
      names.flatMap((name) => Object.values(view.groupAt(region, name, atMs)?.instances ?? {})).reduce((count, more) => count + more, 0);
    const remembered = history.remember(countAt);
    return (atMs: number): number => remembered(atMs) ?? 0;
  };

  const demandOf = (region: string, table: string): TableDemand => byPattern(scenario.regions[region]?.tables ?? {}, table) ?? noTableDemand;

  const model: LoadModel = {
    scenario,
    view,
    group(region, group) {
      const demand = scenario.regions[region]?.application;
      if (demand === undefined || !view.namesIn(region).autoScalingGroups.includes(group)) return null;
      return once(groups, `${region}/${group}`, () => {
        const through = requestsThrough(region, (balancer) => view.backendOf(region, balancer).autoScalingGroup === group);
        return groupRows(scenario, history, region, group, demand, through);
      });
    },
    cluster(region, cluster) {
      const demand = scenario.regions[region]?.database;
      if (demand === undefined || !view.namesIn(region).clusters.includes(cluster)) return null;
      return once(clusters, `${region}/${cluster}`, () => {
        const through = requestsThrough(region, (balancer) => view.backendOf(region, balancer).cluster === cluster);
        return clusterLoad(scenario, history, region, cluster, demand, through, appInstances(region));
      });
    },
    balancer(region, fullName) {
      const demand = scenario.regions[region]?.application;
      if (demand === undefined || !view.namesIn(region).loadBalancers.some((balancer) => balancer.fullName === fullName)) return null;
      const backend = view.backendOf(region, fullName);
      const group = backend.autoScalingGroup === null ? null : model.group(region, backend.autoScalingGroup);
      if (group === null) return null;
      const cluster = backend.cluster === null ? null : model.cluster(region, backend.cluster);
      return once(balancers, `${region}/${fullName}`, () => {
        const through = requestsThrough(region, (balancer) => balancer === fullName);
        return balancerRows(scenario.seed, `${region}/${fullName}`, demand, through, group, cluster);
      });
    },
    tableDemand: demandOf,
    table(region, table) {
      if (!view.namesIn(region).tables.some(({ name }) => name === table)) return null;
      return once(tables, `${region}/${table}`, () => tableRows(history, region, table, demandOf(region, table), requests(region)));
    },
    index(region, table, index) {
      return once(indexes, `${region}/${table}/${index}`, () => indexRows(history, region, table, index, demandOf(region, table), requests(region)));
    },
    redis(region, group) {
      const demand = scenario.regions[region]?.cache;
      if (demand === undefined || !view.namesIn(region).replicationGroups.includes(group)) return null;
      return once(caches, `${region}/${group}`, () => redisRows(history, region, group, demand, requests(region), appInstances(region)));
    },
  };
  return model;
}

const models = new WeakMap<CapacityView, { readonly scenario: Scenario; readonly model: LoadModel }>();

/** The model of an account, kept as long as its view, so that every tick is computed once. */
export function loadModelOf(scenario: Scenario, view: CapacityView): LoadModel {
  const known = models.get(view);
  if (known?.scenario === scenario) return known.model;
  const model = createLoadModel(scenario, view);
  models.set(view, { scenario, model });
  return model;
}

function once<T>(memo: Map<string, T>, key: string, make: () => T): T {
  const known = memo.get(key);
  if (known !== undefined) return known;
  const made = make();
  memo.set(key, made);
  return made;
}
