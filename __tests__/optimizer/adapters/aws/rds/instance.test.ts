import { describe, expect, it } from "vitest";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import type { ChangeOf } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";
import { accountScenario, advanceMinutes, deployedAccount } from "../../../../support/simulated-clients.ts";
import { clientFactoryOf } from "../../../../support/simulated-run.ts";
import { names } from "../../../../support/terraform-fixture.ts";

const around = {
  awsBackup: true,
  maintenance: [{ on: "instances", action: "system-update", afterHours: 1 }],
  blueGreenDeployments: ["next"],
  proxies: ["pool"],
} as const;
const denied = accountScenario({ faults: [{ kind: "access-denied", from: 0, until: 1, commands: ["DescribeDBParameters", "DescribeDBProxies"] }] });
const database = { writeVcpuSeconds: 0.01, readVcpuSeconds: 0.01, around };
const load = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 0.5 } };
const account = deployedAccount(accountScenario({ tags: [{ resource: names.mysql, tags: { team: "orders" } }] }));
const backedUp = deployedAccount(accountScenario({ regions: { "us-east-1": { ...load, database } } }));

async function described(...rdsInstances: readonly string[]) {
  return createInventoryReader(clientFactoryOf(account), account).describe(emptyDeployment("us-east-1", { rdsInstances }));
}

describe("an RDS instance as AWS describes it", () => {
  it("is read with its tags, backups and replicas", async () => {
    const { resources } = await described(names.mysql);
    expect(resources).toMatchObject([
      {
        kind: "rds-instance",
        ref: { region: "us-east-1", id: names.mysql },
        tags: { kind: "tags", tags: { team: "orders" } },
        engine: "mysql",
        instanceClass: "db.m6g.2xlarge",
        multiAz: true,
        performanceInsights: false,
        replicaOf: null,
        replicas: [],
        backupRetentionDays: 30,
        awsBackup: null,
        waiting: [],
        waitingForRestart: [],
        memoryParameters: { kind: "seen", value: ["max_connections = 500"] },
        orderableClasses: { kind: "seen", value: expect.arrayContaining(["db.m6g.large", "db.t3.small"]) },
        maintenance: { kind: "seen", value: [] },
        blueGreenDeployments: { kind: "seen", value: [] },
        proxies: { kind: "seen", value: [] },
      },
    ]);
  });

  it("is left to its cluster where it is a member of one, and told where it is not there", async () => {
    const { resources, undescribed } = await described(names.instance(2), "nobody");
    expect(resources).toEqual([]);
    expect(undescribed).toMatchObject([
      { ref: { id: names.instance(2) }, reason: "unsupported", detail: expect.stringContaining(`belongs to the cluster ${names.cluster}`) },
      { ref: { id: "nobody" }, reason: "not-found" },
    ]);
  });

  it("says that AWS Backup owns its backups, as a cluster does", async () => {
    const deployment = emptyDeployment("us-east-1", { rdsInstances: [names.mysql], auroraClusters: [names.cluster] });
    const { resources } = await createInventoryReader(clientFactoryOf(backedUp), backedUp).describe(deployment);
    const owned = expect.stringMatching(/^arn:aws:backup:us-east-1:\d{12}:recovery-point:continuous:(?:db|cluster)-/);
    expect(resources).toMatchObject([{ awsBackup: owned }, { awsBackup: owned }]);
  });

  it("tells what stands around it", async () => {
    const { resources } = await createInventoryReader(clientFactoryOf(backedUp), backedUp).describe(
      emptyDeployment("us-east-1", { rdsInstances: [names.mysql] }),
    );
    expect(resources).toMatchObject([
      {
        maintenance: { kind: "seen", value: [{ action: "system-update", isPlanned: true }] },
        blueGreenDeployments: { kind: "seen", value: ["next"] },
        proxies: { kind: "seen", value: ["pool"] },
      },
    ]);
  });

  it("says what it may not see, by the call", async () => {
    const forbidding = deployedAccount(denied);
    const clients = clientFactoryOf(forbidding);
    const { resources } = await createInventoryReader(clients, forbidding).describe(emptyDeployment("us-east-1", { rdsInstances: [names.mysql] }));
    const unseen = (call: string) => ({ kind: "unseen", reason: expect.stringContaining(call) });
    expect(resources).toMatchObject([
      { memoryParameters: unseen("DescribeDBParameters"), proxies: unseen("DescribeDBProxies"), orderableClasses: { kind: "seen" } },
    ]);
  });

  it("has its tags read again before each write", async () => {
    const tags = await createTagReader(clientFactoryOf(account)).tagsOf([{ kind: "rds-instance", region: "us-east-1", id: names.mysql }]);
    expect(tags).toEqual([{ kind: "tags", tags: expect.objectContaining({ team: "orders" }) }]);
  });
});

describe("an RDS instance that a run of ours made smaller", () => {
  it("tells by CloudTrail which hours were of the class before, the tried and undone ones alone once it is back", async () => {
    const here = deployedAccount();
    const clients = clientFactoryOf(here);
    const change: ChangeOf<"rds.standalone-class"> = {
      kind: "rds.standalone-class",
      region: "us-east-1",
      instance: names.mysql,
      multiAz: true,
      before: { instanceClass: "db.m6g.2xlarge" },
      after: { instanceClass: "db.m6g.large" },
    };
    const sizes = async (): Promise<unknown> => {
      advanceMinutes(here, 24 * 60);
      const { resources } = await createInventoryReader(clients, here).describe(emptyDeployment("us-east-1", { rdsInstances: [names.mysql] }));
      return resources.map((resource) =>
        resource.kind === "rds-instance" && resource.sizesBefore?.kind === "seen" ? resource.sizesBefore.value.slice(1) : null,
      );
    };
    const calledMs = here.nowMs();
    await createChangeWriter(clients).apply(change, "run-1|step-1");
    const takesMs = 6 * 3_600_000;
    const onTheWay = { size: "on its way to db.m6g.large", fromMs: calledMs, untilMs: calledMs + takesMs };
    expect(await sizes()).toEqual([[{ size: "db.m6g.2xlarge", fromMs: null, untilMs: calledMs }, onTheWay]]);
    const undoneMs = here.nowMs();
    await createChangeWriter(clients).apply({ ...change, before: change.after, after: change.before }, "run-1|step-2");
    expect(await sizes()).toEqual([
      [
        onTheWay,
        { size: "db.m6g.large", fromMs: onTheWay.untilMs, untilMs: undoneMs },
        { size: "on its way to db.m6g.2xlarge", fromMs: undoneMs, untilMs: undoneMs + takesMs },
      ],
    ]);
  });
});
