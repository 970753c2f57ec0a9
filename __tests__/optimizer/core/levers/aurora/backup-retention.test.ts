import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { roundOf } from "../../../../../optimizer/core/model/action.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aCluster, aMember, aWorld, secondary, tagged } from "../../../../support/world.ts";

const rule = ruleOf("aurora.backup-retention");
const { decisions, proposal, skipped } = decisionsOf(rule);

const keeping = (backupRetentionDays: number) => aWorld().with(aCluster({ backupRetentionDays }));

describe("aurora.backup-retention", () => {
  it.each([13, 14, 1])("leaves a cluster alone that keeps its backups for %s days", (days) => {
    expect(skipped(keeping(days))).toMatchObject({ code: "already-there", detail: expect.stringContaining(`${days} day`) });
  });

  it.each([15, 30, 35])("proposes 14 days to a cluster that keeps its backups for %s days", (days) => {
    expect(proposal(keeping(days))).toMatchObject({ from: `${days} days`, to: "14 days" });
  });

  it("takes the target from the policy", () => {
    const week = { rules: { auroraBackupRetention: { targetDays: 7 } } };
    expect(proposal(keeping(14).policed(week)).to).toBe("7 days");
    expect(skipped(keeping(7).policed(week)).code).toBe("already-there");
  });

  it.each([0, 36])("takes no target of %s days, which AWS refuses", (targetDays) => {
    expect(() => keeping(30).policed({ rules: { auroraBackupRetention: { targetDays } } })).toThrow(/targetDays/);
  });

  it("says that it cannot be undone, what would be gone, and asks for an approval", () => {
    const { action } = proposal(keeping(30));
    expect(action).toMatchObject({ reversibility: "irreversible", disruptions: [] });
    expect(action.cannotComeBack).toBe("backups of aurora older than 14 days");
    expect(action.approval?.why).toContain("at once");
    expect(roundOf(action)).toBe(3);
  });

  it("goes back to the old number of days, which keeps backups from then on", () => {
    const { action } = proposal(keeping(30));
    const [step] = action.steps;
    expect(step).toMatchObject({ change: { kind: "rds.backup-retention", before: { days: 30 }, after: { days: 14 } } });
    expect(action.rollback.map(({ change }) => [change.before, change.after])).toEqual([[{ days: 14 }, { days: 30 }]]);
  });

  it("names the saving as unknown, never as 0", () => {
    expect(proposal(keeping(30)).savings).toEqual({ kind: "unknown", what: "backup storage", reason: "price unknown" });
  });

  it("leaves backups to AWS Backup that it owns: AWS takes no other number of days then", () => {
    const awsBackup = "arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:cluster-1";
    expect(skipped(aWorld().with(aCluster({ awsBackup })))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("AWS Backup owns") });
  });

  it("is adopted as the cluster's retention", () => {
    expect(proposal(keeping(30)).action.writeBack).toEqual([
      { type: "aws_rds_cluster", id: "aurora", property: "backupRetentionDays", operation: "set", value: 14 },
    ]);
  });

  it.each([
    ["a cluster's tenant tag", aCluster({ tags: tagged({ TENANTID: "a" }) }), "tenant-resource"],
    ["a member's tenant tag", aCluster({ members: [aMember("aurora-1", { tags: tagged({ "tenant:id": "a" }) })] }), "tenant-resource"],
    ["a cluster being changed", aCluster({ status: "modifying" }), "unsupported"],
    ["a cluster with another change that waits", aCluster({ waiting: ["a change of EngineVersion"] }), "unsupported"],
  ])("skips %s", (_, cluster, code) => {
    expect(skipped(aWorld().with(cluster)).code).toBe(code);
  });

  it("says of a cluster that could not be read why", () => {
    const ref = aCluster().ref;
    const seen = decisions(aWorld().undescribed({ ref, reason: "access-denied", detail: "no" }));
    expect(seen).toMatchObject([{ kind: "skip", code: "unreadable", detail: "no" }]);
  });

  it("decides about each cluster of a global database by itself, since each keeps its own backups", () => {
    const world = keeping(30).with(
      aCluster({ name: "west", region: secondary, globalRole: "secondary", members: [aMember("west-1")], backupRetentionDays: 7 }),
    );
    expect(decisions(world).map(({ kind, resource }) => [kind, resource.id])).toEqual([
      ["proposal", "aurora"],
      ["skip", "west"],
    ]);
  });

  it("needs no metric, and its decision rests on the days, on who owns them and on what would be done along with it", () => {
    expect(rule.refinements(keeping(30).facts(rule))).toEqual([]);
    expect(rule.restsOn(aCluster({ backupRetentionDays: 30 }))).toEqual({ backupRetentionDays: 30, awsBackup: null, waiting: [] });
  });
});
