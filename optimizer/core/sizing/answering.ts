import { pointAt } from "../model/observation.ts";
import type { Projection, RuleFacts } from "../model/rule.ts";
import { incompleteness } from "./completeness.ts";
import { type FleetSize, sizeThen } from "./fleet-size.ts";
import { grownWithRequests } from "./grown-with-requests.ts";
import { type Answered, answeredBy, leastPerRequest, type Processors, slowdownOf } from "./latency.ts";
import { mapped, type Series } from "./series.ts";

/** How the instances of a group, or the tasks of a service, answer requests. */
export interface Answering {
  readonly answered: Answered;
  readonly vcpuSeconds: number;
  /** vCPUs that all of them together kept busy, by the mean of the hour. */
  readonly busyVcpu: Float64Array;
  /** The same as that has grown two weeks on, where nobody adds machines for it. */
  readonly grownVcpu: Float64Array;
  /** How many there were in each hour. */
  readonly machines: Float64Array;
  /** What that was done on. */
  readonly before: Processors;
}

interface Machines {
  readonly region: string;
  readonly loadBalancers: readonly string[];
  /** Mean of each hour, percent of one of them. */
  readonly cpu: Series;
  /** Of one of them. */
  readonly vcpu: number;
  readonly size: FleetSize;
  /** Whether policies move how many there are: what grows is shared by more of them then. */
  readonly isScaled: boolean;
}

/** Undefined where nothing tells how many requests there are, how long they take, or what is busy with them. */
export function answeringOf(facts: RuleFacts, { region, loadBalancers, cpu, vcpu, size, isScaled }: Machines): Answering | undefined {
  const answered = answeredBy(facts, region, loadBalancers);
  if (answered === undefined || incompleteness(cpu, facts.policy) !== undefined) return undefined;
  const machines = sizeThen(size, cpu);
  const busyVcpu = mapped(cpu.values, (percent, hour) => (percent / 100) * vcpu * pointAt(machines, hour));
  const vcpuSeconds = leastPerRequest(answered, busyVcpu);
  if (!Number.isFinite(vcpuSeconds)) return undefined;
  const grownVcpu = isScaled ? busyVcpu : grownWithRequests(answered, busyVcpu);
  return { answered, vcpuSeconds, busyVcpu, grownVcpu, machines, before: processorsOf(grownVcpu, vcpu, machines) };
}

/** So many machines in each hour, or one number of them at all hours, of so many vCPUs each. */
function processorsOf(busyVcpu: Float64Array, vcpu: number, machines: Float64Array): Processors {
  const load = new Float64Array(busyVcpu.length);
  const isAlways = machines.length === 1;
  for (let hour = 0; hour < load.length; hour++) load[hour] = pointAt(busyVcpu, hour) / (vcpu * pointAt(machines, isAlways ? 0 : hour));
  return { vcpu: Float64Array.of(vcpu), load };
}

/** Said where `answeringOf` finds nothing. */
export const unknownLatency = "how much longer requests take is not projected: no load balancer tells how many there are and how long they take";

/** So many machines in each hour, as they will be two weeks on. */
export interface GrownMachines {
  readonly today: Float64Array;
  readonly afterwards: Float64Array;
}

/**
 * The same with what will be asked for two weeks on, where policies add machines for what grows; undefined where it does not grow. Today's are
 * never fewer than there were, so that none are slow already by what nobody knows of them.
 */
export function grownSlowdownOn(facts: RuleFacts, answering: Answering, vcpu: number, { today, afterwards }: GrownMachines): Projection | undefined {
  const { answered, vcpuSeconds, busyVcpu, machines, before } = answering;
  const grown = grownWithRequests(answered, busyVcpu);
  if (grown === busyVcpu) return undefined;
  const now = mapped(machines, (count, hour) => Math.max(count, pointAt(today, hour)));
  const slowdown = slowdownOf(facts, {
    answered,
    vcpuSeconds,
    share: 1,
    before: processorsOf(grown, pointAt(before.vcpu, 0), now),
    afterwards: processorsOf(grown, vcpu, afterwards),
  });
  return { ...slowdown, method: `${slowdown.method}, with what it will be asked for two weeks on` };
}

/** On so many machines of another size in each hour, or one number of them at all hours: every request comes to one of them. */
export function slowdownOn(facts: RuleFacts, { answered, vcpuSeconds, grownVcpu, before }: Answering, vcpu: number, machines: Float64Array): Projection {
  return slowdownOf(facts, { answered, vcpuSeconds, share: 1, before, afterwards: processorsOf(grownVcpu, vcpu, machines) });
}
