import { fargateCpus, fargateMemories, type TaskSize } from "../../../contract/fargate-sizes.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import type { LoadModel } from "../../../simulation/load/load-model.ts";
import { ecsServices } from "../../../simulation/services/ecs/container-service.ts";
import { serviceField, serviceLoad } from "../../../simulation/services/ecs/load.ts";
import { families, revisionOf } from "../../../simulation/services/ecs/task-definition.ts";
import { highestIn, quantileOf } from "../hours.ts";
import { between, numberOf, type TriedLever } from "../lever.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";

interface ServiceSize extends TaskSize {
  readonly tasks: number;
}

const { ecsService } = defaultPolicy.rules;
const [cpuPerVcpu, mibPerGib] = [1024, 1024];

/** Tasks and the size of each, jointly. */
export const containerService: TriedLever<ServiceSize> = {
  rules: ["ecs.service"],
  open({ state }) {
    const [service] = state.of(ecsServices).in(region);
    if (service === undefined) return undefined;
    const was = service.state.final();
    const { definition } = was.primary;
    const revision = revisionOf({ state, region, nowMs: state.nowMs }, definition);
    const family = revision === undefined ? undefined : state.of(families).get(region, revision.family);
    if (revision === undefined || family === undefined) throw new Error(`${definition} is not there`);
    const [first] = family.revisions;
    if (first === undefined) throw new Error(`${revision.family} has no revision`);
    const deployed: ServiceSize = { tasks: was.desiredCount, ...revision.size };
    const sizes = fargateCpus
      .filter((cpu) => cpu <= deployed.cpu && cpu >= Math.min(deployed.cpu, ecsService.targetCpu))
      .flatMap((cpu) => fargateMemories(cpu).map((memoryMib) => ({ cpu, memoryMib })))
      .filter(({ memoryMib }) => memoryMib <= deployed.memoryMib && memoryMib >= Math.min(deployed.memoryMib, ecsService.targetMemoryMib));
    const counts = between(Math.min(deployed.tasks, ecsService.targetTasks), deployed.tasks);
    const zones = new Set(service.subnetIds).size;
    const rowsOf = (model: LoadModel) => {
      const rows = serviceLoad(model, service);
      if (rows === null) throw new Error(`${service.name} has no load`);
      return rows;
    };
    const busiest = (model: LoadModel) => {
      const rows = rowsOf(model);
      return (tick: number): number => Math.max(rows.at(tick, serviceField.cpu), rows.at(tick, serviceField.memory));
    };
    return {
      service: "ecs",
      deployed,
      candidates: sizes.flatMap((size) => counts.map((tasks) => ({ tasks, ...size }))),
      losses: zones > 1 ? ["zone"] : [],
      keepsLatency: true,
      samples: 5,
      put({ tasks, cpu, memoryMib }, lost) {
        family.revisions[0] = { ...first, registered: { ...first.registered, cpu: String(cpu), memory: String(memoryMib) } };
        const left = lost === "zone" ? tasks - Math.ceil(tasks / zones) : tasks;
        service.state.set(state.bornMs, { ...was, desiredCount: left, running: { [definition]: left } });
      },
      usage: busiest,
      isAsked(model, hours) {
        const rows = rowsOf(model);
        const p95 = (field: number): number =>
          quantileOf(
            hours.map((hour) => highestIn(hour, (tick) => rows.at(tick, field))),
            0.95,
          );
        return p95(serviceField.cpu) < ecsService.maxP95CpuShare && p95(serviceField.memory) < ecsService.maxP95MemoryShare;
      },
      monthlyUsd({ tasks, cpu, memoryMib }) {
        const price = prices.fargate(region, revision.isArm ? "arm64" : "x86_64");
        const hourly = price === null ? null : (cpu / cpuPerVcpu) * price.vcpuHour + (memoryMib / mibPerGib) * price.gbHour;
        return priced(hourly, "a task on Fargate") * tasks * monthHours;
      },
      after: (changes) => ({
        tasks: numberOf(changes, "desiredCount") ?? deployed.tasks,
        cpu: numberOf(changes, "cpu") ?? deployed.cpu,
        memoryMib: numberOf(changes, "memoryMib") ?? deployed.memoryMib,
      }),
      text: ({ tasks, cpu, memoryMib }) => `${tasks} × ${cpu} CPU, ${memoryMib} MiB`,
      processors: {
        sizes: sizes
          .filter(({ cpu }) => cpu < deployed.cpu)
          .toReversed()
          .map((size) => ({ tasks: deployed.tasks, ...size })),
        vcpu: ({ tasks, cpu }) => (tasks * cpu) / cpuPerVcpu,
        cpu: (model) => {
          const rows = rowsOf(model);
          return (tick) => rows.at(tick, serviceField.cpu);
        },
      },
    };
  },
};
