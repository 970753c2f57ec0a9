import { DescribeScalingPoliciesCommand, DescribeScheduledActionsCommand } from "@aws-sdk/client-application-auto-scaling";
import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import {
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { advanceMinutes, accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const place = { cluster: names.containers, service: names.service };
const send = (account: SimulatedAccount) => clientsOf(account).ecs;
const update = (account: SimulatedAccount, input: Partial<UpdateServiceCommandInput>) => send(account).send(new UpdateServiceCommand({ ...place, ...input }));

async function described(account: SimulatedAccount) {
  const { services = [] } = await send(account).send(new DescribeServicesCommand({ cluster: names.containers, services: [names.service], include: ["TAGS"] }));
  return services[0];
}

async function registered(account: SimulatedAccount, cpu: string, memory: string): Promise<string> {
  const { taskDefinition: found } = await send(account).send(new DescribeTaskDefinitionCommand({ taskDefinition: names.service }));
  const command = new RegisterTaskDefinitionCommand({ family: names.service, containerDefinitions: found?.containerDefinitions, cpu, memory });
  return (await send(account).send(command)).taskDefinition?.taskDefinitionArn ?? "";
}

describe("a simulated service", () => {
  it("shows itself, its cluster, its definition, its tags and the zones of its subnets", async () => {
    const account = deployedAccount();
    const found = await described(account);
    expect(found).toMatchObject({
      desiredCount: 8,
      runningCount: 8,
      launchType: "FARGATE",
      taskDefinition: expect.stringMatching(/task-definition\/tap-test-app:1$/),
      deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED" }],
      tags: [{ key: "Project", value: "tap" }],
    });
    const { clusterArns } = await send(account).send(new ListClustersCommand({}));
    expect(clusterArns).toEqual([expect.stringMatching(/:cluster\/tap-test-cluster$/)]);
    const { serviceArns } = await send(account).send(new ListServicesCommand({ cluster: names.containers }));
    expect(serviceArns).toEqual([found?.serviceArn]);
    const { taskArns = [] } = await send(account).send(new ListTasksCommand({ cluster: names.containers, serviceName: names.service }));
    const { tasks = [], failures } = await send(account).send(new DescribeTasksCommand({ cluster: names.containers, tasks: [...taskArns, "task/x/none"] }));
    expect(tasks.map(({ availabilityZone }) => availabilityZone?.at(-1)).join("")).toBe("abababab");
    expect(failures).toEqual([{ arn: "task/x/none", reason: "MISSING" }]);
    await expect(send(account).send(new DescribeTasksCommand({ cluster: names.containers, tasks: [] }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    const SubnetIds = found?.networkConfiguration?.awsvpcConfiguration?.subnets;
    const { Subnets } = await clientsOf(account).ec2.send(new DescribeSubnetsCommand({ SubnetIds }));
    expect(Subnets?.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(["us-east-1a", "us-east-1b"]);
    const asked = { ServiceNamespace: "ecs", ResourceId: `service/${names.containers}/${names.service}` } as const;
    const { applicationAutoScaling } = clientsOf(account);
    expect((await applicationAutoScaling.send(new DescribeScalingPoliciesCommand(asked))).ScalingPolicies).toEqual([]);
    expect((await applicationAutoScaling.send(new DescribeScheduledActionsCommand(asked))).ScheduledActions).toEqual([]);
  });

  it("brings new tasks beside the old ones, then lets those go", async () => {
    const account = deployedAccount();
    const second = await registered(account, "512", "1024");
    expect((await described(account))?.taskDefinition).not.toBe(second);
    await update(account, { taskDefinition: second });
    expect(await described(account)).toMatchObject({
      taskDefinition: second,
      runningCount: 8,
      pendingCount: 8,
      deployments: [
        { status: "PRIMARY", rolloutState: "IN_PROGRESS", runningCount: 0 },
        { status: "ACTIVE", runningCount: 8 },
      ],
    });
    advanceMinutes(account, 2);
    expect(await described(account)).toMatchObject({ runningCount: 16, deployments: [{ runningCount: 8 }, { runningCount: 8 }] });
    advanceMinutes(account, 1);
    expect(await described(account)).toMatchObject({ runningCount: 8, deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED" }] });
    const { serviceDeployments = [] } = await send(account).send(new ListServiceDeploymentsCommand(place));
    expect(serviceDeployments).toMatchObject([{ status: "SUCCESSFUL" }]);
    const arns = serviceDeployments.flatMap(({ targetServiceRevisionArn: arn }) => arn ?? []);
    const { serviceRevisions } = await send(account).send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }));
    expect(serviceRevisions).toMatchObject([{ taskDefinition: second }]);
  });

  it("tells of a deployment what it took the place of, and forgets it after 90 days", async () => {
    const account = deployedAccount();
    const first = (await described(account))?.taskDefinition;
    await update(account, { taskDefinition: await registered(account, "512", "1024") });
    advanceMinutes(account, 3);
    const listed = async () => (await send(account).send(new ListServiceDeploymentsCommand(place))).serviceDeployments ?? [];
    const [deployment] = await listed();
    const ended = new Date(account.nowMs());
    expect(deployment).toMatchObject({ finishedAt: ended });
    const describing = (serviceDeploymentArns: string[]) => send(account).send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    const { serviceDeployments: [found] = [], failures } = await describing([deployment?.serviceDeploymentArn ?? "", "none"]);
    expect(found).toMatchObject({ targetServiceRevision: { arn: deployment?.targetServiceRevisionArn }, finishedAt: ended });
    expect(failures).toEqual([{ arn: "none", reason: "MISSING" }]);
    const { serviceRevisions } = await send(account).send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: found?.sourceServiceRevisions?.flatMap(({ arn }) => arn ?? []) }),
    );
    expect(serviceRevisions).toMatchObject([{ taskDefinition: first }]);
    await expect(describing([])).rejects.toMatchObject({ name: "InvalidParameterException" });
    advanceMinutes(account, 90 * 24 * 60);
    expect(await listed()).toEqual([]);
  });

  it("has fewer tasks in a minute and more in two, which is no deployment", async () => {
    const account = deployedAccount();
    await update(account, { desiredCount: 3 });
    expect(await described(account)).toMatchObject({ desiredCount: 3, runningCount: 8, deployments: [{ rolloutState: "COMPLETED" }] });
    advanceMinutes(account, 1);
    expect(await described(account)).toMatchObject({ runningCount: 3 });
    await update(account, { desiredCount: 8 });
    expect(await described(account)).toMatchObject({ runningCount: 3, pendingCount: 5 });
    advanceMinutes(account, 2);
    expect(await described(account)).toMatchObject({ runningCount: 8, pendingCount: 0 });
  });

  it("goes on with a revision that was deregistered and takes another number of it, and is brought to no such one", async () => {
    const account = deployedAccount();
    const second = await registered(account, "512", "1024");
    const { ecs } = clientsOf(account);
    const first = (await described(account))?.taskDefinition;
    const deregister = (taskDefinition: string | undefined) => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
    const revision = async (taskDefinition: string | undefined) => (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition;
    expect(await deregister(first)).toMatchObject({ taskDefinition: { revision: 1, status: "INACTIVE" } });
    expect(await revision(first)).toMatchObject({ status: "INACTIVE" });
    expect(await revision(names.service)).toMatchObject({ revision: 2, status: "ACTIVE" });
    await update(account, { desiredCount: 3 });
    advanceMinutes(account, 1);
    expect(await described(account)).toMatchObject({ taskDefinition: first, runningCount: 3 });
    await deregister(second);
    await expect(revision(names.service)).rejects.toMatchObject({ name: "ClientException", message: "Unable to describe task definition." });
    await expect(update(account, { taskDefinition: second })).rejects.toMatchObject({ name: "ClientException", message: "TaskDefinition is inactive" });
    await expect(update(account, { taskDefinition: first })).rejects.toMatchObject({ name: "ClientException" });
    for (const name of [names.service, `${names.service}:7`]) await expect(deregister(name)).rejects.toMatchObject({ name: "ClientException" });
  });

  it("takes another deployment while one is under way", async () => {
    const account = deployedAccount();
    const first = (await described(account))?.taskDefinition ?? "";
    await update(account, { taskDefinition: await registered(account, "512", "1024") });
    advanceMinutes(account, 1);
    await update(account, { taskDefinition: first, desiredCount: 9 });
    advanceMinutes(account, 5);
    expect(await described(account)).toMatchObject({ taskDefinition: first, runningCount: 9, deployments: [{ rolloutState: "COMPLETED" }] });
    const { serviceDeployments } = await send(account).send(new ListServiceDeploymentsCommand(place));
    expect(serviceDeployments).toMatchObject([{ status: "SUCCESSFUL" }, { status: "STOPPED" }]);
  });

  it("tells that Fargate has no capacity, and has its tasks once there is some", async () => {
    const faults = [{ kind: "insufficient-capacity" as const, from: 0, until: 2, commands: ["UpdateService"] }];
    const account = deployedAccount(accountScenario({ faults }));
    await update(account, { desiredCount: 12 });
    advanceMinutes(account, 60);
    expect(await described(account)).toMatchObject({ desiredCount: 12, runningCount: 8, pendingCount: 0 });
    const told = (await described(account))?.events?.filter(({ message }) =>
      message?.includes("was unable to place a task. Reason: Capacity is unavailable at this time."),
    );
    expect(told?.length).toBeGreaterThan(2);
    advanceMinutes(account, 62);
    expect(await described(account)).toMatchObject({ runningCount: 12 });
    expect((await described(account))?.events?.[0]?.message).toContain("has started 4 tasks");
  });

  it("gives up a deployment for which there is no capacity, and completes one for which there is some in time", async () => {
    const short = (hours: number) =>
      deployedAccount(accountScenario({ faults: [{ kind: "insufficient-capacity", from: 0, until: hours, commands: ["UpdateService"] }] }));
    const account = short(2);
    const first = (await described(account))?.taskDefinition;
    await update(account, { taskDefinition: await registered(account, "512", "1024") });
    advanceMinutes(account, 11);
    expect(await described(account)).toMatchObject({ taskDefinition: first, runningCount: 8, deployments: [{ rolloutState: "COMPLETED" }] });
    const { serviceDeployments } = await send(account).send(new ListServiceDeploymentsCommand(place));
    expect(serviceDeployments).toMatchObject([{ status: "ROLLBACK_SUCCESSFUL" }]);
    const later = short(0.1);
    const second = await registered(later, "512", "1024");
    await update(later, { taskDefinition: second });
    advanceMinutes(later, 6);
    expect(await described(later)).toMatchObject({ taskDefinition: second, runningCount: 8, deployments: [{ rolloutState: "IN_PROGRESS" }, {}] });
    advanceMinutes(later, 3);
    expect(await described(later)).toMatchObject({ runningCount: 8, deployments: [{ rolloutState: "COMPLETED" }] });
  });

  it("goes back by its circuit breaker to tasks that have answered all along", async () => {
    const region = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 1.5 } };
    const account = deployedAccount(accountScenario({ regions: { "us-east-1": region } }));
    const first = (await described(account))?.taskDefinition;
    await update(account, { taskDefinition: await registered(account, "512", "1024") });
    advanceMinutes(account, 10);
    expect(await described(account)).toMatchObject({
      taskDefinition: first,
      runningCount: 8,
      deployments: [{ status: "PRIMARY", rolloutState: "IN_PROGRESS" }, { rolloutState: "FAILED" }],
    });
    await expect(update(account, { desiredCount: 9 })).rejects.toMatchObject({ name: "NotSimulated" });
    advanceMinutes(account, 1);
    expect(await described(account)).toMatchObject({ taskDefinition: first, runningCount: 8, deployments: [{ rolloutState: "COMPLETED" }] });
    const { serviceDeployments } = await send(account).send(new ListServiceDeploymentsCommand({ ...place, status: ["ROLLBACK_SUCCESSFUL"] }));
    expect(serviceDeployments).toMatchObject([{ statusReason: expect.stringContaining("circuit breaker") }]);
  });

  it.each([
    ["no cluster", { cluster: "gone" }, "ClusterNotFoundException"],
    ["no service", { service: "gone" }, "ServiceNotFoundException"],
    ["a definition that is not there", { taskDefinition: "gone" }, "ClientException"],
    ["fewer than no tasks", { desiredCount: -1 }, "InvalidParameterException"],
  ])("refuses a change of %s", async (_, input, name) => {
    await expect(update(deployedAccount(), input)).rejects.toMatchObject({ name });
  });

  it.each([
    ["a pair that Fargate does not offer", "512", "8192"],
    ["half of the smallest", "128", "512"],
  ])("refuses %s", async (_, cpu, memory) => {
    await expect(registered(deployedAccount(), cpu, memory)).rejects.toMatchObject({
      name: "ClientException",
      message: expect.stringContaining("No Fargate configuration"),
    });
  });

  it("refuses containers that ask for more than their task, and none at all", async () => {
    const ecs = send(deployedAccount());
    const size = { family: names.service, cpu: "512", memory: "1024" };
    const large = [{ name: "app", image: "app:1", memory: 2048 }];
    await expect(ecs.send(new RegisterTaskDefinitionCommand({ ...size, containerDefinitions: large }))).rejects.toMatchObject({ name: "ClientException" });
    await expect(ecs.send(new RegisterTaskDefinitionCommand({ ...size, containerDefinitions: [] }))).rejects.toMatchObject({ name: "ClientException" });
  });

  it("tells a service that is not there as a failure, and refuses none, eleven and a strange token", async () => {
    const ecs = send(deployedAccount());
    const asked = (services: string[]) => ecs.send(new DescribeServicesCommand({ cluster: names.containers, services }));
    expect((await asked(["gone"])).failures).toEqual([{ arn: "gone", reason: "MISSING" }]);
    for (const wrong of [[], Array.from({ length: 11 }, (_, index) => `s${index}`)])
      await expect(asked(wrong)).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(ecs.send(new ListClustersCommand({ nextToken: "strange" }))).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: "gone" }))).rejects.toMatchObject({ name: "ClientException" });
  });
});
