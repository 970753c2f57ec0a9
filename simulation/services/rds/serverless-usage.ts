import type { LoadModel } from "../../load/load-model.ts";
import { tickAt, tickMs, ticksPerHour } from "../../load/tick.ts";
import { clusterLoad, memberField } from "./cluster-load.ts";
import { clusters, type DbCluster, instances, isThere } from "./cluster.ts";
import { serverlessClass } from "./serverless-size.ts";

/** Hours of capacity units. A cluster whose load is not described is idle, at its minimum. */
export function acuHours(model: LoadModel, region: string, fromMs: number, untilMs: number): readonly { readonly usage: string; readonly units: number }[] {
  const used = new Map<string, number>();
  for (const cluster of model.state.of(clusters).in(region)) {
    const usage = cluster.storageType === "aurora-iopt1" ? "Aurora:ServerlessV2IOOptimizedUsage" : "Aurora:ServerlessV2Usage";
    for (let tick = tickAt(fromMs); (tick + 1) * tickMs <= untilMs; tick++) {
      const acu = acuAt(model, cluster, tick);
      if (acu > 0) used.set(usage, (used.get(usage) ?? 0) + acu / ticksPerHour);
    }
  }
  return [...used].map(([usage, units]) => ({ usage, units }));
}

function acuAt(model: LoadModel, cluster: DbCluster, tick: number): number {
  const { region, capacityRange } = cluster;
  const least = capacityRange?.at(tick * tickMs)?.minAcu;
  if (least === undefined) return 0;
  const load = clusterLoad(model, region, cluster.id);
  return cluster.memberIds
    .flatMap((id) => model.state.of(instances).get(region, id) ?? [])
    .filter((member) => isThere(member, tick * tickMs) && member.state.at(tick * tickMs)?.instanceClass === serverlessClass)
    .reduce((sum, { id }) => {
      const acu = load?.rows.at(tick, load.memberFieldOf(id, memberField.acu)) ?? least;
      return sum + (Number.isNaN(acu) ? 0 : acu);
    }, 0);
}
