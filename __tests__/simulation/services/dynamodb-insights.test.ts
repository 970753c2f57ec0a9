import { DescribeContributorInsightsCommand, UpdateContributorInsightsCommand, type UpdateContributorInsightsCommandInput } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const named = { TableName: names.table, IndexName: "by-plan" };
const account = deployedAccount();
const { dynamoDb } = clientsOf(account);
const update = (input: Partial<UpdateContributorInsightsCommandInput>) =>
  dynamoDb.send(new UpdateContributorInsightsCommand({ ...named, ContributorInsightsAction: "ENABLE", ...input }));
const described = () => dynamoDb.send(new DescribeContributorInsightsCommand(named));

it("Contributor Insights of a simulated index are turned on in a mode, and off, over a minute", async () => {
  await update({ ContributorInsightsMode: "THROTTLED_KEYS" });
  expect(await described()).toMatchObject({ ContributorInsightsStatus: "ENABLING" });
  advanceMinutes(account, 1);
  expect(await described()).toMatchObject({ ContributorInsightsStatus: "ENABLED", ContributorInsightsMode: "THROTTLED_KEYS" });
  await update({ ContributorInsightsAction: "DISABLE" });
  expect(await described()).toMatchObject({ ContributorInsightsStatus: "DISABLING" });
  advanceMinutes(account, 1);
  expect(await described()).toMatchObject({ ContributorInsightsStatus: "DISABLED" });
});

it("Contributor Insights are refused for an index that is not there and for another action than AWS knows", async () => {
  await expect(update({ IndexName: "by-nothing" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(update({ ContributorInsightsAction: "PAUSE" as "ENABLE" })).rejects.toMatchObject({ name: "ValidationException" });
});
