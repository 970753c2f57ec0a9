import { oncePer, oncePerValue } from "../model/once.ts";
import type { Projection, RuleFacts } from "../model/rule.ts";
import { grownWithRequests } from "./grown-with-requests.ts";
import { type Answered, answeredBy, leastPerRequest, perFurtherRequest, perRequest, type Processors, slowdownBeyond, tail } from "./latency.ts";
import { figure } from "./projection.ts";

/**
 * No metric tells how many of the requests a database's instance is asked by. Where the policy does not say it, and all that an instance does is
 * taken to be theirs, a sixth of them is at least; where what it does for itself is left out, a tenth.
 */
const assumedShare = { ofAll: 1 / 6, ofFurther: 1 / 10 } as const;

/** An instance that requests wait for, and the processors that what it does is done on. */
export interface AskedInstance {
  /** vCPUs that it kept busy in each hour. */
  readonly busyVcpu: Float64Array;
  /** Those that it will keep busy once others have gone, where any go. */
  readonly carriedVcpu?: Float64Array;
  /** Transactions that it committed in a second of each hour; absent where that is not known. */
  readonly commits?: Float64Array;
  /** What the policy says of it; `null` where it says nothing, absent where it has no word for such an instance. */
  readonly said?: SaidShare | null;
  readonly before: (busyVcpu: Float64Array) => Processors;
  readonly afterwards: (busyVcpu: Float64Array) => Processors;
}

/** Which share of the requests asks an instance, as somebody who knows has said. */
export interface SaidShare {
  readonly own: number;
  /** With those that ask another of its role instead: the same is done to them. */
  readonly ofRole: number;
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
  return instances.reduce<readonly Projection[]>((worst, instance) => slowerBy(facts, answered, instance, worst), []);
}

/** What an instance adds, or, where that is no less, what another one does: the worst so far, if any. */
function slowerBy(
  facts: RuleFacts,
  answered: Answered,
  { busyVcpu, carriedVcpu = busyVcpu, commits, said, before, afterwards }: AskedInstance,
  worst: readonly Projection[],
): readonly Projection[] {
  const shares = askingShares(commits === undefined ? Number.NaN : leastPerRequest(answered, commits), said === null ? null : said?.own);
  const alike = said === undefined || said === null ? 1 : said.ofRole / said.own;
  const asked = [
    { vcpuSeconds: perRequest(answered, busyVcpu), shares: shares.ofAll },
    { vcpuSeconds: perFurtherRequest(answered, busyVcpu), shares: shares.ofFurther },
  ].filter(({ vcpuSeconds }) => !Number.isNaN(vcpuSeconds));
  if (asked.length === 0) return worst;
  const [grown, carriedGrown] = [grownWithRequests(answered, busyVcpu), grownWithRequests(answered, carriedVcpu)];
  const moments = [
    { busy: busyVcpu, carried: carriedVcpu },
    ...(grown === busyVcpu && carriedGrown === carriedVcpu ? [] : [{ busy: grown, carried: carriedGrown }]),
  ];
  return moments.reduce((most, { busy, carried }) => {
    const processors = { before: before(busy), afterwards: afterwards(carried) };
    const byEither = asked.flatMap(({ vcpuSeconds, shares: possible }) =>
      possible.reduce((known, { share, how }) => {
        const slowdown = {
          answered,
          vcpuSeconds: vcpuSeconds / share,
          share: Math.min(1, share * alike),
          askedBy: `, asked by ${figure(share * 100)} % of the requests (${how})`,
          ...processors,
        };
        const more = slowdownBeyond(facts, slowdown, known[0]?.projected ?? Number.NEGATIVE_INFINITY);
        return more === undefined ? known : [more];
      }, most),
    );
    return byEither.toSorted((a, b) => a.projected - b.projected).slice(0, 1);
  }, worst);
}

/** Which share of the requests asks an instance, and in a few words how that is known. */
export interface AskingShare {
  readonly share: number;
  readonly how: string;
}

/**
 * Which shares of the requests may ask an instance that commits so many transactions for each request: the one that somebody said, or those from
 * the fewest that are assumed up to all. The fewer ask, the longer each computes; but the more ask, the more of them are among the hundredth that
 * waits longest, and where few wait at all that is what adds most. Who asks commits at least once, so that no more ask than commits come: a share
 * above that is refuted, also one that somebody said. From below commits bound nothing, since one request may commit many times. Fewer than a
 * hundredth are no measure: a p99 leaves out so many requests, and AWS does not say whether a transaction that only reads is counted.
 */
export function askingShares(commitsPerRequest: number, saidShare?: number | null): Readonly<Record<"ofAll" | "ofFurther", readonly AskingShare[]>> {
  const bound = commitsPerRequest >= tail ? commitsPerRequest : Number.POSITIVE_INFINITY;
  const how = saidShare === undefined ? "assumed" : saidShare === null ? "assumed; rules.askingShares may say it" : "as the policy says";
  const heldToCommits = (share: number): AskingShare => (bound < share ? { share: bound, how: "no more commit" } : { share, how });
  const from = (fewest: number): readonly AskingShare[] => {
    const shares = [heldToCommits(fewest)];
    // By doubling what adds most is missed by less than a twentieth.
    for (let share = fewest * 2; share / 2 < Math.min(1, bound); share *= 2) shares.push(heldToCommits(Math.min(1, share)));
    return shares;
  };
  if (saidShare === undefined || saidShare === null) return { ofAll: from(assumedShare.ofAll), ofFurther: from(assumedShare.ofFurther) };
  const said = [heldToCommits(saidShare)];
  return { ofAll: said, ofFurther: said };
}
