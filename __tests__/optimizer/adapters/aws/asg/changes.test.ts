import {
  AutoScalingClient,
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
  type InstanceRefresh,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateVersionCommand,
  DescribeFleetsCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSpotFleetRequestsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const autoScaling = answersOf(AutoScalingClient);
const ec2 = answersOf(EC2Client);

beforeEach(() => {
  for (const mock of [autoScaling, ec2]) mock.reset();
});

const stateOf = (change: Change) => createChangeReader(clients).stateOf(change);
const apply = (change: Change, token = "run-1|step-1") => createChangeWriter(clients).apply(change, token);

describe("Auto Scaling groups", () => {
  const template = { kind: "ec2.launch-template-version", region, autoScalingGroup: "g", launchTemplateId: "lt-1" } as const;
  const sizes = { before: { instanceType: "m5.4xlarge" }, after: { instanceType: "m5.2xlarge" } } as const;
  const reference: ChangeOf<"asg.launch-template"> = { kind: "asg.launch-template", region, autoScalingGroup: "g", launchTemplateId: "lt-1", ...sizes };
  const refresh: ChangeOf<"asg.instance-refresh"> = { kind: "asg.instance-refresh", region, autoScalingGroup: "g", ...sizes };

  function groupIs(
    version: string,
    runningTypes: readonly string[],
    refreshes: readonly InstanceRefresh[] = [],
    runningVersions: readonly number[] = [],
  ): void {
    const instances = runningTypes.map((InstanceType, index) => ({
      InstanceType,
      ...(runningVersions[index] === undefined ? {} : { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: String(runningVersions[index]) } }),
      LifecycleState: "InService" as const,
      InstanceId: "i",
      AvailabilityZone: "a",
      HealthStatus: "Healthy",
      ProtectedFromScaleIn: false,
    }));
    const group = {
      AutoScalingGroupName: "g",
      MinSize: 1,
      MaxSize: 1,
      DesiredCapacity: 1,
      DefaultCooldown: 1,
      AvailabilityZones: [],
      HealthCheckType: "ELB",
      CreatedTime: new Date(0),
    };
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolves({ AutoScalingGroups: [{ ...group, LaunchTemplate: { LaunchTemplateId: "lt-1", Version: version }, Instances: instances }] });
    autoScaling.on(DescribeInstanceRefreshesCommand).resolves({ InstanceRefreshes: [...refreshes] });
  }

  function versionsAre(types: readonly string[]): void {
    const answer = (number: number) => ({
      LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: number, LaunchTemplateData: { InstanceType: types[number - 1] as "m5.large" } }],
    });
    types.forEach((_, index) =>
      ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: [String(index + 1)] }).resolves(answer(index + 1)),
    );
    ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: ["$Latest"] }).resolves(answer(types.length));
  }

  function fleetsAre(...named: readonly { readonly LaunchTemplateId?: string; readonly LaunchTemplateName?: string }[]): void {
    const Fleets = named.map((each) => ({
      FleetId: "fleet-1",
      FleetState: "active" as const,
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { ...each, Version: "$Latest" } }],
    }));
    ec2.on(DescribeFleetsCommand).resolves({ Fleets });
    ec2.on(DescribeSpotFleetRequestsCommand).resolves({});
  }

  const running = (status: InstanceRefresh["Status"], version: string): InstanceRefresh => ({
    InstanceRefreshId: "ref-1",
    ...(status === undefined ? {} : { Status: status }),
    PercentageComplete: 40,
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: version } },
  });

  it("tell the latest version's type, and the type of the version they reference", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    expect(await stateOf({ ...template, ...sizes })).toEqual({ kind: "settled", value: { instanceType: "m5.2xlarge" }, marks: { version: 2 } });
    expect(await stateOf(reference)).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge", reference: "number" }, marks: { version: 1 } });
  });

  it("are described in one look by as many calls as there are different ones", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    const changes: readonly Change[] = [{ ...template, ...sizes }, reference, { ...template, ...sizes }, reference];
    const states = await createChangeReader(clients).statesOf(changes);
    expect(states).toEqual([await stateOf(changes[0]!), await stateOf(reference), await stateOf(changes[0]!), await stateOf(reference)]);
    const [together, alone] = [3, 2 * (1 + 2)];
    expect(ec2.calls().length + autoScaling.calls().length).toBe(together + alone);
  });

  it("are pointed at the version that the run made, by its number, whatever is the latest by then", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge", "m5.2xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    await createChangeWriter(clients).apply(reference, "token", { version: 2 });
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)[0]?.args[0].input.LaunchTemplate?.Version).toBe("2");
  });

  it("copy the version in use, with a client token that only the step decides", async () => {
    versionsAre(["m5.4xlarge", "c5.large"]);
    groupIs("1", ["m5.4xlarge"]);
    ec2.on(CreateLaunchTemplateVersionCommand).resolves({});
    await apply({ ...template, ...sizes });
    await apply({ ...template, ...sizes });
    await apply({ ...template, ...sizes }, "run-1|step-2");
    const inputs = ec2.commandCalls(CreateLaunchTemplateVersionCommand).map((call) => call.args[0].input);
    expect(inputs[0]).toMatchObject({
      LaunchTemplateId: "lt-1",
      SourceVersion: "1",
      LaunchTemplateData: { InstanceType: "m5.2xlarge" },
      ClientToken: expect.stringMatching(/^[\w-]{1,64}$/),
    });
    expect(inputs[1]?.ClientToken).toBe(inputs[0]?.ClientToken);
    expect(inputs[2]?.ClientToken).not.toBe(inputs[0]?.ClientToken);
  });

  it.each<[string, string, readonly number[], readonly string[], string]>([
    ["by number: that version", "1", [1], ["m5.4xlarge", "c5.large"], "1"],
    ["by a word that still stands for what runs: that version", "$Latest", [2], ["m5.xlarge", "m5.4xlarge"], "2"],
    ["by a word, with nothing in service: what AWS resolves", "$Latest", [], ["m5.xlarge", "m5.4xlarge"], "2"],
    ["by a word that is our own smaller version by now: what runs", "$Latest", [1, 1], ["m5.4xlarge", "m5.2xlarge"], "1"],
    ["by a word that is ours, one instance launched from it already: what ran before", "$Latest", [1, 2], ["m5.4xlarge", "m5.2xlarge"], "1"],
  ])("copy, where the group references its version %s", async (_, reference, runningVersions, types, source) => {
    versionsAre(types);
    groupIs(reference, runningVersions.length === 0 ? [] : ["m5.4xlarge", "m5.4xlarge"], [], runningVersions);
    ec2.on(CreateLaunchTemplateVersionCommand).resolves({});
    await apply({ ...template, ...sizes });
    expect(ec2.commandCalls(CreateLaunchTemplateVersionCommand)[0]?.args[0].input).toMatchObject({ SourceVersion: source });
  });

  it("copy nothing where somebody made a version that no instance runs", async () => {
    versionsAre(["m5.4xlarge", "m5.4xlarge"]);
    ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: ["$Latest"] }).resolves({
      LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: 2, LaunchTemplateData: { InstanceType: "m5.4xlarge", UserData: "bmV3" } }],
    });
    groupIs("$Latest", ["m5.4xlarge"], [], [1]);
    await expect(apply({ ...template, ...sizes })).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("$Latest is version 2 by now") });
    expect(ec2.commandCalls(CreateLaunchTemplateVersionCommand)).toHaveLength(0);
  });

  it("copy the latest version where what runs has another number and the same contents, as after a rollback", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge", "m5.4xlarge"]);
    groupIs("$Latest", ["m5.4xlarge"], [], [1]);
    ec2.on(CreateLaunchTemplateVersionCommand).resolves({});
    await apply({ ...template, ...sizes });
    expect(ec2.commandCalls(CreateLaunchTemplateVersionCommand)[0]?.args[0].input).toMatchObject({ SourceVersion: "3" });
  });

  it("are pointed at the latest version by number, and only if it has the wanted type", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    await apply(reference);
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)[0]?.args[0].input.LaunchTemplate).toEqual({ LaunchTemplateId: "lt-1", Version: "2" });
    await expect(apply(inverse(reference))).rejects.toMatchObject({ kind: "invalid" });
  });

  it("go on by the word they went by: their reference, and a refresh that names none, which they would be pinned to", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("$Latest", ["m5.4xlarge"]);
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    autoScaling.on(StartInstanceRefreshCommand).resolves({});
    const word = (reference: "$Latest" | "$Default", instanceType: string) => ({ instanceType, reference });
    expect(await stateOf({ ...reference, before: word("$Latest", "m5.4xlarge"), after: word("$Latest", "m5.2xlarge") })).toMatchObject({
      value: { instanceType: "m5.2xlarge", reference: "$Latest" },
    });
    await apply(refresh);
    expect(autoScaling.commandCalls(StartInstanceRefreshCommand)[0]?.args[0].input).not.toHaveProperty("DesiredConfiguration");
    groupIs("2", ["m5.4xlarge"]);
    await apply({ ...reference, after: word("$Latest", "m5.2xlarge") });
    ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: ["$Default"] }).resolves({
      LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: 1, LaunchTemplateData: { InstanceType: "m5.4xlarge" } }],
    });
    await apply({ ...reference, after: word("$Default", "m5.4xlarge") });
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand).map((call) => call.args[0].input.LaunchTemplate?.Version)).toEqual(["$Latest", "$Default"]);
    await expect(apply({ ...reference, after: word("$Default", "m5.2xlarge") })).rejects.toMatchObject({ kind: "invalid" });
  });

  it("get no new version while another group follows the latest one", async () => {
    versionsAre(["m5.4xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    fleetsAre();
    const reaches = () => createChangeReader(clients).reaches({ ...template, ...sizes }, []);
    expect(await reaches()).toEqual([]);
    const { AutoScalingGroups: [own] = [] } = await clients(region).autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    const other = { ...own!, AutoScalingGroupName: "other", LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "$Latest" } };
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [own!, other] });
    expect(await reaches()).toEqual(["group other follows the latest version of lt-1"]);
    expect(await createChangeReader(clients).reaches(refresh, [])).toEqual([]);
    fleetsAre({ LaunchTemplateName: "web" });
    expect(await reaches()).toEqual(["group other follows the latest version of lt-1"]);
    fleetsAre({ LaunchTemplateId: "lt-1" });
    expect(await reaches()).toEqual(["group other follows the latest version of lt-1", "EC2 Fleet fleet-1 follows the latest version of lt-1"]);
    autoScaling.on(DescribeAutoScalingGroupsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDenied", $fault: "client", $metadata: {} }));
    await expect(reaches()).rejects.toThrow("reading who else ec2.launch-template-version reaches in us-east-1: AccessDenied: no");
  });

  it.each([
    ["a version", { ...template, ...sizes }],
    ["another reference", reference],
  ] as const)("get no %s while somebody replaces their instances: it would be cancelled", async (_, change) => {
    versionsAre(["m5.4xlarge", "m5.4xlarge"]);
    fleetsAre();
    groupIs("1", ["m5.4xlarge"], [running("InProgress", "2")]);
    const words = "somebody replaces the instances of g: instance refresh ref-1 is InProgress";
    expect(await createChangeReader(clients).reaches(change, [])).toEqual([words]);
    groupIs("1", ["m5.4xlarge"], [running("Successful", "1")]);
    expect(await createChangeReader(clients).reaches(change, [])).toEqual([]);
  });

  it("get another reference only after the refresh toward the present one was cancelled, as AWS demands", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge", "m5.4xlarge"]);
    autoScaling.on(CancelInstanceRefreshCommand).resolves({});
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("InProgress", "2")]);
    await expect(apply(inverse(reference))).rejects.toMatchObject({ kind: "busy" });
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelling", "2")]);
    await expect(apply(inverse(reference))).rejects.toMatchObject({ kind: "busy" });
    expect(autoScaling.commandCalls(CancelInstanceRefreshCommand)).toHaveLength(1);
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)).toHaveLength(0);
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelled", "2")]);
    await apply(inverse(reference));
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)).toHaveLength(1);
  });

  it("start a refresh that launches before it terminates and skips what already fits", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("2", ["m5.4xlarge"]);
    autoScaling.on(StartInstanceRefreshCommand).resolves({});
    await apply(refresh);
    expect(autoScaling.commandCalls(StartInstanceRefreshCommand)[0]?.args[0].input).toMatchObject({
      Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110, SkipMatching: true },
      DesiredConfiguration: { LaunchTemplate: { Version: "2" } },
    });
  });

  it("do not start a second refresh of the same aim", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge"]);
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("InProgress", "2")]);
    await apply(refresh);
    expect(autoScaling.commandCalls(StartInstanceRefreshCommand)).toHaveLength(0);
    expect(await stateOf(refresh)).toMatchObject({ kind: "in-progress", share: 0.4 });
  });

  it("cancel a refresh of another aim first, and are busy until it ended", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge", "m5.4xlarge"]);
    autoScaling.on(CancelInstanceRefreshCommand).resolves({});
    const back = inverse(refresh);
    groupIs("3", ["m5.4xlarge", "m5.2xlarge"], [running("InProgress", "2")]);
    expect(await stateOf(back)).toMatchObject({ kind: "mixed" });
    await expect(apply(back)).rejects.toMatchObject({ kind: "busy" });
    expect(autoScaling.commandCalls(CancelInstanceRefreshCommand)).toHaveLength(1);
    groupIs("3", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelling", "2")]);
    expect(await stateOf(back)).toMatchObject({ kind: "in-progress" });
    await expect(apply(back)).rejects.toMatchObject({ kind: "busy" });
    expect(autoScaling.commandCalls(CancelInstanceRefreshCommand)).toHaveLength(1);
    groupIs("3", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelled", "2")]);
    expect(await stateOf(back)).toMatchObject({ kind: "mixed", detail: expect.stringContaining("m5.2xlarge, m5.4xlarge") });
  });

  it("have a refresh of ours cancelled, and leave one of another aim alone", async () => {
    versionsAre(["m5.4xlarge", "m5.2xlarge", "m5.xlarge"]);
    autoScaling.on(CancelInstanceRefreshCommand).resolves({});
    const stop: Change = { kind: "asg.refresh-stop", region, autoScalingGroup: "g", before: { refreshingTo: "m5.2xlarge" }, after: { refreshingTo: null } };
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("InProgress", "2")]);
    expect(await stateOf(stop)).toEqual({ kind: "settled", value: { refreshingTo: "m5.2xlarge" } });
    await apply(stop);
    expect(autoScaling.commandCalls(CancelInstanceRefreshCommand)).toHaveLength(1);
    groupIs("2", ["m5.4xlarge", "m5.2xlarge"], [running("Cancelling", "2")]);
    expect(await stateOf(stop)).toMatchObject({ kind: "in-progress" });
    for (const refreshes of [[running("Cancelled", "2")], [], [running("InProgress", "3")]]) {
      groupIs("2", ["m5.4xlarge"], refreshes);
      expect(await stateOf(stop)).toEqual({ kind: "settled", value: { refreshingTo: null } });
    }
  });

  it("refuse to refresh toward a type that the group does not launch", async () => {
    versionsAre(["m5.4xlarge"]);
    groupIs("1", ["m5.4xlarge"]);
    await expect(apply(refresh)).rejects.toMatchObject({ kind: "invalid" });
    expect(await stateOf(refresh)).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
  });

  it("are missing when AWS does not list them", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    expect(await stateOf(refresh)).toMatchObject({ kind: "missing" });
    await expect(apply(refresh)).rejects.toMatchObject({ kind: "missing" });
  });
});
