import type { Construct } from "constructs";
import { EncryptionKey } from "../constructs/encryption/encryption-key.ts";
import { alarmsMayUseKey, autoScalingMayUseKey, logsMayUseKey } from "../constructs/encryption/key-statements.ts";
import type { StackContext } from "./stack-context.ts";

/** One key a class of data. They outlive the components they encrypt: a snapshot is worth nothing without its key. */
export interface StackKeys {
  readonly logs: EncryptionKey;
  readonly compute: EncryptionKey;
  readonly tables: EncryptionKey;
  readonly database: EncryptionKey;
  readonly cache: EncryptionKey;
  readonly alarms: EncryptionKey;
}

export function createKeys(scope: Construct, { names, lifetime }: StackContext, autoScalingRoleArn: string): StackKeys {
  return {
    logs: new EncryptionKey(scope, "logs-key", { names, lifetime, dataClass: "logs", statements: [logsMayUseKey(names)] }),
    compute: new EncryptionKey(scope, "compute-key", { names, lifetime, dataClass: "compute", statements: autoScalingMayUseKey(autoScalingRoleArn) }),
    tables: new EncryptionKey(scope, "tables-key", { names, lifetime, dataClass: "tables" }),
    database: new EncryptionKey(scope, "database-key", { names, lifetime, dataClass: "database" }),
    cache: new EncryptionKey(scope, "cache-key", { names, lifetime, dataClass: "cache" }),
    alarms: new EncryptionKey(scope, "alarms-key", { names, lifetime, dataClass: "alarms", statements: [alarmsMayUseKey(names)] }),
  };
}
