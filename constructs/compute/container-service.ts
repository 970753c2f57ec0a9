import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy/index.js";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target/index.js";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster/index.js";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service/index.js";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import type { LoadBalancer } from "../edge/load-balancer.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";
import { scratchFolder, type ServiceSettings } from "./service-settings.ts";
import type { StoreGrants } from "./store-grants.ts";
import { TaskRoles } from "./task-roles.ts";

/** Where the load balancer finds the tasks. */
export interface ServiceTarget {
  readonly targetGroupArn: string;
  readonly port: number;
}

export interface ContainerServiceProps {
  readonly names: Names;
  readonly settings: ServiceSettings;
  readonly subnetIds: readonly string[];
  readonly firewall: Firewall;
  /** The ways out of the subnets: a task that starts before them cannot fetch its image. */
  readonly roads: readonly ITerraformDependable[];
  readonly target: ServiceTarget;
  readonly loadBalancer: LoadBalancer;
  readonly logKeyArn: string;
  readonly grants: StoreGrants;
  /** What the application must know of its stores: names and addresses, never a secret's value. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A service of Fargate tasks behind the load balancer. A deployment that does not come up is rolled back by ECS itself. */
export class ContainerService extends Construct {
  readonly clusterName: string;
  readonly serviceName: string;
  private readonly props: ContainerServiceProps;

  constructor(scope: Construct, id: string, props: ContainerServiceProps) {
    super(scope, id);
    this.props = props;
    const cluster = new EcsCluster(this, "cluster", {
      name: props.names.resource("cluster"),
      // Memory and running tasks, which ECS alone does not measure a service by.
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
    const service = this.createService(cluster);
    this.scale(cluster, service);
    this.clusterName = cluster.name;
    this.serviceName = service.name;
  }

  private get name(): string {
    return this.props.names.resource(this.props.settings.key);
  }

  private createService(cluster: EcsCluster): EcsService {
    const { settings, subnetIds, firewall, roads, target, loadBalancer, logKeyArn, names, grants } = this.props;
    const logGroup = encryptedLogGroup(this, "log-group", `/tap/${names.suffix}/${settings.key}`, {
      keyArn: logKeyArn,
      retentionDays: settings.logRetentionDays,
    });
    const roles = new TaskRoles(this, "roles", {
      names,
      service: settings.key,
      image: settings.image,
      logGroupArn: logGroup.arn,
      grants,
      shellAccess: settings.shellAccess,
    });
    return new EcsService(this, "service", {
      name: this.name,
      cluster: cluster.id,
      taskDefinition: this.taskDefinition(roles, logGroup.name).arn,
      launchType: "FARGATE",
      desiredCount: settings.desiredCount,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      networkConfiguration: { subnets: [...subnetIds], securityGroups: [firewall.securityGroupId], assignPublicIp: false },
      loadBalancer: [{ targetGroupArn: target.targetGroupArn, containerName: settings.key, containerPort: target.port }],
      healthCheckGracePeriodSeconds: 60,
      enableExecuteCommand: settings.shellAccess,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      // ECS refuses a target group that no load balancer sends to yet, and rolls back a deployment whose tasks may or can reach nothing.
      dependsOn: [...loadBalancer.rules, ...roles.policies, ...roads, ...firewall.openings],
      // Scaling moves it all day.
      lifecycle: { ignoreChanges: ["desired_count"] },
    });
  }

  private taskDefinition(roles: TaskRoles, logGroupName: string): EcsTaskDefinition {
    const { names, settings, target, environment } = this.props;
    const { key, image, command } = settings;
    const container = {
      name: key,
      image,
      ...(command === undefined ? {} : { command }),
      essential: true,
      // The agent that ECS Exec puts into a task has to write: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
      readonlyRootFilesystem: !settings.shellAccess,
      linuxParameters: { initProcessEnabled: true },
      portMappings: [{ containerPort: target.port, hostPort: target.port, protocol: "tcp" }],
      mountPoints: [{ sourceVolume: "scratch", containerPath: scratchFolder, readOnly: false }],
      environment: Object.entries({ ...environment, PORT: String(target.port) })
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value })),
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": logGroupName, "awslogs-region": names.region, "awslogs-stream-prefix": key },
      },
    };
    return new EcsTaskDefinition(this, "task", {
      family: this.name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(settings.cpu),
      memory: String(settings.memoryMib),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      executionRoleArn: roles.executionRoleArn,
      taskRoleArn: roles.taskRoleArn,
      volume: [{ name: "scratch" }],
      containerDefinitions: JSON.stringify([container]),
      // A revision that a deployment or the optimizer registered is the state's, not a difference to it.
      trackLatest: true,
    });
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html */
  private scale(cluster: EcsCluster, service: EcsService): void {
    const { settings } = this.props;
    const target = new AppautoscalingTarget(this, "scaling-target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${cluster.name}/${service.name}`,
      minCapacity: settings.minCount,
      maxCapacity: settings.maxCount,
    });
    new AppautoscalingPolicy(this, "scale-on-cpu", {
      name: `${this.name}-cpu`,
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: settings.cpuPercent,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
  }
}
