import { DescribeScalableTargetsCommand, RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import type { ContainerServiceChange } from "../../../optimizer/core/levers/ecs/changes.ts";
import { madeNetwork } from "./network.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

const large = { cpu: 1024, memoryMib: 2048 } as const;
const small = { cpu: 512, memoryMib: 1024 } as const;

export const containerServiceTrials: { readonly [C in ContainerServiceChange as C["kind"]]: TrialOf<C> } = {
  "ecs.task-definition": {
    prepare: async (account) => {
      const { place, service, describe } = await madeService(account);
      const change = { kind: "ecs.task-definition", ...place, family: account.name, before: service.task.size, after: small } as const;
      const newest = ["Newest.taskDefinition.revision", "Newest.taskDefinition.taskDefinitionArn"] as const;
      return {
        change,
        describe,
        sets: ["Newest.taskDefinition.cpu", "Newest.taskDefinition.memory", ...newest],
        otherAfterwards: Object.fromEntries(newest.map((path) => [path, "the way back is another revision"])),
        takesTime: false,
        refusals: [
          {
            because: "Fargate has no task of that CPU and memory",
            change: { ...change, after: { cpu: 512, memoryMib: 8192 } },
            kind: "invalid",
            name: "ClientException",
          },
          { because: "there is no such cluster", change: { ...change, cluster: "gone" }, kind: "missing", name: "ClusterNotFoundException" },
        ],
      };
    },
  },
  "ecs.deployment": {
    prepare: async (account) => {
      const { place, service, describe } = await madeService(account);
      await register(account, small);
      const change = { kind: "ecs.deployment", ...place, family: account.name, before: service.task.size, after: small } as const;
      return {
        change,
        describe,
        marks: { there: { revision: 2 }, back: { revision: 1 } },
        sets: ["Service.taskDefinition", "Service.deployments"],
        otherAfterwards: Object.fromEntries(
          ["id", "createdAt", "updatedAt", "rolloutStateReason"].map((name) => [`Service.deployments[].${name}`, "the way back is another deployment"]),
        ),
        takesTime: true,
        refusals: [
          {
            because: "the revision was deregistered",
            change,
            marks: { revision: 2 },
            meanwhile: () => account.clients.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${account.name}:2` })),
            kind: "invalid",
            name: "ClientException",
          },
        ],
      };
    },
  },
  "ecs.scaling-bounds": {
    prepare: async (account) => {
      const { place, service, describe } = await madeService(account);
      if (service.scaling.kind === "unseen" || service.scaling.value === null) throw new Error("the service has no scaling target");
      const { minCount, maxCount } = service.scaling.value;
      const change = { kind: "ecs.scaling-bounds", ...place, before: { minCount, maxCount }, after: { minCount: 2, maxCount: 12 } } as const;
      return {
        change,
        describe,
        sets: ["Targets[].MinCapacity", "Targets[].MaxCapacity"],
        takesTime: false,
        refusals: [
          {
            because: "the least is more than the most",
            change: { ...change, after: { minCount: 13, maxCount: 12 } },
            kind: "invalid",
            name: "ValidationException",
          },
        ],
      };
    },
  },
  "ecs.desired-count": {
    prepare: async (account) => {
      const { place, service, describe } = await madeService(account);
      const change = { kind: "ecs.desired-count", ...place, before: { desiredCount: service.desiredCount }, after: { desiredCount: 3 } } as const;
      return {
        change,
        describe,
        sets: ["Service.desiredCount", "Service.runningCount", "Service.deployments[].desiredCount", "Service.deployments[].runningCount"],
        takesTime: true,
        refusals: [{ because: "there is no such cluster", change: { ...change, cluster: "gone" }, kind: "missing", name: "ClusterNotFoundException" }],
      };
    },
  },
};

async function madeService(account: WireAccount) {
  const { ecs, applicationAutoScaling } = account.clients;
  const cluster = account.name;
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  await register(account, large);
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName: cluster,
      taskDefinition: cluster,
      desiredCount: 8,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: await madeNetwork(account) },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true }, minimumHealthyPercent: 100, maximumPercent: 200 },
      tags: [{ key: "Team", value: "orders" }],
    }),
  );
  await account.settle();
  const target = { ServiceNamespace: "ecs", ResourceId: `service/${cluster}/${cluster}` } as const;
  await applicationAutoScaling.send(
    new RegisterScalableTargetCommand({ ...target, ScalableDimension: "ecs:service:DesiredCount", MinCapacity: 4, MaxCapacity: 24 }),
  );
  const describe = async () => {
    const { services: [Service] = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [cluster], include: ["TAGS"] }));
    const { $metadata: _, ...Newest } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: cluster, include: ["TAGS"] }));
    const { ScalableTargets: Targets } = await applicationAutoScaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [target.ResourceId] }),
    );
    return { Service, Newest, Targets };
  };
  const place = { region: account.region, cluster, service: cluster } as const;
  return { place, describe, service: await account.inventory("ecs-service", { containerServices: [`${cluster}/${cluster}`] }) };
}

async function register({ clients: { ecs }, name }: WireAccount, { cpu, memoryMib }: typeof large | typeof small) {
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: name,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: String(cpu),
      memory: String(memoryMib),
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      ephemeralStorage: { sizeInGiB: 40 },
      containerDefinitions: [
        {
          name: "app",
          image: "app:1",
          essential: true,
          portMappings: [{ containerPort: 8080, protocol: "tcp" }],
          environment: [{ name: "TABLE", value: "orders" }],
          logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/app", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app" } },
        },
      ],
      tags: [{ key: "Team", value: "orders" }],
    }),
  );
}
