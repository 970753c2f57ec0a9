import type { Construct } from "constructs";
import { EncryptionKey } from "../../constructs/encryption/encryption-key.ts";
import { alarmsMayUseKey, autoScalingMayUseKey, logsMayUseKey } from "../../constructs/encryption/key-statements.ts";
import type { Names } from "../../constructs/names.ts";
import type { Statement } from "../../constructs/policy-document.ts";
import type { StackSettings } from "../settings/settings-model.ts";
import type { StackContext } from "./stack-context.ts";

/** Data that one key encrypts. */
export type DataClass = "logs" | "compute" | "tables" | "database" | "credentials" | "cache" | "objects" | "functions" | "alarms";

/**
 * One key a class of data. A key outlives the component it encrypts, since a snapshot is worth nothing without its key: what the
 * blueprint has gets a key, whatever sizing took away.
 */
export class StackKeys {
  private readonly keys = new Map<DataClass, EncryptionKey>();
  private readonly scope: Construct;
  private readonly context: StackContext;
  private readonly autoScalingRoleArn: string | undefined;

  /** @param autoScalingRoleArn who attaches encrypted volumes; absent where no instance runs */
  constructor(scope: Construct, context: StackContext, autoScalingRoleArn: string | undefined) {
    this.scope = scope;
    this.context = context;
    this.autoScalingRoleArn = autoScalingRoleArn;
    for (const dataClass of dataClassesOf(context.stack)) this.of(dataClass);
  }

  of(dataClass: DataClass): EncryptionKey {
    const known = this.keys.get(dataClass);
    if (known !== undefined) return known;
    const { names, lifetime } = this.context;
    const key = new EncryptionKey(this.scope, `${dataClass}-key`, {
      names,
      lifetime,
      dataClass,
      multiRegion: dataClass === "credentials",
      statements: this.usersOf(dataClass, names),
    });
    this.keys.set(dataClass, key);
    return key;
  }

  /** Keys of what applications read and write through AWS's APIs, as far as they are this stack's. */
  ofApplications(): readonly EncryptionKey[] {
    const classes: readonly DataClass[] = ["tables", "cache", "objects"];
    return classes.map((dataClass) => this.keys.get(dataClass)).filter((key) => key !== undefined);
  }

  private usersOf(dataClass: DataClass, names: Names): readonly Statement[] {
    const scaling = this.autoScalingRoleArn;
    const users: Readonly<Record<DataClass, readonly Statement[]>> = {
      logs: [logsMayUseKey(names)],
      alarms: [alarmsMayUseKey(names)],
      compute: scaling === undefined ? [] : autoScalingMayUseKey(scaling),
      tables: [],
      database: [],
      credentials: [],
      cache: [],
      objects: [],
      functions: [],
    };
    return users[dataClass];
  }
}

/** The password of a database in several regions is the primary stack's; it owns its copies, too (docs/decisions/0004). */
function dataClassesOf({ role, builtFor }: StackSettings): readonly DataClass[] {
  const { compute, tables, aurora, serverless, redis, rds, dataBucket, functions } = builtFor;
  const spansRegions = aurora !== null || rds !== null;
  return [
    "logs",
    ...(compute === null ? [] : (["compute"] as const)),
    ...(tables.length === 0 ? [] : (["tables"] as const)),
    ...(spansRegions || serverless !== null ? (["database"] as const) : []),
    ...(spansRegions && role === "primary" ? (["credentials"] as const) : []),
    ...(redis === null ? [] : (["cache"] as const)),
    ...(dataBucket === null ? [] : (["objects"] as const)),
    ...(functions.length === 0 ? [] : (["functions"] as const)),
    "alarms",
  ];
}
