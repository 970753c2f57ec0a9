import { hoursPerMonth } from "../../optimizer/core/money/monthly.ts";
import { createPriceBook } from "../../optimizer/adapters/prices/list-prices.ts";
import standing from "../../optimizer/prices/aws-standing-charges.json" with { type: "json" };
import { capacities } from "../../contract/capacities.ts";
import { mysqlSupportEnds } from "../../stacks/settings/mysql-warnings.ts";
import { block, regionOf, resourcesOf, type StackDocument, type Values } from "./stack-document.ts";

/** What one component of a stack costs for being there. `null`: the snapshot has no price for the region. */
export interface Charge {
  readonly component: string;
  readonly what: string;
  readonly monthlyUsd: number | null;
}

type Prices = Partial<(typeof standing.regions)["us-east-1"]>;

const prices = createPriceBook();
export const pricesAsOf = `${prices.asOf} and ${standing.asOf}`;

/** AWS's list prices of 730 hours of everything that is charged for being there, at the sizes of the stack, before any use. */
export function chargesOf(document: StackDocument): readonly Charge[] {
  const region = regionOf(document);
  const regions: Readonly<Record<string, Prices>> = standing.regions;
  const fixed = regions[region] ?? {};
  return [
    ...fleetCharges(document, region),
    ...containerCharges(document, fixed),
    ...auroraCharges(document, region, fixed),
    ...mysqlCharges(document, fixed),
    ...redisCharges(document, region),
    ...tableCharges(document, fixed),
    ...counted("Load balancer", "aws_lb", document, hourly(fixed.loadBalancerHour)),
    ...counted("NAT gateways", "aws_nat_gateway", document, hourly(fixed.natGatewayHour)),
    ...counted("Keys", ["aws_kms_key", "aws_kms_replica_key"], document, fixed.keyMonth),
    ...counted("Secrets", "aws_secretsmanager_secret", document, fixed.secretMonth),
    ...alarmCharges(document, fixed),
  ];
}

function hourly(price: number | null | undefined): number | undefined {
  return price === null || price === undefined ? undefined : price * hoursPerMonth;
}

function charge(component: string, what: string, count: number, monthlyUsd: number | undefined): Charge {
  return { component, what, monthlyUsd: monthlyUsd === undefined ? null : count * monthlyUsd };
}

function counted(component: string, types: string | readonly string[], document: StackDocument, monthlyUsd: number | undefined): readonly Charge[] {
  const count = resourcesOf(document, ...[types].flat()).length;
  return count === 0 ? [] : [charge(component, String(count), count, monthlyUsd)];
}

function fleetCharges(document: StackDocument, region: string): readonly Charge[] {
  return resourcesOf(document, "aws_autoscaling_group").map(({ values }) => {
    const template = resourcesOf(document, "aws_launch_template").find(({ address }) => String(block(values["launch_template"])["id"]).includes(`${address}.`));
    const [type, count] = [String(template?.values["instance_type"]), Number(values["desired_capacity"])];
    return charge("Instances", `${count} × ${type}`, count, hourly(prices.ec2Hourly(region, type)));
  });
}

/** Of Fargate the size of a task is the definition's: CPU in units of which 1024 are a vCPU, memory in MiB. */
function containerCharges(document: StackDocument, { fargateVcpuHour, fargateGbHour }: Prices): readonly Charge[] {
  return resourcesOf(document, "aws_ecs_service").map(({ values }) => {
    const definition = resourcesOf(document, "aws_ecs_task_definition").find(({ address }) => String(values["task_definition"]).includes(`${address}.`));
    const [vcpu, gb, count] = [Number(definition?.values["cpu"]) / 1024, Number(definition?.values["memory"]) / 1024, Number(values["desired_count"])];
    const monthly = fargateVcpuHour === undefined || fargateGbHour === undefined ? undefined : (vcpu * fargateVcpuHour + gb * fargateGbHour) * hoursPerMonth;
    return charge("Containers", `${count} × ${vcpu} vCPU, ${gb} GiB`, count, monthly);
  });
}

function auroraCharges(document: StackDocument, region: string, { auroraCapacityUnitHour }: Prices): readonly Charge[] {
  const members = resourcesOf(document, "aws_rds_cluster_instance").map(({ values }) => values);
  return byValue(members, "instance_class").map(([instanceClass, of]) => {
    if (instanceClass !== "db.serverless")
      return charge("Aurora", `${of.length} × ${instanceClass}`, of.length, hourly(prices.auroraHourly(region, String(of[0]?.["engine"]), instanceClass)));
    const least = Number(block(resourcesOf(document, "aws_rds_cluster")[0]?.values["serverlessv2_scaling_configuration"])["min_capacity"]);
    return charge("Aurora", `${of.length} × ${least} ACU, the least`, of.length * least, hourly(auroraCapacityUnitHour));
  });
}

/** A standby in another zone costs what the instance costs, and so do its storage and its Extended Support. */
function mysqlCharges(document: StackDocument, { rdsMysqlHour, rdsGp3GbMonth, rdsExtendedSupportVcpuHour }: Prices): readonly Charge[] {
  const hours: Readonly<Record<string, number>> = rdsMysqlHour ?? {};
  return resourcesOf(document, "aws_db_instance").flatMap(({ values }) => {
    const [instanceClass, storage, copies] = [
      String(values["instance_class"]),
      values["allocated_storage"],
      values["multi_az"] === true ? standing.rdsMultiAzFactor : 1,
    ];
    return [
      charge("MySQL", `${instanceClass}${copies === 1 ? "" : ", Multi-AZ"}`, copies, hourly(hours[instanceClass])),
      ...(typeof storage === "number" && values["storage_type"] === "gp3"
        ? [charge("MySQL's storage", `${storage} GB gp3${copies === 1 ? "" : ", Multi-AZ"}`, copies * storage, rdsGp3GbMonth)]
        : []),
      ...extendedSupportCharges(String(values["engine_version"]), instanceClass, copies, hourly(rdsExtendedSupportVcpuHour)),
    ];
  });
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-charges.html */
function extendedSupportCharges(version: string, instanceClass: string, copies: number, monthlyUsd: number | undefined): readonly Charge[] {
  const ends: Readonly<Record<string, string>> = mysqlSupportEnds;
  if (!Object.hasOwn(ends, version)) return [];
  const vcpu = capacities.rds(instanceClass)?.vcpu;
  const what = `${version} after ${ends[version]}: ${vcpu === undefined ? "vCPUs unknown" : `${copies * vcpu} vCPU`}${copies === 1 ? "" : ", standby included"}`;
  return [charge("MySQL's Extended Support", what, copies * (vcpu ?? 0), vcpu === undefined ? undefined : monthlyUsd)];
}

function redisCharges(document: StackDocument, region: string): readonly Charge[] {
  return resourcesOf(document, "aws_elasticache_replication_group").map(({ values }) => {
    const nodes =
      values["num_cache_clusters"] === undefined
        ? Number(values["num_node_groups"]) * (1 + Number(values["replicas_per_node_group"]))
        : Number(values["num_cache_clusters"]);
    return charge(
      "Redis",
      `${nodes} × ${String(values["node_type"])}`,
      nodes,
      hourly(prices.redisHourly(region, String(values["node_type"]), String(values["engine"]))),
    );
  });
}

function tableCharges(document: StackDocument, { readCapacityHour, writeCapacityHour }: Prices): readonly Charge[] {
  return resourcesOf(document, "aws_dynamodb_table")
    .filter(({ values }) => values["billing_mode"] === "PROVISIONED")
    .flatMap(({ values }) => [values, ...[values["global_secondary_index"] ?? []].flat().map(block)])
    .map((values) => {
      const [read, write] = [Number(values["read_capacity"]), Number(values["write_capacity"])];
      const perHour = readCapacityHour === undefined || writeCapacityHour === undefined ? undefined : read * readCapacityHour + write * writeCapacityHour;
      return charge("Table capacity", `${read} read, ${write} write units`, 1, hourly(perHour));
    });
}

/** An alarm is charged by its metrics; one with a query by the metrics that the query finds, which nobody knows before. */
function alarmCharges(document: StackDocument, { alarmMonth, compositeAlarmMonth }: Prices): readonly Charge[] {
  const metrics = resourcesOf(document, "aws_cloudwatch_metric_alarm").reduce((sum, { values }) => sum + metricsOf(values), 0);
  const composites = resourcesOf(document, "aws_cloudwatch_composite_alarm").length;
  if (metrics + composites === 0) return [];
  const monthly = alarmMonth === undefined || compositeAlarmMonth === undefined ? undefined : metrics * alarmMonth + composites * compositeAlarmMonth;
  return [charge("Alarms", `${metrics} metrics, ${composites} composite`, 1, monthly)];
}

function metricsOf(alarm: Values): number {
  const queries: readonly unknown[] = [alarm["metric_query"] ?? []].flat();
  return queries.length === 0 ? 1 : queries.filter((query) => block(query)["metric"] !== undefined).length;
}

function byValue(all: readonly Values[], argument: string): readonly (readonly [string, readonly Values[]])[] {
  const values = [...new Set(all.map((one) => String(one[argument])))];
  return values.map((value) => [value, all.filter((one) => String(one[argument]) === value)]);
}
