import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import type { Projection, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { type FleetSize, sizeThen } from "../../sizing/fleet-size.ts";
import { type Answered, answeredBy, slowdownOf, vcpuSecondsPerRequest } from "../../sizing/latency.ts";
import { mapped, pointAt } from "../../sizing/series.ts";
import type { ContainerService } from "./container-service.ts";
import { cpuPercent } from "./load.ts";

const cpuUnits = 1024;

/** How a service's tasks answer requests. */
export interface Answering {
  readonly answered: Answered;
  readonly vcpuSeconds: number;
  /** vCPUs that all tasks together kept busy, by the mean of the hour. */
  readonly busyVcpu: Float64Array;
  readonly tasks: Float64Array;
}

/** Undefined where nothing tells how many requests there are, how long they take, or what is busy with them. */
export function answeringOf(facts: RuleFacts, service: ContainerService, size: FleetSize): Answering | undefined {
  const answered = answeredBy(facts, service.ref.region, service.loadBalancers);
  const cpu = cpuPercent(facts.baseline, service)("Average", hourSeconds);
  if (answered === undefined || incompleteness(cpu, facts.policy) !== undefined) return undefined;
  const tasks = sizeThen(size, cpu);
  const busyVcpu = mapped(cpu.values, (percent, hour) => (percent / 100) * (service.task.size.cpu / cpuUnits) * pointAt(tasks, hour));
  const vcpuSeconds = vcpuSecondsPerRequest(answered, busyVcpu);
  return Number.isFinite(vcpuSeconds) ? { answered, vcpuSeconds, busyVcpu, tasks } : undefined;
}

/** Of so many tasks of another size: every request comes to one of them. */
export function slowdownOn(
  facts: RuleFacts,
  { answered, vcpuSeconds, busyVcpu, tasks: then }: Answering,
  now: TaskSize,
  to: TaskSize,
  tasks: number,
): Projection {
  const on = ({ cpu }: TaskSize, count: number, hour: number) => ({ vcpu: cpu / cpuUnits, load: pointAt(busyVcpu, hour) / ((cpu / cpuUnits) * count) });
  return slowdownOf(facts, {
    answered,
    vcpuSeconds,
    share: 1,
    before: (hour) => on(now, pointAt(then, hour), hour),
    afterwards: (hour) => on(to, tasks, hour),
  });
}
