import { CancelInstanceRefreshCommand, StartInstanceRefreshCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand, DescribeLaunchTemplatesCommand, type CreateLaunchTemplateVersionCommandInput } from "@aws-sdk/client-ec2";
import { createChangeWriter } from "../../../optimizer/adapters/aws/change-writer.ts";
import type { ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import { east } from "../plan-builder.ts";
import { names } from "../terraform-fixture.ts";
import { type Opened, type Refusal, refusalsOf } from "./refusal.ts";

const api = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const [big, small] = ["m5.4xlarge", "m5.2xlarge"];
const ours = { region: east, autoScalingGroup: names.group } as const;
const nowhere = { region: east, autoScalingGroup: "no-such-group" } as const;
const group = { AutoScalingGroupName: names.group };
const noGroup = { AutoScalingGroupName: nowhere.autoScalingGroup };

const sizes = { minSize: 8, desiredCapacity: 10, maxSize: 20 };
export const sized = (after: ChangeOf<"asg.size">["after"], where: typeof ours | typeof nowhere = ours): ChangeOf<"asg.size"> => ({
  kind: "asg.size",
  ...where,
  before: sizes,
  after,
});
const refreshed: ChangeOf<"asg.instance-refresh"> = { kind: "asg.instance-refresh", ...ours, before: { instanceType: small }, after: { instanceType: big } };
const stopped: ChangeOf<"asg.refresh-stop"> = { kind: "asg.refresh-stop", ...ours, before: { refreshingTo: big }, after: { refreshingTo: null } };

async function templateId({ clients }: Opened): Promise<string> {
  const { LaunchTemplates: [template] = [] } = await clients.ec2.send(new DescribeLaunchTemplatesCommand({}));
  if (template?.LaunchTemplateId === undefined) throw new Error("the fixture has no launch template");
  return template.LaunchTemplateId;
}

const startRefresh = ({ clients }: Opened) => clients.autoScaling.send(new StartInstanceRefreshCommand(group));

/** Another version is asked for, so that the refresh holds the group's template fast. */
const startNamedRefresh = async (opened: Opened) =>
  opened.clients.autoScaling.send(
    new StartInstanceRefreshCommand({
      ...group,
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: await templateId(opened), Version: "1" } },
    }),
  );

const updates = refusalsOf("UpdateAutoScalingGroup", `${api}/API_UpdateAutoScalingGroup.html`, [
  {
    error: "ValidationError",
    status: 400,
    when: "the group is not there",
    asked: {
      send: ({ clients }) => clients.autoScaling.send(new UpdateAutoScalingGroupCommand({ ...noGroup, MinSize: 1 })),
      instead: sized({ minSize: 4, desiredCapacity: 6, maxSize: 12 }, nowhere),
      reads: { kind: "missing", name: "ResourceGone" },
    },
    met: "invalid",
  },
  {
    error: "ValidationError",
    status: 400,
    when: "the maximum is below the minimum",
    asked: { change: sized({ minSize: 8, desiredCapacity: 8, maxSize: 6 }) },
    met: "invalid",
  },
  {
    error: "ValidationError",
    status: 400,
    when: "the desired number is outside of the bounds",
    asked: { change: sized({ minSize: 4, desiredCapacity: 3, maxSize: 12 }) },
    met: "invalid",
  },
  {
    error: "ScalingActivityInProgressFault",
    status: 400,
    when: "another desired number, while instances start",
    given: ({ clients }) => clients.autoScaling.send(new UpdateAutoScalingGroupCommand({ ...group, DesiredCapacity: 12 })),
    asked: { change: sized({ minSize: 4, desiredCapacity: 6, maxSize: 12 }) },
    met: "busy",
  },
  {
    error: "ValidationError",
    status: 400,
    when: "the launch template, while a refresh with a desired configuration is under way",
    source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html",
    given: startNamedRefresh,
    asked: {
      send: async (opened) =>
        opened.clients.autoScaling.send(
          new UpdateAutoScalingGroupCommand({ ...group, LaunchTemplate: { LaunchTemplateId: await templateId(opened), Version: "1" } }),
        ),
      instead: async (opened) => ({
        kind: "asg.launch-template",
        ...ours,
        launchTemplateId: await templateId(opened),
        before: { instanceType: small, reference: "number" },
        after: { instanceType: big, reference: "number" },
      }),
      reads: { kind: "busy", name: "InstanceRefreshInProgress" },
    },
    met: "invalid",
  },
  {
    error: "ValidationError",
    status: 400,
    when: "the template has no such version",
    asked: {
      send: async (opened) =>
        opened.clients.autoScaling.send(
          new UpdateAutoScalingGroupCommand({ ...group, LaunchTemplate: { LaunchTemplateId: await templateId(opened), Version: "7" } }),
        ),
      instead: async (opened) => ({
        kind: "asg.launch-template",
        ...ours,
        launchTemplateId: await templateId(opened),
        before: { instanceType: big, reference: "number" },
        after: { instanceType: small, reference: "number" },
      }),
      reads: { kind: "invalid", name: "NotAsPlanned" },
    },
    met: "invalid",
  },
]);

const starts = refusalsOf("StartInstanceRefresh", `${api}/API_StartInstanceRefresh.html`, [
  {
    error: "ValidationError",
    status: 400,
    when: "the group is not there",
    asked: {
      send: ({ clients }) => clients.autoScaling.send(new StartInstanceRefreshCommand(noGroup)),
      instead: { ...refreshed, ...nowhere },
      reads: { kind: "missing", name: "ResourceGone" },
    },
    met: "invalid",
  },
  {
    error: "InstanceRefreshInProgressFault",
    status: 400,
    when: "another refresh of the group is under way",
    given: startRefresh,
    asked: { send: startRefresh, instead: refreshed, reads: "nothing to send" },
    met: "busy",
  },
  ...(
    [
      ["a share of healthy instances above 100 %", { MinHealthyPercentage: 101 }],
      ["instances beyond the group's number by more than its number", { MinHealthyPercentage: 90, MaxHealthyPercentage: 201 }],
      ["a maximum of healthy instances without a minimum", { MaxHealthyPercentage: 110 }],
    ] as const
  ).map(([when, Preferences]) => ({
    error: "ValidationError",
    status: 400,
    when,
    asked: {
      send: ({ clients }: Opened) => clients.autoScaling.send(new StartInstanceRefreshCommand({ ...group, Preferences })),
      never: "it always asks for 100 to 110 %",
    },
    met: "invalid" as const,
  })),
]);

const cancels = refusalsOf("CancelInstanceRefresh", `${api}/API_CancelInstanceRefresh.html`, [
  {
    error: "ValidationError",
    status: 400,
    when: "the group is not there",
    asked: { change: { ...stopped, ...nowhere } },
    met: "invalid",
  },
  {
    error: "ActiveInstanceRefreshNotFoundFault",
    status: 400,
    when: "no refresh is under way any more",
    asked: { change: stopped },
    met: "busy",
  },
  {
    error: "ActiveInstanceRefreshNotFoundFault",
    status: 400,
    when: "the refresh is being cancelled already",
    given: async (opened) => {
      await startRefresh(opened);
      opened.account.advanceTo(opened.account.nowMs() + 60_000);
      await opened.clients.autoScaling.send(new CancelInstanceRefreshCommand(group));
    },
    asked: { change: stopped },
    met: "busy",
  },
]);

export const toSmall = async (opened: Opened): Promise<ChangeOf<"ec2.launch-template-version">> => ({
  kind: "ec2.launch-template-version",
  ...ours,
  launchTemplateId: await templateId(opened),
  before: { instanceType: big },
  after: { instanceType: small },
});

const version = (input: (id: string) => Omit<CreateLaunchTemplateVersionCommandInput, "LaunchTemplateData">) => async (opened: Opened) =>
  opened.clients.ec2.send(new CreateLaunchTemplateVersionCommand({ ...input(await templateId(opened)), LaunchTemplateData: { InstanceType: "m5.2xlarge" } }));

const errorCodes = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html";

const versions = refusalsOf("CreateLaunchTemplateVersion", errorCodes, [
  {
    error: "InvalidLaunchTemplateId.NotFound",
    status: 400,
    when: "the template is not there",
    asked: {
      send: version(() => ({ LaunchTemplateId: "lt-0123456789abcdef0" })),
      instead: async (opened) => ({ ...(await toSmall(opened)), launchTemplateId: "lt-0123456789abcdef0" }),
      reads: { kind: "invalid", name: "NotAsPlanned" },
    },
    met: "missing",
  },
  {
    error: "InvalidLaunchTemplateId.Malformed",
    status: 400,
    when: "the id is none",
    asked: { send: version(() => ({ LaunchTemplateId: "template" })), never: "the id is the one that the group names" },
    met: "invalid",
  },
  {
    error: "InvalidLaunchTemplateName.NotFoundException",
    status: 400,
    when: "the template of that name is not there",
    asked: { send: version(() => ({ LaunchTemplateName: "no-such-template" })), never: "it goes by the id" },
    met: "missing",
  },
  {
    error: "InvalidLaunchTemplateId.VersionNotFound",
    status: 400,
    when: "the version to be copied is not there",
    asked: { send: version((LaunchTemplateId) => ({ LaunchTemplateId, SourceVersion: "7" })), never: "it copies the version that it has just read" },
    met: "missing",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "both id and name",
    asked: { send: version((LaunchTemplateId) => ({ LaunchTemplateId, LaunchTemplateName: "tap-test-lt" })), never: "it goes by the id" },
    met: "invalid",
  },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "an instance type that AWS does not offer",
    asked: { change: async (opened) => ({ ...(await toSmall(opened)), after: { instanceType: "m5.gigantic" } }) },
    met: "invalid",
  },
  {
    error: "IdempotentParameterMismatch",
    status: 400,
    when: "the client token of another request",
    source: "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html",
    given: async (opened) => createChangeWriter(opened.factory).apply(await toSmall(opened), "token"),
    asked: { change: async (opened) => ({ ...(await toSmall(opened)), after: { instanceType: "m5.xlarge" } }) },
    met: "invalid",
  },
]);

export const autoScalingRefusals: readonly Refusal[] = [...updates, ...starts, ...cancels, ...versions];
