import { oncePerNameInStudy } from "../../model/study-memory.ts";
import type { Projection } from "../../model/rule.ts";
import { answeredInRegion, type AskedInstance, slowdownBy } from "../../sizing/database-latency.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { oneMachine } from "../../sizing/latency.ts";
import type { Series } from "../../sizing/series.ts";
import type { AuroraMember } from "./cluster.ts";
import type { ClusterLoad } from "./cluster-load.ts";
import { saidShareOf } from "./said-share.ts";
import { carriedWithout, namesOf, type Without } from "./removed-member.ts";

/** Both readings ask the same of a cluster's load, and find it out once. */
const inBothReadings = oncePerNameInStudy<readonly Projection[]>();

/** How much longer requests take once these members are of another class; nothing where no load balancer tells. */
export function slowdownAt(load: ClusterLoad, resized: readonly AuroraMember[], to: string): readonly Projection[] {
  return inBothReadings(load, `${resized.map(({ identifier }) => identifier).join(", ")} → ${to}`, () =>
    slowdownOf(load, resized, { classOf: () => to, carriedBy: (member) => busyVcpu(load, member) }),
  );
}

/** The same once a reader is gone, and those that stay do its work on the classes that they have by then. */
export function slowdownWithout(load: ClusterLoad, without: Without): readonly Projection[] {
  const { removed, remaining, classOf } = without;
  const shareOf = (member: AuroraMember): Series => load.vcpu(member)("Average", hourSeconds);
  const carriedBy = (carrier: AuroraMember): Float64Array =>
    carriedWithout("CPUUtilization Average", load.cluster, load.writers(), shareOf, { removed, carrier, isOneMoreLost: false }).values;
  return inBothReadings(load, `without ${namesOf(without)}`, () => slowdownOf(load, remaining, { classOf, carriedBy }));
}

/** What members are afterwards, and the vCPUs that they keep busy then in each hour. */
interface Afterwards {
  readonly classOf: (member: AuroraMember) => string;
  readonly carriedBy: (member: AuroraMember) => Float64Array;
}

/** While they have credits, burstable classes compute on whole vCPUs. */
function slowdownOf(load: ClusterLoad, members: readonly AuroraMember[], { classOf, carriedBy }: Afterwards): readonly Projection[] {
  const { facts, cluster } = load;
  const answered = answeredInRegion(facts, cluster.ref.region);
  if (answered === undefined) return [];
  const asked = members.flatMap((member): readonly AskedInstance[] => {
    const [now, then] = [member.instanceClass, classOf(member)].map((each) => facts.capacities.rds(each)?.vcpu);
    if (now === undefined || then === undefined) return [];
    const on = (vcpu: number) => (busy: Float64Array) => oneMachine(vcpu, busy);
    const said = saidShareOf(facts.policy, cluster, member);
    return [{ busyVcpu: busyVcpu(load, member), carriedVcpu: carriedBy(member), said, before: on(now), afterwards: on(then) }];
  });
  return slowdownBy(facts, answered, asked);
}

/** By the mean of each hour. */
function busyVcpu({ vcpu }: ClusterLoad, member: AuroraMember): Float64Array {
  return vcpu(member)("Average", hourSeconds).values;
}
