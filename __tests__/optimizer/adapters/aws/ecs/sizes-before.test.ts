import {
  ClientException,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentStatus,
} from "@aws-sdk/client-ecs";
import { beforeEach, describe, expect, it } from "vitest";
import { taskSizesBefore } from "../../../../../optimizer/adapters/aws/ecs/sizes-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const ecs = answersOf(ECSClient);
const client = new ECSClient({ region: "us-east-1" });
const day = (number: number): Date => new Date(Date.UTC(2026, 4, number));
const dayMs = (number: number): number => day(number).getTime();
const hourMs = 3_600_000;

beforeEach(() => {
  ecs.reset();
  ecs.on(ListServiceDeploymentsCommand).resolves({ serviceDeployments: [] });
  // Revisions and definitions are named after their CPU: `r:2048` runs `app:2048`.
  ecs.on(DescribeServiceRevisionsCommand).callsFake(({ serviceRevisionArns }: { readonly serviceRevisionArns: readonly string[] }) => ({
    serviceRevisions: serviceRevisionArns.map((arn) => ({ serviceRevisionArn: arn, taskDefinition: arn.replace("r:", "app:") })),
  }));
  ecs.on(DescribeTaskDefinitionCommand).callsFake(({ taskDefinition }: { readonly taskDefinition: string }) => {
    const cpu = taskDefinition.replace("app:", "");
    if (cpu === "gone") throw new ClientException({ message: "Unable to describe task definition.", $metadata: {} });
    return { taskDefinition: { family: "app", revision: 1, taskDefinitionArn: taskDefinition, cpu, memory: "4096" } };
  });
});

/** Deployments oldest first, each with the day it began, what it led to and how it ended, an hour later; the first took the place of `source`. */
function deployed(source: readonly string[], ...all: readonly (readonly [number, string, ServiceDeploymentStatus?])[]): void {
  const serviceDeployments = all.map(([number, cpu, status = "SUCCESSFUL"], place) => ({
    serviceDeploymentArn: `d:${place}`,
    createdAt: day(number),
    finishedAt: new Date(dayMs(number) + hourMs),
    targetServiceRevisionArn: `r:${cpu}`,
    status,
  }));
  const [first, ...rest] = serviceDeployments.toReversed();
  ecs.on(ListServiceDeploymentsCommand).resolves({ serviceDeployments: first === undefined ? [] : [first], nextToken: "2" });
  ecs.on(ListServiceDeploymentsCommand, { nextToken: "2" }).resolves({ serviceDeployments: rest });
  ecs
    .on(DescribeServiceDeploymentsCommand, { serviceDeploymentArns: ["d:0"] })
    .resolves({ serviceDeployments: [{ sourceServiceRevisions: source.map((cpu) => ({ arn: `r:${cpu}` })) }] });
}

const now = (cpu: number, createdMs?: number) => taskSizesBefore(client, { cluster: "main", service: "app", size: { cpu, memoryMib: 4096 }, createdMs });
const text = (cpu: number): string => `${cpu} CPU, 4096 MiB`;

describe("the sizes that a service's tasks had", () => {
  it("are none where it was not deployed for 90 days, but for whose name it has", async () => {
    expect(await now(1024)).toEqual([]);
    expect(await now(1024, dayMs(3))).toEqual([{ size: "what had its name before it was created", fromMs: null, untilMs: dayMs(3) }]);
  });

  it("are none where every deployment had the same, and each definition is looked at once", async () => {
    deployed(["1024"], [10, "1024"], [12, "1024"]);
    expect(await now(1024)).toEqual([]);
    expect(ecs.commandCalls(DescribeTaskDefinitionCommand)).toHaveLength(1);
  });

  it("end when the deployment of today's was through", async () => {
    deployed(["2048"], [10, "2048"], [12, "1024"]);
    expect(await now(1024)).toEqual([
      { size: text(2048), fromMs: null, untilMs: dayMs(10) },
      { size: text(2048), fromMs: dayMs(10), untilMs: dayMs(12) },
      { size: `on its way to ${text(1024)}`, fromMs: dayMs(12), untilMs: dayMs(12) + hourMs },
    ]);
  });

  it("are those of a deployment that ECS undid, for as long as that took", async () => {
    deployed(["2048"], [10, "1024", "ROLLBACK_SUCCESSFUL"]);
    const found = await now(2048);
    expect(found.map(({ fromMs, untilMs }) => [fromMs, untilMs])).toEqual([
      [dayMs(10), dayMs(10) + hourMs],
      [dayMs(10) + hourMs, dayMs(10) + 2 * hourMs],
    ]);
  });

  it("are not known between a deployment that was stopped and the next", async () => {
    deployed(["2048"], [10, "1024", "STOPPED"], [12, "1024"]);
    expect((await now(1024)).at(-2)).toEqual({ size: "another size, which no record tells", fromMs: dayMs(10) + 2 * hourMs, untilMs: dayMs(12) });
  });

  it("are not known before the first deployment where AWS tells none, two, or one that is gone", async () => {
    for (const source of [[], ["1024", "2048"], ["gone"]]) {
      deployed(source, [10, "1024"]);
      expect(await now(1024), source.join()).toMatchObject([{ size: "another size, which no record tells", fromMs: null, untilMs: dayMs(10) }, {}]);
    }
  });

  it("are not known before the five hundredth deployment", async () => {
    const hundred = (page: number) =>
      Array.from({ length: 100 }, (_, at) => ({
        serviceDeploymentArn: "d:0",
        createdAt: new Date(dayMs(30) - (page * 100 + at) * hourMs),
        targetServiceRevisionArn: "r:1024",
        status: "SUCCESSFUL" as const,
      }));
    deployed([]);
    for (const page of [0, 1, 2, 3, 4, 5]) {
      const asked = page === 0 ? ecs.on(ListServiceDeploymentsCommand) : ecs.on(ListServiceDeploymentsCommand, { nextToken: String(page) });
      asked.resolves({ serviceDeployments: hundred(page), nextToken: String(page + 1) });
    }
    ecs.on(DescribeServiceDeploymentsCommand).resolves({});
    expect(await now(1024)).toMatchObject([{ fromMs: null, untilMs: dayMs(30) - 499 * hourMs }, {}]);
    expect(ecs.commandCalls(ListServiceDeploymentsCommand)).toHaveLength(5);
  });
});
