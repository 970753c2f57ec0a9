import type { DBInstance } from "@aws-sdk/client-rds";
import type { AccountState } from "../../account/state.ts";
import { recoveryPointOf } from "./aws-backup.ts";
import { commonDescription, tagList } from "./describe-common.ts";
import { replicasOf, sourceOf, type StandaloneInstance } from "./standalone.ts";

/** An instance outside of clusters as AWS describes it; replicas and sources in other regions by their ARNs. */
export function describeStandalone(instance: StandaloneInstance, state: AccountState, atMs: number, isOwnedByAwsBackup: boolean): DBInstance {
  const current = instance.state.at(atMs);
  const source = sourceOf(instance, state);
  const retained = instance.backupRetentionDays.at(atMs) ?? 0;
  const asked = instance.backupRetentionDays.final();
  const { region } = instance;
  const nameFor = (other: StandaloneInstance): string => (other.region === region ? other.id : other.arn);
  const common = commonDescription(instance, current, atMs);
  return {
    ...common,
    Engine: instance.engine ?? source?.engine ?? "mysql",
    EngineVersion: instance.engineVersion ?? source?.engineVersion ?? "",
    Endpoint: { Address: instance.host, Port: instance.port },
    MultiAZ: instance.multiAz,
    AllocatedStorage: instance.storageGib ?? source?.storageGib ?? 0,
    StorageType: instance.storageType,
    StorageEncrypted: instance.kmsKeyId !== null,
    DeletionProtection: instance.deletionProtection,
    PreferredBackupWindow: instance.backupWindow,
    BackupRetentionPeriod: retained,
    ReadReplicaDBInstanceIdentifiers: replicasOf(instance, state).map(nameFor),
    ...(source === undefined ? {} : { ReadReplicaSourceDBInstanceIdentifier: nameFor(source) }),
    ...(instance.maxStorageGib === null ? {} : { MaxAllocatedStorage: instance.maxStorageGib }),
    ...(instance.kmsKeyId === null ? {} : { KmsKeyId: instance.kmsKeyId }),
    ...(isOwnedByAwsBackup ? { AwsBackupRecoveryPointArn: recoveryPointOf(instance) } : {}),
    PendingModifiedValues: { ...common.PendingModifiedValues, ...(asked === retained ? {} : { BackupRetentionPeriod: asked }) },
    TagList: tagList(instance.tags),
  };
}
