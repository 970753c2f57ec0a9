import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplateVersionsCommand,
} from "@aws-sdk/client-ec2";
import { answered } from "../../../optimizer/adapters/aws/answered.ts";
import type { AutoScalingChange } from "../../../optimizer/core/levers/asg/changes.ts";
import { madeNetwork } from "./network.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

const large = "m5.4xlarge";
const small = "m5.2xlarge";
const types = { before: { instanceType: large }, after: { instanceType: small } } as const;

export const autoScalingTrials: { readonly [C in AutoScalingChange as C["kind"]]: TrialOf<C> } = {
  "ec2.launch-template-version": {
    prepare: async (account) => {
      const { place, launchTemplateId, describe } = await madeGroup(account);
      const change = { kind: "ec2.launch-template-version", ...place, launchTemplateId, ...types } as const;
      return {
        change,
        describe,
        sets: ["Newest.LaunchTemplateData.InstanceType", "Newest.VersionNumber", "Newest.DefaultVersion"],
        otherAfterwards: { "Newest.VersionNumber": "the way back is another version", "Newest.DefaultVersion": "which is not the template's default" },
        takesTime: false,
        refusals: [
          {
            because: "somebody deleted the template",
            change,
            meanwhile: () => account.clients.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: launchTemplateId })),
            kind: "missing",
            name: "InvalidLaunchTemplateId.NotFound",
          },
        ],
      };
    },
  },
  "asg.launch-template": {
    prepare: async (account) => {
      const { place, launchTemplateId, describe } = await madeGroup(account);
      await addVersion(account, launchTemplateId);
      const change = { kind: "asg.launch-template", ...place, launchTemplateId, ...types } as const;
      return {
        change,
        describe,
        marks: { there: { version: 2 }, back: { version: 1 } },
        sets: ["Group.LaunchTemplate.Version"],
        takesTime: false,
        refusals: [
          {
            because: "a refresh that replaces its instances is under way",
            change,
            marks: { version: 2 },
            meanwhile: () => refresh(account, launchTemplateId, "1"),
            kind: "busy",
            name: "InstanceRefreshInProgress",
          },
        ],
      };
    },
  },
  "asg.instance-refresh": {
    prepare: async (account) => {
      const { place, launchTemplateId, describe } = await madeGroup(account);
      await addVersion(account, launchTemplateId);
      await useVersion(account, launchTemplateId, "2");
      const change = { kind: "asg.instance-refresh", ...place, ...types } as const;
      return {
        change,
        describe: async () => ({ ...(await describe()), Refreshes: (await refreshes(account)).map(({ InstanceRefreshId }) => InstanceRefreshId) }),
        beforeTheWayBack: () => useVersion(account, launchTemplateId, "1"),
        sets: ["Group.Instances", "Refreshes"],
        otherAfterwards: {
          "Group.LaunchTemplate.Version": "the group was pointed back before, by a step of its own",
          "Group.Instances[].InstanceId": "they are other instances",
          Refreshes: "each way is a refresh of its own",
        },
        takesTime: true,
        refusals: [
          {
            because: "a refresh to another type is under way",
            change,
            meanwhile: () => refresh(account, launchTemplateId, "1"),
            kind: "busy",
            name: "InstanceRefreshInProgress",
          },
        ],
      };
    },
  },
  "asg.refresh-stop": {
    noWayBack: "a refresh that was cancelled is not taken up again; another one is started by a change of its own",
    prepare: async (account) => {
      const { place, launchTemplateId, describe } = await madeGroup(account);
      await addVersion(account, launchTemplateId);
      await refresh(account, launchTemplateId, "2");
      const change = { kind: "asg.refresh-stop", ...place, before: { refreshingTo: small }, after: { refreshingTo: null } } as const;
      return {
        change,
        describe: async () => ({ ...(await describe()), Refreshes: (await refreshes(account)).map(({ Status }) => Status) }),
        sets: ["Refreshes"],
        takesTime: true,
        refusals: [
          {
            because: "the refresh is over",
            change,
            meanwhile: () => account.settle(),
            kind: "busy",
            name: "ActiveInstanceRefreshNotFoundFault",
          },
        ],
      };
    },
  },
  "asg.size": {
    prepare: async (account) => {
      const { place, group, describe } = await madeGroup(account);
      const { minSize, desiredCapacity, maxSize } = group;
      const change = {
        kind: "asg.size",
        ...place,
        before: { minSize, desiredCapacity, maxSize },
        after: { minSize: 1, desiredCapacity: 2, maxSize: 4 },
      } as const;
      return {
        change,
        describe,
        sets: ["Group.MinSize", "Group.DesiredCapacity", "Group.MaxSize", "Group.Instances"],
        otherAfterwards: { "Group.Instances": "other instances took the place of those that went" },
        takesTime: false,
        refusals: [
          {
            because: "the least is more than the most",
            change: { ...change, after: { minSize: 5, desiredCapacity: 4, maxSize: 4 } },
            kind: "invalid",
            name: "ValidationError",
          },
          {
            because: "more are wanted than the most",
            change: { ...change, after: { minSize: 1, desiredCapacity: 5, maxSize: 4 } },
            kind: "invalid",
            name: "ValidationError",
          },
        ],
      };
    },
  },
};

/** Three instances over two zones, launched by a template's first version, with settings that each newer one must inherit. */
async function madeGroup(account: WireAccount) {
  const { autoScaling, ec2 } = account.clients;
  const { name } = account;
  const { subnets, securityGroups } = await madeNetwork(account);
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: {
        ImageId: "ami-12c6146b",
        InstanceType: large,
        SecurityGroupIds: securityGroups,
        Monitoring: { Enabled: true },
        MetadataOptions: { HttpTokens: "required" },
      },
    }),
  );
  const launchTemplateId = answered(LaunchTemplate?.LaunchTemplateId, "LaunchTemplateId");
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      MinSize: 2,
      DesiredCapacity: 3,
      MaxSize: 8,
      VPCZoneIdentifier: subnets.join(","),
      LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: "1" },
      DefaultInstanceWarmup: 120,
      Tags: [{ Key: "Team", Value: "orders", PropagateAtLaunch: true }],
    }),
  );
  const describe = async () => {
    const { AutoScalingGroups: [Group] = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    return { Group, Newest: await newestVersion(account, launchTemplateId) };
  };
  const place = { region: account.region, autoScalingGroup: name } as const;
  return { place, launchTemplateId, describe, group: await account.inventory("auto-scaling-group", { autoScalingGroups: [name] }) };
}

/** None where somebody has deleted the template. */
async function newestVersion({ clients: { ec2 } }: WireAccount, LaunchTemplateId: string) {
  try {
    const { LaunchTemplateVersions: [newest] = [] } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ["$Latest"] }));
    // Its time is the version's own.
    return { ...newest, CreateTime: undefined };
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidLaunchTemplateId.NotFound") return undefined;
    throw error;
  }
}

function addVersion({ clients: { ec2 } }: WireAccount, LaunchTemplateId: string) {
  return ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, SourceVersion: "1", LaunchTemplateData: { InstanceType: small } }));
}

function useVersion({ clients: { autoScaling }, name }: WireAccount, LaunchTemplateId: string, Version: string) {
  return autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, LaunchTemplate: { LaunchTemplateId, Version } }));
}

function refresh({ clients: { autoScaling }, name }: WireAccount, LaunchTemplateId: string, Version: string) {
  return autoScaling.send(
    new StartInstanceRefreshCommand({ AutoScalingGroupName: name, DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId, Version } } }),
  );
}

async function refreshes({ clients: { autoScaling }, name }: WireAccount) {
  const { InstanceRefreshes = [] } = await autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name }));
  return InstanceRefreshes;
}
