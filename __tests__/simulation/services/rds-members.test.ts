import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
  type CreateDBInstanceCommandInput,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { planDrift } from "../../../simulation/deployment/drift.ts";
import { services } from "../../../simulation/services.ts";
import { clusterAt } from "../../support/account-capacity.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

const third = names.instance(3);

function world(scenario = accountScenario()) {
  const account = deployedAccount(scenario);
  const { rds } = clientsOf(account);
  return {
    account,
    remove: (more: object = {}, id = third) => rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true, ...more })),
    make: (more: Partial<CreateDBInstanceCommandInput> = {}) =>
      rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: third,
          DBClusterIdentifier: names.cluster,
          DBInstanceClass: "db.r6g.4xlarge",
          Engine: "aurora-mysql",
          ...more,
        }),
      ),
    failover: (id: string) => rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster, TargetDBInstanceIdentifier: id })),
    told: async () => (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: third }))).DBInstances?.[0],
    running: () => clusterAt(account, "us-east-1", names.cluster, account.nowMs())?.map(({ identifier, role }) => `${identifier.at(-1)} ${role}`),
  };
}

describe("DeleteDBInstance", () => {
  it("takes a reader away over minutes, in which it serves nobody and is told to be deleting", async () => {
    const { account, remove, told, running } = world();
    await remove();
    expect([(await told())?.DBInstanceStatus, running()]).toEqual(["deleting", ["1 writer", "2 reader"]]);
    advanceMinutes(account, 5);
    await expect(told()).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
  });

  it("lets Terraform's state go of it: it is added where the stacks still want it, and nothing is left to do where they do not", async () => {
    const { account, remove } = world();
    await remove();
    advanceMinutes(account, 5);
    expect(planDrift(services, account.state, fixtureStacks())).toEqual({ add: ["primary/aws_rds_cluster_instance.three"], change: [], destroy: [] });
    const without = structuredClone(fixtureStacks()) as { readonly primary: { readonly resource: Record<string, Record<string, object>> } };
    delete without.primary.resource["aws_rds_cluster_instance"]!["three"];
    expect(planDrift(services, account.state, { ...without })).toEqual({ add: [], change: [], destroy: [] });
  });

  it("of a writer lets a reader be promoted first", async () => {
    const { account, remove, running } = world();
    await remove({}, names.instance(1));
    advanceMinutes(account, 5);
    expect(running()).toEqual(["2 writer", "3 reader"]);
  });

  it("is refused as AWS refuses it", async () => {
    const { account, remove, failover } = world();
    await expect(remove({}, "nobody")).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
    await expect(remove({ SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: "last" })).rejects.toMatchObject({ name: "InvalidParameterCombination" });
    await failover(names.instance(2));
    await expect(remove()).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
    advanceMinutes(account, 5);
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: "InvalidDBInstanceStateFault" });
    await remove({}, names.instance(1));
    advanceMinutes(account, 5);
    await expect(remove({}, names.instance(2))).rejects.toThrow("not simulated");
  });
});

describe("CreateDBInstance", () => {
  it("makes a reader again over minutes: another one of the same name", async () => {
    const { account, remove, make, told, running } = world();
    const before = await told();
    await remove();
    advanceMinutes(account, 5);
    await make({ PromotionTier: 2 });
    expect([(await told())?.DBInstanceStatus, running()]).toEqual(["creating", ["1 writer", "2 reader"]]);
    advanceMinutes(account, 10);
    const after = await told();
    expect([after?.DBInstanceStatus, running()]).toEqual(["available", ["1 writer", "2 reader", "3 reader"]]);
    expect(after).toMatchObject({ PromotionTier: 2, Endpoint: before?.Endpoint });
    expect(after?.DbiResourceId).not.toBe(before?.DbiResourceId);
  });

  it("is refused as AWS refuses it", async () => {
    const { account, remove, make } = world();
    await expect(make()).rejects.toMatchObject({ name: "DBInstanceAlreadyExistsFault" });
    await remove();
    await expect(make()).rejects.toMatchObject({ name: "DBInstanceAlreadyExistsFault" });
    advanceMinutes(account, 5);
    for (const [input, name] of [
      [{ DBClusterIdentifier: "nobody" }, "DBClusterNotFoundFault"],
      [{ Engine: "aurora-postgresql" }, "InvalidParameterCombination"],
      [{ DBInstanceClass: "db.r6g.huge" }, "InvalidParameterCombination"],
      [{ MonitoringInterval: 30 }, "InvalidParameterCombination"],
      [{ PromotionTier: 16 }, "InvalidParameterValue"],
    ] as const)
      await expect(make(input)).rejects.toMatchObject({ name });
    await expect(make({ DBInstanceIdentifier: "another" })).rejects.toThrow("not simulated");
    await expect(make({ StorageEncrypted: true })).rejects.toThrow("not simulated");
  });

  it("is refused while no instance can start", async () => {
    const { account, remove, make } = world(
      accountScenario({ faults: [{ kind: "insufficient-capacity", region: "us-east-1", commands: ["CreateDBInstance"], from: 0, until: 1 }] }),
    );
    await remove();
    advanceMinutes(account, 5);
    await expect(make()).rejects.toMatchObject({ name: "InsufficientDBInstanceCapacityFault" });
    advanceMinutes(account, 60);
    await make();
  });
});
