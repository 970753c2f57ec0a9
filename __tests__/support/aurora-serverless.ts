import type { AuroraCluster, AuroraMember } from "../../optimizer/core/levers/aurora/cluster.ts";
import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import { aDefinition } from "./aurora-definition.ts";
import type { Signal } from "./courses.ts";
import { aCluster, aMember, memberSees, type World } from "./world.ts";

/** Without Performance Insights, which wants 2 ACU. */
export const plainDefinition = aDefinition({ engine: "aurora-postgresql", instanceClass: "db.serverless", performanceInsights: null });

/** A serverless member: the first one writes, the others follow nobody. */
export function aServerlessMember(n: number, overrides: Partial<AuroraMember> = {}, cluster = "aurora"): AuroraMember {
  const role = n === 1 ? "writer" : "reader";
  return aMember(`${cluster}-${n}`, { role, instanceClass: "db.serverless", promotionTier: n === 1 ? 0 : 2, definition: plainDefinition, ...overrides });
}

/** A writer and a reader between 4 and 16 capacity units. */
export function aServerlessCluster(overrides: Partial<AuroraCluster> & { readonly name?: string } = {}): AuroraCluster {
  const members = [aServerlessMember(1, {}, overrides.name), aServerlessMember(2, {}, overrides.name)];
  return aCluster({ engine: "aurora-postgresql", engineVersion: "17.7", members, serverless: { minAcu: 4, maxAcu: 16 }, ...overrides });
}

export interface AcuLoad {
  /** Capacity units that a member stands at. */
  readonly acu?: number | Signal;
  /** Percent of the maximum. */
  readonly cpu?: number | Signal;
  readonly connections?: number;
  /** Transactions a second; none are told where it is not said. */
  readonly commits?: number | Signal;
  /** The cluster's maximum of then. */
  readonly maxAcu?: number;
}

/** What all members publish, by identifier; what is not said of one is idle at the minimum. */
export function serverlessSees(base: World, { members, serverless }: AuroraCluster, loads: Readonly<Record<string, AcuLoad>> = {}): World {
  const { minAcu = 4, maxAcu = 16 } = serverless ?? {};
  return members.reduce((world, { identifier, role }) => {
    const { acu = minAcu, cpu = 3, connections = 8, commits = Number.NaN, maxAcu: then = maxAcu } = loads[identifier] ?? {};
    const signal: Signal = typeof acu === "number" ? () => acu : acu;
    return memberSees(world, identifier, { cpu, connections })
      .sees(metrics.auroraServerlessCapacity, identifier, signal)
      .sees(metrics.auroraAcuUtilization, identifier, (hour, statistic) => (100 * signal(hour, statistic)) / then)
      .sees(metrics.auroraCommits, identifier, commits)
      .sees(metrics.auroraReplicaLag, identifier, role === "writer" ? Number.NaN : 20);
  }, base);
}
