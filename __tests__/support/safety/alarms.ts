import { capacities } from "../../../contract/capacities.ts";
import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { referencesIn } from "./dependencies.ts";
import { metricsOfAlarm, metricsOfDashboards, type ReadMetric } from "./metrics.ts";
import published from "./published-metrics.json" with { type: "json" };
import { at, refersTo, type SafetyRule, textOf } from "./requirements.ts";

/** Dimension sets by metric, each as names in order. */
const metrics: Readonly<Record<string, { readonly metrics: Readonly<Record<string, readonly string[]>> }>> = published;

/** Every alarm and chart reads what AWS publishes, and every alarm can fire and be quiet on what the stack is made with. */
export const alarms: SafetyRule = ({ document }) => [
  ...resources(document, "aws_cloudwatch_metric_alarm").flatMap((alarm) =>
    metricsOfAlarm(alarm).flatMap((metric) => [
      ...unpublished(metric).map((fault) => `${alarm.address}: ${fault}`),
      ...indexOfNone(document, metric).map((fault) => `${alarm.address}: ${fault}`),
      ...misfit(document, alarm, metric).map((fault) => `${alarm.address}: ${fault}`),
    ]),
  ),
  ...metricsOfDashboards(document).flatMap(({ address, metric }) => unpublished(metric).map((fault) => `${address}: ${fault}`)),
];

function unpublished({ namespace, name, dimensions, openEnded }: ReadMetric): readonly string[] {
  const sets = metrics[namespace]?.metrics[name];
  if (sets === undefined) return [`published-metrics.json has no ${namespace} ${name}`];
  const names = Object.keys(dimensions).sort();
  const isPublished = sets.some((set) => (openEnded ? names.every((one) => set.split(" ").includes(one)) : set === names.join(" ")));
  return [
    ...(isPublished ? [] : [`${namespace} has no ${name} by ${names.join(", ")}`]),
    // The end of the ARN, and not the name: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    ...["LoadBalancer", "TargetGroup"]
      .filter((one) => dimensions[one] !== undefined && !(dimensions[one] ?? "").endsWith(".arn_suffix}"))
      .map((one) => `${namespace} knows no ${one} as ${dimensions[one] ?? ""}`),
  ];
}

/** A replica's indexes are its owner's, in another stack. */
function indexOfNone(document: StackDocument, { dimensions }: ReadMetric): readonly string[] {
  if (dimensions["GlobalSecondaryIndexName"] === undefined) return [];
  const [table] = resources(document, "aws_dynamodb_table").filter(({ address }) => refersTo(dimensions["TableName"], address));
  const isReplica = table === undefined && resources(document, "aws_dynamodb_table_replica").length > 0;
  const indexes: readonly unknown[] = [table?.values["global_secondary_index"] ?? []].flat();
  return isReplica || indexes.length > 0 ? [] : [`watches an index of ${dimensions["TableName"] ?? ""}, which has none`];
}

/** Shares of what a class takes, within which an alarm says something. */
const fits = { DatabaseConnections: [0.5, 0.9], FreeableMemory: [0.02, 0.2] } as const;

function misfit(document: StackDocument, { values }: Resource, { name, dimensions }: ReadMetric): readonly string[] {
  if (name !== "DatabaseConnections" && name !== "FreeableMemory") return [];
  const share = Number(values["threshold"]) / most(document, dimensions, name);
  const [least, greatest] = fits[name];
  const ignored: readonly unknown[] = [at(values, "lifecycle.ignore_changes") ?? []].flat();
  return [
    ...(share >= least && share <= greatest ? [] : [`${name}: ${textOf(values["threshold"])} is ${share.toFixed(2)} of what the class takes`]),
    // A size changes no alarm: docs/decisions/0003.
    ...(ignored.includes("threshold") ? [] : [`${name}: the threshold would change with the class`]),
  ];
}

/** What the smallest instance takes that the metric is of. */
function most(document: StackDocument, dimensions: ReadMetric["dimensions"], name: keyof typeof fits): number {
  const [address = ""] = referencesIn([dimensions["DBClusterIdentifier"], dimensions["DBInstanceIdentifier"]]);
  const instance = resources(document, "aws_db_instance").find((one) => one.address === address);
  if (instance !== undefined) return rdsMost(textOf(instance.values["instance_class"]), name);
  const cluster = resources(document, "aws_rds_cluster").find((one) => one.address === address);
  const maxAcu = at(cluster?.values, "serverlessv2_scaling_configuration.max_capacity");
  if (typeof maxAcu === "number") return serverlessMost(maxAcu, Number(at(cluster?.values, "serverlessv2_scaling_configuration.min_capacity")), name);
  const members = resources(document, "aws_rds_cluster_instance").filter(({ values }) => refersTo(values["cluster_identifier"], address));
  return Math.min(...members.map(({ values }) => auroraMost(textOf(values["instance_class"]), name)));
}

const gib = 1024 ** 3;

function auroraMost(instanceClass: string, name: keyof typeof fits): number {
  return name === "FreeableMemory" ? (capacities.rds(instanceClass)?.memoryGib ?? NaN) * gib : (capacities.auroraMysqlMaxConnections(instanceClass) ?? NaN);
}

/** Figures that AWS gives for classes with so many GiB. https://repost.aws/knowledge-center/rds-mysql-max-connections */
const mysqlConnections: Readonly<Record<number, number>> = { 1: 66, 2: 150, 4: 312, 8: 648, 16: 1304 };

function rdsMost(instanceClass: string, name: keyof typeof fits): number {
  const memoryGib = capacities.rds(instanceClass)?.memoryGib ?? NaN;
  return name === "FreeableMemory" ? memoryGib * gib : (mysqlConnections[memoryGib] ?? NaN);
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html */
const serverlessConnections: Readonly<Record<number, number>> = { 1: 189, 2: 400, 4: 823, 8: 1669, 16: 3360, 32: 5000 };

function serverlessMost(maxAcu: number, minAcu: number, name: keyof typeof fits): number {
  if (name === "FreeableMemory") return maxAcu * 2 * gib;
  return Math.min(serverlessConnections[maxAcu] ?? NaN, minAcu <= 0.5 ? 2000 : Infinity);
}
