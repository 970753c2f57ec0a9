import { capacities } from "../../../contract/capacities.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import type { LoadModel } from "../../../simulation/load/load-model.ts";
import { type CapacityRange, clusters, instances } from "../../../simulation/services/rds/cluster.ts";
import { clusterLoad, memberField } from "../../../simulation/services/rds/cluster-load.ts";
import { vcpuPerAcu } from "../../../simulation/services/rds/serverless-size.ts";
import { baselineHours, highestIn, meanIn } from "../hours.ts";
import { between, numberOf, type TriedLever } from "../lever.ts";
import { once } from "../../../optimizer/core/model/once.ts";
import { quantile } from "../../../optimizer/core/sizing/quantile.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";

const { auroraServerlessCapacity } = defaultPolicy.rules;
/** AWS changes a range in halves of a unit; what Performance Insights asks for at least (Aurora User Guide, "Choosing the minimum"). */
const [stepsPerAcu, insightsMinAcu] = [2, 2];
/** What the rule asks of the buffer pool in its worst hours, by each member, before it may shrink (docs/rules.md). */
const [leastHitShare, worstHours] = [0.95, 0.005];

/** The least and the most capacity units of a cluster's serverless members. What is saved is what they would have been given, tick by tick. */
export const serverlessCluster: TriedLever<CapacityRange> = {
  rules: ["aurora.serverless-capacity"],
  isShareSaid: true,
  open({ state, model: modelNow, asDeployed: modelAsDeployed, scenario }) {
    const [cluster] = state.of(clusters).in(region);
    const range = cluster?.capacityRange;
    if (cluster === undefined || range === undefined) return undefined;
    const members = cluster.memberIds.flatMap((id) => state.of(instances).get(region, id) ?? []);
    const asDeployed = new Map(members.map(({ id, state: timeline }) => [id, timeline.final()]));
    const deployed = range.final();
    const writer = cluster.state.final().writer;
    const engine = cluster.engine === "aurora-postgresql" ? "aurora-postgresql" : "aurora-mysql";
    const insights = members.some(({ performanceInsights }) => performanceInsights);
    const leastAcu = Math.min(deployed.minAcu, Math.max(auroraServerlessCapacity.targetMinAcu, insights ? insightsMinAcu : 0));
    const halves = (from: number, to: number): readonly number[] => between(from * stepsPerAcu, to * stepsPerAcu).map((half) => half / stepsPerAcu);
    const loadOf = (model: LoadModel) => {
      const load = clusterLoad(model, region, cluster.id);
      if (load === null) throw new Error(`${cluster.id} has no load`);
      return load;
    };
    const ids = members.map(({ id }) => id);
    const highestAcu = once(() => {
      const load = loadOf(modelAsDeployed);
      const acuIn = (hour: number, id: string): number => highestIn(hour, (tick) => load.rows.at(tick, load.memberFieldOf(id, memberField.acu)));
      return Math.max(...baselineHours(scenario).flatMap((hour) => ids.map((id) => acuIn(hour, id))));
    });
    const isPoolHeld = once(() => {
      const load = loadOf(modelAsDeployed);
      const lowestIn = (hour: number): number =>
        Math.min(...ids.map((id) => meanIn(hour, (tick) => load.rows.at(tick, load.memberFieldOf(id, memberField.hitShare)))));
      return quantile(Float64Array.from(baselineHours(scenario), lowestIn), worstHours) >= leastHitShare;
    });
    const startHour = Date.parse(scenario.start) / 3_600_000;
    /** Four weeks show what a month pays for, by every fifth hour, which comes to each hour of the day and of the week. */
    const paidHours = between(startHour - 28 * 24, startHour - 1).filter((hour) => hour % 5 === 0);
    const put = (size: CapacityRange, lost?: string): void => {
      range.set(state.bornMs, size);
      for (const { id, state: timeline } of members) {
        const was = asDeployed.get(id);
        if (was !== undefined) timeline.set(state.bornMs, { ...was, serving: id !== lost });
      }
      const standing = ids.filter((id) => id !== lost);
      cluster.state.set(state.bornMs, { status: "available", writer: writer === lost ? (standing[0] ?? null) : writer });
    };
    return {
      service: "rds",
      deployed,
      // A maximum saves only where it keeps from members what they ask for.
      candidates: halves(leastAcu, deployed.minAcu).flatMap((minAcu) =>
        [auroraServerlessCapacity.targetMaxAcu, deployed.maxAcu].map((maxAcu) => ({ minAcu, maxAcu: Math.max(minAcu, Math.min(deployed.maxAcu, maxAcu)) })),
      ),
      losses: ids,
      keepsLatency: true,
      // The load may come as many times above the minimum as today's range lets it: a small instance grows slowly, and AWS names no figure.
      keeps: ({ minAcu }) => highestAcu() / minAcu <= deployed.maxAcu / deployed.minAcu && isPoolHeld(),
      samples: 5,
      put,
      usage(model, size) {
        const load = loadOf(model);
        const connections = capacities.auroraServerlessMaxConnections(engine, size) ?? Number.NaN;
        return (tick) =>
          ids.reduce((most, id) => {
            const busy = load.rows.at(tick, load.memberFieldOf(id, memberField.cpu));
            return Number.isNaN(busy) ? most : Math.max(most, busy, load.rows.at(tick, load.memberFieldOf(id, memberField.connections)) / connections);
          }, 0);
      },
      isAsked(model, hours) {
        const load = loadOf(model);
        return ids.every((id) => {
          const cpu = hours.reduce((sum, hour) => sum + meanIn(hour, (tick) => load.rows.at(tick, load.memberFieldOf(id, memberField.cpu))), 0) / hours.length;
          const held = Math.max(...hours.map((hour) => highestIn(hour, (tick) => load.rows.at(tick, load.memberFieldOf(id, memberField.connections)))));
          return cpu < auroraServerlessCapacity.maxCpuShare && held < auroraServerlessCapacity.maxConnections;
        });
      },
      monthlyUsd(size) {
        put(size);
        const load = loadOf(modelNow());
        const units = paidHours.reduce(
          (sum, hour) => sum + ids.reduce((all, id) => all + meanIn(hour, (tick) => load.rows.at(tick, load.memberFieldOf(id, memberField.acu))), 0),
          0,
        );
        put(deployed);
        return (units / paidHours.length) * priced(prices.auroraAcuHourly(region, "standard"), "a capacity unit") * monthHours;
      },
      after: (changes) => ({ minAcu: numberOf(changes, "minAcu") ?? deployed.minAcu, maxAcu: numberOf(changes, "maxAcu") ?? deployed.maxAcu }),
      text: ({ minAcu, maxAcu }) => `${minAcu}–${maxAcu} ACU, ${minAcu * vcpuPerAcu} vCPU at least`,
    };
  },
};
