import type { FleetSettings } from "../../constructs/compute/fleet.ts";
import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import type { RedisSettings } from "../../constructs/data/redis.ts";
import type { TableBilling, TableDefinition } from "../../constructs/data/table-definition.ts";
import type { Sizing } from "../../contract/sizing.ts";
import type { StackComponents } from "../blueprints/blueprint.ts";
import { applyBucket, applyFunctions, applyService } from "./application-sizing.ts";
import type { Problem, Report } from "./problem.ts";
import { applyRds } from "./rds-sizing.ts";
import { applyServerless } from "./serverless-sizing.ts";
import type { StackSettings } from "./settings-model.ts";

type TableSizing = NonNullable<Sizing["tables"]>[string];
type AuroraSizing = NonNullable<Sizing["aurora"]>;

/**
 * A stack with the sizes of `sizing` in place of its own. A size for a component that the stack does not have is a problem:
 * it would be lost without a word.
 */
export function applySizing(stack: StackSettings, sizing: Omit<Sizing, "version">, source: string, problems: Problem[]): StackSettings {
  const report: Report = (path, message, hint) => problems.push({ path: `${source}: ${path}`, message, hint });
  const { components } = stack;
  return {
    ...stack,
    absent: stack.absent || sizing.regionAbsent === true,
    components: {
      ...components,
      compute: applyCompute(components.compute, sizing.compute, report),
      service: applyService(components.service, sizing.services ?? {}, report),
      functions: applyFunctions(components.functions, sizing.functions ?? {}, report),
      dataBucket: applyBucket(components.dataBucket, sizing.dataBucket, report),
      tables: applyTables(stack, sizing.tables ?? {}, report),
      ...applyDatabase(components, sizing.aurora, report),
      redis: applyRedis(components.redis, sizing.redis, report),
      rds: applyRds(components.rds, sizing.rds, stack.role, report),
    },
  };
}

function applyCompute(fleet: FleetSettings | null, sizing: Sizing["compute"], report: Report): FleetSettings | null {
  if (sizing === undefined) return fleet;
  if (fleet === null) {
    report("compute", "the stack has no Auto Scaling group", "remove it");
    return fleet;
  }
  return {
    ...fleet,
    instanceType: sizing.instanceType ?? fleet.instanceType,
    minSize: sizing.minSize ?? fleet.minSize,
    desiredCapacity: sizing.desiredCapacity ?? fleet.desiredCapacity,
    maxSize: sizing.maxSize ?? fleet.maxSize,
  };
}

function applyTables(stack: StackSettings, sizings: Readonly<Record<string, TableSizing>>, report: Report): readonly TableDefinition[] {
  const owned = stack.components.tables.filter((table) => stack.role === "primary" || table.scope === "regional");
  for (const key of Object.keys(sizings).filter((name) => !owned.some((table) => table.key === name)))
    report(`tables.${key}`, "the stack owns no such table", `tables: ${owned.map((table) => table.key).join(", ")}`);
  return stack.components.tables.map((table) => {
    const sizing = owned.includes(table) && Object.hasOwn(sizings, table.key) ? sizings[table.key] : undefined;
    return sizing === undefined ? table : applyTable(table, sizing, report);
  });
}

function applyTable(table: TableDefinition, sizing: TableSizing, report: Report): TableDefinition {
  const absent = sizing.absentIndexes ?? [];
  for (const index of absent.filter((name) => !table.indexes.some((other) => other.name === name)))
    report(`tables.${table.key}.absentIndexes`, `the table has no index ${index}`, `indexes: ${table.indexes.map((other) => other.name).join(", ")}`);
  return {
    ...table,
    indexes: table.indexes.filter((index) => !absent.includes(index.name)),
    stream: sizing.stream === "off" ? false : table.stream,
    billing: applyBilling(table, sizing, report),
  };
}

function applyBilling({ key, billing }: TableDefinition, sizing: TableSizing, report: Report): TableBilling {
  const mode = sizing.billingMode ?? billing.mode;
  const { readCapacity, writeCapacity } = sizing;
  if (mode === "PAY_PER_REQUEST") {
    if (readCapacity !== undefined || writeCapacity !== undefined)
      report(`tables.${key}`, "capacity units for a table that is paid by request", "remove readCapacity and writeCapacity, or set billingMode to PROVISIONED");
    return { mode };
  }
  const before = billing.mode === "PROVISIONED" ? billing : undefined;
  const read = readCapacity ?? before?.readCapacity;
  const write = writeCapacity ?? before?.writeCapacity;
  if (!read || !write) {
    report(`tables.${key}`, "billingMode PROVISIONED without capacity", "set readCapacity and writeCapacity to 1 or more");
    return billing;
  }
  return { mode, readCapacity: read, writeCapacity: write };
}

/** The same sizes for whichever cluster the stack has. */
function applyDatabase(
  { aurora, serverless }: StackComponents,
  sizing: AuroraSizing | undefined,
  report: Report,
): Pick<StackComponents, "aurora" | "serverless"> {
  if (sizing === undefined) return { aurora, serverless };
  if (serverless !== null) return { aurora, serverless: applyServerless(serverless, sizing, report) };
  if (aurora !== null) return { aurora: applyAurora(aurora, sizing, report), serverless };
  report("aurora", "the stack has no database", "remove it");
  return { aurora, serverless };
}

function applyAurora(aurora: AuroraSettings, sizing: AuroraSizing, report: Report): AuroraSettings | null {
  for (const size of ["minAcu", "maxAcu"] as const) if (sizing[size] !== undefined) report(`aurora.${size}`, "the cluster is not serverless", "remove it");
  const sizings = sizing.instances ?? {};
  for (const identifier of Object.keys(sizings).filter((name) => !aurora.instances.some((instance) => instance.identifier === name)))
    report(
      `aurora.instances.${identifier}`,
      "the cluster has no such instance",
      `instances: ${aurora.instances.map((instance) => instance.identifier).join(", ")}`,
    );
  if (sizing.absent === true) return null;
  return {
    ...aurora,
    backupRetentionDays: sizing.backupRetentionDays ?? aurora.backupRetentionDays,
    instances: aurora.instances
      .filter(({ identifier }) => sizings[identifier]?.absent !== true)
      .map((instance) => ({ ...instance, instanceClass: sizings[instance.identifier]?.instanceClass ?? instance.instanceClass })),
  };
}

function applyRedis(redis: RedisSettings | null, sizing: Sizing["redis"], report: Report): RedisSettings | null {
  if (sizing === undefined) return redis;
  if (redis === null) {
    report("redis", "the stack has no cache", "remove it");
    return redis;
  }
  if (sizing.absent === true) return null;
  return {
    ...redis,
    nodeType: sizing.nodeType ?? redis.nodeType,
    shards: sizing.shards ?? redis.shards,
    replicasPerShard: sizing.replicasPerShard ?? redis.replicasPerShard,
  };
}
