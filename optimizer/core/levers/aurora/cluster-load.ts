import { certainly } from "../../model/certainly.ts";
import { once, oncePer } from "../../model/once.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { type Quantity, remembered } from "../../sizing/estimate.ts";
import { scale, type Series } from "../../sizing/series.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { connections, cpuPercent } from "./load.ts";
import { type WriterByHour, writerByHour } from "./lost-member.ts";
import { sinceTodaysClass } from "./todays-class.ts";

/** What is looked at of a cluster's members again and again, by both rules, whoever is lost and however it is read: made once each. */
export interface ClusterLoad {
  readonly facts: RuleFacts;
  readonly cluster: AuroraCluster;
  /** Without what was measured of a larger class than the member has today. */
  readonly counted: (member: AuroraMember) => (series: Series) => Series;
  /** CPU of each member in vCPUs of its own class. */
  readonly vcpu: (member: AuroraMember) => Quantity;
  readonly connections: (member: AuroraMember) => Series;
  readonly writers: () => WriterByHour;
}

export function clusterLoad(facts: RuleFacts, cluster: AuroraCluster): ClusterLoad {
  const { region } = cluster.ref;
  const percentOf = cpuPercent(facts.baseline, region);
  const counted = oncePer((member: AuroraMember) => sinceTodaysClass(facts, cluster, member));
  const quantityOf = (member: AuroraMember): Quantity => {
    const { vcpu } = certainly(facts.capacities.rds(member.instanceClass), "processors are counted of members alone whose class is known");
    return remembered((statistic, periodSeconds) => scale(counted(member)(percentOf(member)(statistic, periodSeconds)), vcpu / 100));
  };
  return {
    facts,
    cluster,
    counted,
    vcpu: oncePer(quantityOf),
    connections: oncePer((member) => connections(facts.baseline, region, member)),
    writers: once(() => writerByHour(facts.baseline, cluster)),
  };
}
