import { RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { DecreaseReplicaCountCommand, IncreaseReplicaCountCommand, ModifyReplicationGroupShardConfigurationCommand } from "@aws-sdk/client-elasticache";
import { UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { ModifyDBClusterCommand, ModifyDBInstanceCommand, type ServerlessV2ScalingConfiguration } from "@aws-sdk/client-rds";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { RegionClients } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { thresholds } from "../../../../optimizer/core/levers/thresholds.ts";
import { east } from "../../../support/plan-builder.ts";
import { openSimulatedRun } from "../../../support/simulated-run.ts";
import { names } from "../../../support/terraform-fixture.ts";

/** The call that would ask AWS for this value of a target, or why no call could be refused for it. */
type Asked = ((clients: RegionClients, value: number) => Promise<unknown>) | { readonly unbounded: string };

const ofQuota = { unbounded: "AWS sets no number: how many instances there may be is a quota of the account's vCPUs" };
const task = (cpu: string, memory: string) =>
  new RegisterTaskDefinitionCommand({
    family: names.service,
    cpu,
    memory,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    containerDefinitions: [{ name: "app", image: "app", essential: true }],
  });

const range = (ServerlessV2ScalingConfiguration: ServerlessV2ScalingConfiguration) =>
  new ModifyDBClusterCommand({ DBClusterIdentifier: names.cluster, ServerlessV2ScalingConfiguration, ApplyImmediately: true });

/** Each number of a policy that a rule would bring a resource to, by the policy's names. */
const asked: Readonly<Record<string, Asked>> = {
  "asgCapacity.targetDesired": ofQuota,
  "asgCapacity.targetMin": ofQuota,
  "asgCapacity.targetMax": ofQuota,
  "ecsService.targetTasks": { unbounded: "AWS sets no number but a quota, which can be raised" },
  "ecsService.targetCpu": ({ writers }, value) => writers.ecs.send(task(String(value), "1024")),
  "ecsService.targetMemoryMib": ({ writers }, value) => writers.ecs.send(task("512", String(value))),
  "lambdaFunction.targetMemoryMb": ({ writers }, MemorySize) =>
    writers.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: names.lambda, MemorySize })),
  "lambdaFunction.targetTimeoutSeconds": ({ writers }, Timeout) =>
    writers.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: names.lambda, Timeout })),
  "lambdaFunction.targetReservedConcurrency": {
    unbounded: "AWS takes 0 as well, by which a function is stopped, and as many as the account's quota leaves beside its floor",
  },
  "redisSize.targetShards": ({ writers }, NodeGroupCount) =>
    writers.elastiCache.send(new ModifyReplicationGroupShardConfigurationCommand({ ReplicationGroupId: names.redis, NodeGroupCount, ApplyImmediately: true })),
  "redisSize.targetReplicas": ({ writers }, NewReplicaCount) => {
    const input = { ReplicationGroupId: names.redis, NewReplicaCount, ApplyImmediately: true };
    return NewReplicaCount < 1
      ? writers.elastiCache.send(new DecreaseReplicaCountCommand(input))
      : writers.elastiCache.send(new IncreaseReplicaCountCommand(input));
  },
  "auroraReaderCount.targetReaders": { unbounded: "readers are only ever removed: a cluster has as many as AWS let it have" },
  "auroraServerlessCapacity.targetMinAcu": ({ writers }, MinCapacity) => writers.rds.send(range({ MinCapacity })),
  "auroraServerlessCapacity.targetMaxAcu": ({ writers }, MaxCapacity) => writers.rds.send(range({ MaxCapacity })),
  "rdsBackupRetention.targetDays": ({ writers }, BackupRetentionPeriod) =>
    writers.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, BackupRetentionPeriod })),
  "auroraBackupRetention.targetDays": ({ writers }, BackupRetentionPeriod) =>
    writers.rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: names.cluster, BackupRetentionPeriod, ApplyImmediately: true })),
};

interface Target {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** The numbers named `target…` in the schema of what each rule decides by, with their bounds; none: as far as an integer goes. */
const targets = Object.entries(thresholds).flatMap(([rule, schema]): readonly Target[] => {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as {
    readonly properties?: Record<string, Partial<Target> & { readonly type?: string }>;
  };
  return Object.entries(properties).flatMap(([name, { type, minimum = -Infinity, maximum = Infinity }]) =>
    /^target[A-Z\d]/.test(name) && (type === "integer" || type === "number") ? [{ name: `${rule}.${name}`, minimum, maximum }] : [],
  );
});

it("asks AWS for each number that a policy may set, or says why none could be too large", () => {
  expect(Object.keys(asked).toSorted()).toEqual(targets.map(({ name }) => name).toSorted());
});

const bounded = targets.flatMap((target) => {
  const ask = asked[target.name];
  return typeof ask === "function" ? [{ ...target, ask }] : [];
});

describe("a policy takes no target that AWS would refuse", () => {
  let clients: RegionClients;
  beforeAll(async () => {
    clients = (await openSimulatedRun("fewer backups")).clients(east);
  });

  it.each(bounded)("$name: $minimum to $maximum, and the simulated account refuses one less and one more", async ({ name, minimum, maximum, ask }) => {
    expect(Math.max(Math.abs(minimum), Math.abs(maximum)), `${name} has no bounds in its schema: say AWS's`).toBeLessThan(1e6);
    for (const value of [minimum - 1, maximum + 1])
      await expect(ask(clients, value), `${name} of ${value}`).rejects.toMatchObject({
        $fault: "client",
        name: expect.not.stringMatching(/State|NotFound|Conflict/),
      });
  });
});
