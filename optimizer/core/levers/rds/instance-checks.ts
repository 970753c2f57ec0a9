import { metrics } from "../../metrics/catalogue.ts";
import type { Action, OwnCheck } from "../../model/action.ts";
import { capacityCheck, databaseCpuCheck, mostCheck, utilizationCheck } from "../own-checks.ts";
import type { InstanceStudy } from "./study.ts";

/** What a smaller class promised: that CPU, connections, network and storage of this instance stay below what the class sustains. */
export function instanceChecks({ facts: { policy, capacities }, instance: { ref } }: InstanceStudy, { steps }: Action): readonly OwnCheck[] {
  const { region, id } = ref;
  const of = [{ DBInstanceIdentifier: id }];
  const [type] = steps.flatMap((step) => (step.kind === "change" && step.change.kind === "rds.standalone-class" ? [step.change.after.instanceClass] : []));
  if (type === undefined) return utilizationCheck(policy, { name: `CPU of ${id}`, region, metric: metrics.rdsCpu, of });
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
