import { ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { elastiCache } from "../../../simulation/services/elasticache/service.ts";
import { changesIn, clusterAt, groupAt, indexAt } from "../../support/account-capacity.ts";
import { clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const dayMs = 86_400_000;

const region = "us-east-1";

describe("the capacity that the load meets", () => {
  it("reaches back before the deployment, and not before the account was born", () => {
    const account = deployedAccount();
    const { state } = account;
    const startMs = Date.parse("2026-06-01T00:00:00Z");
    const nodes = (atMs: number) => elastiCache.usage?.instances?.running(state, region, atMs);
    expect(groupAt(account, region, names.group, startMs - 89 * dayMs)).toEqual({ instances: { "m5.4xlarge": 10 }, zones: 2 });
    expect(nodes(startMs - 89 * dayMs)).toEqual([{ type: "cache.r6g.4xlarge", count: 4 }]);
    for (const atMs of [startMs - 91 * dayMs, 0]) {
      expect(groupAt(account, region, names.group, atMs)).toBeNull();
      expect(clusterAt(account, region, names.cluster, atMs)).toBeNull();
      expect(indexAt(account, region, names.table, "by-plan", atMs)).toBeNull();
      expect(nodes(atMs)).toEqual([]);
    }
  });

  it("keeps the past as it was, and knows when the present will change", async () => {
    const account = deployedAccount();
    const beforeMs = account.nowMs() - 1;
    const member = (atMs: number) => clusterAt(account, region, names.cluster, atMs)?.[1];
    await clientsOf(account).rds.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.instance(2), DBInstanceClass: "db.r6g.large", ApplyImmediately: true }),
    );
    const changes = changesIn(account, region, account.nowMs());
    expect(changes.map((ms) => [member(ms)?.instanceClass, member(ms)?.available])).toEqual([
      ["db.r6g.4xlarge", true],
      ["db.r6g.4xlarge", false],
      ["db.r6g.large", true],
      ["db.r6g.large", true],
    ]);
    expect(member(beforeMs)).toMatchObject({ instanceClass: "db.r6g.4xlarge", available: true, role: "reader" });
  });
});
