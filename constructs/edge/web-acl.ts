import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration/index.js";
import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl/index.js";
import { Construct } from "constructs";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import type { Names } from "../names.ts";

/** What the blueprint says of the firewall in front of the load balancer. */
export interface WebAclSettings {
  /** Requests that one address may make in five minutes. */
  readonly requestsPerAddress: number;
  readonly logRetentionDays: number;
}

export interface WebAclProps {
  readonly names: Names;
  readonly settings: WebAclSettings;
  readonly loadBalancerArn: string;
  readonly logKeyArn: string;
}

interface ManagedGroup {
  readonly name: string;
  /** Rules of the group that only count. */
  readonly counted?: readonly string[];
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const managedGroups: readonly ManagedGroup[] = [
  { name: "AWSManagedRulesAmazonIpReputationList" },
  { name: "AWSManagedRulesKnownBadInputsRuleSet" },
  { name: "AWSManagedRulesSQLiRuleSet" },
  // Blocking bodies above 8 KB would refuse ordinary uploads to the API.
  { name: "AWSManagedRulesCommonRuleSet", counted: ["SizeRestrictions_BODY"] },
];

/** Requests that AWS knows to be attacks, and addresses that ask too often, never reach the load balancer; what was blocked is logged. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { names, settings, loadBalancerArn, logKeyArn }: WebAclProps) {
    super(scope, id);
    const name = names.resource("web");
    const acl = new Wafv2WebAcl(this, "acl", {
      name,
      description: `TAP ${names.suffix}: load balancer`,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: [...managedGroups.map(managedRule), rateRule(managedGroups.length, settings.requestsPerAddress)],
      visibilityConfig: measuredAs(name),
    });
    new Wafv2WebAclAssociation(this, "association", { resourceArn: loadBalancerArn, webAclArn: acl.arn });
    // WAF insists on this prefix: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    const logGroup = encryptedLogGroup(this, "log-group", `aws-waf-logs-${name}`, { keyArn: logKeyArn, retentionDays: settings.logRetentionDays });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: acl.arn,
      logDestinationConfigs: [logGroup.arn],
      redactedFields: ["authorization", "cookie"].map((header) => ({ singleHeader: { name: header } })),
      loggingFilter: {
        defaultBehavior: "DROP",
        filter: [{ behavior: "KEEP", requirement: "MEETS_ANY", condition: ["BLOCK", "COUNT"].map((action) => ({ actionCondition: { action } })) }],
      },
    });
  }
}

/** `statement` is untyped in the bindings: its keys are Terraform's. */
function managedRule({ name, counted = [] }: ManagedGroup, priority: number): Wafv2WebAclRule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managed_rule_group_statement: {
        vendor_name: "AWS",
        name,
        ...(counted.length === 0 ? {} : { rule_action_override: counted.map((rule) => ({ name: rule, action_to_use: { count: {} } })) }),
      },
    },
    visibilityConfig: measuredAs(name),
  };
}

function rateRule(priority: number, limit: number): Wafv2WebAclRule {
  const name = "rate-by-address";
  return {
    name,
    priority,
    action: { block: {} },
    statement: { rate_based_statement: { limit, aggregate_key_type: "IP", evaluation_window_sec: 300 } },
    visibilityConfig: measuredAs(name),
  };
}

function measuredAs(metricName: string): Wafv2WebAclRule["visibilityConfig"] {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
