import { ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const dayMs = 86_400_000;

describe("capacity history", () => {
  it("reaches back before the deployment, and not before the account was born", () => {
    const { view, ...account } = deployedAccount();
    const startMs = Date.parse("2026-06-01T00:00:00Z");
    expect(account).toBeDefined();
    expect(view.groupAt("us-east-1", names.group, startMs - 89 * dayMs)).toEqual({ instances: { "m5.4xlarge": 10 }, zones: 2 });
    expect(view.redisAt("us-east-1", names.redis, startMs - 89 * dayMs)).toEqual({ nodeType: "cache.r6g.4xlarge", shards: 2, replicasPerShard: 1 });
    for (const atMs of [startMs - 91 * dayMs, 0]) {
      expect(view.groupAt("us-east-1", names.group, atMs)).toBeNull();
      expect(view.clusterAt("us-east-1", names.cluster, atMs)).toBeNull();
      expect(view.tableAt("us-east-1", names.table, atMs)).toBeNull();
      expect(view.indexAt("us-east-1", names.table, "by-plan", atMs)).toBeNull();
      expect(view.redisAt("us-east-1", names.redis, atMs)).toBeNull();
    }
  });

  it("keeps the past as it was, and knows when the present will change", async () => {
    const account = deployedAccount();
    const beforeMs = account.nowMs() - 1;
    const member = (atMs: number) => account.view.clusterAt("us-east-1", names.cluster, atMs)?.[1];
    await clientsOf(account).rds.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.instance(2), DBInstanceClass: "db.r6g.large", ApplyImmediately: true }),
    );
    const changes = account.view.changesBetween?.("us-east-1", account.nowMs(), Infinity) ?? [];
    expect(changes.map((ms) => [member(ms)?.instanceClass, member(ms)?.available])).toEqual([
      ["db.r6g.4xlarge", true],
      ["db.r6g.4xlarge", false],
      ["db.r6g.large", true],
      ["db.r6g.large", true],
    ]);
    expect(member(beforeMs)).toMatchObject({ instanceClass: "db.r6g.4xlarge", available: true, role: "reader" });
  });
});
