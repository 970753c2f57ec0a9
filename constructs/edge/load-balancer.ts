import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule/index.js";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener/index.js";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group/index.js";
import { Lb } from "@cdktf/provider-aws/lib/lb/index.js";
import { Construct } from "constructs";
import { resourceName } from "../../contract/resource-names.ts";
import { isProtected, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";
import { accessLogPrefix, type LogBucket } from "./log-bucket.ts";

/** A group of targets and the paths that lead to it. */
export interface TargetGroupDefinition {
  readonly key: string;
  readonly port: number;
  readonly healthPath: string;
  readonly pathPattern: string;
  /** `ip` for tasks, which have addresses and no instance of their own; instances unless it says otherwise. */
  readonly targetType?: "instance" | "ip";
}

/** What the blueprint says of a load balancer. */
export interface LoadBalancerSettings {
  readonly idleTimeoutSeconds: number;
  readonly deregistrationDelaySeconds: number;
  readonly targetGroups: readonly TargetGroupDefinition[];
  /** A path that answers 200 through the load balancer, if there is one. */
  readonly publicHealthPath?: string;
}

export interface LoadBalancerProps {
  readonly names: Names;
  readonly lifetime: Lifetime;
  readonly settings: LoadBalancerSettings;
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly firewall: Firewall;
  readonly logBucket: LogBucket;
  /** Without one the load balancer speaks HTTP only. */
  readonly certificateArn?: string;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
export const longestTargetGroupName = 32;

/** The port is in the name since changing it replaces the group, and the new one stands beside the old for a while. */
export function targetGroupName(suffix: string, key: string, port: number): string {
  return resourceName(suffix, `${key}-${port}`);
}

/** An internet-facing Application Load Balancer that answers 404 to every path no target group claims. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  readonly dnsName: string;
  /** The id of the hosted zone that its DNS name is in, for alias records. */
  readonly zoneId: string;
  /** `app/<name>/<id>`. */
  readonly fullName: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly targetGroups: readonly LbTargetGroup[];
  /** As CloudWatch knows them, by the blueprint's key. */
  readonly watchedGroups: readonly { readonly key: string; readonly fullName: string }[];
  /** What needs a target group to be in use waits for these. */
  readonly rules: readonly LbListenerRule[];
  private readonly props: LoadBalancerProps;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    this.props = props;
    const loadBalancer = this.createLoadBalancer();
    this.arn = loadBalancer.arn;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.fullName = loadBalancer.arnSuffix;
    this.protocol = props.certificateArn === undefined ? "HTTP" : "HTTPS";
    const listener = props.certificateArn === undefined ? this.listenInClearText() : this.listenEncrypted(props.certificateArn);
    const routes = props.settings.targetGroups.map((definition, position) => {
      const targetGroup = this.createTargetGroup(definition);
      return { key: definition.key, targetGroup, rule: this.route(listener, definition, targetGroup, position) };
    });
    this.watchedGroups = routes.map(({ key, targetGroup }) => ({ key, fullName: targetGroup.arnSuffix }));
    this.targetGroups = routes.map((route) => route.targetGroup);
    this.rules = routes.map((route) => route.rule);
  }

  private createLoadBalancer(): Lb {
    const { names, lifetime, settings, publicSubnetIds, firewall, logBucket } = this.props;
    return new Lb(this, "load-balancer", {
      name: names.resource("alb", "load-balancer"),
      loadBalancerType: "application",
      internal: false,
      securityGroups: [firewall.securityGroupId],
      subnets: [...publicSubnetIds],
      enableHttp2: true,
      idleTimeout: settings.idleTimeoutSeconds,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: isProtected(lifetime),
      accessLogs: { bucket: logBucket.name, prefix: accessLogPrefix, enabled: true },
      dependsOn: [logBucket.policy],
    });
  }

  private createTargetGroup({ key, port, healthPath, targetType = "instance" }: TargetGroupDefinition): LbTargetGroup {
    const { names, settings, vpcId } = this.props;
    return new LbTargetGroup(this, `target-group-${key}`, {
      name: targetGroupName(names.suffix, key, port),
      port,
      protocol: "HTTP",
      targetType,
      vpcId,
      deregistrationDelay: String(settings.deregistrationDelaySeconds),
      healthCheck: {
        enabled: true,
        path: healthPath,
        protocol: "HTTP",
        port: "traffic-port",
        interval: 15,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        matcher: "200",
      },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private listenEncrypted(certificateArn: string): LbListener {
    this.props.firewall.allowFromInternet(443);
    this.props.firewall.allowFromInternet(80);
    new LbListener(this, "listener-http", {
      loadBalancerArn: this.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
    });
    return new LbListener(this, "listener-https", {
      loadBalancerArn: this.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn,
      defaultAction: notFound,
    });
  }

  private listenInClearText(): LbListener {
    this.props.firewall.allowFromInternet(80);
    return new LbListener(this, "listener-http", { loadBalancerArn: this.arn, port: 80, protocol: "HTTP", defaultAction: notFound });
  }

  private route(listener: LbListener, { key, pathPattern }: TargetGroupDefinition, targetGroup: LbTargetGroup, position: number): LbListenerRule {
    return new LbListenerRule(this, `rule-${key}`, {
      listenerArn: listener.arn,
      priority: (position + 1) * 10,
      condition: [{ pathPattern: { values: [pathPattern] } }],
      action: [{ type: "forward", targetGroupArn: targetGroup.arn }],
    });
  }
}

const notFound = [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody: "not found", statusCode: "404" } }];
