import type { Service } from "../../account/service.ts";
import { deterministicHex } from "../../account/deterministic-id.ts";
import { anonymous, argument, arn, arnIsId, idOf, named, uuid, type Attributes, type SelfView } from "../../terraform/attributes.ts";
import { notSimulated } from "../../terraform/values.ts";

/** Policies and the like: parts of a bucket that the stacks keep as resources of their own. */
const bucketSetting: Attributes = { id: argument("bucket") };

/** https://docs.aws.amazon.com/kms/latest/developerguide/mrk-how-it-works.html: `mrk-` marks a multi-Region key, whose copies share its id. */
function keyId(self: SelfView): unknown {
  return self.argument("multi_region") === true ? `mrk-${self.hex(32)}` : uuid(self);
}

function replicaKeyId(self: SelfView): unknown {
  return self.text("primary_key_arn").split(":key/")[1];
}

/** AWS derives it from the service; a custom suffix keeps roles of several stacks apart. */
function serviceLinkedRoleName(self: SelfView): string {
  const known: Readonly<Record<string, string>> = { "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling" };
  const service = self.text("aws_service_name");
  const suffix = self.argument("custom_suffix");
  const name = known[service];
  if (name === undefined) throw notSimulated(`the name of the service-linked role of ${service}`);
  return typeof suffix === "string" ? `${name}_${suffix}` : name;
}

function randomPassword(self: SelfView): string {
  const length = Number(self.argument("password_length") ?? 32);
  let text = "";
  while (text.length < length) text += self.hex(64).slice(0, 60).replaceAll("0", "K") + deterministicHex([text, self.hex(8)], 4);
  return text.slice(0, length);
}

/** By type: what AWS decides of resources that nothing in this account acts on. */
const attributesByType: Readonly<Record<string, Attributes>> = {
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
  aws_s3_bucket_policy: bucketSetting,
  aws_s3_bucket_public_access_block: bucketSetting,
  aws_s3_bucket_ownership_controls: bucketSetting,
  aws_s3_bucket_server_side_encryption_configuration: bucketSetting,
  aws_s3_bucket_logging: bucketSetting,
  aws_s3_bucket_notification: bucketSetting,
  aws_cloudwatch_event_rule: { ...named("name"), arn: arn("events", (self) => `rule/${self.text("name")}`) },
  aws_cloudwatch_event_target: { id: (self) => `${self.text("rule")}-${self.text("target_id")}` },
  aws_cloudwatch_log_group: { ...named("name"), arn: arn("logs", (self) => `log-group:${self.text("name")}`) },
  aws_cloudwatch_log_resource_policy: { id: argument("policy_name") },
  aws_ssm_parameter: { id: argument("name"), arn: arn("ssm", (self) => `parameter${self.text("name")}`) },
  aws_sqs_queue: {
    id: (self) => `https://sqs.${self.region}.amazonaws.com/${self.accountId}/${self.text("name")}`,
    url: (self) => idOf(self),
    arn: arn("sqs", (self) => self.text("name")),
    name: argument("name"),
  },
  aws_sns_topic_policy: { id: argument("arn") },
  aws_sns_topic_subscription: arnIsId({ arn: (self) => `${self.text("topic_arn")}:${String(uuid(self))}` }),
  aws_wafv2_web_acl: { id: uuid, arn: arn("wafv2", (self) => `regional/webacl/${self.text("name")}/${idOf(self)}`) },
  aws_wafv2_web_acl_association: { id: (self) => `${self.text("web_acl_arn")},${self.text("resource_arn")}` },
  aws_wafv2_web_acl_logging_configuration: { id: argument("resource_arn") },
  aws_acm_certificate: arnIsId({ arn: arn("acm", (self) => `certificate/${String(uuid(self))}`) }),
  aws_lb_listener_certificate: anonymous,
};

/** What the stacks have and the account keeps as deployed, without any API: the registry's last, so that a service that models a type comes first. */
export const inert: Service = {
  name: "inert",
  resources: Object.fromEntries(Object.entries(attributesByType).map(([type, attributes]) => [type, { attributes }])),
  data: {
    aws_partition: { partition: () => "aws", id: () => "aws", dns_suffix: () => "amazonaws.com" },
    aws_region: { name: (self) => self.region, id: (self) => self.region },
    aws_ssm_parameter: { value: (self) => `ami-0${self.hex(16)}`, arn: (self) => `arn:aws:ssm:${self.region}::parameter${self.text("name")}` },
    aws_secretsmanager_random_password: { random_password: randomPassword, id: randomPassword },
  },
};
