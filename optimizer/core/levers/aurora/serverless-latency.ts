import type { Projection, RuleFacts } from "../../model/rule.ts";
import { answeredBy, type Processors, slowdownOf, vcpuSecondsPerFurtherRequest, vcpuSecondsPerRequest } from "../../sizing/latency.ts";
import { mapped, pointAt } from "../../sizing/series.ts";
import type { AcuRange, AuroraCluster } from "./cluster.ts";
import type { ServerlessLoad } from "./serverless-load.ts";

/** "About 2 GiB of memory, corresponding CPU" (aurora-serverless-v2.how-it-works.html): a vCPU for each 8 GiB, as memory-optimized classes have. */
const vcpuPerAcu = 0.25;
/**
 * No metric tells how many of the requests a member is asked by. The fewer, the longer each computes there. Where all that a member does is taken
 * to be theirs, a third of them is; where what it does for itself is left out, a tenth.
 */
const askingShare = { ofAll: 1 / 3, ofFurther: 1 / 10 } as const;

/**
 * How much longer requests take at another minimum, by the member that adds most. The busy vCPUs of each are shared out over the requests of the
 * region's load balancers, once as a whole and once without what the member does for itself, and the lower of both counts, since each is more than
 * a member is likely to add; members are taken to be given more from the policy's headroom on. Nothing where no load balancer tells.
 */
export function slowdownIn(facts: RuleFacts, { ref, members }: AuroraCluster, load: ServerlessLoad, today: AcuRange, to: AcuRange): readonly Projection[] {
  const balancers = facts.inventory.resources.flatMap((each) => (each.kind === "load-balancer" && each.ref.region === ref.region ? [each.fullName] : []));
  const answered = answeredBy(facts, ref.region, balancers);
  if (answered === undefined) return [];
  const full = 1 - facts.policy.rules.headroom;
  const slowdowns = members.flatMap((member) => {
    const busyVcpu = mapped(load.cpu(member).values, (percent) => (percent / 100) * today.maxAcu * vcpuPerAcu);
    const asked = [
      { vcpuSeconds: vcpuSecondsPerRequest(answered, busyVcpu), share: askingShare.ofAll },
      { vcpuSeconds: vcpuSecondsPerFurtherRequest(answered, busyVcpu), share: askingShare.ofFurther },
    ];
    const within =
      ({ minAcu, maxAcu }: AcuRange) =>
      (hour: number): Processors => {
        const busy = pointAt(busyVcpu, hour);
        const vcpu = Math.min(maxAcu * vcpuPerAcu, Math.max(minAcu * vcpuPerAcu, busy / full));
        return { vcpu, load: busy / vcpu };
      };
    return asked
      .filter(({ vcpuSeconds }) => !Number.isNaN(vcpuSeconds))
      .map(({ vcpuSeconds, share }) => slowdownOf(facts, { answered, vcpuSeconds: vcpuSeconds / share, share, before: within(today), afterwards: within(to) }))
      .toSorted((a, b) => a.projected - b.projected)
      .slice(0, 1);
  });
  return slowdowns.toSorted((a, b) => b.projected - a.projected).slice(0, 1);
}
