import { ElastiCacheServiceException, InvalidParameterCombinationException, InvalidParameterValueException } from "@aws-sdk/client-elasticache";
import { capacities } from "../../../contract/capacities.ts";
import { UserError } from "../../../contract/user-error.ts";
import { liveResource } from "../../account/live-resource.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { QueueableSetting } from "../../account/queued-setting.ts";
import { Timeline } from "../../account/timeline.ts";
import { resizedBefore } from "../../scenario/resized.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { cacheDemand } from "./demand.ts";
import { argument, arn, named } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";

export const errors = serviceErrors(ElastiCacheServiceException, "query");

export function invalidValue(message: string): Error {
  return new InvalidParameterValueException(refusal(message));
}

export function invalidCombination(message: string): Error {
  return new InvalidParameterCombinationException(refusal(message));
}

/** One shard: its nodes by number, the lowest of which is the primary. */
export interface Shard {
  readonly id: string;
  readonly nodes: readonly number[];
}

export interface GroupState {
  readonly status: "available" | "modifying";
  readonly nodeType: string;
  readonly shards: readonly Shard[];
  /** While slots move: from when until when. */
  readonly resharding?: { readonly fromMs: number; readonly untilMs: number };
}

export interface ReplicationGroup extends Owned {
  readonly id: string;
  readonly description: string;
  readonly engine: string;
  readonly engineVersion: QueueableSetting;
  /** UTC, `ddd:hh:mm-ddd:hh:mm`. */
  readonly maintenanceWindow: string;
  readonly createdMs: number;
  readonly state: Timeline<GroupState>;
  readonly parameterGroup: string;
  /** `reserved-memory-percent` and `reserved-memory` of its parameter group. */
  readonly reservedPercent: number;
  readonly reservedBytes: number;
  readonly clusterMode: boolean;
  /** Hash slots of each shard, where somebody shared them out unequally. */
  readonly slots?: readonly number[];
  /** The zones of its subnet group. Its nodes are placed in them in turn. Empty where no deployed stack has the subnet group. */
  readonly zones: readonly string[];
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
  readonly transitEncryption: boolean;
  readonly atRestEncryption: boolean;
  readonly kmsKeyId: string | null;
  readonly endpoint: string;
  readonly port: number;
}

export const replicationGroups = regionalStore<ReplicationGroup>();

/** As AWS names nodes: with the shard's number only in cluster mode. */
export function nodeName({ id, clusterMode }: ReplicationGroup, shard: Shard, node: number): string {
  return [id, ...(clusterMode ? [shard.id] : []), numbered(node, 3)].join("-");
}

export function shardId(number: number): string {
  return numbered(number, 4);
}

function numbered(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}

export function nodeNumbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** What the data of one node may take: `maxmemory` without what the parameter group reserves. */
export function usableBytes({ reservedPercent, reservedBytes }: ReplicationGroup, nodeType: string): number {
  const whole = capacities.redis(nodeType)?.maxMemoryBytes ?? Number.NaN;
  return reservedBytes > 0 ? whole - reservedBytes : whole * (1 - reservedPercent / 100);
}

/** The default of every parameter group since Redis 3.2.4 (ElastiCache guide, "Managing reserved memory"). */
const defaultReservedPercent = 25;

/** Where a stack names none, AWS picks one at random; this account always picks this one. */
const defaultMaintenanceWindow = "sun:05:00-sun:06:00";

function deployReplicationGroup(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const id = given.text("replication_group_id");
  // Without node groups the stack counts nodes: one primary and the rest replicas.
  const clusterMode = given.optionalText("num_node_groups") !== null;
  const nodes = nodeNumbers(clusterMode ? given.number("replicas_per_node_group", 0) + 1 : given.number("num_cache_clusters", 1));
  const shards = nodeNumbers(given.number("num_node_groups", 1)).map((number) => ({ id: shardId(number), nodes }));
  const parameterGroup = given.optionalText("parameter_group_name") ?? `default.redis7${clusterMode ? ".cluster.on" : ""}`;
  const parameters = parametersOf(parameterGroup, context);
  context.state.of(replicationGroups).add(id, {
    ...context.owned(resource, id),
    id,
    description: given.text("description"),
    engine: given.optionalText("engine") ?? "redis",
    engineVersion: new QueueableSetting(context.state.bornMs, given.optionalText("engine_version") ?? "7.1"),
    maintenanceWindow: given.optionalText("maintenance_window") ?? defaultMaintenanceWindow,
    createdMs: context.state.bornMs,
    state: lifeOf(context, resource.region, id, { status: "available", nodeType: given.text("node_type"), shards }),
    parameterGroup,
    reservedPercent: parameters.get("reserved-memory-percent") ?? defaultReservedPercent,
    reservedBytes: parameters.get("reserved-memory") ?? 0,
    clusterMode,
    ...slotsOf(context, resource.region, shards.length),
    zones: zonesOf(given.optionalText("subnet_group_name"), context),
    automaticFailover: given.flag("automatic_failover_enabled", false),
    multiAz: given.flag("multi_az_enabled", false),
    transitEncryption: given.flag("transit_encryption_enabled", false),
    atRestEncryption: given.flag("at_rest_encryption_enabled", false),
    kmsKeyId: given.optionalText("kms_key_id"),
    endpoint: String(resource.attribute(clusterMode ? "configuration_endpoint_address" : "primary_endpoint_address")),
    port: given.number("port", 6379),
  });
}

function zonesOf(subnetGroup: string | null, context: DeploymentContext): readonly string[] {
  const ids = context
    .resources("aws_elasticache_subnet_group")
    .map(argumentsOf)
    .filter((each) => each.text("name") === subnetGroup)
    .flatMap((each) => each.texts("subnet_ids"));
  const subnets = context.resources("aws_subnet").filter((each) => ids.includes(String(each.attribute("id"))));
  return [...new Set(subnets.flatMap((each) => argumentsOf(each).optionalText("availability_zone") ?? []))].toSorted();
}

/** A key is in one of so many. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Shards.html */
export const allSlots = 16_384;

function slotsOf({ scenario }: DeploymentContext, region: string, shards: number): Pick<ReplicationGroup, "slots"> {
  const slots = cacheDemand.of(scenario, region)?.slots;
  if (slots === undefined) return {};
  if (slots.length !== shards || slots.reduce((sum, count) => sum + count, 0) !== allSlots)
    throw new UserError({
      code: "bad-scenario",
      message: `slots of ${slots.join(", ")} do not share ${allSlots} out among ${shards} shards`,
      hint: `name as many numbers as the group has shards, ${allSlots} in all`,
    });
  return { slots };
}

/** A group's life until the start: of the node type that is deployed, and of another one before where the scenario says that it was changed. */
function lifeOf({ state, scenario }: DeploymentContext, region: string, id: string, now: GroupState): Timeline<GroupState> {
  const resized = resizedBefore(scenario, region, id);
  if (resized === undefined) return new Timeline(state.bornMs, now);
  const { from: nodeType, atMs } = resized;
  if (capacities.redis(nodeType) === undefined)
    throw new UserError({
      code: "bad-scenario",
      message: `${id} cannot have been ${nodeType}, which is no node type`,
      hint: "name one such as cache.r6g.xlarge",
    });
  const life = new Timeline<GroupState>(state.bornMs, { ...now, nodeType });
  life.set(atMs, now);
  state.calls.push({
    atMs,
    region,
    service: "elasticache",
    command: "ModifyReplicationGroup",
    input: { ReplicationGroupId: id, CacheNodeType: now.nodeType, ApplyImmediately: true },
    output: { ReplicationGroup: { ReplicationGroupId: id } },
  });
  return life;
}

export function replicasOf(state: GroupState | undefined): number | undefined {
  return state === undefined ? undefined : Math.max(...state.shards.map(({ nodes }) => nodes.length - 1));
}

/** What a parameter group of the stacks sets; AWS's own have the defaults. */
function parametersOf(name: string, context: DeploymentContext): ReadonlyMap<string, number> {
  const group = context
    .resources("aws_elasticache_parameter_group")
    .map(argumentsOf)
    .find((candidate) => candidate.text("name") === name);
  const blocks = group?.blocks("parameter") ?? [];
  return new Map(blocks.map((block) => [block.text("name"), Number(block.text("value"))]));
}

export const cacheTypes: Readonly<Record<string, ResourceType>> = {
  aws_elasticache_replication_group: {
    attributes: {
      id: argument("replication_group_id"),
      arn: arn("elasticache", (self) => `replicationgroup:${self.text("replication_group_id")}`),
      configuration_endpoint_address: (self) => `clustercfg.${self.text("replication_group_id")}.${self.hex(6)}.${self.region}.cache.amazonaws.com`,
      primary_endpoint_address: (self) => `master.${self.text("replication_group_id")}.${self.hex(6)}.${self.region}.cache.amazonaws.com`,
    },
    deploy: deployReplicationGroup,
    live: liveResource(replicationGroups, {
      node_type: (group, _given, atMs) => group.state.at(atMs)?.nodeType,
      // Without cluster mode the stack counts nodes, and this account changes none of them.
      num_node_groups: (group, given, atMs) => (group.clusterMode ? group.state.at(atMs)?.shards.length : given["num_node_groups"]),
      replicas_per_node_group: (group, given, atMs) => (group.clusterMode ? replicasOf(group.state.at(atMs)) : given["replicas_per_node_group"]),
    }),
  },
  aws_elasticache_subnet_group: { attributes: { ...named("name"), arn: arn("elasticache", (self) => `subnetgroup:${self.text("name")}`) } },
  aws_elasticache_parameter_group: { attributes: { ...named("name"), arn: arn("elasticache", (self) => `parametergroup:${self.text("name")}`) } },
};
