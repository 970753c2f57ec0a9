import { capacities } from "../../../contract/capacities.ts";
import { hasPerformanceInsights } from "../../../contract/performance-insights.ts";
import { once } from "../../../optimizer/core/model/once.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import { rdsCapacity } from "../../../simulation/load/known-capacity.ts";
import type { LoadModel } from "../../../simulation/load/load-model.ts";
import { standaloneInstances } from "../../../simulation/services/rds/standalone.ts";
import { standaloneField, standaloneLoad } from "../../../simulation/services/rds/standalone-load.ts";
import { baselineHours, highestIn, quantileOf } from "../hours.ts";
import { stepsFrom, textOf, type TriedLever } from "../lever.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";

const { rdsInstanceClass, headroom } = defaultPolicy.rules;
const bytesPerGib = 1024 ** 3;

/** The class of an instance outside of clusters; its standby has the same, so that nothing is smaller when one of both is lost. */
export const databaseInstance: TriedLever<string> = {
  rules: ["rds.instance-class"],
  open({ state, scenario, asDeployed }) {
    const [instance] = state.of(standaloneInstances).in(region);
    if (instance === undefined) return undefined;
    const was = instance.state.final();
    const deployed = was.instanceClass;
    const offered = stepsFrom(capacities.rdsFamily(deployed), deployed, rdsInstanceClass.target).filter(
      (each) => !instance.performanceInsights || hasPerformanceInsights(each),
    );
    const rowsOf = (model: LoadModel) => {
      const rows = standaloneLoad(model, region, instance.id);
      if (rows === null) throw new Error(`${instance.id} has no load`);
      return rows;
    };
    /** Processors without what burstable classes do on credit. */
    const sustained = (instanceClass: string): number => rdsCapacity(instanceClass).baselineShare ?? 1;
    const memoryBytes = (instanceClass: string): number => rdsCapacity(instanceClass).memoryGib * bytesPerGib;
    const used = (tick: number): number => memoryBytes(deployed) - rowsOf(asDeployed).at(tick, standaloneField.freeableBytes);
    const usedBytes = once(() => Math.max(...baselineHours(scenario).map((hour) => highestIn(hour, used))));
    return {
      service: "rds",
      keepsLatency: true,
      // No metric tells how much of a buffer pool is needed: what is used of today's memory counts, full pool and all.
      keeps: (instanceClass) => usedBytes() <= (1 - headroom) * memoryBytes(instanceClass),
      deployed,
      candidates: offered,
      losses: [],
      samples: 5,
      put: (instanceClass) => instance.state.set(state.bornMs, { ...was, instanceClass }),
      usage(model, instanceClass) {
        const rows = rowsOf(model);
        const connections = capacities.rdsMysqlMaxConnections(instanceClass) ?? Number.NaN;
        return (tick) =>
          Math.max(
            rows.at(tick, standaloneField.cpu) / sustained(instanceClass),
            rows.at(tick, standaloneField.connections) / connections,
            1 - rows.at(tick, standaloneField.freeableBytes) / memoryBytes(instanceClass),
          );
      },
      isAsked(model, hours) {
        const rows = rowsOf(model);
        return (
          quantileOf(
            hours.map((hour) => highestIn(hour, (tick) => rows.at(tick, standaloneField.cpu))),
            0.95,
          ) < rdsInstanceClass.maxP95CpuShare
        );
      },
      monthlyUsd: (instanceClass) => priced(prices.rdsHourly(region, "mysql", instanceClass, instance.multiAz), instanceClass) * monthHours,
      after: (changes) => textOf(changes, "instanceClass") ?? deployed,
      text: (instanceClass) => instanceClass,
      processors: {
        sizes: offered.filter((each) => each !== deployed).toReversed(),
        vcpu: (instanceClass) => rdsCapacity(instanceClass).vcpu,
        cpu: (model) => {
          const rows = rowsOf(model);
          return (tick) => rows.at(tick, standaloneField.cpu);
        },
      },
    };
  },
};
