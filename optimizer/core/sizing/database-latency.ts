import { oncePer, oncePerValue } from "../model/once.ts";
import type { Projection, RuleFacts } from "../model/rule.ts";
import { type Answered, answeredBy, type Processors, slowdownOf, vcpuSecondsPerFurtherRequest, vcpuSecondsPerRequest } from "./latency.ts";

/**
 * No metric tells how many of the requests a database's instance is asked by. The fewer, the longer each computes there. Where all that an
 * instance does is taken to be theirs, a sixth of them is; where what it does for itself is left out, a tenth.
 */
const askingShare = { ofAll: 1 / 6, ofFurther: 1 / 10 } as const;

/** An instance that requests wait for: vCPUs that it kept busy in each hour, and the processors that this is done on. */
export interface AskedInstance {
  readonly busyVcpu: Float64Array;
  readonly before: Processors;
  readonly afterwards: Processors;
}

/** Requests of all load balancers of a region; undefined where there are none, or where they do not tell. */
export function answeredInRegion(facts: RuleFacts, region: string): Answered | undefined {
  return answeredBy(facts, region, balancersIn(facts.inventory)(region));
}

const balancersIn = oncePer(({ resources }: RuleFacts["inventory"]) =>
  oncePerValue((region: string) => resources.flatMap((each) => (each.kind === "load-balancer" && each.ref.region === region ? [each.fullName] : []))),
);

/**
 * How much longer requests take, by the instance that adds most. The busy vCPUs of each are shared out over the requests of the region's load
 * balancers, once as a whole and once without what the instance does for itself, and the lower of both counts, since each is more than an
 * instance is likely to add.
 */
export function slowdownBy(facts: RuleFacts, answered: Answered, instances: readonly AskedInstance[]): readonly Projection[] {
  const slowdowns = instances.flatMap(({ busyVcpu, before, afterwards }) =>
    [
      { vcpuSeconds: vcpuSecondsPerRequest(answered, busyVcpu), share: askingShare.ofAll },
      { vcpuSeconds: vcpuSecondsPerFurtherRequest(answered, busyVcpu), share: askingShare.ofFurther },
    ]
      .filter(({ vcpuSeconds }) => !Number.isNaN(vcpuSeconds))
      .map(({ vcpuSeconds, share }) => slowdownOf(facts, { answered, vcpuSeconds: vcpuSeconds / share, share, before, afterwards }))
      .toSorted((a, b) => a.projected - b.projected)
      .slice(0, 1),
  );
  return slowdowns.toSorted((a, b) => b.projected - a.projected).slice(0, 1);
}
