import { oncePer, oncePerValue } from "../model/once.ts";
import type { Projection, RuleFacts } from "../model/rule.ts";
import { asGrown } from "./growth.ts";
import { type Answered, answeredBy, perFurtherRequest, perRequest, type Processors, slowdownOf, tail } from "./latency.ts";

/**
 * No metric tells how many of the requests a database's instance is asked by. The fewer, the longer each computes there. Where all that an
 * instance does is taken to be theirs, a sixth of them is; where what it does for itself is left out, a tenth.
 */
const askingShare = { ofAll: 1 / 6, ofFurther: 1 / 10 } as const;

/** An instance that requests wait for, and the processors that what it does is done on. */
export interface AskedInstance {
  /** vCPUs that it kept busy in each hour. */
  readonly busyVcpu: Float64Array;
  /** Those that it will keep busy once others have gone, where any go. */
  readonly carriedVcpu?: Float64Array;
  /** Transactions that it committed in a second of each hour; absent where that is not known. */
  readonly commits?: Float64Array;
  readonly before: (busyVcpu: Float64Array) => Processors;
  readonly afterwards: (busyVcpu: Float64Array) => Processors;
}

/** Requests of all load balancers of a region; undefined where there are none, or where they do not tell. */
export function answeredInRegion(facts: RuleFacts, region: string): Answered | undefined {
  return answeredBy(facts, region, balancersIn(facts.inventory)(region));
}

const balancersIn = oncePer(({ resources }: RuleFacts["inventory"]) =>
  oncePerValue((region: string) => resources.flatMap((each) => (each.kind === "load-balancer" && each.ref.region === region ? [each.fullName] : []))),
);

/**
 * How much longer requests take, by the instance that adds most, today or as its load will have grown in two weeks: what grows may be slow by then
 * where nothing is changed, and less be added. The busy vCPUs of each are shared out over the requests of the region's load
 * balancers, once as a whole and once without what the instance does for itself, and the lower of both counts, since each is more than an
 * instance is likely to add.
 */
export function slowdownBy(facts: RuleFacts, answered: Answered, instances: readonly AskedInstance[]): readonly Projection[] {
  const slowdowns = instances.flatMap(({ busyVcpu, carriedVcpu = busyVcpu, commits, before, afterwards }) => {
    const shares = askingShares(commits === undefined ? Number.NaN : leastPerRequest(answered, commits));
    const asked = [
      { vcpuSeconds: perRequest(answered, busyVcpu), share: shares.ofAll },
      { vcpuSeconds: perFurtherRequest(answered, busyVcpu), share: shares.ofFurther },
    ].filter(({ vcpuSeconds }) => !Number.isNaN(vcpuSeconds));
    const [grown, carriedGrown] = [asGrown(busyVcpu), asGrown(carriedVcpu)];
    const moments = [
      { busy: busyVcpu, carried: carriedVcpu },
      ...(grown === busyVcpu && carriedGrown === carriedVcpu ? [] : [{ busy: grown, carried: carriedGrown }]),
    ];
    return moments.flatMap(({ busy, carried }) =>
      asked
        .map(({ vcpuSeconds, share }) =>
          slowdownOf(facts, { answered, vcpuSeconds: vcpuSeconds / share, share, before: before(busy), afterwards: afterwards(carried) }),
        )
        .toSorted((a, b) => a.projected - b.projected)
        .slice(0, 1),
    );
  });
  return slowdowns.toSorted((a, b) => b.projected - a.projected).slice(0, 1);
}

/**
 * What share of the requests is taken to ask an instance that commits so many transactions for each request. Who asks commits at least once, so
 * that no more ask than commits come: a share above that is refuted. From below commits bound nothing, since one request may commit many times.
 * Fewer than a hundredth are no measure: a p99 leaves out so many requests, and AWS does not say whether a transaction that only reads is counted.
 */
export function askingShares(commitsPerRequest: number): { readonly ofAll: number; readonly ofFurther: number } {
  if (!(commitsPerRequest >= tail)) return askingShare;
  return { ofAll: Math.min(askingShare.ofAll, commitsPerRequest), ofFurther: Math.min(askingShare.ofFurther, commitsPerRequest) };
}

/** The lower of both ways to tell, since what is committed beside requests makes each more. */
function leastPerRequest(answered: Answered, perSecond: Float64Array): number {
  const [ofAll, ofFurther] = [perRequest(answered, perSecond), perFurtherRequest(answered, perSecond)];
  return Number.isNaN(ofFurther) ? ofAll : Math.min(ofAll, ofFurther);
}
