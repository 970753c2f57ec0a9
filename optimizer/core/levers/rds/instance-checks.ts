import { metrics } from "../../metrics/catalogue.ts";
import { type Action, changesAmong, type OwnCheck } from "../../model/action.ts";
import { certainly } from "../../model/certainly.ts";
import { capacityCheck, databaseCpuCheck, mostCheck } from "../own-checks.ts";
import type { InstanceStudy } from "./study.ts";

/** What a smaller class promised: that CPU, connections, network and storage of this instance stay below what the class sustains. */
export function instanceChecks({ facts: { policy, capacities }, instance: { ref } }: InstanceStudy, { steps }: Action): readonly OwnCheck[] {
  const { region, id } = ref;
  const of = [{ DBInstanceIdentifier: id }];
  const change = changesAmong(steps).find((each) => each.kind === "rds.standalone-class");
  const { instanceClass: type } = certainly(change, "the action changes the instance's class").after;
  const connections = capacities.rdsMysqlMaxConnections(type);
  const host = capacities.rdsHost(type);
  return [
    ...databaseCpuCheck(policy, capacities, type, { name: `CPU of ${id}`, region, of }),
    ...(connections === undefined
      ? []
      : mostCheck(policy, {
          name: `connections to ${id}`,
          region,
          metric: metrics.rdsConnections,
          of,
          statistic: "Maximum",
          unit: "Count",
          whole: connections,
        })),
    ...(host === undefined
      ? []
      : [
          ...capacityCheck(policy, {
            name: `network of ${id}, of the baseline of ${type}`,
            region,
            of,
            metrics: [metrics.rdsBytesIn, metrics.rdsBytesOut],
            perUnit: 8 / (host.networkBaselineGbps * 1e9),
          }),
          ...capacityCheck(policy, {
            name: `storage throughput of ${id}, of the baseline of ${type}`,
            region,
            of,
            metrics: [metrics.rdsReadThroughput, metrics.rdsWriteThroughput],
            perUnit: 8 / (host.ebsBaselineMbps * 1e6),
            summed: true,
          }),
          ...capacityCheck(policy, {
            name: `storage reads and writes of ${id}, of the baseline of ${type}`,
            region,
            of,
            metrics: [metrics.rdsReadIops, metrics.rdsWriteIops],
            perUnit: 1 / host.ebsBaselineIops,
            summed: true,
          }),
        ]),
  ];
}
