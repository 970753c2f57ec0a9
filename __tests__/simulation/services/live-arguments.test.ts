import { RegisterScalableTargetCommand, type RegisterScalableTargetCommandInput } from "@aws-sdk/client-application-auto-scaling";
import { UpdateAutoScalingGroupCommand, type UpdateAutoScalingGroupCommandInput } from "@aws-sdk/client-auto-scaling";
import { UpdateTableCommand, type GlobalSecondaryIndexUpdate } from "@aws-sdk/client-dynamodb";
import { CreateLaunchTemplateVersionCommand, DescribeLaunchTemplatesCommand } from "@aws-sdk/client-ec2";
import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { DecreaseReplicaCountCommand, ModifyReplicationGroupCommand, ModifyReplicationGroupShardConfigurationCommand } from "@aws-sdk/client-elasticache";
import { PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { PutFunctionConcurrencyCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { ModifyDBClusterCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import type { LiveResource } from "../../../simulation/account/live-resource.ts";
import type { Service } from "../../../simulation/account/service.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import { openAccount } from "../../../simulation/account/account.ts";
import { planDrift } from "../../../simulation/deployment/drift.ts";
import { liveAttribute } from "../../../simulation/deployment/live-arguments.ts";
import { services } from "../../../simulation/services.ts";
import type { StackDocuments } from "../../../simulation/terraform/stack-document.ts";
import { accountScenario, advanceMinutes, clientsOf } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** The fixture with every argument that the account reads back, none of them ignored by Terraform. */
function stacks(change: (resources: Blocks) => void = () => undefined): StackDocuments {
  const documents = structuredClone(fixtureStacks()) as { readonly primary: { readonly resource: Blocks } };
  const resources = documents.primary.resource;
  for (const block of Object.values(resources).flatMap((byName) => Object.values(byName))) delete block["lifecycle"];
  Object.assign(resources["aws_launch_template"]?.["lt"] ?? {}, {
    key_name: "ops",
    ebs_optimized: true,
    vpc_security_group_ids: ["sg-1"],
    iam_instance_profile: { name: "app" },
    metadata_options: { http_tokens: "required" },
  });
  change(resources);
  return { ...documents };
}

function deployed(tags: Readonly<Record<string, string>> = {}, document = stacks()): SimulatedAccount {
  const scenario = accountScenario({ tags: Object.keys(tags).length === 0 ? [] : [...taggable(document)].map((resource) => ({ resource, tags })) });
  const account = openAccount(scenario, createMemoryAccountStore());
  account.deploy(document);
  return account;
}

/** ARNs of everything deployed. */
function taggable(document: StackDocuments): ReadonlySet<string> {
  const account = openAccount(accountScenario(), createMemoryAccountStore());
  account.deploy(document);
  return new Set(modelled(account).map((resource) => String(resource.attribute("arn"))));
}

function modelled({ state }: SimulatedAccount) {
  // A bucket's settings are resources of their own without tags.
  return (state.deployed?.evaluated.resources ?? []).filter(({ block: { type } }) => !untaggable.includes(type) && liveTypes.some(([live]) => live === type));
}

const untaggable = ["aws_appautoscaling_policy", "aws_s3_bucket_versioning", "aws_s3_bucket_lifecycle_configuration"];
const liveTypes = services.flatMap(({ resources = {} }) =>
  Object.entries(resources).flatMap(([type, { live }]) => (live === undefined ? [] : [[type, live] as const])),
);
const liveArguments = liveTypes.flatMap(([type, live]) => Object.keys(live.arguments).map((name) => [type, name] as const));

type Change = (account: SimulatedAccount) => Promise<unknown>;

/** A version made from nothing but a type: whatever else the template had, it has no more. */
const bareVersion: Change = async (account) => {
  const version = { LaunchTemplateId: await templateId(account), VersionDescription: "bare", LaunchTemplateData: { InstanceType: "m5.2xlarge" as const } };
  await clientsOf(account).ec2.send(new CreateLaunchTemplateVersionCommand(version));
};

async function templateId(account: SimulatedAccount): Promise<string | undefined> {
  const { LaunchTemplates: [template] = [] } = await clientsOf(account).ec2.send(new DescribeLaunchTemplatesCommand({}));
  return template?.LaunchTemplateId;
}

function resized(input: Partial<UpdateAutoScalingGroupCommandInput>): Change {
  return (account) => clientsOf(account).autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, ...input }));
}

function updatedIndex(update: GlobalSecondaryIndexUpdate): Change {
  return (account) => clientsOf(account).dynamoDb.send(new UpdateTableCommand({ TableName: names.table, GlobalSecondaryIndexUpdates: [update] }));
}

const streamOff: Change = (account) =>
  clientsOf(account).dynamoDb.send(new UpdateTableCommand({ TableName: names.regionalTable, StreamSpecification: { StreamEnabled: false } }));

const provisioned: Change = (account) =>
  clientsOf(account).dynamoDb.send(
    new UpdateTableCommand({
      TableName: names.regionalTable,
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
      GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "by-day", ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 8 } } }],
    }),
  );

/** A revision with the container of the stacks. */
function registered(size: { readonly cpu: string; readonly memory: string }): Change {
  return async (account) => {
    const { ecs } = clientsOf(account);
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: names.service }));
    return ecs.send(new RegisterTaskDefinitionCommand({ family: names.service, containerDefinitions: taskDefinition?.containerDefinitions, ...size }));
  };
}

function rescaled(input: Partial<RegisterScalableTargetCommandInput>): Change {
  const target = { ServiceNamespace: "dynamodb", ResourceId: `table/${names.table}`, ScalableDimension: "dynamodb:table:ReadCapacityUnits" } as const;
  return (account) => clientsOf(account).applicationAutoScaling.send(new RegisterScalableTargetCommand({ ...target, ...input }));
}

/** One rule is left, and the default minimum size is S3's own again. */
const otherRules: Change = (account) =>
  clientsOf(account).s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: names.bucket,
      LifecycleConfiguration: { Rules: [{ ID: "old-versions", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 400 } }] },
    }),
  );

/** For every argument a call that changes it: an argument without one is read back by nothing that a test sees. */
const changes: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  aws_launch_template: {
    description: bareVersion,
    image_id: bareVersion,
    instance_type: bareVersion,
    key_name: bareVersion,
    user_data: bareVersion,
    ebs_optimized: bareVersion,
    vpc_security_group_ids: bareVersion,
    monitoring: bareVersion,
    iam_instance_profile: bareVersion,
    metadata_options: bareVersion,
    block_device_mappings: bareVersion,
    tag_specifications: bareVersion,
  },
  aws_autoscaling_group: {
    min_size: resized({ MinSize: 7 }),
    max_size: resized({ MaxSize: 21 }),
    desired_capacity: resized({ DesiredCapacity: 9 }),
    launch_template: async (account) => resized({ LaunchTemplate: { LaunchTemplateId: await templateId(account), Version: "$Latest" } })(account),
  },
  aws_s3_bucket_lifecycle_configuration: { rule: otherRules, transition_default_minimum_object_size: otherRules },
  aws_dynamodb_table: {
    attribute: updatedIndex({ Delete: { IndexName: "by-plan" } }),
    global_secondary_index: updatedIndex({ Update: { IndexName: "by-plan", OnDemandThroughput: { MaxReadRequestUnits: 1 } } }),
    billing_mode: provisioned,
    read_capacity: provisioned,
    write_capacity: provisioned,
    stream_enabled: streamOff,
    stream_view_type: streamOff,
  },
  aws_appautoscaling_target: {
    min_capacity: rescaled({ MinCapacity: 6 }),
    max_capacity: rescaled({ MaxCapacity: 60 }),
    suspended_state: rescaled({ SuspendedState: { DynamicScalingInSuspended: true } }),
  },
  aws_rds_cluster: {
    serverlessv2_scaling_configuration: (account) =>
      clientsOf(account).rds.send(
        new ModifyDBClusterCommand({
          DBClusterIdentifier: names.cluster,
          ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 },
          ApplyImmediately: true,
        }),
      ),
    backup_retention_period: (account) =>
      clientsOf(account).rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: names.cluster, BackupRetentionPeriod: 14, ApplyImmediately: true })),
  },
  aws_elasticache_replication_group: {
    node_type: (account) =>
      clientsOf(account).elastiCache.send(
        new ModifyReplicationGroupCommand({ ReplicationGroupId: names.redis, CacheNodeType: "cache.r6g.xlarge", ApplyImmediately: true }),
      ),
    num_node_groups: (account) =>
      clientsOf(account).elastiCache.send(
        new ModifyReplicationGroupShardConfigurationCommand({
          ReplicationGroupId: names.redis,
          NodeGroupCount: 1,
          NodeGroupsToRetain: ["0001"],
          ApplyImmediately: true,
        }),
      ),
    replicas_per_node_group: (account) =>
      clientsOf(account).elastiCache.send(new DecreaseReplicaCountCommand({ ReplicationGroupId: names.redis, NewReplicaCount: 0, ApplyImmediately: true })),
  },
  aws_ecs_service: {
    task_definition: (account) =>
      clientsOf(account).ecs.send(new UpdateServiceCommand({ cluster: names.containers, service: names.service, taskDefinition: names.otherFamily })),
    desired_count: (account) => clientsOf(account).ecs.send(new UpdateServiceCommand({ cluster: names.containers, service: names.service, desiredCount: 3 })),
  },
  aws_ecs_task_definition: { cpu: registered({ cpu: "512", memory: "2048" }), memory: registered({ cpu: "1024", memory: "3072" }) },
  aws_lambda_function: {
    memory_size: (account) => clientsOf(account).lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: names.lambda, MemorySize: 1024 })),
    timeout: (account) => clientsOf(account).lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: names.lambda, Timeout: 300 })),
    reserved_concurrent_executions: (account) =>
      clientsOf(account).lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: names.lambda, ReservedConcurrentExecutions: 20 })),
  },
  aws_db_instance: {
    instance_class: (account) =>
      clientsOf(account).rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, DBInstanceClass: "db.m6g.large", ApplyImmediately: true })),
    backup_retention_period: (account) =>
      clientsOf(account).rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, BackupRetentionPeriod: 7 })),
  },
  aws_rds_cluster_instance: {
    instance_class: (account) =>
      clientsOf(account).rds.send(
        new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.instance(2), DBInstanceClass: "db.r6g.large", ApplyImmediately: true }),
      ),
  },
};

async function changed(type: string, name: string): Promise<SimulatedAccount> {
  const account = deployed();
  await changes[type]?.[name]?.(account);
  advanceMinutes(account, 60);
  return account;
}

/** Whether Terraform would see a difference in the argument of some resource of the type. */
function isSeen(type: string, name: string, { state }: SimulatedAccount, of: readonly Service[] = services): boolean {
  const found = planDrift(of, state, stacks()).change.filter(({ address }) => address.includes(`/${type}.`));
  return found.flatMap(({ differences }) => differences).some(({ path }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
}

/** The registry with one type read back in another way. */
function servicesWith(type: string, change: (live: LiveResource) => LiveResource): readonly Service[] {
  return services.map((service) => {
    const before = service.resources?.[type];
    if (before?.live === undefined) return service;
    return { ...service, resources: { ...service.resources, [type]: { ...before, live: change(before.live) } } };
  });
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

describe("what Terraform reads back of a simulated resource", () => {
  it("is tried argument by argument, none too few and none too many", () => {
    const tried = Object.entries(changes).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`));
    expect(tried.toSorted()).toEqual(liveArguments.map(([type, name]) => `${type}.${name}`).toSorted());
  });

  it.each(liveArguments)("shows a change of %s %s, and would not without that argument", async (type, name) => {
    expect(isSeen(type, name, deployed())).toBe(false);
    const account = await changed(type, name);
    expect(isSeen(type, name, account)).toBe(true);
    const blind = servicesWith(type, (live) => ({ ...live, arguments: without(live.arguments, name) }));
    expect(isSeen(type, name, account, blind)).toBe(false);
  });

  it("has a template's latest version and a table's stream follow the account", async () => {
    const account = await changed("aws_launch_template", "instance_type");
    expect(liveAttribute(services, account.state, "primary/aws_launch_template.lt", "latest_version")).toBe(2);
    const attributes = liveTypes.flatMap(([type, live]) => Object.keys({ ...live.attributes, ...live.renewed }).map((name) => `${type}.${name}`));
    expect(new Set(attributes)).toEqual(
      new Set([
        "aws_launch_template.latest_version",
        "aws_dynamodb_table.stream_arn",
        "aws_dynamodb_table.stream_label",
        "aws_ecs_task_definition.arn",
        "aws_ecs_task_definition.revision",
      ]),
    );
    const renewed = await changed("aws_ecs_task_definition", "cpu");
    expect(liveAttribute(services, renewed.state, "primary/aws_ecs_task_definition.app", "revision")).toBe(2);
    expect(String(liveAttribute(services, renewed.state, "primary/aws_ecs_task_definition.app", "arn"))).toMatch(/tap-test-app:2$/);
    const streamless = await changed("aws_dynamodb_table", "stream_enabled");
    for (const name of ["stream_arn", "stream_label"]) expect(liveAttribute(services, streamless.state, "primary/aws_dynamodb_table.audit", name)).toBe("");
  });

  it("shows tags that others put on each type that is deployed", () => {
    const document = stacks();
    const account = deployed({ TenantId: "acme" }, document);
    const tagged = planDrift(services, account.state, document).change.filter(({ differences }) => differences.some(({ path }) => path.startsWith("tag")));
    const types = new Set(tagged.map(({ address }) => address.split("/")[1]?.split(".")[0]));
    const deploying = services.flatMap(({ resources = {} }) => Object.entries(resources).flatMap(([type, { deploy }]) => (deploy === undefined ? [] : [type])));
    // Nobody reads back the tags of a table's replica, a global database, an event source mapping or a topic yet.
    expect(types).toEqual(
      new Set(
        deploying.filter(
          (type) => ![...untaggable, "aws_dynamodb_table_replica", "aws_rds_global_cluster", "aws_lambda_event_source_mapping", "aws_sns_topic"].includes(type),
        ),
      ),
    );
  });

  it.each([
    ["aws_dynamodb_table", "attribute", undefined],
    ["aws_dynamodb_table", "global_secondary_index", undefined],
    ["aws_dynamodb_table", "replica", [{ region_name: "us-west-2" }, { region_name: "eu-west-1" }]],
    [
      "aws_autoscaling_group",
      "tag",
      [
        { key: "A", value: "1", propagate_at_launch: true },
        { key: "B", value: "2", propagate_at_launch: true },
      ],
    ],
  ])("takes the order of %s %s for nothing: Terraform keeps it as a set", (type, name, blocks) => {
    const inOrder = (turned: boolean): StackDocuments =>
      stacks((resources) => {
        const [block = {}] = Object.values(resources[type] ?? {});
        const all = blocks ?? [block[name]].flat();
        expect(all.length).toBeGreaterThan(1);
        block[name] = turned ? all.toReversed() : all;
      });
    const account = deployed({}, inOrder(false));
    expect(planDrift(services, account.state, inOrder(true)).change).toEqual([]);
  });
});
