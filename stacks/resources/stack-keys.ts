import type { Construct } from "constructs";
import { EncryptionKey } from "../../constructs/encryption/encryption-key.ts";
import { alarmsMayUseKey, autoScalingMayUseKey, logsMayUseKey } from "../../constructs/encryption/key-statements.ts";
import type { Names } from "../../constructs/names.ts";
import type { Statement } from "../../constructs/policy-document.ts";
import type { StackComponents } from "../blueprints/blueprint.ts";
import type { StackContext } from "./stack-context.ts";

/** Data that one key encrypts. */
export type DataClass = "logs" | "compute" | "tables" | "database" | "cache" | "objects" | "functions" | "alarms";

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
    for (const dataClass of dataClassesOf(context.stack.builtFor)) this.of(dataClass);
  }

  of(dataClass: DataClass): EncryptionKey {
    const known = this.keys.get(dataClass);
    if (known !== undefined) return known;
    const { names, lifetime } = this.context;
    const key = new EncryptionKey(this.scope, `${dataClass}-key`, { names, lifetime, dataClass, statements: this.usersOf(dataClass, names) });
    this.keys.set(dataClass, key);
    return key;
  }

  /** Keys of all data that applications read and write. */
  ofApplications(): readonly EncryptionKey[] {
    const classes: readonly DataClass[] = ["tables", "database", "cache", "objects"];
    return classes.map((dataClass) => this.keys.get(dataClass)).filter((key) => key !== undefined);
  }

  private usersOf(dataClass: DataClass, names: Names): readonly Statement[] {
    switch (dataClass) {
      case "logs":
        return [logsMayUseKey(names)];
      case "alarms":
        return [alarmsMayUseKey(names)];
      case "compute":
        return this.autoScalingRoleArn === undefined ? [] : autoScalingMayUseKey(this.autoScalingRoleArn);
      case "tables":
      case "database":
      case "cache":
      case "objects":
      case "functions":
        return [];
      default:
        return dataClass satisfies never;
    }
  }
}

function dataClassesOf({ compute, tables, aurora, serverless, redis, dataBucket, functions }: StackComponents): readonly DataClass[] {
  return [
    "logs",
    ...(compute === null ? [] : (["compute"] as const)),
    ...(tables.length === 0 ? [] : (["tables"] as const)),
    ...(aurora === null && serverless === null ? [] : (["database"] as const)),
    ...(redis === null ? [] : (["cache"] as const)),
    ...(dataBucket === null ? [] : (["objects"] as const)),
    ...(functions.length === 0 ? [] : (["functions"] as const)),
    "alarms",
  ];
}
