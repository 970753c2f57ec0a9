import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { monotonicMs } from "../../optimizer/adapters/clock/monotonic.ts";
import { openFileAccountStore } from "../../optimizer/adapters/simulated/file-account-store.ts";
import { openAccount } from "../../simulation/account/account.ts";
import { hashOf } from "../../optimizer/core/model/hash.ts";
import { accountScenario, clientsOf } from "./simulated-clients.ts";
import { names } from "./terraform-fixture.ts";

// A second process at the same account: `drive-account.ts <file> <times> <minutes a step>`.
const [file = "", times = "0", minutes = "1"] = process.argv.slice(2);
const scenario = accountScenario();
const account = openAccount(scenario, openFileAccountStore(file, hashOf(scenario), monotonicMs));
const { dynamoDb } = clientsOf(account);
let applied = 0;
for (let step = 1; step <= Number(times); step++) {
  account.advanceTo(account.nowMs() + Number(minutes) * 60_000);
  const update = { IndexName: "by-plan", OnDemandThroughput: { MaxReadRequestUnits: step } };
  try {
    await dynamoDb.send(new UpdateTableCommand({ TableName: names.table, GlobalSecondaryIndexUpdates: [{ Update: update }] }));
    applied += 1;
  } catch (error) {
    // The other process was first: its update is still under way.
    if (!(error instanceof Error) || error.name !== "ResourceInUseException") throw error;
  }
}
process.stdout.write(String(applied));
