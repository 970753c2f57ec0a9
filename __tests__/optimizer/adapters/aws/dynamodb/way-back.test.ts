import { DescribeTableCommand, ListContributorInsightsCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { attachable } from "../../../../../optimizer/composition/attachable.ts";
import { standingOf } from "../../../../../optimizer/core/execution/classify-state.ts";
import type { Change } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { Proposal } from "../../../../../optimizer/core/model/rule.ts";
import type { SimulatedAccount } from "../../../../../simulation/account/account.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";
import { accountScenario, advanceMinutes, deployedAccount } from "../../../../support/simulated-clients.ts";
import { names } from "../../../../support/terraform-fixture.ts";
import { capacitySees } from "../../../../support/provisioned-tables.ts";
import { aWorld, primary, secondary, tableSees } from "../../../../support/world.ts";

const regions = [primary, secondary];
const index = "by-plan";

function clientsFor(account: SimulatedAccount) {
  return createClientFactory({
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    attach: (client, region, permit) => account.attach(attachable(client, permit), region),
  });
}

/** All that AWS tells of the table in every region; an index that was made again stands last, its order says nothing. */
async function everything(account: SimulatedAccount): Promise<unknown> {
  const clients = clientsFor(account);
  return Promise.all(
    regions.map(async (region) => {
      const { dynamoDb } = clients(region);
      const { Table: table } = await dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
      const { ContributorInsightsSummaries: insights = [] } = await dynamoDb.send(new ListContributorInsightsCommand({ TableName: names.table }));
      const byName = <T extends { IndexName?: string | undefined }>(list: readonly T[] = []) =>
        list.toSorted((a, b) => (String(a.IndexName) < String(b.IndexName) ? -1 : 1));
      const attributes = (table?.AttributeDefinitions ?? []).toSorted((a, b) => (String(a.AttributeName) < String(b.AttributeName) ? -1 : 1));
      return { ...table, AttributeDefinitions: attributes, GlobalSecondaryIndexes: byName(table?.GlobalSecondaryIndexes), insights: byName(insights) };
    }),
  );
}

async function proposed(account: SimulatedAccount): Promise<Proposal> {
  const reader = createInventoryReader(clientsFor(account), account);
  const found = await Promise.all(regions.map((region) => reader.describe(emptyDeployment(region, { tables: [{ name: names.table }] }))));
  const rule = ruleOf("dynamodb.unused-gsi");
  const world = regions.reduce((seen, region) => tableSees(seen, names.table, index, 0, region), aWorld().with(...found.flatMap(({ resources }) => resources)));
  const decision = rule.decide(world.facts(rule)).find(({ part }) => part === index);
  if (decision?.kind !== "proposal") throw new Error(JSON.stringify(decision));
  return decision;
}

/** Makes the change unless its state is there already, as a run does, and waits until it has settled. */
async function make(account: SimulatedAccount, change: Change): Promise<void> {
  const clients = clientsFor(account);
  const standing = async () => standingOf(change, await createChangeReader(clients).stateOf(change));
  if ((await standing()) !== "after") await createChangeWriter(clients).apply(change, "token");
  for (let minutes = 0; minutes < 120 && (await standing()) !== "after"; minutes++) advanceMinutes(account, 1);
  expect(await standing()).toBe("after");
}

const units = fc.option(fc.integer({ min: 12_000, max: 40_000 }), { nil: undefined });
const mode = fc.option(fc.constantFrom("ACCESSED_AND_THROTTLED_KEYS" as const, "THROTTLED_KEYS" as const), { nil: undefined });
const settings = fc.record({
  warmReadUnits: units,
  warmWriteUnits: units,
  maxWriteRequestUnits: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
});

it("an index is as it was before, field by field, however far its removal had come", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(settings, mode, mode, fc.boolean(), async (index0, here, there, isDeleted) => {
      const table = (contributorInsights: typeof here) => ({
        tables: { [names.table]: { indexes: { [index]: JSON.parse(JSON.stringify({ ...index0, contributorInsights })) as object } } },
        traffic: { peakRequestsPerSecond: 1 },
        application: { vcpuSecondsPerRequest: 0.01 },
      });
      const account = deployedAccount(accountScenario({ regions: { [primary]: table(here), [secondary]: table(there) } }));
      const before = await everything(account);
      const { action } = await proposed(account);
      const forward = action.steps.flatMap((step) => (step.kind === "change" ? [step.change] : []));
      for (const change of isDeleted ? forward : forward.slice(0, 1)) await make(account, change);
      expect(await everything(account)).not.toEqual(before);
      for (const { change } of action.rollback) await make(account, change);
      expect(await everything(account)).toEqual(before);
    }),
    { numRuns: 12 },
  );
});

const capacityUnits = fc.integer({ min: 1, max: 900 });

it("a provisioned table and its scaling are as they were before, field by field, however far its switch had come", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(capacityUnits, capacityUnits, fc.integer({ min: 1, max: 2 }), async (readCapacityUnits, writeCapacityUnits, done) => {
      const name = names.regionalTable;
      const region = {
        tables: {
          [name]: {
            provisioned: { readCapacityUnits, writeCapacityUnits },
            indexes: { "by-day": { provisioned: { readCapacityUnits: writeCapacityUnits, writeCapacityUnits: readCapacityUnits } } },
          },
        },
        traffic: { peakRequestsPerSecond: 1 },
        application: { vcpuSecondsPerRequest: 0.01 },
      };
      const account = deployedAccount(accountScenario({ regions: { [primary]: region } }));
      const clients = clientsFor(account);
      const table = async () => {
        const [{ resources }, { Table }] = await Promise.all([
          createInventoryReader(clients, account).describe(emptyDeployment(primary, { tables: [{ name }] })),
          clients(primary).dynamoDb.send(new DescribeTableCommand({ TableName: name })),
        ]);
        // AWS remembers that it was on demand once, and says so from then on.
        const { lastOnDemandMs: _last, ...described } = { lastOnDemandMs: 0, ...resources[0] };
        const { BillingModeSummary: _summary, ...told } = { BillingModeSummary: undefined, ...Table };
        return { described, told };
      };
      const before = await table();
      const rule = ruleOf("dynamodb.billing-mode");
      const { resources } = await createInventoryReader(clients, account).describe(emptyDeployment(primary, { tables: [{ name }] }));
      const world = [name, `${name}/by-day`].reduce(
        (seen, part) => capacitySees(seen, part, { reads: 0, writes: 0, provisioned: 9 }),
        aWorld().with(...resources),
      );
      const [decision] = rule.decide(world.facts(rule));
      if (decision?.kind !== "proposal") throw new Error(JSON.stringify(decision));
      const forward = decision.action.steps.flatMap((step) => (step.kind === "change" ? [step.change] : []));
      expect(forward.map(({ kind }) => kind)).toEqual(["dynamodb.scaling-suspension", "dynamodb.billing-mode"]);
      for (const change of forward.slice(0, done)) await make(account, change);
      expect(await table()).not.toEqual(before);
      for (const { change } of decision.action.rollback) await make(account, change);
      expect(await table()).toEqual(before);
    }),
    { numRuns: 8 },
  );
});
