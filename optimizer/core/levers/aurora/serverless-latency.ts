import { pointAt } from "../../model/observation.ts";
import type { Projection, RuleFacts } from "../../model/rule.ts";
import { answeredInRegion, slowdownBy } from "../../sizing/database-latency.ts";
import type { Processors } from "../../sizing/latency.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { mapped } from "../../sizing/series.ts";
import type { AcuRange, AuroraCluster } from "./cluster.ts";
import type { ServerlessLoad } from "./serverless-load.ts";

/** "About 2 GiB of memory, corresponding CPU" (aurora-serverless-v2.how-it-works.html): a vCPU for each 8 GiB, as memory-optimized classes have. */
const vcpuPerAcu = 0.25;

/**
 * How much longer requests take at another minimum, by the member that adds most; members are taken to be given more from the policy's headroom
 * on. Nothing where no load balancer tells.
 */
export function slowdownIn(facts: RuleFacts, { ref, members }: AuroraCluster, load: ServerlessLoad, today: AcuRange, to: AcuRange): readonly Projection[] {
  const answered = answeredInRegion(facts, ref.region);
  if (answered === undefined) return [];
  const full = 1 - facts.policy.rules.headroom;
  const asked = members.map((member) => {
    const busyVcpu = mapped(load.cpu(member).values, (percent) => (percent / 100) * today.maxAcu * vcpuPerAcu);
    const within =
      ({ minAcu, maxAcu }: AcuRange) =>
      (asked: Float64Array): Processors => {
        const vcpu = mapped(asked, (busy) => Math.min(maxAcu * vcpuPerAcu, Math.max(minAcu * vcpuPerAcu, busy / full)));
        return { vcpu, load: mapped(asked, (busy, hour) => busy / pointAt(vcpu, hour)) };
      };
    const commits = load.commits(member);
    const told = incompleteness(commits, facts.policy) === undefined ? { commits: commits.values } : {};
    return { busyVcpu, ...told, before: within(today), afterwards: within(to) };
  });
  return slowdownBy(facts, answered, asked);
}
