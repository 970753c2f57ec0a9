import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import type { ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import type { IndexDefinition } from "../../../optimizer/core/levers/dynamodb/table.ts";
import { east } from "../plan-builder.ts";
import { fixtureStacks, names } from "../terraform-fixture.ts";
import { idle, type Opened, type Refusal, refusalsOf } from "./refusal.ts";

const api = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference";
const quotas = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html";
const none = "no-such-table";
const [global, regional] = [names.table, names.regionalTable];

export const cap = (maxReadRequestUnits: number, table: string, index: string): ChangeOf<"dynamodb.index-read-cap"> => ({
  kind: "dynamodb.index-read-cap",
  region: east,
  table,
  index,
  before: { maxReadRequestUnits: -1 },
  after: { maxReadRequestUnits },
});

const defined = (name: string): IndexDefinition => ({
  name,
  key: [{ name, keyType: "HASH", attributeType: "S" }],
  projection: { type: "ALL", nonKeyAttributes: [] },
  maxReadRequestUnits: -1,
  maxWriteRequestUnits: -1,
});
const index = (name: string, there: { readonly before: boolean; readonly after: boolean }): ChangeOf<"dynamodb.index"> => ({
  kind: "dynamodb.index",
  region: east,
  table: global,
  index: name,
  before: there.before ? defined(name) : null,
  after: there.after ? defined(name) : null,
});
const created = (name: string) => index(name, { before: false, after: true });
const deleted = (name: string) => index(name, { before: true, after: false });

const stream = (table: string, viewType: "NEW_AND_OLD_IMAGES" | null): ChangeOf<"dynamodb.stream"> => ({
  kind: "dynamodb.stream",
  region: east,
  table,
  before: { viewType: viewType === null ? "NEW_AND_OLD_IMAGES" : null },
  after: { viewType },
});

const capacity = { table: { read: 40, write: 20 }, indexes: { "by-day": { read: 20, write: 10 } } };
const provisioned = { mode: "PROVISIONED", capacity, isScaled: false } as const;
const onDemand = { mode: "PAY_PER_REQUEST" } as const;
const billing = (after: ChangeOf<"dynamodb.billing-mode">["after"]): ChangeOf<"dynamodb.billing-mode"> => ({
  kind: "dynamodb.billing-mode",
  region: east,
  table: regional,
  before: after.mode === "PROVISIONED" ? onDemand : provisioned,
  after,
});

const everyIndex = "it gives units to those indexes that it has just read";

function provisionedWith(indexes: readonly string[]): UpdateTableCommand {
  const units = { ReadCapacityUnits: 20, WriteCapacityUnits: 10 };
  return new UpdateTableCommand({
    TableName: regional,
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: units,
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexUpdates: indexes.map((IndexName) => ({ Update: { IndexName, ProvisionedThroughput: units } })) }),
  });
}

const insights = (table: string, name: string): ChangeOf<"dynamodb.contributor-insights"> => ({
  kind: "dynamodb.contributor-insights",
  region: east,
  table,
  index: name,
  before: { mode: null },
  after: { mode: "THROTTLED_KEYS" },
});

/** The regional table and its index have capacity of their own. */
const provisionedTable = {
  regions: {
    [east]: {
      ...idle,
      tables: {
        [regional]: {
          provisioned: { readCapacityUnits: 40, writeCapacityUnits: 20 },
          indexes: { "by-day": { provisioned: { readCapacityUnits: 20, writeCapacityUnits: 10 } } },
        },
      },
    },
  },
};

function wait({ account }: Opened, minutes: number): void {
  account.advanceTo(account.nowMs() + minutes * 60_000);
}

async function switchFourTimes(opened: Opened): Promise<void> {
  const table = { ReadCapacityUnits: 40, WriteCapacityUnits: 20 };
  const back = {
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: table,
    GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "by-day", ProvisionedThroughput: { ReadCapacityUnits: 20, WriteCapacityUnits: 10 } } }],
  } as const;
  for (const _ of [1, 2, 3, 4]) {
    await opened.clients.dynamoDb.send(new UpdateTableCommand({ TableName: regional, BillingMode: "PAY_PER_REQUEST" }));
    wait(opened, 30);
    await opened.clients.dynamoDb.send(
      new UpdateTableCommand({ TableName: regional, ...back, GlobalSecondaryIndexUpdates: [...back.GlobalSecondaryIndexUpdates] }),
    );
    wait(opened, 30);
  }
}

const deleting = ({ clients }: Opened) =>
  clients.dynamoDb.send(new UpdateTableCommand({ TableName: global, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-plan" } }] }));

/** The table is active again before the index is filled. */
async function filling(opened: Opened): Promise<void> {
  await opened.clients.dynamoDb.send(
    new UpdateTableCommand({
      TableName: global,
      AttributeDefinitions: ["pk", "by-plan", "by-domain", "by-age"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
      GlobalSecondaryIndexUpdates: [
        { Create: { IndexName: "by-age", KeySchema: [{ AttributeName: "by-age", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } } },
      ],
    }),
  );
  wait(opened, 5);
}

const invalid = { error: "ValidationException", status: 400, met: "invalid" } as const;

const updates = refusalsOf("UpdateTable", `${api}/API_UpdateTable.html`, [
  { error: "ResourceNotFoundException", status: 400, when: "the table is not there", asked: { change: stream(none, null) }, met: "missing" },
  { error: "ResourceNotFoundException", status: 400, when: "the index is not there", asked: { change: cap(10, global, "by-nothing") }, met: "missing" },
  { error: "ResourceInUseException", status: 400, when: "the table is being updated", given: deleting, asked: { change: deleted("by-domain") }, met: "busy" },
  {
    error: "LimitExceededException",
    status: 400,
    when: "another index, while one is being filled",
    source: quotas,
    given: filling,
    asked: { change: deleted("by-domain") },
    met: "throttled",
  },
  {
    error: "LimitExceededException",
    status: 400,
    when: "a fifth switch to on-demand within a day",
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/switching.capacitymode.html",
    scenario: provisionedTable,
    given: switchFourTimes,
    asked: { change: billing(onDemand) },
    met: "throttled",
  },
  {
    error: "LimitExceededException",
    status: 400,
    when: "more than 20 indexes",
    source: quotas,
    stacks: fixtureStacks({ indexes: Array.from({ length: 20 }, (_, at) => `by-${at}`) }),
    asked: { change: created("by-age") },
    met: "throttled",
  },
  { ...invalid, when: "an index that is there already", asked: { change: created("by-plan") } },
  { ...invalid, when: "a cap of no units", asked: { change: cap(0, global, "by-plan") } },
  { ...invalid, when: "a cap, while the table is provisioned", scenario: provisionedTable, asked: { change: cap(10, regional, "by-day") } },
  {
    ...invalid,
    when: "no stream any more, of a global table",
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
    asked: { change: stream(global, null) },
  },
  { ...invalid, when: "a stream, where there is one", asked: { change: stream(regional, "NEW_AND_OLD_IMAGES") } },
  {
    ...invalid,
    when: "no stream any more, where there is none",
    given: async (opened) => {
      await opened.clients.dynamoDb.send(new UpdateTableCommand({ TableName: regional, StreamSpecification: { StreamEnabled: false } }));
      wait(opened, 5);
    },
    asked: { change: stream(regional, null) },
  },
  {
    ...invalid,
    when: "provisioned without units",
    asked: { change: billing({ ...provisioned, capacity: { table: { read: 0, write: 0 }, indexes: {} } }) },
  },
  {
    ...invalid,
    when: "provisioned without units for an index",
    // As a user of an infrastructure tool met it: https://github.com/crossplane-contrib/provider-upjet-aws/issues/1041
    asked: { send: ({ clients }) => clients.dynamoDb.send(provisionedWith([])), never: everyIndex },
  },
  {
    error: "ResourceNotFoundException",
    status: 400,
    met: "missing",
    when: "provisioned with units for an index that is not there",
    asked: { send: ({ clients }) => clients.dynamoDb.send(provisionedWith(["by-day", "removed"])), never: everyIndex },
  },
  {
    ...invalid,
    when: "another index without units of its own, while the table is provisioned",
    // As users of a library met it: https://github.com/dynamoose/dynamoose/issues/503
    source: `${api}/API_CreateGlobalSecondaryIndexAction.html`,
    scenario: provisionedTable,
    asked: {
      send: ({ clients }) =>
        clients.dynamoDb.send(
          new UpdateTableCommand({
            TableName: regional,
            AttributeDefinitions: [{ AttributeName: "by-age", AttributeType: "S" }],
            GlobalSecondaryIndexUpdates: [
              { Create: { IndexName: "by-age", KeySchema: [{ AttributeName: "by-age", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } } },
            ],
          }),
        ),
      never: "how the table is paid is read right before an index is created",
    },
  },
  {
    ...invalid,
    when: "an index whose key has no type",
    asked: {
      send: ({ clients }) =>
        clients.dynamoDb.send(
          new UpdateTableCommand({
            TableName: global,
            GlobalSecondaryIndexUpdates: [
              { Create: { IndexName: "by-age", KeySchema: [{ AttributeName: "by-age", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } } },
            ],
          }),
        ),
      never: "it sends the types of all keys",
    },
  },
  {
    ...invalid,
    when: "nothing to change",
    asked: { send: ({ clients }) => clients.dynamoDb.send(new UpdateTableCommand({ TableName: global })), never: "it always names what it changes" },
  },
]);

const insightsUpdates = refusalsOf("UpdateContributorInsights", `${api}/API_UpdateContributorInsights.html`, [
  { error: "ResourceNotFoundException", status: 400, when: "the table is not there", asked: { change: insights(none, "by-plan") }, met: "missing" },
  { error: "ResourceNotFoundException", status: 400, when: "the index is not there", asked: { change: insights(global, "by-nothing") }, met: "missing" },
]);

export const dynamoDbRefusals: readonly Refusal[] = [...updates, ...insightsUpdates];
