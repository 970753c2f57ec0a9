import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { roundOf } from "../../../../../optimizer/core/model/action.ts";
import { anRdsInstance } from "../../../../support/rds-instances.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, secondary, tagged } from "../../../../support/world.ts";

const rule = ruleOf("rds.backup-retention");
const { decisions, proposal, skipped } = decisionsOf(rule);

const keeping = (backupRetentionDays: number) => aWorld().with(anRdsInstance({ backupRetentionDays }));

describe("rds.backup-retention", () => {
  it.each([1, 6, 7])("leaves an instance alone that keeps its backups for %s days", (days) => {
    expect(skipped(keeping(days))).toMatchObject({ code: "already-there", detail: expect.stringContaining(`${days} day`) });
  });

  it("never begins backups where there are none: that would be an outage, and cost", () => {
    expect(skipped(keeping(0))).toMatchObject({ code: "already-there", detail: expect.stringContaining("no automated backups") });
  });

  it.each([8, 30, 35])("proposes 7 days to an instance that keeps its backups for %s days", (days) => {
    expect(proposal(keeping(days))).toMatchObject({ from: `${days} days`, to: "7 days" });
  });

  it("takes the target from the policy", () => {
    const fortnight = { rules: { rdsBackupRetention: { targetDays: 14 } } };
    expect(proposal(keeping(30).policed(fortnight)).to).toBe("14 days");
    expect(skipped(keeping(14).policed(fortnight)).code).toBe("already-there");
  });

  it.each([0, 36])("takes no target of %s days", (targetDays) => {
    expect(() => keeping(30).policed({ rules: { rdsBackupRetention: { targetDays } } })).toThrow(/targetDays/);
  });

  it("says that it cannot be undone, what would be gone, and asks for an approval", () => {
    const { action } = proposal(keeping(30));
    expect(action).toMatchObject({ reversibility: "irreversible", disruptions: [], cannotComeBack: "backups of mysql older than 7 days" });
    expect(action.approval?.why).toContain("deleted");
    expect(roundOf(action)).toBe(3);
  });

  it("goes back to the old number of days, which keeps backups from then on", () => {
    const { action } = proposal(keeping(30));
    expect(action.steps).toMatchObject([{ change: { kind: "rds.instance-backup-retention", before: { days: 30 }, after: { days: 7 } } }]);
    expect(action.rollback.map(({ change }) => [change.before, change.after])).toEqual([[{ days: 7 }, { days: 30 }]]);
  });

  it("names the saving as unknown, never as 0", () => {
    expect(proposal(keeping(30)).savings).toEqual({ kind: "unknown", what: "backup storage", reason: "price unknown" });
  });

  it("is adopted as the instance's retention", () => {
    expect(proposal(keeping(30)).action.writeBack).toEqual([
      { type: "aws_db_instance", id: "mysql", property: "backupRetentionDays", operation: "set", value: 7 },
    ]);
  });

  it.each([
    ["a tenant's instance", anRdsInstance({ tags: tagged({ TenantId: "a" }) }), "tenant-resource", "TenantId"],
    ["an instance whose backups AWS Backup owns", anRdsInstance({ awsBackup: "arn:aws:backup:::1" }), "unsupported", "AWS Backup owns"],
    ["an instance that is being changed", anRdsInstance({ status: "modifying" }), "unsupported", "mysql is modifying"],
    ["an instance that is being backed up", anRdsInstance({ status: "backing-up" }), "unsupported", "mysql is backing-up"],
    ["an instance for which something waits", anRdsInstance({ waiting: ["a change of EngineVersion"] }), "unsupported", "EngineVersion"],
  ])("skips %s", (_, instance, code, detail) => {
    expect(skipped(aWorld().with(instance))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("says of an instance that could not be read why", () => {
    const { ref } = anRdsInstance();
    const seen = decisions(aWorld().undescribed({ ref, reason: "unsupported", detail: "mysql belongs to the cluster c" }));
    expect(seen).toMatchObject([{ kind: "skip", code: "unsupported", detail: "mysql belongs to the cluster c" }]);
  });

  it("decides about source and replica by themselves, since each keeps its own backups, and says so", () => {
    const replica = anRdsInstance({ name: "west", region: secondary, replicaOf: "arn:mysql", backupRetentionDays: 7 });
    const world = aWorld().with(anRdsInstance({ replicas: ["arn:west"] }), replica);
    expect(decisions(world).map(({ kind, resource }) => [kind, resource.id])).toEqual([
      ["proposal", "mysql"],
      ["skip", "west"],
    ]);
    expect(proposal(world).warnings).toEqual([expect.stringContaining("arn:west")]);
  });

  it("needs no metric, and rests on the days and on who owns them", () => {
    expect(rule.refinements(keeping(30).facts(rule))).toEqual([]);
    expect(rule.restsOn(anRdsInstance())).toEqual({ backupRetentionDays: 30, awsBackup: null });
  });
});
