import { UserError } from "../../../contract/user-error.ts";
import { liveResource, type Values } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import type { AccountState } from "../../account/state.ts";
import { Timeline } from "../../account/timeline.ts";
import { shardedStreams } from "../../shared/sharded-streams.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";
import { arn, named, type SelfView } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { demandOf, type TableDemand } from "./demand.ts";
import {
  billingAt,
  indexesAt,
  streamArnAt,
  tables,
  usualWarmUnits,
  type Billing,
  type IndexKey,
  type Insights,
  type Table,
  type TableCore,
  type TableIndex,
  type TableStream,
} from "./table.ts";

/** A table, and its replicas as far as they are blocks of it. */
function deployTable(resource: EvaluatedResource, context: DeploymentContext): void {
  const { state } = context;
  const given = argumentsOf(resource);
  const demand = demandOf(context, resource.region, given.text("name"));
  const core = toCore(context, resource, given, demand);
  const [encryption] = given.blocks("server_side_encryption");
  addTable(context, {
    ...context.owned(resource, core.name),
    core,
    stream: new Timeline(state.bornMs, streamOf(given, demand)),
    kmsKeyArn: encryption?.optionalText("kms_key_arn") ?? null,
    insights: insightsOf(state, demand),
  });
  for (const block of given.blocks("replica")) {
    addReplica(context, core, { region: block.text("region_name"), address: resource.address, tags: {}, kmsKeyArn: block.optionalText("kms_key_arn") });
  }
}

function addTable(context: DeploymentContext, table: Table): void {
  const { core, region } = table;
  context.state.of(tables).add(core.name, table);
  const { streamShards: openShards = partitionsOf(core) } = demandOf(context, region, core.name);
  context.state.of(shardedStreams).add(`table/${core.name}`, { region, arnAt: (atMs) => streamArnAt(table, atMs), openShards });
}

/** What one partition serves a second (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html). */
const partitionUnits = { read: 3000, write: 1000 } as const;

/** As many as the throughput of its first day needs; a new table on demand is made for AWS's own warm throughput. */
function partitionsOf({ billing }: TableCore): number {
  const { mode, readCapacityUnits, writeCapacityUnits } = billing.final();
  const { warmReadUnits, warmWriteUnits } = usualWarmUnits;
  const [read, write] = mode === "PROVISIONED" ? [readCapacityUnits, writeCapacityUnits] : [warmReadUnits, warmWriteUnits];
  return Math.max(1, Math.ceil(read / partitionUnits.read), Math.ceil(write / partitionUnits.write));
}

/** A replica that is a resource of its own. */
function deployReplica(resource: EvaluatedResource, context: DeploymentContext): void {
  const { state } = context;
  const given = argumentsOf(resource);
  const [, , , homeRegion = "", , tablePath = ""] = given.text("global_table_arn").split(":");
  const source = state.of(tables).get(homeRegion, tablePath.split("/")[1] ?? "");
  if (source === undefined) throw noSource(resource, given.text("global_table_arn"));
  const { tags } = context.owned(resource, source.core.name);
  addReplica(context, source.core, { region: resource.region, address: resource.address, tags, kmsKeyArn: given.optionalText("kms_key_arn") });
}

function addReplica(context: DeploymentContext, core: TableCore, replica: Pick<Table, "region" | "address" | "tags" | "kmsKeyArn">): void {
  const { state } = context;
  const insights = insightsOf(state, demandOf(context, replica.region, core.name));
  core.replicaRegions.push(replica.region);
  // Global tables replicate through streams of new and old images, which AWS turns on in every replica.
  const stream = new Timeline<TableStream | null>(state.bornMs, { viewType: "NEW_AND_OLD_IMAGES", label: streamLabel });
  addTable(context, { ...replica, arn: `arn:aws:dynamodb:${replica.region}:${state.accountId}:table/${core.name}`, core, stream, insights });
}

function insightsOf(state: AccountState, { indexes }: TableDemand): Table["insights"] {
  return new Map(
    Object.entries(indexes).flatMap(([index, { contributorInsights: mode }]) =>
      mode === undefined ? [] : [[index, new Timeline<Insights>(state.bornMs, { status: "ENABLED", mode })]],
    ),
  );
}

const streamLabel = "2024-01-01T00:00:00.000";

function streamOf(given: Arguments, { streamSince = streamLabel }: TableDemand): TableStream | null {
  return given.flag("stream_enabled", false) ? { viewType: given.text("stream_view_type"), label: streamSince } : null;
}

function toCore({ state, scenario }: DeploymentContext, resource: EvaluatedResource, given: Arguments, demand: TableDemand): TableCore {
  const types = new Map(given.blocks("attribute").map((block) => [block.text("name"), block.text("type")]));
  const keyOf = (block: Arguments): readonly IndexKey[] => {
    const range = block.optionalText("range_key");
    const key = [toKey(resource, types, block.text("hash_key"), "HASH")];
    return range === null ? key : [...key, toKey(resource, types, range, "RANGE")];
  };
  const isOnDemand = given.optionalText("billing_mode") === "PAY_PER_REQUEST" && demand.provisioned === undefined;
  const billing: Billing = {
    mode: isOnDemand ? "PAY_PER_REQUEST" : "PROVISIONED",
    ...(demand.provisioned ?? { readCapacityUnits: given.number("read_capacity", 0), writeCapacityUnits: given.number("write_capacity", 0) }),
  };
  const indexes = given.blocks("global_secondary_index").map((block) => toIndex(block, keyOf(block), demand));
  const bornMs = (daysBefore: number | undefined): number =>
    daysBefore === undefined ? state.bornMs : Math.max(state.bornMs, Date.parse(scenario.start) - daysBefore * 86_400_000);
  return {
    name: given.text("name"),
    homeRegion: resource.region,
    billing: new Timeline<Billing>(state.bornMs, billing),
    onDemandSwitchesMs: [],
    key: keyOf(given),
    deletionProtection: given.flag("deletion_protection_enabled", false),
    status: new Timeline<"ACTIVE" | "UPDATING">(state.bornMs, "ACTIVE"),
    indexes: new Map(indexes.map((index) => [index.name, new Timeline<TableIndex | null>(state.bornMs, index)])),
    replicaRegions: [resource.region],
    tableClass: demand.tableClass ?? (given.optionalText("table_class") === "STANDARD_INFREQUENT_ACCESS" ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD"),
    createdMs: bornMs(demand.createdDaysBefore),
    indexCreatedMs: new Map(indexes.map(({ name }) => [name, bornMs(demand.indexes[name]?.createdDaysBefore)])),
    items: demand.items ?? 0,
    sizeBytes: (demand.items ?? 0) * (demand.bytesPerItem ?? 400),
    ...keptFor(given),
    isGlobalOf2017: demand.isGlobalOf2017 ?? false,
    foreignReplicas: demand.foreignReplicas ?? [],
  };
}

/** Days that point-in-time recovery reaches back where the stack says none (DescribeContinuousBackups). */
const usualRecoveryDays = 35;

function keptFor(given: Arguments): Pick<TableCore, "expiryAttribute" | "recoveryDays"> {
  const [expiry] = given.blocks("ttl");
  const [recovery] = given.blocks("point_in_time_recovery");
  const isRecoverable = recovery?.flag("enabled", false) === true;
  return {
    expiryAttribute: expiry?.flag("enabled", true) === true ? expiry.text("attribute_name") : null,
    recoveryDays: isRecoverable ? recovery.number("recovery_period_in_days", usualRecoveryDays) : 0,
  };
}

function toIndex(block: Arguments, key: readonly IndexKey[], { indexes }: TableDemand): TableIndex {
  const { warmReadUnits, warmWriteUnits, maxReadRequestUnits, maxWriteRequestUnits, provisioned } = indexes[block.text("name")] ?? {};
  const [caps] = block.blocks("on_demand_throughput");
  const projectionType = block.text("projection_type");
  return {
    name: block.text("name"),
    key,
    projectionType: projectionType === "KEYS_ONLY" || projectionType === "INCLUDE" ? projectionType : "ALL",
    nonKeyAttributes: block.texts("non_key_attributes"),
    readCapacityUnits: provisioned?.readCapacityUnits ?? block.number("read_capacity", 0),
    writeCapacityUnits: provisioned?.writeCapacityUnits ?? block.number("write_capacity", 0),
    maxReadRequestUnits: maxReadRequestUnits ?? caps?.number("max_read_request_units", -1) ?? -1,
    maxWriteRequestUnits: maxWriteRequestUnits ?? caps?.number("max_write_request_units", -1) ?? -1,
    warmReadUnits: warmReadUnits ?? usualWarmUnits.warmReadUnits,
    warmWriteUnits: warmWriteUnits ?? usualWarmUnits.warmWriteUnits,
    status: "ACTIVE",
  };
}

function toKey(resource: EvaluatedResource, types: ReadonlyMap<string, string>, attribute: string, keyType: IndexKey["keyType"]): IndexKey {
  const type = types.get(attribute);
  if (type === "S" || type === "N" || type === "B") return { attribute, keyType, attributeType: type };
  throw new UserError({
    code: "stack-document",
    message: `${resource.address} uses the key attribute ${attribute}, whose type is ${type ?? "nowhere declared"}`,
    hint: "declare it as an attribute block of type S, N or B",
  });
}

function noSource(resource: EvaluatedResource, arn: string): UserError {
  return new UserError({
    code: "stack-document",
    message: `${resource.address} replicates ${arn}, which no deployed stack has`,
    hint: "deploy the table's stack together with the replica's",
  });
}

/** Terraform reads only attributes that some key uses: AWS keeps no others. */
function attributesAt({ core }: Table, atMs: number): readonly Values[] {
  const keys = [core.key, ...indexesAt(core, atMs).map((index) => index.key)].flat();
  return [...new Map(keys.map((key) => [key.attribute, key.attributeType]))].map(([name, type]) => ({ name, type }));
}

/** Terraform does not compare what an on-demand table answers as 0 with an argument that is not there. */
function unlessNone(units: number): number | undefined {
  return units === 0 ? undefined : units;
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
    read_capacity: unlessNone(index.readCapacityUnits),
    write_capacity: unlessNone(index.writeCapacityUnits),
    on_demand_throughput: capped ? [{ max_read_request_units: index.maxReadRequestUnits, max_write_request_units: index.maxWriteRequestUnits }] : undefined,
  };
}

const streams = (self: SelfView): boolean => self.argument("stream_enabled") === true;

function replicatedName(self: SelfView): string {
  return self.text("global_table_arn").split("/")[1] ?? "";
}

/** Tables first: a replica is deployed to a table that is there. */
export const tableTypes: Readonly<Record<string, ResourceType>> = {
  aws_dynamodb_table: {
    attributes: {
      ...named("name"),
      arn: arn("dynamodb", (self) => `table/${self.text("name")}`),
      stream_arn: (self) => (streams(self) ? `${String(self.attribute("arn"))}/stream/${streamLabel}` : ""),
      stream_label: (self) => (streams(self) ? streamLabel : ""),
    },
    deploy: deployTable,
    live: liveResource(
      tables,
      {
        attribute: (table, _given, atMs) => attributesAt(table, atMs),
        global_secondary_index: (table, _given, atMs) => indexesAt(table.core, atMs).map(indexArguments),
        billing_mode: ({ core }, _given, atMs) => billingAt(core, atMs).mode,
        read_capacity: ({ core }, _given, atMs) => unlessNone(billingAt(core, atMs).readCapacityUnits),
        write_capacity: ({ core }, _given, atMs) => unlessNone(billingAt(core, atMs).writeCapacityUnits),
        stream_enabled: (table, _given, atMs) => (table.stream.at(atMs) ?? null) !== null,
        stream_view_type: (table, _given, atMs) => table.stream.at(atMs)?.viewType,
      },
      {
        attributes: {
          stream_arn: (table, atMs) => streamArnAt(table, atMs) ?? "",
          stream_label: (table, atMs) => table.stream.at(atMs)?.label ?? "",
        },
      },
    ),
    sets: { attribute: "name", global_secondary_index: "name", replica: "region_name" },
  },
  aws_dynamodb_table_replica: {
    attributes: {
      id: (self) => `${replicatedName(self)}:${self.text("global_table_arn").split(":")[3] ?? ""}`,
      arn: arn("dynamodb", (self) => `table/${replicatedName(self)}`),
    },
    deploy: deployReplica,
  },
};
