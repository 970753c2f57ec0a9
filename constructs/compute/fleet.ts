import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template/index.js";
import { Construct } from "constructs";
import type { TargetGroupDefinition } from "../edge/load-balancer.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";
import { userData } from "./user-data.ts";

/** What blueprint and sizing say of the Auto Scaling group. */
export interface FleetSettings {
  readonly instanceType: string;
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  readonly rootVolumeGib: number;
}

export interface FleetProps {
  readonly names: Names;
  readonly settings: FleetSettings;
  readonly subnetIds: readonly string[];
  readonly firewall: Firewall;
  readonly instanceProfileArn: string;
  readonly serviceLinkedRoleArn: string;
  readonly keyArn: string;
  readonly targetGroups: readonly TargetGroupDefinition[];
  readonly targetGroupArns: readonly string[];
  /** Put on instances and volumes by hand: the provider's default tags reach neither. */
  readonly tags: Readonly<Record<string, string>>;
}

const image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/** Instances of one type in every zone, behind the load balancer, replaced batch by batch when the template changes. */
export class Fleet extends Construct {
  readonly groupName: string;
  readonly groupArn: string;
  readonly launchTemplateId: string;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const template = this.createLaunchTemplate(props);
    const group = this.createGroup(props, template);
    this.groupName = group.name;
    this.groupArn = group.arn;
    this.launchTemplateId = template.id;
  }

  private createLaunchTemplate({ names, settings, firewall, instanceProfileArn, keyArn, targetGroups, tags }: FleetProps): LaunchTemplate {
    const instanceTags = taggedAs(names.resource("app"), tags);
    return new LaunchTemplate(this, "launch-template", {
      name: names.resource("app"),
      imageId: image,
      instanceType: settings.instanceType,
      ebsOptimized: "true",
      // One-minute samples: the optimizer judges peaks, which five-minute averages hide.
      monitoring: { enabled: true },
      iamInstanceProfile: { arn: instanceProfileArn },
      vpcSecurityGroupIds: [firewall.securityGroupId],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: settings.rootVolumeGib, encrypted: "true", kmsKeyId: keyArn, deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags: instanceTags })),
      userData: userData(targetGroups),
    });
  }

  private createGroup({ names, settings, subnetIds, serviceLinkedRoleArn, targetGroupArns, tags }: FleetProps, template: LaunchTemplate): AutoscalingGroup {
    return new AutoscalingGroup(this, "group", {
      name: names.resource("asg"),
      minSize: settings.minSize,
      desiredCapacity: settings.desiredCapacity,
      maxSize: settings.maxSize,
      vpcZoneIdentifier: [...subnetIds],
      serviceLinkedRoleArn,
      // Never "$Latest": Terraform would not see a new version, and would not refresh the instances.
      launchTemplate: { id: template.id, version: template.getStringAttribute("latest_version") },
      targetGroupArns: [...targetGroupArns],
      healthCheckType: "ELB",
      healthCheckGracePeriod: 300,
      defaultInstanceWarmup: 180,
      terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
      enabledMetrics: ["GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
      instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 90, instanceWarmup: "180", skipMatching: true } },
      tag: Object.entries(taggedAs(names.resource("app"), tags)).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      // Scaling moves it all day.
      lifecycle: { ignoreChanges: ["desired_capacity"] },
    });
  }
}

/** The group hands its tags on to the instances, where they win over the template's: both say the same. */
function taggedAs(name: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return { ...tags, Name: name };
}
