import { combine, mapped, type Series } from "../../sizing/series.ts";
import { mean } from "../../sizing/quantile.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { oncePer } from "../../model/once.ts";
import type { AcuRange, AuroraMember } from "./cluster.ts";
import { acuCapacity, acuUtilization, commits, connections, cpuPercent } from "./load.ts";
import type { ClusterStudy } from "./study.ts";

/** A member that stands this near to the minimum stands at it: averages are not exact. */
const tolerance = 0.01;
/** Readers of these tiers keep at least the writer's capacity, to take over at any time (aurora-serverless-v2.how-it-works.html). */
const lastFollowingTier = 1;

/** What is known of the capacity that the members of a serverless cluster needed. */
export interface ServerlessLoad {
  /** Capacity units that a member needed at most in each hour, see `acuNeed`. */
  readonly need: (member: AuroraMember) => Series;
  /** Capacity units that a member stood at, on average in each hour. */
  readonly acu: (member: AuroraMember) => Series;
  /** Whether a member has at least what the writer has at any time. */
  readonly followsWriter: (member: AuroraMember) => boolean;
  /** CPU in percent of what the maximum gives, on average in each hour. */
  readonly cpu: (member: AuroraMember) => Series;
  readonly connections: (member: AuroraMember) => Series;
  /** Transactions a second, on average in each hour. No verdict needs them. */
  readonly commits: (member: AuroraMember) => Series;
  /** Every series that a verdict needs. */
  readonly series: readonly Series[];
  /** Capacity units that are paid for in an hour, all members together, as it was with today's minimum at least, and as it would be in another range. */
  readonly paidAcus: () => number;
  readonly paidAcusIn: (range: AcuRange) => number;
}

export function serverlessLoad({ facts: { baseline }, cluster }: Pick<ClusterStudy, "facts" | "cluster">, { minAcu }: AcuRange): ServerlessLoad {
  const { ref, members } = cluster;
  const isAtMinimum = (acu: number): boolean => Math.abs(acu - minAcu) <= tolerance;
  const averageOf = oncePer((member: AuroraMember) => acuCapacity(baseline, ref.region, member, "Average"));
  const need = oncePer((member: AuroraMember) => acuNeed(member));
  const cpu = (member: AuroraMember) => cpuPercent(baseline, ref.region)(member)("Average", hourSeconds);
  const held = (member: AuroraMember) => connections(baseline, ref.region, member);

  /**
   * A member that is not at the minimum needed what it stood at: CPU, memory or connections made AWS give it that, or another minimum of then,
   * which nobody knows any more. At the minimum it would stand with less, too, so that nothing but its CPU tells what it needed. CPU is a share of what the cluster's maximum gives, which is the capacity
   * divided by its utilization of that hour
   * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html, "Important Amazon CloudWatch metrics").
   */
  function acuNeed(member: AuroraMember): Series {
    const maximum = combine("maximum capacity", averageOf(member), acuUtilization(baseline, ref.region, member), (acu, percent) => (100 * acu) / percent);
    const busy = combine("CPU", cpuPercent(baseline, ref.region)(member)("Maximum", hourSeconds), maximum, (percent, acu) => (percent / 100) * acu);
    const most = acuCapacity(baseline, ref.region, member, "Maximum");
    return combine("ServerlessDatabaseCapacity Maximum", most, busy, (acu, cpuAcu) => (isAtMinimum(acu) ? cpuAcu : Math.max(acu, cpuAcu)));
  }

  /** What a member alone would be given by the hour; at the minimum the most that its CPU took, since how AWS would share out less is not known. */
  const wanted = oncePer((member: AuroraMember): Series => combine("ACU", averageOf(member), need(member), (acu, needed) => (isAtMinimum(acu) ? needed : acu)));
  const writer = members.find(({ role }) => role === "writer");
  const followsWriter = (member: AuroraMember): boolean => member !== writer && member.promotionTier <= lastFollowingTier;
  const following = (member: AuroraMember): Series =>
    writer === undefined || !followsWriter(member)
      ? wanted(member)
      : combine("ACU", wanted(member), wanted(writer), (own, theWriters) => Math.max(own, theWriters));

  return {
    need,
    acu: averageOf,
    followsWriter,
    cpu,
    connections: held,
    commits: (member) => commits(baseline, ref.region, member),
    series: members.flatMap((member) => [cpu(member), need(member), held(member)]),
    paidAcus: () => members.reduce((sum, member) => sum + mean(mapped(averageOf(member).values, (acu) => Math.max(minAcu, acu))), 0),
    paidAcusIn: (range) =>
      members.reduce((sum, member) => sum + mean(mapped(following(member).values, (acu) => Math.min(range.maxAcu, Math.max(range.minAcu, acu)))), 0),
  };
}
