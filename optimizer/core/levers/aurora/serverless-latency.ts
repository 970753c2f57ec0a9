import { pointAt } from "../../model/observation.ts";
import type { Projection, RuleFacts } from "../../model/rule.ts";
import { answeredInRegion, slowdownBy } from "../../sizing/database-latency.ts";
import type { Processors } from "../../sizing/latency.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { mapped } from "../../sizing/series.ts";
import { quantile } from "../../sizing/quantile.ts";
import type { AcuRange, AuroraCluster, AuroraMember } from "./cluster.ts";
import { saidShareOf } from "./said-share.ts";
import type { ServerlessLoad } from "./serverless-load.ts";

/** "About 2 GiB of memory, corresponding CPU" (aurora-serverless-v2.how-it-works.html): a vCPU for each 8 GiB, as memory-optimized classes have. */
const vcpuPerAcu = 0.25;

/** In fewer hours between minimum and maximum than these, nothing is told of when members are given more. */
const tellingHours = 24;
/** The share is the same where nine in ten of those hours came to four fifths of the most. */
const [leastUsual, sameShare] = [0.1, 0.8];
/** A member within this of the minimum or maximum stands at it: averages are not exact. */
const tolerance = 0.02;

/**
 * How much longer requests take at another minimum, by the member that adds most. Nothing where no load balancer tells.
 */
export function slowdownIn(facts: RuleFacts, cluster: AuroraCluster, load: ServerlessLoad, today: AcuRange, to: AcuRange): readonly Projection[] {
  const answered = answeredInRegion(facts, cluster.ref.region);
  if (answered === undefined) return [];
  const full = loadWhenGivenMore(cluster, load, today) ?? 1 - facts.policy.rules.headroom;
  const writer = cluster.members.find(({ role }) => role === "writer");
  const asked = cluster.members.map((member) => {
    const busyVcpu = busyVcpuOf(load, member, today);
    const leading = writer !== undefined && load.followsWriter(member) ? busyVcpuOf(load, writer, today) : busyVcpu;
    const within =
      ({ minAcu, maxAcu }: AcuRange) =>
      (asked: Float64Array): Processors => {
        const most = maxAcu * vcpuPerAcu;
        const vcpu = mapped(asked, (busy, hour) => Math.min(most, Math.max(minAcu * vcpuPerAcu, Math.max(busy, pointAt(leading, hour)) / full)));
        return { vcpu, load: mapped(asked, (busy, hour) => busy / pointAt(vcpu, hour)) };
      };
    const commits = load.commits(member);
    const told = incompleteness(commits, facts.policy) === undefined ? { commits: commits.values } : {};
    return { busyVcpu, ...told, said: saidShareOf(facts.policy, cluster, member), before: within(today), afterwards: within(to) };
  });
  return slowdownBy(facts, answered, asked);
}

/**
 * The share of its processors that a member kept busy between minimum and maximum, where AWS gives it more as its work asks for it: AWS names no
 * figure for that. Where memory or connections made AWS give it more, or the writer did, the share says nothing, and varies: undefined then, and
 * where too few hours tell. The most of several members.
 */
export function loadWhenGivenMore({ members }: AuroraCluster, load: ServerlessLoad, today: AcuRange): number | undefined {
  const told = members.flatMap((member) => {
    const shares = load.followsWriter(member) ? [] : sharesBetween(load, member, today);
    const [usual, most] = [quantile(Float64Array.from(shares), leastUsual), Math.max(...shares)];
    return shares.length >= tellingHours && usual >= most * sameShare ? most : [];
  });
  return told.length === 0 ? undefined : Math.max(...told);
}

function sharesBetween(load: ServerlessLoad, member: AuroraMember, { minAcu, maxAcu }: AcuRange): readonly number[] {
  const stood = load.acu(member).values;
  const busy = busyVcpuOf(load, member, { minAcu, maxAcu });
  return Array.from(stood, (acu, hour) => pointAt(busy, hour) / (acu * vcpuPerAcu)).filter((_, hour) => {
    const acu = pointAt(stood, hour);
    return acu > minAcu * (1 + tolerance) && acu < maxAcu * (1 - tolerance) && !Number.isNaN(pointAt(busy, hour));
  });
}

function busyVcpuOf(load: ServerlessLoad, member: AuroraMember, { maxAcu }: AcuRange): Float64Array {
  return mapped(load.cpu(member).values, (percent) => (percent / 100) * maxAcu * vcpuPerAcu);
}
