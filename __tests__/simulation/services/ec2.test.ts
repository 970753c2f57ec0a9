import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeFleetsCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSpotFleetRequestsCommand,
  paginateDescribeTags,
  type CreateLaunchTemplateVersionCommandInput,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

async function world() {
  const { ec2, autoScaling } = clientsOf(deployedAccount());
  const { LaunchTemplates: [template] = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
  const LaunchTemplateId = template?.LaunchTemplateId;
  return {
    ec2,
    autoScaling,
    create: (more: Partial<CreateLaunchTemplateVersionCommandInput>) =>
      ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: { InstanceType: "m5.2xlarge" }, ...more })),
    versions: async (Versions: string[]) =>
      (await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions }))).LaunchTemplateVersions ?? [],
  };
}

describe("fleets that somebody made beside the stacks", () => {
  const at = (id: string, more: object = {}) => ({ id, launchTemplate: names.group, ...more });

  it("are told by their kind, with template, version, state and tags", async () => {
    const { LaunchTemplates: [template] = [] } = await (await world()).ec2.send(new DescribeLaunchTemplatesCommand({}));
    const launchTemplate = template?.LaunchTemplateName ?? "";
    const instanceFleets = [
      at("fleet-1", { launchTemplate, tags: { team: "batch" } }),
      at("sfr-1", { launchTemplate, version: "1", state: "deleted_running" }),
    ];
    const load = { traffic: { peakRequestsPerSecond: 10 }, application: { vcpuSecondsPerRequest: 0.01 }, instanceFleets };
    const { ec2 } = clientsOf(deployedAccount(accountScenario({ regions: { "us-east-1": load } })));
    const specified = (Version: string) => [{ LaunchTemplateSpecification: { LaunchTemplateId: template?.LaunchTemplateId, Version } }];
    expect((await ec2.send(new DescribeFleetsCommand({}))).Fleets).toEqual([
      { FleetId: "fleet-1", FleetState: "active", Type: "maintain", LaunchTemplateConfigs: specified("$Latest"), Tags: [{ Key: "team", Value: "batch" }] },
    ]);
    expect((await ec2.send(new DescribeSpotFleetRequestsCommand({}))).SpotFleetRequestConfigs).toMatchObject([
      { SpotFleetRequestId: "sfr-1", SpotFleetRequestState: "cancelled_running", SpotFleetRequestConfig: { LaunchTemplateConfigs: specified("1") } },
    ]);
    await expect(ec2.send(new DescribeFleetsCommand({ NextToken: "x" }))).rejects.toMatchObject({ name: "InvalidNextToken" });
  });

  it("are none where the scenario says nothing of any", async () => {
    const { ec2 } = await world();
    expect(await ec2.send(new DescribeFleetsCommand({}))).toMatchObject({ Fleets: [] });
    expect(await ec2.send(new DescribeSpotFleetRequestsCommand({}))).toMatchObject({ SpotFleetRequestConfigs: [] });
  });
});

describe("instances of groups", () => {
  it("are told by id, as Linux, in the capacity reservation that somebody made", async () => {
    const load = {
      traffic: { peakRequestsPerSecond: 10 },
      application: { vcpuSecondsPerRequest: 0.01 },
      groups: { [names.group]: { capacityReservation: "cr-0a1b2c3d4e5f60718" } },
    };
    const { ec2, autoScaling } = clientsOf(deployedAccount(accountScenario({ regions: { "us-east-1": load } })));
    const { AutoScalingGroups: [group] = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    const ids = (group?.Instances ?? []).map(({ InstanceId = "" }) => InstanceId).toSorted();
    const { Reservations: launches = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: ids.slice(1) }] }));
    const found = launches.flatMap(({ Instances = [] }) => Instances);
    expect(found.map(({ InstanceId = "" }) => InstanceId).toSorted()).toEqual(ids.slice(1));
    for (const each of found) expect(each).toMatchObject({ PlatformDetails: "Linux/UNIX", CapacityReservationId: "cr-0a1b2c3d4e5f60718" });
    await expect(ec2.send(new DescribeInstancesCommand({ NextToken: "x" }))).rejects.toMatchObject({ name: "InvalidNextToken" });
  });

  it("are in no reservation where the scenario says nothing of any", async () => {
    const { ec2 } = await world();
    const { Reservations: launches = [] } = await ec2.send(new DescribeInstancesCommand({}));
    expect(launches.length).toBeGreaterThan(0);
    for (const { Instances: [instance] = [] } of launches) expect(instance).not.toHaveProperty("CapacityReservationId");
  });
});

describe("launch template versions", () => {
  it("are deleted one by one, but the default; their numbers are never given again", async () => {
    const { ec2, create, versions } = await world();
    const LaunchTemplateId = (await create({})).LaunchTemplateVersion?.LaunchTemplateId;
    await create({});
    const deleted = await ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ["1", "3", "7"] }));
    expect(deleted.SuccessfullyDeletedLaunchTemplateVersions).toMatchObject([{ LaunchTemplateId, VersionNumber: 3 }]);
    expect(deleted.UnsuccessfullyDeletedLaunchTemplateVersions).toMatchObject([
      { VersionNumber: 1, ResponseError: { Message: expect.stringContaining("default") } },
      { VersionNumber: 7, ResponseError: { Code: "launchTemplateVersionDoesNotExist" } },
    ]);
    await expect(versions(["3"])).rejects.toMatchObject({ name: "InvalidLaunchTemplateId.VersionNotFound" });
    expect((await versions(["$Latest"]))[0]?.VersionNumber).toBe(2);
    expect((await ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates?.[0]?.LatestVersionNumber).toBe(2);
    expect((await create({})).LaunchTemplateVersion?.VersionNumber).toBe(4);
  });

  it("go with their template, whoever launches from it", async () => {
    const { ec2, create, versions } = await world();
    const { LaunchTemplateVersion: made } = await create({});
    const LaunchTemplateId = made?.LaunchTemplateId;
    const deleted = await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
    expect(deleted.LaunchTemplate).toMatchObject({ LaunchTemplateId, DefaultVersionNumber: 1, LatestVersionNumber: 2 });
    const notFound = { name: "InvalidLaunchTemplateId.NotFound" };
    await expect(versions(["1"])).rejects.toMatchObject(notFound);
    await expect(create({})).rejects.toMatchObject(notFound);
    await expect(ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }))).rejects.toMatchObject(notFound);
    expect((await ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates).toEqual([]);
  });

  it("of a call without any, or with more than 200, stay", async () => {
    const { ec2, create } = await world();
    const LaunchTemplateId = (await create({})).LaunchTemplateVersion?.LaunchTemplateId;
    const asked = (Versions: string[]) => ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions }));
    await expect(asked([])).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(asked(Array.from({ length: 201 }, (_, at) => String(at + 2)))).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("inherit what the request does not give from the source version", async () => {
    const { create, versions } = await world();
    const { LaunchTemplateVersion: made } = await create({ SourceVersion: "$Latest" });
    const [first] = await versions(["1"]);
    expect(made).toMatchObject({ VersionNumber: 2, DefaultVersion: false });
    expect(made?.LaunchTemplateData).toEqual({ ...first?.LaunchTemplateData, InstanceType: "m5.2xlarge" });
    expect((await versions(["$Latest", "$Default"])).map((version) => version.VersionNumber)).toEqual([2, 1]);
  });

  it("are empty but for the request without a source version", async () => {
    const { create } = await world();
    expect((await create({})).LaunchTemplateVersion?.LaunchTemplateData).toEqual({ InstanceType: "m5.2xlarge" });
  });

  it("are made once per client token", async () => {
    const { create, versions } = await world();
    const first = await create({ ClientToken: "step-1", SourceVersion: "1" });
    const again = await create({ ClientToken: "step-1", SourceVersion: "1" });
    expect(again.LaunchTemplateVersion).toEqual(first.LaunchTemplateVersion);
    expect(await versions([])).toHaveLength(2);
    await expect(create({ ClientToken: "step-1", SourceVersion: "1", VersionDescription: "other" })).rejects.toMatchObject({
      name: "IdempotentParameterMismatch",
    });
  });

  it.each<[string, Partial<CreateLaunchTemplateVersionCommandInput>, string]>([
    ["a template that does not exist", { LaunchTemplateId: "lt-00000000000000000" }, "InvalidLaunchTemplateId.NotFound"],
    ["a source version that does not exist", { SourceVersion: "7" }, "InvalidLaunchTemplateId.VersionNotFound"],
    ["a type that does not exist", { LaunchTemplateData: { InstanceType: "m5.huge" as "m5.large" } }, "InvalidParameterValue"],
  ])("refuse %s", async (_what, more, name) => {
    await expect((await world()).create(more)).rejects.toMatchObject({ name });
  });
});

describe("EC2 DescribeTags", () => {
  it("shows an instance with its template's and its group's tags", async () => {
    const { ec2, autoScaling } = await world();
    const { AutoScalingGroups: [group] = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    const id = group?.Instances?.[0]?.InstanceId ?? "";
    const tags: unknown[] = [];
    for await (const page of paginateDescribeTags({ client: ec2 }, { Filters: [{ Name: "resource-id", Values: [id] }], MaxResults: 5 }))
      tags.push(...(page.Tags ?? []));
    expect(tags).toEqual([
      { ResourceId: id, ResourceType: "instance", Key: "Role", Value: "app" },
      { ResourceId: id, ResourceType: "instance", Key: "Name", Value: "app" },
      { ResourceId: id, ResourceType: "instance", Key: "aws:autoscaling:groupName", Value: group?.AutoScalingGroupName },
    ]);
  });
});

it("tells nobody of a version what could be changed by whoever was told", async () => {
  const { versions } = await world();
  const [{ LaunchTemplateData: data } = {}] = await versions(["$Latest"]);
  expect(() => Object.assign(data ?? {}, { InstanceType: "m5.large" })).toThrow(TypeError);
  expect(() => data?.TagSpecifications?.push({})).toThrow(TypeError);
});
