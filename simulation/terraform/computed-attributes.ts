import { notSimulated } from "./unresolvable.ts";
import type { ComputedAttribute, SelfView } from "./self-view.ts";

type Attributes = Readonly<Record<string, ComputedAttribute>>;

/** `arn:aws:<service>:<region>:<account>:<resource>`. */
function arn(service: string, resource: (self: SelfView) => string, scope: "region" | "account" | "none" = "region"): ComputedAttribute {
  return (self) => {
    const region = scope === "region" ? self.region : "";
    const account = scope === "none" ? "" : self.accountId;
    return `arn:aws:${service}:${region}:${account}:${resource(self)}`;
  };
}

const argument =
  (name: string): ComputedAttribute =>
  (self) =>
    self.text(name);
const attribute =
  (name: string): ComputedAttribute =>
  (self) =>
    self.attribute(name);
const prefixed =
  (prefix: string): ComputedAttribute =>
  (self) =>
    `${prefix}-0${self.hex(16)}`;
const hexOf =
  (length: number): ComputedAttribute =>
  (self) =>
    self.hex(length);
const uuid: ComputedAttribute = (self) => {
  const hex = self.hex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
const idOf = (self: SelfView): string => String(self.attribute("id"));
const named = (name: string): Attributes => ({ id: argument(name), [name]: argument(name) });
const arnIsId = (attributes: Attributes): Attributes => ({ ...attributes, ...(attributes["arn"] === undefined ? {} : { id: attributes["arn"] }) });

/** An EC2 network object: `<prefix>-0123…` with an ARN of its kind. */
function network(prefix: string, kind: string, more: Attributes = {}): Attributes {
  return { id: prefixed(prefix), arn: arn("ec2", (self) => `${kind}/${idOf(self)}`), owner_id: (self) => self.accountId, ...more };
}

/** Things with no identity of their own that anything refers to. */
const anonymous: Attributes = { id: hexOf(16) };

const bucketSetting: Attributes = { id: argument("bucket") };

const networkTypes: Readonly<Record<string, Attributes>> = {
  aws_vpc: network("vpc", "vpc", { default_security_group_id: prefixed("sg"), main_route_table_id: prefixed("rtb"), default_network_acl_id: prefixed("acl") }),
  aws_subnet: network("subnet", "subnet"),
  aws_internet_gateway: network("igw", "internet-gateway"),
  aws_nat_gateway: network("nat", "natgateway"),
  aws_eip: network("eipalloc", "elastic-ip", { allocation_id: prefixed("eipalloc") }),
  aws_route_table: network("rtb", "route-table"),
  aws_route: { id: (self) => `r-${self.text("route_table_id")}${self.hex(10)}` },
  aws_route_table_association: { id: prefixed("rtbassoc") },
  aws_vpc_endpoint: network("vpce", "vpc-endpoint"),
  aws_security_group: network("sg", "security-group"),
  aws_default_security_group: network("sg", "security-group"),
  aws_vpc_security_group_ingress_rule: network("sgr", "security-group-rule", { security_group_rule_id: prefixed("sgr") }),
  aws_vpc_security_group_egress_rule: network("sgr", "security-group-rule", { security_group_rule_id: prefixed("sgr") }),
  aws_security_group_rule: { id: prefixed("sgrule") },
  aws_flow_log: network("fl", "vpc-flow-log"),
  aws_vpc_peering_connection: { id: prefixed("pcx") },
  aws_vpc_peering_connection_accepter: { id: argument("vpc_peering_connection_id") },
  aws_vpc_peering_connection_options: { id: argument("vpc_peering_connection_id") },
};

const identityTypes: Readonly<Record<string, Attributes>> = {
  aws_iam_role: {
    ...named("name"),
    arn: arn("iam", (self) => `role/${self.text("name")}`, "account"),
    unique_id: (self) => `AROA${self.hex(17).toUpperCase()}`,
  },
  aws_iam_policy: arnIsId({ arn: arn("iam", (self) => `policy/${self.text("name")}`, "account") }),
  aws_iam_role_policy: { id: (self) => `${self.text("role")}:${self.text("name")}` },
  aws_iam_role_policy_attachment: { id: (self) => `${self.text("role")}-${self.hex(26)}` },
  aws_iam_instance_profile: { ...named("name"), arn: arn("iam", (self) => `instance-profile/${self.text("name")}`, "account") },
  aws_iam_service_linked_role: arnIsId({
    arn: arn("iam", (self) => `role/aws-service-role/${self.text("aws_service_name")}/${String(self.attribute("name"))}`, "account"),
    name: serviceLinkedRoleName,
  }),
  aws_kms_key: { id: keyId, key_id: keyId, arn: arn("kms", (self) => `key/${idOf(self)}`) },
  aws_kms_replica_key: { id: replicaKeyId, key_id: replicaKeyId, arn: arn("kms", (self) => `key/${idOf(self)}`) },
  aws_kms_alias: { ...named("name"), arn: arn("kms", (self) => self.text("name")), target_key_arn: argument("target_key_id") },
  aws_secretsmanager_secret: arnIsId({ arn: arn("secretsmanager", (self) => `secret:${self.text("name")}-${self.hex(6)}`) }),
  aws_secretsmanager_secret_version: { id: (self) => `${self.text("secret_id")}|${self.hex(32)}`, version_id: uuid, arn: argument("secret_id") },
};

const storageTypes: Readonly<Record<string, Attributes>> = {
  aws_s3_bucket: {
    id: argument("bucket"),
    arn: arn("s3", (self) => self.text("bucket"), "none"),
    bucket_domain_name: (self) => `${self.text("bucket")}.s3.amazonaws.com`,
    bucket_regional_domain_name: (self) => `${self.text("bucket")}.s3.${self.region}.amazonaws.com`,
    region: (self) => self.region,
  },
  aws_s3_bucket_policy: bucketSetting,
  aws_s3_bucket_versioning: bucketSetting,
  aws_s3_bucket_public_access_block: bucketSetting,
  aws_s3_bucket_ownership_controls: bucketSetting,
  aws_s3_bucket_lifecycle_configuration: bucketSetting,
  aws_s3_bucket_server_side_encryption_configuration: bucketSetting,
  aws_s3_bucket_logging: bucketSetting,
};

const observabilityTypes: Readonly<Record<string, Attributes>> = {
  aws_cloudwatch_log_group: { ...named("name"), arn: arn("logs", (self) => `log-group:${self.text("name")}`) },
  aws_cloudwatch_log_resource_policy: { id: argument("policy_name") },
  aws_cloudwatch_metric_alarm: { id: argument("alarm_name"), arn: arn("cloudwatch", (self) => `alarm:${self.text("alarm_name")}`) },
  aws_cloudwatch_composite_alarm: { id: argument("alarm_name"), arn: arn("cloudwatch", (self) => `alarm:${self.text("alarm_name")}`) },
  aws_cloudwatch_dashboard: {
    id: argument("dashboard_name"),
    dashboard_arn: arn("cloudwatch", (self) => `dashboard/${self.text("dashboard_name")}`, "account"),
  },
  aws_ssm_parameter: { id: argument("name"), arn: arn("ssm", (self) => `parameter${self.text("name")}`) },
  aws_sns_topic: arnIsId({ arn: arn("sns", (self) => self.text("name")) }),
  aws_sns_topic_policy: { id: argument("arn") },
  aws_sns_topic_subscription: arnIsId({ arn: (self) => `${self.text("topic_arn")}:${String(uuid(self))}` }),
};

const balancerTypes: Readonly<Record<string, Attributes>> = {
  aws_lb: {
    arn_suffix: (self) => `app/${self.text("name")}/${self.hex(16)}`,
    arn: arn("elasticloadbalancing", (self) => `loadbalancer/${String(self.attribute("arn_suffix"))}`),
    id: attribute("arn"),
    dns_name: (self) => `${self.text("name")}-${parseInt(self.hex(8), 16)}.${self.region}.elb.amazonaws.com`,
    zone_id: (self) => `Z${self.hex(13).toUpperCase()}`,
  },
  aws_lb_target_group: {
    arn_suffix: (self) => `targetgroup/${self.text("name")}/${self.hex(16)}`,
    arn: arn("elasticloadbalancing", (self) => String(self.attribute("arn_suffix"))),
    id: attribute("arn"),
  },
  aws_lb_listener: arnIsId({ arn: (self) => `${self.text("load_balancer_arn").replace(":loadbalancer/", ":listener/")}/${self.hex(16)}` }),
  aws_lb_listener_rule: arnIsId({ arn: (self) => `${self.text("listener_arn").replace(":listener/", ":listener-rule/")}/${self.hex(16)}` }),
  aws_lb_listener_certificate: anonymous,
  aws_wafv2_web_acl: { id: uuid, arn: arn("wafv2", (self) => `regional/webacl/${self.text("name")}/${idOf(self)}`) },
  aws_wafv2_web_acl_association: { id: (self) => `${self.text("web_acl_arn")},${self.text("resource_arn")}` },
  aws_wafv2_web_acl_logging_configuration: { id: argument("resource_arn") },
  aws_acm_certificate: arnIsId({ arn: arn("acm", (self) => `certificate/${String(uuid(self))}`) }),
};

const computeTypes: Readonly<Record<string, Attributes>> = {
  aws_launch_template: {
    id: prefixed("lt"),
    arn: arn("ec2", (self) => `launch-template/${idOf(self)}`),
    latest_version: () => 1,
    default_version: () => 1,
  },
  aws_autoscaling_group: {
    ...named("name"),
    arn: arn("autoscaling", (self) => `autoScalingGroup:${String(uuid(self))}:autoScalingGroupName/${self.text("name")}`),
  },
  aws_autoscaling_policy: {
    id: argument("name"),
    arn: arn(
      "autoscaling",
      (self) => `scalingPolicy:${String(uuid(self))}:autoScalingGroupName/${self.text("autoscaling_group_name")}:policyName/${self.text("name")}`,
    ),
  },
};

const dataTypes: Readonly<Record<string, Attributes>> = {
  aws_dynamodb_table: {
    ...named("name"),
    arn: arn("dynamodb", (self) => `table/${self.text("name")}`),
    stream_arn: (self) => (self.argument("stream_enabled") === true ? `${String(self.attribute("arn"))}/stream/${streamLabel}` : ""),
    stream_label: (self) => (self.argument("stream_enabled") === true ? streamLabel : ""),
  },
  aws_dynamodb_table_replica: {
    id: (self) => `${tableName(self)}:${self.text("global_table_arn").split(":")[3] ?? ""}`,
    arn: arn("dynamodb", (self) => `table/${tableName(self)}`),
  },
  aws_rds_global_cluster: {
    id: argument("global_cluster_identifier"),
    arn: arn("rds", (self) => `global-cluster:${self.text("global_cluster_identifier")}`, "account"),
    global_cluster_resource_id: (self) => `cluster-${self.hex(16)}`,
  },
  aws_rds_cluster: {
    id: argument("cluster_identifier"),
    arn: arn("rds", (self) => `cluster:${self.text("cluster_identifier")}`),
    cluster_resource_id: (self) => `cluster-${self.hex(26).toUpperCase()}`,
    endpoint: (self) => `${self.text("cluster_identifier")}.cluster-${self.hex(12)}.${self.region}.rds.amazonaws.com`,
    reader_endpoint: (self) => `${self.text("cluster_identifier")}.cluster-ro-${self.hex(12)}.${self.region}.rds.amazonaws.com`,
    port: () => 3306,
    engine_version_actual: argument("engine_version"),
  },
  aws_rds_cluster_instance: {
    id: argument("identifier"),
    arn: arn("rds", (self) => `db:${self.text("identifier")}`),
    dbi_resource_id: (self) => `db-${self.hex(26).toUpperCase()}`,
    endpoint: (self) => `${self.text("identifier")}.${self.hex(12)}.${self.region}.rds.amazonaws.com`,
    port: () => 3306,
  },
  aws_rds_cluster_parameter_group: { ...named("name"), arn: arn("rds", (self) => `cluster-pg:${self.text("name")}`) },
  aws_db_parameter_group: { ...named("name"), arn: arn("rds", (self) => `pg:${self.text("name")}`) },
  aws_db_subnet_group: { ...named("name"), arn: arn("rds", (self) => `subgrp:${self.text("name")}`) },
  aws_elasticache_subnet_group: { ...named("name"), arn: arn("elasticache", (self) => `subnetgroup:${self.text("name")}`) },
  aws_elasticache_parameter_group: { ...named("name"), arn: arn("elasticache", (self) => `parametergroup:${self.text("name")}`) },
  aws_elasticache_replication_group: {
    id: argument("replication_group_id"),
    arn: arn("elasticache", (self) => `replicationgroup:${self.text("replication_group_id")}`),
    configuration_endpoint_address: (self) => `clustercfg.${self.text("replication_group_id")}.${self.hex(6)}.${self.region}.cache.amazonaws.com`,
    primary_endpoint_address: (self) => `master.${self.text("replication_group_id")}.${self.hex(6)}.${self.region}.cache.amazonaws.com`,
  },
};

/** AWS derives it from the service; a custom suffix keeps roles of several stacks apart. */
function serviceLinkedRoleName(self: SelfView): string {
  const known: Readonly<Record<string, string>> = { "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling" };
  const service = self.text("aws_service_name");
  const suffix = self.argument("custom_suffix");
  const name = known[service];
  if (name === undefined) throw notSimulated(`the name of the service-linked role of ${service}`);
  return typeof suffix === "string" ? `${name}_${suffix}` : name;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/mrk-how-it-works.html: `mrk-` marks a multi-Region key, whose copies share its id. */
function keyId(self: SelfView): unknown {
  return self.argument("multi_region") === true ? `mrk-${self.hex(32)}` : uuid(self);
}

function replicaKeyId(self: SelfView): unknown {
  return self.text("primary_key_arn").split(":key/")[1];
}

const streamLabel = "2024-01-01T00:00:00.000";

function tableName(self: SelfView): string {
  return self.text("global_table_arn").split("/")[1] ?? "";
}

/**
 * What AWS decides, by resource type and attribute, in the forms AWS gives identifiers
 * (docs.aws.amazon.com/service-authorization, "Resource types defined by …"). A pair that is missing here cannot be
 * referred to: the evaluation says so and names it.
 */
export const computedAttributes: Readonly<Record<string, Attributes>> = {
  ...networkTypes,
  ...identityTypes,
  ...storageTypes,
  ...observabilityTypes,
  ...balancerTypes,
  ...computeTypes,
  ...dataTypes,
};
