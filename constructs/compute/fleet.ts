import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy/index.js";
import { LaunchTemplate, type LaunchTemplateConfig } from "@cdktf/provider-aws/lib/launch-template/index.js";
import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LoadBalancer, TargetGroupDefinition } from "../edge/load-balancer.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";
import { agentParameterName } from "./agent-configuration.ts";
import { checkedImage } from "./checked-image.ts";
import { imageReference, type FleetApplication } from "./fleet-application.ts";
import { userData } from "./user-data.ts";

/** What blueprint and sizing say of the Auto Scaling group. */
export interface FleetSettings {
  readonly instanceType: string;
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  readonly rootVolumeGib: number;
  readonly scaling: ScalingSettings;
  readonly application: FleetApplication;
}

/** What target tracking holds the group at. Sizing changes neither: a smaller type reaches its CPU target first. */
export interface ScalingSettings {
  /** Percent, mean of the group. */
  readonly cpuPercent: number;
  /** Requests a minute that one instance gets from the first target group. */
  readonly requestsPerTarget: number;
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
  readonly loadBalancer: LoadBalancer;
  readonly agentConfiguration: SsmParameter;
  /** What an instance needs at its first boot beside what its template names: its role's policies, its ways out. */
  readonly neededAtBoot: readonly ITerraformDependable[];
  /** Put on instances and volumes by hand: the provider's default tags reach neither. */
  readonly tags: Readonly<Record<string, string>>;
}

const secondsPerDay = 86_400;

/**
 * A new instance comes into service before an old one goes, so that a group of one stays in service; the optimizer refreshes the same way.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html
 */
const launchBeforeTerminating = { minHealthyPercentage: 100, maxHealthyPercentage: 110 };

/** Instances of one type in every zone, behind the load balancer, replaced batch by batch when the template changes. */
export class Fleet extends Construct {
  readonly groupName: string;
  readonly groupArn: string;
  readonly launchTemplateId: string;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const template = this.createLaunchTemplate(props);
    const group = this.createGroup(props, template);
    this.trackTargets(props, group);
    this.groupName = group.name;
    this.groupArn = group.arn;
    this.launchTemplateId = template.id;
  }

  /** An image of the user's is checked at each plan: on a type of another architecture no instance would start. */
  private imageOf({ application }: FleetSettings): string {
    const { image, architecture } = application;
    if (image !== undefined) checkedImage(this, "image", image, architecture);
    return imageReference(application);
  }

  private createLaunchTemplate({ names, settings, firewall, instanceProfileArn, keyArn, targetGroups, agentConfiguration, tags }: FleetProps): LaunchTemplate {
    const instanceTags = taggedAs(names.resource("app"), tags);
    return new LaunchTemplate(this, "launch-template", {
      name: names.resource("app"),
      imageId: this.imageOf(settings),
      instanceType: settings.instanceType,
      ebsOptimized: "true",
      // One-minute samples: the optimizer judges peaks, which five-minute averages hide.
      monitoring: { enabled: true },
      iamInstanceProfile: { arn: instanceProfileArn },
      ...placed(settings.application, firewall),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: settings.rootVolumeGib, encrypted: "true", kmsKeyId: keyArn, deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags: instanceTags })),
      userData: userData(settings.application, targetGroups, agentParameterName(names)),
      dependsOn: [agentConfiguration],
    });
  }

  private createGroup(props: FleetProps, template: LaunchTemplate): AutoscalingGroup {
    const { names, settings, subnetIds, serviceLinkedRoleArn, loadBalancer, tags, neededAtBoot } = props;
    return new AutoscalingGroup(this, "group", {
      name: names.resource("asg"),
      minSize: settings.minSize,
      desiredCapacity: settings.desiredCapacity,
      maxSize: settings.maxSize,
      vpcZoneIdentifier: [...subnetIds],
      serviceLinkedRoleArn,
      // Never "$Latest": Terraform would not see a new version, and would not refresh the instances.
      launchTemplate: { id: template.id, version: template.getStringAttribute("latest_version") },
      targetGroupArns: loadBalancer.targetGroups.map((target) => target.arn),
      healthCheckType: "ELB",
      healthCheckGracePeriod: 300,
      defaultInstanceWarmup: 180,
      maxInstanceLifetime: settings.application.maxInstanceLifetimeDays * secondsPerDay,
      // Not only a refresh: also what has lived long enough, or is not healthy, goes by it.
      instanceMaintenancePolicy: launchBeforeTerminating,
      terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
      enabledMetrics: ["GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
      instanceRefresh: { strategy: "Rolling", preferences: { ...launchBeforeTerminating, instanceWarmup: "180", skipMatching: true } },
      // The first launch in an account may fail once, while role, key and profile become known everywhere: Auto Scaling tries again, and Terraform waits.
      ignoreFailedScalingActivities: true,
      tag: Object.entries(taggedAs(names.resource("app"), tags)).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      dependsOn: [...neededAtBoot],
      // Scaling moves it all day.
      lifecycle: { ignoreChanges: ["desired_capacity"] },
    });
  }

  /** The group grows when either target asks for it and shrinks when both agree. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html */
  private trackTargets({ names, settings: { scaling }, loadBalancer }: FleetProps, group: AutoscalingGroup): void {
    const policy = { autoscalingGroupName: group.name, policyType: "TargetTrackingScaling" };
    new AutoscalingPolicy(this, "scale-on-cpu", {
      ...policy,
      name: names.resource("cpu"),
      targetTrackingConfiguration: {
        targetValue: scaling.cpuPercent,
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      },
    });
    for (const target of loadBalancer.targetGroups.slice(0, 1))
      new AutoscalingPolicy(this, "scale-on-requests", {
        ...policy,
        name: names.resource("requests"),
        targetTrackingConfiguration: {
          targetValue: scaling.requestsPerTarget,
          predefinedMetricSpecification: {
            predefinedMetricType: "ALBRequestCountPerTarget",
            resourceLabel: `${loadBalancer.fullName}/${target.arnSuffix}`,
          },
        },
        // AWS refuses a label of a target group that no load balancer sends to yet.
        dependsOn: [...loadBalancer.rules],
      });
  }
}

/** Where an instance refuses a public address, its security group is said with it: AWS takes the two in one place only. */
function placed({ refusePublicAddress }: FleetApplication, { securityGroupId }: Firewall): LaunchTemplateConfig {
  if (!refusePublicAddress) return { vpcSecurityGroupIds: [securityGroupId] };
  return { networkInterfaces: [{ associatePublicIpAddress: "false", deleteOnTermination: "true", securityGroups: [securityGroupId] }] };
}

/** The group hands its tags on to the instances, where they win over the template's: both say the same. */
function taggedAs(name: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return { ...tags, Name: name };
}
