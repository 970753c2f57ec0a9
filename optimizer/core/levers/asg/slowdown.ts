import type { Ec2Capacity } from "../../../../contract/capacities.ts";
import { once, oncePerName, oncePerValue } from "../../model/once.ts";
import type { Projection, RuleFacts } from "../../model/rule.ts";
import { type Answering, answeringOf, grownSlowdownOn, slowdownOn } from "../../sizing/answering.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import type { FleetSize } from "../../sizing/fleet-size.ts";
import type { AutoScalingGroup } from "./group.ts";
import { cpuPercent } from "./load.ts";
import { scalingOf } from "./replayed-policies.ts";

/** How much longer requests take on other instances of a group. */
export interface GroupSlowdowns {
  /** How much longer requests take on so many instances of a type, at all hours or in each; nothing where nobody tells. */
  readonly slowdown: (type: string, instances: number | Float64Array) => readonly Projection[];
  /** The same two weeks on, of a group whose policies add instances for what grows; nothing where it does not grow. */
  readonly grownSlowdown: (type: string, instances: GrownInstances) => readonly Projection[];
}

/** Instances of each hour as they will be two weeks on; afterwards one number of them at all hours, where no more can be counted on. */
interface GrownInstances {
  readonly today: Float64Array;
  readonly afterwards: number | Float64Array;
}

function answeredByGroup(facts: RuleFacts, group: AutoScalingGroup, { vcpu }: Ec2Capacity, size: FleetSize): Answering | undefined {
  const cpu = cpuPercent(facts.baseline, group)("Average", hourSeconds);
  return answeringOf(facts, {
    region: group.ref.region,
    loadBalancers: group.loadBalancers,
    cpu,
    vcpu,
    size,
    isScaled: scalingOf(group).kind !== "fixed",
  });
}

/** Both readings ask the same, and it is found out once. */
export function slowdownsOf(facts: RuleFacts, group: AutoScalingGroup, capacity: Ec2Capacity, size: FleetSize): GroupSlowdowns {
  const answered = once(() => answeredByGroup(facts, group, capacity, size));
  const [now, grown] = [projecting(facts, answered), projecting(facts, answered)];
  const atAllHours = oncePerValue((instances: number) => Float64Array.of(instances));
  const machinesOf = (instances: number | Float64Array): Float64Array => (typeof instances === "number" ? atAllHours(instances) : instances);
  return {
    slowdown: (type, instances) => {
      const machines = machinesOf(instances);
      return now(machines, type, (answering, vcpu) => slowdownOn(facts, answering, vcpu, machines));
    },
    grownSlowdown: (type, { today, afterwards }) => {
      const machines = machinesOf(afterwards);
      return grown(machines, type, (answering, vcpu) => grownSlowdownOn(facts, answering, vcpu, { today, afterwards: machines }));
    },
  };
}

/** Projects once for each number of instances and type; nothing where nobody tells how requests are answered, or how many vCPUs the type has. */
function projecting(facts: RuleFacts, answered: () => Answering | undefined) {
  const found = oncePerName<readonly Projection[]>();
  return (machines: Float64Array, type: string, project: (answering: Answering, vcpu: number) => Projection | undefined): readonly Projection[] =>
    found(machines, type, () => {
      const [answering, vcpu] = [answered(), facts.capacities.ec2(type)?.vcpu];
      const projected = answering === undefined || vcpu === undefined ? undefined : project(answering, vcpu);
      return projected === undefined ? [] : [projected];
    });
}
