import { capacities } from "../../../contract/capacities.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import { rdsCapacity } from "../../../simulation/load/known-capacity.ts";
import type { LoadModel } from "../../../simulation/load/load-model.ts";
import { clusters, instances } from "../../../simulation/services/rds/cluster.ts";
import { clusterLoad, memberField } from "../../../simulation/services/rds/cluster-load.ts";
import { serverlessClass } from "../../../simulation/services/rds/serverless-size.ts";
import { meanIn } from "../hours.ts";
import { stepsFrom, type TriedLever, valuesOf } from "../lever.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";

/** The class of each member, by identifier; one that is not there is gone. */
type MemberClasses = Readonly<Record<string, string>>;

const { auroraWriterClass, auroraReaderCount } = defaultPolicy.rules;

/** The class of the writer and of the reader that takes its place, and how many readers there are: the number is decided about on the classes that are left. */
export const auroraCluster: TriedLever<MemberClasses> = {
  rules: ["aurora.writer-class", "aurora.reader-count"],
  isShareSaid: true,
  open({ state }) {
    const [cluster] = state.of(clusters).in(region);
    const members = (cluster?.memberIds ?? []).flatMap((id) => state.of(instances).get(region, id) ?? []);
    const writer = cluster?.state.final().writer ?? undefined;
    const [first] = members;
    if (cluster === undefined || writer === undefined || first === undefined || first.state.final().instanceClass === serverlessClass) return undefined;
    const asDeployed = new Map(members.map(({ id, state: timeline }) => [id, timeline.final()]));
    const deployed: MemberClasses = Object.fromEntries([...asDeployed].map(([id, { instanceClass }]) => [id, instanceClass]));
    const readers = members
      .filter(({ id }) => id !== writer)
      .toSorted((a, b) => a.promotionTier - b.promotionTier || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
    const from = deployed[writer] ?? "";
    const classes = stepsFrom(capacities.rdsFamily(from), from, auroraWriterClass.target);
    const pair = [writer, ...readers.slice(0, 1)];
    const others = readers.slice(1);
    const fewest = Math.max(0, auroraReaderCount.targetReaders - 1);
    // One reader a run.
    const kept = others.length > fewest ? [others, others.slice(0, -1)] : [others];
    const sizeOf = (instanceClass: string, beside: readonly string[]): MemberClasses =>
      Object.fromEntries([...pair.map((id) => [id, instanceClass]), ...beside.map((id) => [id, deployed[id] ?? from])]);
    const shareOf = (model: LoadModel, size: MemberClasses) => {
      const load = clusterLoad(model, region, cluster.id);
      if (load === null) throw new Error(`${cluster.id} has no load`);
      const ids = Object.keys(size);
      return (tick: number): number =>
        ids.reduce((most, id) => {
          const cpu = load.rows.at(tick, load.memberFieldOf(id, memberField.cpu));
          const connections =
            load.rows.at(tick, load.memberFieldOf(id, memberField.connections)) / (capacities.auroraMysqlMaxConnections(size[id] ?? "") ?? Number.NaN);
          // A member that is lost has neither.
          return Number.isNaN(cpu) ? most : Math.max(most, cpu, connections);
        }, 0);
    };
    return {
      service: "rds",
      keepsLatency: true,
      deployed,
      candidates: classes.flatMap((instanceClass) => (readers.length === 0 ? [] : kept.map((beside) => sizeOf(instanceClass, beside)))),
      losses: members.map(({ id }) => id),
      samples: 5,
      // One size a run where nothing proves the working set smaller than the buffer pool: no volume of these accounts fits a smaller one as a whole.
      keeps: (size) => classes.indexOf(size[writer] ?? from) >= classes.length - 2,
      put(size, lost) {
        const standing = Object.keys(size).filter((id) => id !== lost);
        for (const { id, state: timeline } of members) {
          const was = asDeployed.get(id);
          if (was === undefined) continue;
          timeline.set(state.bornMs, {
            ...was,
            instanceClass: size[id] ?? was.instanceClass,
            serving: id !== lost,
            status: id in size ? was.status : "deleted",
          });
        }
        const promoted = readers.find((id) => standing.includes(id)) ?? null;
        cluster.state.set(state.bornMs, { status: "available", writer: standing.includes(writer) ? writer : promoted });
      },
      usage: shareOf,
      isAsked(model, hours) {
        const load = clusterLoad(model, region, cluster.id);
        if (load === null) throw new Error(`${cluster.id} has no load`);
        const mean =
          hours.reduce((sum, hour) => sum + meanIn(hour, (tick) => load.rows.at(tick, load.memberFieldOf(writer, memberField.cpu))), 0) / hours.length;
        return mean < auroraWriterClass.maxCpuShare;
      },
      monthlyUsd: (size) => Object.values(size).reduce((sum, each) => sum + priced(prices.auroraHourly(region, cluster.engine, each), each) * monthHours, 0),
      after(changes) {
        const [resized, gone] = [valuesOf(changes, "instanceClass"), valuesOf(changes, "absent")];
        const classOf = (id: string, was: string): string => {
          const value = resized.get(id);
          return typeof value === "string" ? value : was;
        };
        return Object.fromEntries(Object.entries(deployed).flatMap(([id, was]) => (gone.has(id) ? [] : [[id, classOf(id, was)]])));
      },
      text: (size) => Object.values(size).join(" + "),
      processors: {
        sizes: classes
          .slice(0, -1)
          .toReversed()
          .map((instanceClass) => sizeOf(instanceClass, others)),
        vcpu: (size) => rdsCapacity(size[writer] ?? "").vcpu,
        cpu: (model) => shareOf(model, deployed),
      },
    };
  },
};
