import type { Evidence, RuleFacts } from "../../model/rule.ts";
import type { Demand } from "../../sizing/projection.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { busiestCpuPercent, type Members, mostConnections } from "./load.ts";
import { p995, type Reading } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import { quantile } from "../../sizing/quantile.ts";

export interface DatabaseDemand {
  readonly demands: readonly Demand[];
  readonly evidence: readonly Evidence[];
  readonly unknown: readonly string[];
}

const alone = { instancesBefore: 1, instancesAfter: 1, note: "" } as const;

/** CPU by its p99.5, connections by their peak against the default `max_connections` of each class. Memory: working-set.ts. */
export function databaseDemand({ baseline, policy, capacities }: RuleFacts, members: Members, from: string, reading: Reading): DatabaseDemand {
  const cpu = p995({ baseline, policy }, busiestCpuPercent(baseline, members), reading);
  const cpuPercent = quantile(cpu.series.values, cpu.quantile);
  const connections = mostConnections(baseline, members);
  const peak = quantile(connections.values, 1);
  const connectionLimit = (type: string) => capacities.auroraMysqlMaxConnections(type);
  const dimensions = [
    {
      series: cpu.series,
      demand: { dimension: "cpu", statistic: cpu.statistic, current: cpuPercent / 100, capacityOf: (type: string) => capacities.rds(type)?.vcpu, ...alone },
      figure: evidence("CPU of the busiest member", cpuPercent, { series: cpu.series, statistic: cpu.statistic, unit: "Percent" }),
    },
    {
      series: connections,
      demand: {
        dimension: "connections",
        statistic: `peak of ${Math.ceil(peak)} connections`,
        current: peak / (connectionLimit(from) ?? Number.NaN),
        capacityOf: connectionLimit,
        ...alone,
      },
      figure: evidence("connections to one member", peak, { series: connections, statistic: "Maximum", unit: "Connections" }),
    },
  ] as const;
  const judged = dimensions.map((one) => ({ ...one, gap: incompleteness(one.series, policy) }));
  const known = judged.filter(({ gap }) => gap === undefined);
  return {
    demands: known.map(({ demand }) => demand),
    evidence: known.map(({ figure }) => figure),
    unknown: judged.flatMap(({ gap }) => gap ?? []),
  };
}
