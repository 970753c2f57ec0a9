import { knownSizes } from "../../sizing/sizes-before.ts";
import type { RuleFacts } from "../../model/rule.ts";
import type { Reading } from "../../sizing/estimate.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Studies, Study } from "../lever.ts";
import { once } from "../../model/once.ts";
import { type AuroraCluster, auroraClusterFacts, type AuroraMember } from "./cluster.ts";
import { type ClusterLoad, clusterLoad } from "./cluster-load.ts";
import { type DatabaseDemand, databaseDemand } from "./demand.ts";
import { databaseKeys } from "./load.ts";

/** A cluster under load: what every rule on it starts from. */
export interface ClusterStudy extends Study {
  readonly facts: RuleFacts;
  readonly cluster: AuroraCluster;
  readonly load: ClusterLoad;
  /** What is not available now, in words. */
  readonly unsettled: string | undefined;
  readonly reading: Reading;
  /** The instances whose class can be decided about: the writer, or each member of a secondary cluster. */
  readonly seats: readonly Seat[];
}

/** One instance whose class is looked at, with the load that it must carry. */
export interface Seat {
  /** Set where the cluster has several of them. */
  readonly part: string | undefined;
  /** Undefined where a cluster has no writer. */
  readonly sized: AuroraMember | undefined;
  /**
   * Whose load must fit. After the pass writer and promoted reader are both of the new size, and a failover may give either role to
   * either: so every member's load counts, whichever role it had at the time.
   */
  readonly loaded: readonly AuroraMember[];
  /** Measured against a class. */
  readonly demand: () => DatabaseDemand;
}

export const clusterStudies: Studies<"aurora-cluster", ClusterStudy> = {
  kind: "aurora-cluster",
  otherSizes: ({ members }) => members.flatMap(({ sizesBefore }) => knownSizes(sizesBefore)),
  looksCloser: true,
  series: databaseKeys,
  study: (facts, cluster) => {
    const tenant = tenantReason(auroraClusterFacts.tags(cluster), facts.policy.tenantTags);
    const load = clusterLoad(facts, cluster);
    const seats = seatsOf(facts, cluster, load);
    return (reading) => ({
      facts,
      cluster,
      load,
      reading,
      refusal: tenant === undefined ? undefined : { code: "tenant-resource", detail: tenant },
      unsettled: unsettledPart(cluster),
      seats: seats.map((seat) => seat(reading)),
    });
  },
};

function seatsOf(facts: RuleFacts, cluster: AuroraCluster, load: ClusterLoad): readonly ((reading: Reading) => Seat)[] {
  const seat = (part: string | undefined, sized: AuroraMember | undefined, loaded: readonly AuroraMember[]) => {
    const demand = databaseDemand(facts, cluster, load, loaded, sized?.instanceClass ?? "");
    return (reading: Reading): Seat => ({ part, sized, loaded, demand: once(() => demand(reading)) });
  };
  if (cluster.globalRole === "secondary" && cluster.members.length > 0) return cluster.members.map((member) => seat(member.identifier, member, [member]));
  const writer = cluster.members.find(({ role }) => role === "writer");
  return [seat(undefined, writer, cluster.members)];
}

function unsettledPart({ ref, status, members }: AuroraCluster): string | undefined {
  if (status !== "available") return `the cluster ${ref.id} is ${status}`;
  const member = members.find((one) => one.status !== "available");
  return member === undefined ? undefined : `${member.identifier} is ${member.status}`;
}
