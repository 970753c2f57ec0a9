import type { Projection, RuleFacts } from "../../model/rule.ts";
import { answeredInRegion, slowdownBy } from "../../sizing/database-latency.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { oneMachine } from "../../sizing/latency.ts";
import { vcpuOf } from "./demand.ts";
import type { RdsInstance } from "./instance.ts";

/**
 * How much longer requests take once the instance is of another class; nothing where no load balancer tells. While they have credits, burstable
 * classes compute on whole vCPUs.
 */
export function slowdownAt(facts: RuleFacts, instance: RdsInstance, to: string): readonly Projection[] {
  const answered = answeredInRegion(facts, instance.ref.region);
  const [now, then] = [instance.instanceClass, to].map((each) => facts.capacities.rds(each)?.vcpu);
  if (answered === undefined || now === undefined || then === undefined) return [];
  const busyVcpu = vcpuOf(facts, instance)("Average", hourSeconds).values;
  return slowdownBy(facts, answered, [{ busyVcpu, before: (busy) => oneMachine(now, busy), afterwards: (busy) => oneMachine(then, busy) }]);
}
