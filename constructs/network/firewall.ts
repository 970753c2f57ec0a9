import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule, type VpcSecurityGroupEgressRuleConfig } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { VpcSecurityGroupIngressRule, type VpcSecurityGroupIngressRuleConfig } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../names.ts";

export interface FirewallProps {
  readonly names: Names;
  readonly vpcId: string;
  /** What the group protects, e.g. `app`. */
  readonly tier: string;
}

/** A network that a peering connection leads to. */
export interface PeeredNetwork {
  readonly region: string;
  readonly cidr: string;
}

const anywhere = "0.0.0.0/0";

/** The security group of a tier. It starts closed in both directions; each opening names its port and its peer. */
export class Firewall extends Construct {
  readonly securityGroupId: string;
  private readonly tier: string;
  private readonly rules: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { names, vpcId, tier }: FirewallProps) {
    super(scope, id);
    const name = names.resource(tier);
    this.tier = tier;
    this.securityGroupId = new SecurityGroup(this, "group", { name, vpcId, description: `TAP ${names.suffix}: ${tier}`, tags: { Name: name } }).id;
  }

  /** All ways in and out so far: a machine that starts before them reaches nothing and is reached by nobody. */
  get openings(): readonly ITerraformDependable[] {
    return this.rules;
  }

  /** Lets `from` reach this tier: the way in here, and the way out there. */
  allowFrom(from: Firewall, port: number): void {
    this.letIn(`from-${from.tier}-${port}`, {
      referencedSecurityGroupId: from.securityGroupId,
      ...tcp(port),
      description: `${from.tier} to ${this.tier}`,
    });
    from.letOut(`to-${this.tier}-${port}`, {
      referencedSecurityGroupId: this.securityGroupId,
      ...tcp(port),
      description: `${from.tier} to ${this.tier}`,
    });
  }

  /** A network of another region, by its CIDR: security groups cannot be named across regions. */
  allowFromNetwork({ region, cidr }: PeeredNetwork, port: number): void {
    this.letIn(`from-${region}-${port}`, {
      cidrIpv4: cidr,
      ...tcp(port),
      description: `${region} to ${this.tier}`,
    });
  }

  allowToNetwork({ region, cidr }: PeeredNetwork, port: number): void {
    this.letOut(`to-${region}-${port}`, {
      cidrIpv4: cidr,
      ...tcp(port),
      description: `${this.tier} to ${region}`,
    });
  }

  allowFromInternet(port: number): void {
    this.letIn(`from-internet-${port}`, {
      cidrIpv4: anywhere,
      ...tcp(port),
      description: `internet to ${this.tier}`,
    });
  }

  allowToInternet(port: number): void {
    this.letOut(`to-internet-${port}`, {
      cidrIpv4: anywhere,
      ...tcp(port),
      description: `${this.tier} to internet`,
    });
  }

  private letIn(id: string, rule: Omit<VpcSecurityGroupIngressRuleConfig, "securityGroupId">): void {
    this.rules.push(new VpcSecurityGroupIngressRule(this, id, { securityGroupId: this.securityGroupId, ...rule }));
  }

  private letOut(id: string, rule: Omit<VpcSecurityGroupEgressRuleConfig, "securityGroupId">): void {
    this.rules.push(new VpcSecurityGroupEgressRule(this, id, { securityGroupId: this.securityGroupId, ...rule }));
  }
}

function tcp(port: number): { readonly ipProtocol: "tcp"; readonly fromPort: number; readonly toPort: number } {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}
