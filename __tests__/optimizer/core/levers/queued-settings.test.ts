import { describe, expect, it } from "vitest";
import { waitingWith } from "../../../../optimizer/core/levers/queued-settings.ts";
import { queuedClusterSettings, queuedInstanceSettings } from "../../../../optimizer/core/levers/rds/changes.ts";
import { queuedGroupSettings } from "../../../../optimizer/core/levers/redis/changes.ts";

const region = "us-east-1";
const version = { name: "EngineVersion", present: "8.0.39", wanted: "8.4.3" };

describe("what somebody queued for a maintenance window", () => {
  it("is told with what it is and is to become, and set back by one command", () => {
    const storage = { name: "AllocatedStorage", present: 100, wanted: 200 };
    const standby = { name: "MultiAZ", present: true, wanted: false };
    expect(queuedInstanceSettings(region, "web-db", [version, storage, standby])).toEqual({
      settings: ["EngineVersion (8.0.39, to become 8.4.3)", "AllocatedStorage (100, to become 200)", "MultiAZ (true, to become false)"],
      cancel:
        "aws rds modify-db-instance --region us-east-1 --db-instance-identifier web-db --engine-version 8.0.39 --allocated-storage 100 --multi-az --apply-immediately",
    });
  });

  // https://docs.aws.amazon.com/cli/latest/reference/rds/modify-db-instance.html: the options by the names of PendingModifiedValues.
  it.each<[string, unknown, string]>([
    ["AllocatedStorage", 100, "--allocated-storage 100"],
    ["BackupRetentionPeriod", 7, "--backup-retention-period 7"],
    ["CACertificateIdentifier", "rds-ca-rsa2048-g1", "--ca-certificate-identifier rds-ca-rsa2048-g1"],
    ["DBInstanceClass", "db.m6g.large", "--db-instance-class db.m6g.large"],
    ["DedicatedLogVolume", true, "--dedicated-log-volume"],
    ["DedicatedLogVolume", false, "--no-dedicated-log-volume"],
    ["EngineVersion", "8.0.39", "--engine-version 8.0.39"],
    ["IAMDatabaseAuthenticationEnabled", true, "--enable-iam-database-authentication"],
    ["IAMDatabaseAuthenticationEnabled", false, "--no-enable-iam-database-authentication"],
    ["Iops", 3000, "--iops 3000"],
    ["LicenseModel", "general-public-license", "--license-model general-public-license"],
    ["MultiAZ", false, "--no-multi-az"],
    ["StorageThroughput", 500, "--storage-throughput 500"],
    ["StorageType", "gp3", "--storage-type gp3"],
  ])("is set back of an instance by the option of each setting: %s %s", (name, present, option) => {
    expect(queuedInstanceSettings(region, "web-db", [{ name, present, wanted: "another" }]).cancel).toBe(
      `aws rds modify-db-instance --region us-east-1 --db-instance-identifier web-db ${option} --apply-immediately`,
    );
  });

  it.each<[string, unknown]>([
    ["AllocatedStorage", null],
    ["EngineVersion", true],
    ["MultiAZ", "true"],
    ["Port", 3306],
  ])("is not set back by guessing, where an option does not take what is there: %s %s", (name, present) => {
    expect(queuedInstanceSettings(region, "web-db", [{ name, present, wanted: "another" }]).cancel).toBeNull();
  });

  it("is set back of a cluster and of a replication group by their own commands", () => {
    const access = { name: "IAMDatabaseAuthenticationEnabled", present: false, wanted: true };
    expect(queuedClusterSettings(region, "c", [access]).cancel).toBe(
      "aws rds modify-db-cluster --region us-east-1 --db-cluster-identifier c --no-enable-iam-database-authentication --apply-immediately",
    );
    const type = { name: "CacheNodeType", present: "cache.r6g.large", wanted: "cache.r6g.xlarge" };
    expect(queuedGroupSettings({ region, replicationGroup: "r" }, [type]).cancel).toBe(
      "aws elasticache modify-replication-group --region us-east-1 --replication-group-id r --cache-node-type cache.r6g.large --apply-immediately",
    );
  });

  it("is not set back in part: where one setting has no option, or no present value, there is no command", () => {
    const password = { name: "MasterUserPassword", present: undefined, wanted: "****" };
    expect(queuedInstanceSettings(region, "web-db", [version, password])).toEqual({
      settings: ["EngineVersion (8.0.39, to become 8.4.3)", "MasterUserPassword"],
      cancel: null,
    });
    const processors = { name: "ProcessorFeatures", present: [{ Name: "coreCount", Value: "4" }], wanted: [{ Name: "coreCount", Value: "2" }] };
    expect(queuedInstanceSettings(region, "web-db", [processors])).toEqual({ settings: ["ProcessorFeatures"], cancel: null });
    const users = { name: "UserGroups", present: "g", wanted: { UserGroupIdsToAdd: ["h"] } };
    expect(queuedGroupSettings({ region, replicationGroup: "r" }, [users]).cancel).toBeNull();
  });

  it("is nothing to set back where nothing is queued", () => {
    expect(queuedInstanceSettings(region, "web-db", [])).toEqual({ settings: [], cancel: null });
  });

  it.each<[string, unknown, unknown, string]>([
    ["Iops", 3000, 6000, "Iops (3000, to become 6000)"],
    ["UserGroups", "g", { UserGroupIdsToAdd: ["h"] }, "UserGroups"],
    ["UserGroups", ["g"], "h", "UserGroups"],
    ["Iops", undefined, 6000, "Iops"],
    ["MasterUserPassword", "old", "new", "MasterUserPassword"],
    ["AuthPassword", 1, 2, "AuthPassword"],
  ])("is named alone where it is, or becomes, no word and no number, and where it is secret: %s %s → %s", (name, present, wanted, words) => {
    expect(queuedInstanceSettings(region, "web-db", [{ name, present, wanted }]).settings).toEqual([words]);
  });

  it("shows no password, whatever AWS answers", () => {
    expect(JSON.stringify(queuedInstanceSettings(region, "web-db", [{ name: "MasterUserPassword", present: "old", wanted: "secret" }]))).not.toContain(
      "secret",
    );
  });

  it("is a state of its own in words", () => {
    expect(waitingWith("instance web-db", queuedInstanceSettings(region, "web-db", [version]))).toMatchObject({
      kind: "mixed",
      detail: "instance web-db waits for its maintenance window with a change of EngineVersion (8.0.39, to become 8.4.3)",
    });
  });
});
