import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, FailoverDBClusterCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import { openAccount } from "../../../simulation/account/account.ts";
import { accountScenario, clientsOf, deployedAccount, type SimulatedClients } from "../../support/simulated-clients.ts";
import { changesIn } from "../../support/account-capacity.ts";
import { names } from "../../support/terraform-fixture.ts";

const group = { AutoScalingGroupName: names.group };
const updateIndex = (change: object) => new UpdateTableCommand({ TableName: names.table, GlobalSecondaryIndexUpdates: [change] });

/** Calls that an operator may make at any time; many will be refused. */
const calls: readonly ((clients: SimulatedClients) => Promise<unknown>)[] = [
  ({ dynamoDb }) => dynamoDb.send(updateIndex({ Update: { IndexName: "by-plan", OnDemandThroughput: { MaxReadRequestUnits: 1 } } })),
  ({ dynamoDb }) => dynamoDb.send(updateIndex({ Delete: { IndexName: "by-plan" } })),
  ({ autoScaling }) => autoScaling.send(new UpdateAutoScalingGroupCommand({ ...group, DesiredCapacity: 12 })),
  ({ autoScaling }) => autoScaling.send(new UpdateAutoScalingGroupCommand({ ...group, DesiredCapacity: 9 })),
  ({ autoScaling }) => autoScaling.send(new StartInstanceRefreshCommand(group)),
  ({ autoScaling }) => autoScaling.send(new CancelInstanceRefreshCommand(group)),
  ({ rds }) => rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.instance(2), DBInstanceClass: "db.r6g.large", ApplyImmediately: true })),
  ({ rds }) => rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster })),
];

async function everything({ autoScaling, dynamoDb, rds }: SimulatedClients): Promise<unknown> {
  const answers = await Promise.all([
    autoScaling.send(new DescribeAutoScalingGroupsCommand({})),
    autoScaling.send(new DescribeInstanceRefreshesCommand(group)),
    dynamoDb.send(new DescribeTableCommand({ TableName: names.table })),
    rds.send(new DescribeDBClustersCommand({})),
    rds.send(new DescribeDBInstancesCommand({})),
  ]);
  return answers.map(({ $metadata: _metadata, ...answer }) => answer);
}

describe("replay", () => {
  it("gives the same account after any calls, refused ones included, to whoever opens the log", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(calls.length - 1), fc.nat(40)), { maxLength: 14 }), async (steps) => {
        const store = createMemoryAccountStore();
        const account = deployedAccount(accountScenario(), store);
        const clients = clientsOf(account);
        for (const [call, minutes] of steps) {
          await calls[call]?.(clients).catch((error: unknown) => expect(error).toHaveProperty("$fault", "client"));
          account.advanceTo(account.nowMs() + minutes * 60_000);
        }
        const reopened = openAccount(accountScenario(), createMemoryAccountStore(store.entries()));
        expect(await everything(clientsOf(reopened))).toEqual(await everything(clients));
        expect(changesIn(reopened, "us-east-1")).toEqual(changesIn(account, "us-east-1"));
      }),
      { numRuns: 25 },
    );
  });
});
