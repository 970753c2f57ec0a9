import { DescribeScalableTargetsCommand, RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListContributorInsightsCommand,
  ListTagsOfResourceCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDbChange } from "../../../optimizer/core/levers/dynamodb/changes.ts";
import type { DynamoTable, TableCapacity } from "../../../optimizer/core/levers/dynamodb/table.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

const index = "by-day";
const dimension = "dynamodb:index:ReadCapacityUnits";

export const dynamoDbTrials: { readonly [C in DynamoDbChange as C["kind"]]: TrialOf<C> } = {
  "dynamodb.stream": {
    prepare: async (account) => {
      const { table, describe } = await onDemandTable(account);
      if (table.streamViewType === undefined) throw new Error("the table has no stream");
      const change = { kind: "dynamodb.stream", ...placeOf(table), before: { viewType: table.streamViewType }, after: { viewType: null } } as const;
      const again = { ...change, after: { viewType: "KEYS_ONLY" } } as const;
      return {
        change,
        describe,
        sets: ["Table.StreamSpecification", "Table.LatestStreamArn", "Table.LatestStreamLabel"],
        otherAfterwards: { "Table.LatestStreamArn": "a stream that is turned on again is another one", "Table.LatestStreamLabel": "as its ARN" },
        takesTime: true,
        refusals: [
          { because: "it has a stream already", change: again, kind: "invalid", name: "ValidationException" },
          { because: "another change is under way", change, meanwhile: () => removeIndex(account), kind: "busy", name: "ResourceInUseException" },
        ],
      };
    },
  },
  "dynamodb.billing-mode": {
    prepare: async (account) => {
      const { table, describe } = await provisionedTable(account);
      const { capacity } = table;
      if (capacity === undefined) throw new Error("the table has no capacity");
      const before = { mode: "PROVISIONED", capacity, isScaled: false } as const;
      const after = { mode: "PAY_PER_REQUEST" } as const;
      const change = { kind: "dynamodb.billing-mode", ...placeOf(table), before, after } as const;
      return {
        change,
        describe,
        sets: ["Table.BillingModeSummary", "Table.ProvisionedThroughput", "Table.GlobalSecondaryIndexes[].ProvisionedThroughput"],
        otherAfterwards: { "Table.BillingModeSummary.LastUpdateToPayPerRequestDateTime": "AWS remembers when it last switched to on-demand" },
        takesTime: true,
        refusals: [
          { because: "another change is under way", change, meanwhile: () => removeIndex(account), kind: "busy", name: "ResourceInUseException" },
          {
            because: "it was switched to on-demand four times within a day",
            change,
            meanwhile: () => switchThereAndBack(account, capacity, 4),
            kind: "throttled",
            name: "LimitExceededException",
          },
        ],
      };
    },
  },
  "dynamodb.scaling-suspension": {
    prepare: async (account) => {
      const { table, describe } = await provisionedTable(account);
      const [target] = table.scaling.kind === "seen" ? table.scaling.value : [];
      if (target === undefined) throw new Error("the table has no scaling target");
      const change = {
        kind: "dynamodb.scaling-suspension",
        ...placeOf(table),
        resourceId: target.resourceId,
        dimension: target.dimension,
        before: target.suspended,
        after: { scaleIn: true, scaleOut: true, scheduled: true },
      } as const;
      return {
        change,
        describe,
        sets: ["ScalableTargets[].SuspendedState"],
        takesTime: false,
        refusals: [
          {
            because: "what is no target yet needs bounds",
            change: { ...change, dimension: "dynamodb:index:WriteCapacityUnits" },
            kind: "invalid",
            name: "ValidationException",
          },
        ],
      };
    },
  },
  "dynamodb.contributor-insights": {
    prepare: async (account) => {
      const { table, describe } = await onDemandTable(account);
      const mode = table.contributorInsights.kind === "seen" ? table.contributorInsights.value[index] : undefined;
      if (mode === undefined) throw new Error("the index has no Contributor Insights");
      const change = { kind: "dynamodb.contributor-insights", ...placeOf(table), index, before: { mode }, after: { mode: null } } as const;
      return {
        change,
        describe,
        sets: ["ContributorInsightsSummaries"],
        takesTime: false,
        refusals: [{ because: "there is no such index", change: { ...change, index: "by-nothing" }, kind: "missing", name: "ResourceNotFoundException" }],
      };
    },
  },
  "dynamodb.index-read-cap": {
    prepare: async (account) => {
      const { table, describe } = await onDemandTable(account);
      const { maxReadRequestUnits } = definitionIn(table);
      const change = {
        kind: "dynamodb.index-read-cap",
        ...placeOf(table),
        index,
        before: { maxReadRequestUnits },
        after: { maxReadRequestUnits: 1 },
      } as const;
      return {
        change,
        describe,
        sets: ["Table.GlobalSecondaryIndexes[].OnDemandThroughput.MaxReadRequestUnits"],
        takesTime: true,
        refusals: [
          { because: "there is no such index", change: { ...change, index: "by-nothing" }, kind: "missing", name: "ResourceNotFoundException" },
          { because: "the index is being removed", change, meanwhile: () => removeIndex(account), kind: "busy", name: "ResourceInUseException" },
          {
            because: "a cap is at least 1",
            change: { ...change, after: { maxReadRequestUnits: 0 } },
            kind: "invalid",
            name: "ValidationException",
          },
        ],
      };
    },
  },
  "dynamodb.index": {
    prepare: async (account) => {
      const { table, describe } = await onDemandTable(account);
      const definition = definitionIn(table);
      const change = { kind: "dynamodb.index", ...placeOf(table), index, before: definition, after: null } as const;
      return {
        change,
        describe,
        sets: ["Table.GlobalSecondaryIndexes", "Table.AttributeDefinitions", "ContributorInsightsSummaries"],
        otherAfterwards: { ContributorInsightsSummaries: "an index made again has no insights until a step of their own turns them on" },
        takesTime: true,
        refusals: [
          { because: "the index is there", change: { ...change, before: null, after: definition }, kind: "invalid", name: "ValidationException" },
          {
            because: "another index is being removed",
            change,
            meanwhile: () => removeIndex(account, "by-owner"),
            kind: "throttled",
            name: "LimitExceededException",
          },
        ],
      };
    },
  },
};

function placeOf({ ref: { region, id } }: DynamoTable) {
  return { region, table: id };
}

function definitionIn(table: DynamoTable) {
  const found = table.indexes.find(({ definition }) => definition.name === index);
  if (found === undefined) throw new Error(`the table has no index ${index}`);
  return found.definition;
}

async function onDemandTable(account: WireAccount) {
  const throughput = { MaxReadRequestUnits: 4000, MaxWriteRequestUnits: 2000 };
  const made = await madeTable(account, {
    BillingMode: "PAY_PER_REQUEST",
    GlobalSecondaryIndexes: [
      { ...indexOf(index, "day"), OnDemandThroughput: throughput },
      { ...indexOf("by-owner", "owner"), Projection: { ProjectionType: "KEYS_ONLY" } },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  });
  const { dynamoDb } = account.clients;
  await dynamoDb.send(
    new UpdateContributorInsightsCommand({
      TableName: account.name,
      IndexName: index,
      ContributorInsightsAction: "ENABLE",
      ContributorInsightsMode: "THROTTLED_KEYS",
    }),
  );
  return { ...made, table: await made.read() };
}

async function provisionedTable(account: WireAccount) {
  const units = { ReadCapacityUnits: 40, WriteCapacityUnits: 20 };
  const made = await madeTable(account, {
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: units,
    GlobalSecondaryIndexes: [
      { ...indexOf(index, "day"), ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 5 } },
      { ...indexOf("by-owner", "owner"), ProvisionedThroughput: { ReadCapacityUnits: 8, WriteCapacityUnits: 4 } },
    ],
  });
  await account.clients.applicationAutoScaling.send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: "dynamodb",
      ResourceId: `table/${account.name}/index/${index}`,
      ScalableDimension: dimension,
      MinCapacity: 5,
      MaxCapacity: 50,
    }),
  );
  return { ...made, table: await made.read() };
}

function indexOf(IndexName: string, attribute: string) {
  return {
    IndexName,
    KeySchema: [{ AttributeName: attribute, KeyType: "HASH" as const }],
    Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["total", "currency"] },
  };
}

async function madeTable(account: WireAccount, own: Partial<CreateTableCommandInput>) {
  const { dynamoDb, applicationAutoScaling } = account.clients;
  const { name } = account;
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: ["pk", "day", "owner"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      Tags: [{ Key: "Team", Value: "orders" }],
      ...own,
    }),
  );
  await dynamoDb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" } }));
  const describe = async () => {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: name }));
    const { Tags } = await dynamoDb.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }));
    const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName: name }));
    const { ContributorInsightsSummaries } = await dynamoDb.send(new ListContributorInsightsCommand({ TableName: name }));
    const { ScalableTargets } = await applicationAutoScaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "dynamodb", ResourceIds: [`table/${name}/index/${index}`] }),
    );
    return { Table, Tags, TimeToLiveDescription, ContributorInsightsSummaries, ScalableTargets };
  };
  return { describe, read: () => account.inventory("dynamodb-table", { tables: [{ name }] }) };
}

function removeIndex({ clients, name }: WireAccount, removed = index) {
  return clients.dynamoDb.send(new UpdateTableCommand({ TableName: name, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: removed } }] }));
}

async function switchTo({ clients, name, settle }: WireAccount, mode: "PAY_PER_REQUEST" | "PROVISIONED", { table, indexes }: TableCapacity) {
  const units = ({ read, write }: TableCapacity["table"]) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });
  const capacity =
    mode === "PAY_PER_REQUEST"
      ? {}
      : {
          ProvisionedThroughput: units(table),
          GlobalSecondaryIndexUpdates: Object.entries(indexes).map(([IndexName, own]) => ({ Update: { IndexName, ProvisionedThroughput: units(own) } })),
        };
  await clients.dynamoDb.send(new UpdateTableCommand({ TableName: name, BillingMode: mode, ...capacity }));
  await settle();
}

async function switchThereAndBack(account: WireAccount, capacity: TableCapacity, times: number) {
  for (let time = 0; time < times; time += 1) {
    await switchTo(account, "PAY_PER_REQUEST", capacity);
    await switchTo(account, "PROVISIONED", capacity);
  }
}
