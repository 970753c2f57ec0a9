import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { expect, it } from "vitest";
import type { RegionClients } from "../../../optimizer/adapters/aws/client-factory.ts";
import { capacityOf, readTable } from "../../../optimizer/adapters/aws/dynamodb/table.ts";
import { readService } from "../../../optimizer/adapters/aws/ecs/read-service.ts";
import type { ChangeKind } from "../../../optimizer/core/levers/change-kinds.ts";
import type { RunOutcome } from "../../../optimizer/core/model/journal-record.ts";
import { addIndex, removeIndex } from "../../support/indexes.ts";
import { east } from "../../support/plan-builder.ts";
import { clientFactoryOf, openSimulatedRun, type SimulatedRun, tried } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

/** What somebody does, in the window, to parts of the resource that the call of the way back has to list, and how it all stands after that. */
interface Parts {
  readonly when: string;
  readonly hand: (clients: RegionClients) => Promise<unknown>;
  readonly seen: (clients: RegionClients) => Promise<unknown>;
  readonly expected: unknown;
  readonly outcome: RunOutcome;
}

const table = names.regionalTable;
const place = { cluster: names.containers, service: names.service };

const provisioned = {
  seen: async ({ dynamoDb }: RegionClients) => capacityOf(await readTable(dynamoDb, table)),
  outcome: "rolled-back",
} as const;

async function containersInUse({ ecs }: RegionClients) {
  const { taskDefinition: inUse } = await readService(ecs, place);
  const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: inUse }));
  return found;
}

/** Another revision of the size that is in use, with one container more, deployed to the service. */
async function deploysWithSidecar(clients: RegionClients): Promise<void> {
  const { family, cpu, memory, networkMode, requiresCompatibilities, executionRoleArn, containerDefinitions = [] } = (await containersInUse(clients)) ?? {};
  const containers = [...containerDefinitions, { name: "sidecar", image: "registry/sidecar:1", essential: false }];
  const { taskDefinition: made } = await clients.ecs.send(
    new RegisterTaskDefinitionCommand({ family, cpu, memory, networkMode, requiresCompatibilities, executionRoleArn, containerDefinitions: containers }),
  );
  await clients.ecs.send(new UpdateServiceCommand({ ...place, taskDefinition: made?.taskDefinitionArn }));
}

/** By kind of change: what its way back lists of others, or why it lists nothing. */
const kinds: { readonly [K in ChangeKind]: readonly Parts[] | string } = {
  "ec2.launch-template-version": "a version is copied from the one that the group uses, by AWS",
  "asg.launch-template": "it names one template and one version",
  "asg.instance-refresh": "it names one template and one version",
  "asg.refresh-stop": "it names the group",
  "asg.size": "three numbers of the group",
  "dynamodb.index-read-cap": "it names one index",
  "dynamodb.index": "it names one index, with the attributes that are there (dynamodb/table.test.ts), as the table is paid now (provisioned-meanwhile.test.ts)",
  "dynamodb.contributor-insights": "it names one index",
  "dynamodb.stream": "one setting of the table",
  "dynamodb.billing-mode": [
    {
      ...provisioned,
      when: "an index was added",
      hand: ({ dynamoDb }) => addIndex(dynamoDb, table, "theirs"),
      // Nobody says what it needs: what the table has.
      expected: { table: { read: 40, write: 20 }, indexes: { "by-day": { read: 20, write: 10 }, theirs: { read: 40, write: 20 } } },
    },
    {
      ...provisioned,
      when: "an index was removed",
      hand: ({ dynamoDb }) => removeIndex(dynamoDb, table, "by-day"),
      expected: { table: { read: 40, write: 20 }, indexes: {} },
    },
  ],
  "dynamodb.scaling-suspension": "three switches of one scaling target",
  "rds.instance-class": "it names one member",
  "rds.failover": "it names one member",
  "rds.backup-retention": "one number",
  "rds.instance-backup-retention": "one number",
  "rds.standalone-class": "it names one instance",
  "rds.member": "it makes one member, by its captured definition",
  "rds.serverless-capacity": "both ends of one range",
  "redis.shards": "a number of shards; which go is asked right before the call (redis/changes.test.ts)",
  "redis.replicas": "one number for all shards; a shard with a number of its own is somebody else's hand, and left alone (redis/changes.test.ts)",
  "redis.node-type": "one type for all nodes",
  "s3.lifecycle": "all rules of the bucket (lifecycle-beside-others.test.ts)",
  "lambda.configuration": "it names the numbers of the function; what was published of it meanwhile: published-meanwhile.test.ts",
  "lambda.concurrency": "one number",
  "ecs.task-definition": [
    {
      when: "a container was added by a deployment",
      hand: deploysWithSidecar,
      seen: async (clients) => {
        const found = await containersInUse(clients);
        return [found?.cpu, found?.containerDefinitions?.map(({ name }) => name)];
      },
      expected: ["1024", ["app", "sidecar"]],
      outcome: "rolled-back",
    },
  ],
  "ecs.deployment": "it names one revision",
  "ecs.scaling-bounds": "two numbers of one target",
  "ecs.desired-count": "one number",
};

const cases = (Object.entries(kinds) as readonly (readonly [ChangeKind, (typeof kinds)[ChangeKind]])[]).flatMap(([kind, rows]) =>
  typeof rows === "string" ? [] : rows.map((row) => ({ kind, ...row })),
);

/** Asked back in its window, once somebody was there. */
async function metInWindow(kind: ChangeKind, hand: Parts["hand"]): Promise<SimulatedRun> {
  let hasCome = false;
  const [action] = tried[kind];
  if (action === undefined) throw new Error(`no action makes a ${kind}`);
  return openSimulatedRun(action, {
    async whenTimePassed({ account, test, ports }) {
      const [stage] = test.state().phases[0]?.stages ?? [];
      if (hasCome || stage?.status !== "observing") return;
      hasCome = true;
      await hand(clientFactoryOf(account)(east));
      await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
}

it.each(cases)("the way back of a $kind is taken as far as it is ours where $when meanwhile", async ({ kind, hand, seen, expected, outcome }) => {
  const run = await metInWindow(kind, hand);
  await run.drive();
  expect(await seen(clientFactoryOf(run.account)(east))).toEqual(expected);
  expect(run.test.state().outcome ?? "open").toBe(outcome);
});
