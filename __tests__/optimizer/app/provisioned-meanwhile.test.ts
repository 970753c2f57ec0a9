import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import type { RegionClients } from "../../../optimizer/adapters/aws/client-factory.ts";
import { capacityOf, readTable } from "../../../optimizer/adapters/aws/dynamodb/table.ts";
import { awsCommands } from "../../../optimizer/core/execution/manual-commands.ts";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { runLines } from "../../support/shell-lines.ts";
import { clientFactoryOf, openSimulatedRun, provisionedRegion, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const tableUnits = { ReadCapacityUnits: 40, WriteCapacityUnits: 20 };
const indexUnits = { ReadCapacityUnits: 7, WriteCapacityUnits: 5 };
const index = "by-plan";

/** Somebody makes the table provisioned, with units for each index that is there. */
async function makesProvisioned({ dynamoDb }: RegionClients): Promise<void> {
  const { GlobalSecondaryIndexes: present = [] } = await readTable(dynamoDb, names.table);
  await dynamoDb.send(
    new UpdateTableCommand({
      TableName: names.table,
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: tableUnits,
      GlobalSecondaryIndexUpdates: present.map(({ IndexName }) => ({ Update: { IndexName, ProvisionedThroughput: indexUnits } })),
    }),
  );
}

function scenarioWith(caps: object) {
  return { regions: { [east]: { ...provisionedRegion, tables: { ...provisionedRegion.tables, [names.table]: { indexes: { [index]: caps } } } } } };
}

/** The index is taken out; in its window, or while its reads are only capped, the table is made provisioned, and the run is asked back. */
async function askedBack({ caps = {}, isOnlyCapped = false }: { readonly caps?: object; readonly isOnlyCapped?: boolean }): Promise<SimulatedRun> {
  let hasCome = false;
  const run = await openSimulatedRun("no index", {
    scenario: scenarioWith(caps),
    async whenTimePassed({ account, test, ports }) {
      const isThere = isOnlyCapped ? records(test, "BROWN_OUT").length > 0 : test.state().phases[0]?.stages[0]?.status === "observing";
      if (hasCome || !isThere) return;
      hasCome = true;
      await makesProvisioned(clientFactoryOf(account)(east));
      await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
  await run.drive();
  return run;
}

async function indexOf({ account }: SimulatedRun) {
  const table = await readTable(clientFactoryOf(account)(east).dynamoDb, names.table);
  const found = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index);
  return { units: capacityOf(table).indexes[index], caps: found?.OnDemandThroughput };
}

function toldOf({ test }: SimulatedRun, words: RegExp): readonly string[] {
  return records(test, "NEEDS_HUMAN").flatMap(({ body: { reason } }) => (words.test(reason) ? [reason] : []));
}

describe("the way back of an index whose table was made provisioned meanwhile", () => {
  it("makes the index again for what the table is provisioned for, and needs nobody", async () => {
    const run = await askedBack({});
    expect(await indexOf(run)).toEqual({ units: { read: 40, write: 20 }, caps: undefined });
    expect(run.test.state().outcome).toBe("rolled-back");
    expect(records(run.test, "RB_OUTCOME").filter(({ body }) => body.result === "rejected")).toEqual([]);
    expect(records(run.test, "NEEDS_HUMAN")).toEqual([]);
  });

  it("tells once of a cap that such a table does not take, and is through", async () => {
    const run = await askedBack({ caps: { maxReadRequestUnits: 500, maxWriteRequestUnits: 300 } });
    expect(await indexOf(run)).toEqual({ units: { read: 40, write: 20 }, caps: undefined });
    expect(run.test.state().outcome).toBe("rolled-back");
    expect(toldOf(run, /provisioned by now/)).toEqual([
      `${names.table} is provisioned by now, and takes no cap: once it is paid by request again, index ${index} is without its cap of 500 read request units a second`,
    ]);
  });

  it("asks for no cap to be lifted where the index was only capped, and tells of the one that is left", async () => {
    const run = await askedBack({ isOnlyCapped: true });
    expect((await indexOf(run)).units).toEqual({ read: 7, write: 5 });
    expect(run.test.state().outcome).toBe("rolled-back");
    expect(records(run.test, "RB_OUTCOME").filter(({ body }) => body.result === "rejected")).toEqual([]);
    expect(toldOf(run, /has a cap of 1 read request units a second, which may hold again, where it had none/)).toHaveLength(1);
  });
});

/** The lines were printed while the table was paid by request. */
describe("the printed way back of an index", () => {
  async function removed(caps: object, isMadeProvisioned: boolean) {
    const run = await openSimulatedRun("no index", { scenario: scenarioWith(caps) });
    const shell = { clients: clientFactoryOf(run.account), sleep: (seconds: number) => run.account.advanceTo(run.account.nowMs() + seconds * 1000) };
    const { steps, rollback } = run.action;
    await runLines(awsCommands(steps.flatMap((step) => (step.kind === "change" ? step.change : []))), shell);
    const creation = rollback.slice(0, 1);
    if (isMadeProvisioned) await makesProvisioned(shell.clients(east));
    await runLines(awsCommands(creation.map(({ change }) => change)), shell);
    const lift = awsCommands(rollback.slice(1, 2).map(({ change }) => change));
    return { run, lift: () => runLines(lift, shell) };
  }

  it("makes it again for what its table is provisioned for when the lines are run, and caps nothing", async () => {
    const { run, lift } = await removed({ maxReadRequestUnits: 500 }, true);
    expect(await indexOf(run)).toEqual({ units: { read: 40, write: 20 }, caps: undefined });
    await expect(lift()).rejects.toThrow(/nothing is capped: the table is provisioned, and takes no cap/);
  });

  it("makes it again with its caps where its table is paid by request", async () => {
    const { run, lift } = await removed({ maxReadRequestUnits: 500, maxWriteRequestUnits: 300 }, false);
    await lift();
    expect((await indexOf(run)).caps).toEqual({ MaxReadRequestUnits: 500, MaxWriteRequestUnits: 300 });
  });
});
