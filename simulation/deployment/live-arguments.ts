import type { AccountState } from "../account-state.ts";
import type { Owned } from "../owned.ts";
import type { AutoScalingGroup } from "../services/auto-scaling/group.ts";
import { indexesAt, type Table, type TableIndex } from "../services/dynamodb/table.ts";
import { versionsAt, type LaunchTemplate } from "../services/ec2/launch-template.ts";
import type { DbInstance } from "../services/rds/cluster.ts";
import type { EvaluatedResource } from "../terraform/evaluate.ts";
import type { Provider } from "../terraform/stack-document.ts";
import { configuredTags } from "../terraform/tags.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * What Terraform would read back of a deployed resource: its arguments, with what the account says now of those that can change.
 * `reader` is the provider it reads with, which may be told to ignore tags.
 */
export function liveArguments(deployed: EvaluatedResource, reader: Provider, state: AccountState): Values {
  const { arguments: given } = deployed;
  switch (deployed.block.type) {
    case "aws_launch_template":
      return withLive(state.launchTemplates.all(), deployed, reader, (template) => templateArguments(given, template, state.nowMs));
    case "aws_autoscaling_group":
      return withLive(state.autoScalingGroups.all(), deployed, reader, (group) => groupArguments(given, group, state.nowMs));
    case "aws_dynamodb_table":
      return withLive(state.tables.all(), deployed, reader, (table) => tableArguments(given, table, state.nowMs));
    case "aws_rds_cluster_instance":
      return withLive(state.dbInstances.all(), deployed, reader, (instance) => instanceArguments(given, instance, state.nowMs));
    case "aws_lb":
      return withLive(state.loadBalancers.all(), deployed, reader, () => given);
    case "aws_lb_target_group":
      return withLive(state.targetGroups.all(), deployed, reader, () => given);
    case "aws_rds_cluster":
      return withLive(state.dbClusters.all(), deployed, reader, () => given);
    case "aws_elasticache_replication_group":
      return withLive(state.replicationGroups.all(), deployed, reader, () => given);
    default:
      // Nothing in this account changes any other type: it is as it was deployed.
      return given;
  }
}

/** Attributes that others refer to and that change in a resource's life. */
export function liveAttribute(state: AccountState, address: string, attribute: string): unknown {
  if (attribute !== "latest_version" && attribute !== "default_version") return undefined;
  const template = state.launchTemplates.all().find((candidate) => candidate.address === address);
  if (template === undefined) return undefined;
  return attribute === "latest_version" ? versionsAt(template, state.nowMs).length : template.defaultVersion;
}

function withLive<T extends Owned>(all: readonly T[], deployed: EvaluatedResource, reader: Provider, read: (live: T) => Values): Values {
  const live = all.find((resource) => resource.address === deployed.address && resource.region === deployed.region);
  if (live === undefined) return deployed.arguments;
  return withForeignTags(read(live), deployed, reader, live);
}

/** Tags nobody deployed show up in what Terraform reads, unless its provider is told to ignore them. */
function withForeignTags(values: Values, deployed: EvaluatedResource, reader: Provider, live: Owned): Values {
  const { ignoredTagKeys, ignoredTagPrefixes } = reader;
  const isGroup = deployed.block.type === "aws_autoscaling_group";
  const blocks: readonly unknown[] = [values["tag"] ?? []].flat();
  const known: Values = isGroup ? Object.fromEntries(blocks.map((block) => [String(Object(block).key), Object(block).value])) : configuredTags(deployed);
  const foreign = Object.entries(live.tags).filter(
    ([key, value]) => known[key] !== value && !ignoredTagKeys.includes(key) && !ignoredTagPrefixes.some((prefix) => key.startsWith(prefix)),
  );
  if (foreign.length === 0) return values;
  if (!isGroup) return { ...values, tags: { ...Object(values["tags"]), ...Object.fromEntries(foreign) } };
  return { ...values, tag: [...blocks, ...foreign.map(([key, value]) => ({ key, value, propagate_at_launch: false }))] };
}

const templateMembers = {
  image_id: "ImageId",
  instance_type: "InstanceType",
  key_name: "KeyName",
  user_data: "UserData",
  ebs_optimized: "EbsOptimized",
  vpc_security_group_ids: "SecurityGroupIds",
  monitoring: "Monitoring",
  iam_instance_profile: "IamInstanceProfile",
  metadata_options: "MetadataOptions",
  block_device_mappings: "BlockDeviceMappings",
  tag_specifications: "TagSpecifications",
} as const;

/** Terraform reads the latest version, its description included. */
function templateArguments(given: Values, template: LaunchTemplate, atMs: number): Values {
  const latest = versionsAt(template, atMs).at(-1);
  if (latest === undefined) return given;
  const live: Record<string, unknown> = { ...given, description: latest.description };
  for (const [argument, member] of Object.entries(templateMembers)) {
    const value = latest.data[member];
    const isBlock = typeof value === "object";
    live[argument] = isBlock && given[argument] !== undefined ? given[argument] : value;
  }
  live["monitoring"] = latest.data.Monitoring === undefined ? undefined : like(given["monitoring"], { enabled: latest.data.Monitoring.Enabled });
  return live;
}

function groupArguments(given: Values, group: AutoScalingGroup, atMs: number): Values {
  const settings = group.settings.at(atMs) ?? group.settings.final();
  return {
    ...given,
    min_size: settings.minSize,
    max_size: settings.maxSize,
    desired_capacity: settings.desiredCapacity,
    launch_template: like(given["launch_template"], { version: settings.launchTemplateVersion }),
  };
}

/** The block as it was configured, a list of one or the block itself, with some values changed. */
function like(configured: unknown, changed: Values): unknown {
  if (Array.isArray(configured)) return [{ ...Object(configured[0]), ...changed }];
  return { ...Object(configured), ...changed };
}

function instanceArguments(given: Values, instance: DbInstance, atMs: number): Values {
  return { ...given, instance_class: instance.state.at(atMs)?.instanceClass };
}

function tableArguments(given: Values, table: Table, atMs: number): Values {
  const indexes = indexesAt(table.core, atMs);
  const attributes = new Map([table.core.key, ...indexes.map((index) => index.key)].flat().map((key) => [key.attribute, key.attributeType]));
  return {
    ...given,
    attribute: [...attributes].map(([name, type]) => ({ name, type })),
    global_secondary_index: indexes.map(indexArguments),
  };
}

function indexArguments(index: TableIndex): Values {
  const [hash, range] = index.key;
  const capped = index.maxReadRequestUnits !== -1 || index.maxWriteRequestUnits !== -1;
  return {
    name: index.name,
    hash_key: hash?.attribute,
    range_key: range?.attribute,
    projection_type: index.projectionType,
    non_key_attributes: index.nonKeyAttributes,
    read_capacity: index.readCapacityUnits === 0 ? undefined : index.readCapacityUnits,
    write_capacity: index.writeCapacityUnits === 0 ? undefined : index.writeCapacityUnits,
    on_demand_throughput: capped ? [{ max_read_request_units: index.maxReadRequestUnits, max_write_request_units: index.maxWriteRequestUnits }] : undefined,
  };
}
