import { allows, replace, remove, restate, set, unset, type Mutation, type Values } from "./mutation.ts";

const isSource = (values: Values): boolean => values["replicate_source_db"] === undefined;
const encrypted = (values: Values): boolean => values["protocol"] === "HTTPS";

export const mutations: readonly Mutation[] = [
  // encryption
  { breaks: "the database lies in clear text", theme: "encryption", type: "aws_rds_cluster", change: set({ storage_encrypted: false }) },
  { breaks: "the database has no key of ours", theme: "encryption", type: "aws_rds_cluster", change: unset("kms_key_id") },
  {
    breaks: "the cache lies in clear text",
    theme: "encryption",
    type: "aws_elasticache_replication_group",
    change: set({ at_rest_encryption_enabled: "false" }),
  },
  {
    breaks: "the cache talks in clear text",
    theme: "encryption",
    type: "aws_elasticache_replication_group",
    change: set({ transit_encryption_enabled: false }),
  },
  {
    breaks: "a volume lies in clear text",
    theme: "encryption",
    type: "aws_launch_template",
    change: replace("block_device_mappings", /"encrypted":"?true"?/, '"encrypted":"false"'),
  },
  { breaks: "a key never rotates", theme: "encryption", type: "aws_kms_key", change: set({ enable_key_rotation: false }) },
  {
    breaks: "a table has no key of ours",
    theme: "encryption",
    type: "aws_dynamodb_table",
    change: replace("server_side_encryption", /,?"kms_key_arn":"[^"]*"/, ""),
  },
  { breaks: "a table's replica has no key of its region", theme: "encryption", type: "aws_dynamodb_table_replica", change: unset("kms_key_arn") },
  { breaks: "a log group has no key", theme: "encryption", type: "aws_cloudwatch_log_group", change: unset("kms_key_id") },
  { breaks: "Performance Insights have no key", theme: "encryption", type: "aws_rds_cluster_instance", change: unset("performance_insights_kms_key_id") },
  { breaks: "alarms lie in clear text", theme: "encryption", type: "aws_sns_topic", change: unset("kms_master_key_id") },
  { breaks: "a secret has no key of ours", theme: "encryption", type: "aws_secretsmanager_secret", change: unset("kms_key_id") },
  {
    breaks: "the log bucket has a KMS key, which load balancers cannot use",
    theme: "encryption",
    type: "aws_s3_bucket_server_side_encryption_configuration",
    where: ({ rule }) => JSON.stringify(rule).includes("AES256"),
    change: replace("rule", "AES256", "aws:kms"),
  },
  {
    breaks: "the database takes connections in clear text",
    theme: "encryption",
    type: "aws_rds_cluster_parameter_group",
    change: (values) =>
      set({ parameter: [{ name: String(values["family"]).includes("mysql") ? "require_secure_transport" : "rds.force_ssl", value: "0" }] })(values),
  },
  { breaks: "an instance lies in clear text", theme: "encryption", type: "aws_db_instance", change: set({ storage_encrypted: false }) },
  {
    breaks: "an instance takes connections in clear text",
    theme: "encryption",
    type: "aws_db_parameter_group",
    where: ({ family }) => String(family).startsWith("mysql"),
    change: set({ parameter: [{ name: "require_secure_transport", value: "0" }] }),
  },
  // deletion
  { breaks: "the database may be deleted", theme: "deletion", type: "aws_rds_cluster", change: set({ deletion_protection: false }) },
  { breaks: "the database goes without a snapshot", theme: "deletion", type: "aws_rds_cluster", change: set({ skip_final_snapshot: true }) },
  { breaks: "the database's backups go with it", theme: "deletion", type: "aws_rds_cluster", change: unset("delete_automated_backups") },
  { breaks: "an instance's backups go with it", theme: "deletion", type: "aws_db_instance", change: set({ delete_automated_backups: true }) },
  { breaks: "the global database may be deleted", theme: "deletion", type: "aws_rds_global_cluster", change: set({ deletion_protection: false }) },
  { breaks: "a table may be deleted", theme: "deletion", type: "aws_dynamodb_table", change: unset("deletion_protection_enabled") },
  { breaks: "the load balancer may be deleted", theme: "deletion", type: "aws_lb", change: set({ enable_deletion_protection: false }) },
  { breaks: "a bucket is deleted with what is in it", theme: "deletion", type: "aws_s3_bucket", change: set({ force_destroy: true }) },
  { breaks: "a secret is gone at once", theme: "deletion", type: "aws_secretsmanager_secret", change: set({ recovery_window_in_days: 0 }) },
  { breaks: "the cache goes without a snapshot", theme: "deletion", type: "aws_elasticache_replication_group", change: unset("final_snapshot_identifier") },
  { breaks: "an instance may be deleted", theme: "deletion", type: "aws_db_instance", change: set({ deletion_protection: false }) },
  { breaks: "an instance goes without a snapshot", theme: "deletion", type: "aws_db_instance", where: isSource, change: set({ skip_final_snapshot: true }) },
  // what Terraform must leave alone
  { breaks: "scaling is undone", theme: "lifecycle", type: "aws_autoscaling_group", change: unset("lifecycle") },
  {
    breaks: "a failover of the global database is undone",
    theme: "lifecycle",
    type: "aws_rds_cluster",
    where: ({ global_cluster_identifier }) => global_cluster_identifier !== undefined,
    change: replace("lifecycle", '"global_cluster_identifier",', ""),
  },
  { breaks: "tables lose the replicas of other stacks", theme: "lifecycle", type: "aws_dynamodb_table", change: unset("lifecycle") },
  { breaks: "each plan draws a new password", theme: "lifecycle", type: "aws_secretsmanager_secret_version", change: unset("lifecycle") },
  {
    breaks: "new instances follow $Latest",
    theme: "lifecycle",
    type: "aws_autoscaling_group",
    change: replace("launch_template", /"version":"[^"]*"/, '"version":"$$Latest"'),
  },
  { breaks: "a target group in use is deleted first", theme: "lifecycle", type: "aws_lb_target_group", change: unset("lifecycle") },
  // retention
  { breaks: "logs stay 30 days", theme: "retention", type: "aws_cloudwatch_log_group", change: set({ retention_in_days: 30 }) },
  { breaks: "logs stay for ever", theme: "retention", type: "aws_cloudwatch_log_group", change: unset("retention_in_days") },
  { breaks: "backups stay a week", theme: "retention", type: "aws_rds_cluster", change: set({ backup_retention_period: 7 }) },
  {
    breaks: "Performance Insights stay for a time that AWS does not take",
    theme: "retention",
    type: "aws_rds_cluster_instance",
    change: set({ performance_insights_retention_period: 30 }),
  },
  { breaks: "a table cannot be restored", theme: "retention", type: "aws_dynamodb_table", change: set({ point_in_time_recovery: { enabled: false } }) },
  { breaks: "a replica cannot be restored", theme: "retention", type: "aws_dynamodb_table_replica", change: set({ point_in_time_recovery: false }) },
  {
    breaks: "a bucket keeps no versions",
    theme: "retention",
    type: "aws_s3_bucket_versioning",
    change: set({ versioning_configuration: { status: "Suspended" } }),
  },
  { breaks: "an instance's backups stay a day", theme: "retention", type: "aws_db_instance", where: isSource, change: set({ backup_retention_period: 1 }) },
  // network
  { breaks: "a bucket may become public", theme: "network", type: "aws_s3_bucket_public_access_block", change: set({ restrict_public_buckets: false }) },
  { breaks: "nothing keeps a bucket private", theme: "network", type: "aws_s3_bucket_public_access_block", change: remove },
  {
    breaks: "the database's port is open to all",
    theme: "network",
    type: "aws_vpc_security_group_ingress_rule",
    where: ({ from_port }) => from_port === 3306,
    change: set({ cidr_ipv4: "0.0.0.0/0", referenced_security_group_id: undefined }),
  },
  {
    breaks: "the load balancer takes any port",
    theme: "network",
    type: "aws_vpc_security_group_ingress_rule",
    where: ({ from_port }) => from_port === 443,
    change: set({ from_port: 0, to_port: 65_535 }),
  },
  {
    breaks: "instances may talk to anything",
    theme: "network",
    type: "aws_vpc_security_group_egress_rule",
    where: ({ cidr_ipv4 }) => cidr_ipv4 === "0.0.0.0/0",
    change: set({ ip_protocol: "-1", from_port: undefined, to_port: undefined }),
  },
  { breaks: "the database has a public address", theme: "network", type: "aws_rds_cluster_instance", change: set({ publicly_accessible: true }) },
  { breaks: "a subnet hands out public addresses", theme: "network", type: "aws_subnet", change: set({ map_public_ip_on_launch: true }) },
  {
    breaks: "the database stands where the internet is",
    theme: "network",
    type: "aws_db_subnet_group",
    change: (values, { resource }) => {
      const road = Object.values(resource["aws_route"] ?? {})[0]?.["route_table_id"];
      const association = Object.values(resource["aws_route_table_association"] ?? {}).find(({ route_table_id }) => route_table_id === road);
      values["subnet_ids"] = [association?.["subnet_id"]];
    },
  },
  { breaks: "flow logs keep what was turned away only", theme: "network", type: "aws_flow_log", change: set({ traffic_type: "REJECT" }) },
  { breaks: "the default security group is open", theme: "network", type: "aws_default_security_group", change: remove },
  { breaks: "an instance has a public address", theme: "network", type: "aws_db_instance", change: set({ publicly_accessible: true }) },
  // edge
  {
    breaks: "instances give credentials without a token",
    theme: "edge",
    type: "aws_launch_template",
    change: replace("metadata_options", '"required"', '"optional"'),
  },
  {
    breaks: "clear text is answered",
    theme: "edge",
    type: "aws_lb_listener",
    where: (values) => !encrypted(values),
    change: set({ default_action: [{ type: "fixed-response", fixed_response: { content_type: "text/plain", status_code: "200" } }] }),
  },
  { breaks: "TLS 1.0 is good enough", theme: "edge", type: "aws_lb_listener", where: encrypted, change: set({ ssl_policy: "ELBSecurityPolicy-2016-08" }) },
  { breaks: "malformed headers reach the instances", theme: "edge", type: "aws_lb", change: set({ drop_invalid_header_fields: false }) },
  { breaks: "requests are not logged", theme: "edge", type: "aws_lb", change: replace("access_logs", '"enabled":true', '"enabled":false') },
  { breaks: "the load balancer does not wait for its log bucket's policy", theme: "edge", type: "aws_lb", change: unset("depends_on") },
  { breaks: "the web ACL guards nothing", theme: "edge", type: "aws_wafv2_web_acl_association", change: remove },
  // policies
  {
    breaks: "a role may do everything with tables",
    theme: "policies",
    type: "aws_iam_role_policy",
    where: allows("dynamodb:GetItem"),
    change: restate("dynamodb:GetItem", { Action: "dynamodb:*" }),
  },
  {
    breaks: "a role may read every secret",
    theme: "policies",
    type: "aws_iam_role_policy",
    where: allows("secretsmanager:GetSecretValue"),
    change: restate("secretsmanager:GetSecretValue", { Resource: "*" }),
  },
  {
    breaks: "instances write metrics of any namespace",
    theme: "policies",
    type: "aws_iam_role_policy",
    where: ({ policy }) => String(policy).includes("cloudwatch:namespace"),
    change: replace("policy", "cloudwatch:namespace", "aws:PrincipalType"),
  },
  {
    breaks: "a service's role may be borrowed for another account",
    theme: "policies",
    type: "aws_iam_role",
    where: ({ assume_role_policy }) => String(assume_role_policy).includes("aws:SourceAccount"),
    change: replace("assume_role_policy", /\$\{data\.aws_caller_identity\.[^}]+\}/, "*"),
  },
  {
    breaks: "anyone may assume a role",
    theme: "policies",
    type: "aws_iam_role",
    change: replace("assume_role_policy", /\{\\"Service\\":\\"[^"]*\\"\}/, String.raw`{\"AWS\":\"*\"}`),
  },
  {
    breaks: "a role is an administrator",
    theme: "policies",
    type: "aws_iam_role_policy_attachment",
    change: set({ policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
  },
  {
    breaks: "a bucket takes clear text",
    theme: "policies",
    type: "aws_s3_bucket_policy",
    change: replace("policy", "aws:SecureTransport", "aws:ViaAWSService"),
  },
  {
    breaks: "everyone may write to the log bucket",
    theme: "policies",
    type: "aws_s3_bucket_policy",
    change: replace("policy", String.raw`\"Effect\":\"Deny\"`, String.raw`\"Effect\":\"Allow\"`),
  },
  {
    breaks: "any account's alarms may be published",
    theme: "policies",
    type: "aws_sns_topic_policy",
    change: replace("policy", /\$\{data\.aws_caller_identity\.[^}]+\}/g, "*"),
  },
  // regions and copies
  {
    breaks: "a subnet is made in the peer's region",
    theme: "placement",
    type: "aws_subnet",
    change: (values, { provider }) => set({ provider: `aws.${String(provider.aws.find(({ alias }) => alias !== undefined)?.["alias"])}` })(values),
  },
  { breaks: "a resource has a provider that is not there", theme: "placement", type: "aws_vpc", change: set({ provider: "aws.eu-north-1" }) },
  {
    breaks: "a secondary has a password of its own",
    theme: "placement",
    type: "aws_rds_cluster",
    where: ({ source_region }) => source_region !== undefined,
    change: set({ master_username: "admin" }),
  },
  {
    breaks: "a secondary has no key of its region",
    theme: "placement",
    type: "aws_rds_cluster",
    where: ({ source_region }) => source_region !== undefined,
    change: unset("kms_key_id"),
  },
  {
    breaks: "a read replica has a password of its own",
    theme: "placement",
    type: "aws_db_instance",
    where: (values) => !isSource(values),
    change: set({ password: "${aws_secretsmanager_secret_version.other.secret_string}" }),
  },
  {
    breaks: "a read replica has no key of its region",
    theme: "placement",
    type: "aws_db_instance",
    where: (values) => !isSource(values),
    change: unset("kms_key_id"),
  },
  { breaks: "a peering is accepted where it was asked for", theme: "placement", type: "aws_vpc_peering_connection_accepter", change: unset("provider") },
  { breaks: "a copy of a key is made beside the key", theme: "placement", type: "aws_kms_replica_key", change: unset("provider") },
  // secrets
  {
    breaks: "the cache's token is an output",
    theme: "secrets",
    type: "aws_elasticache_replication_group",
    change: ({ auth_token }, { output }) => {
      output["redis_auth_token"] = { value: auth_token };
    },
  },
  { breaks: "the cache's token is written down", theme: "secrets", type: "aws_elasticache_replication_group", change: set({ auth_token: "0123456789abcdef" }) },
  { breaks: "a password is written down", theme: "secrets", type: "aws_secretsmanager_secret_version", change: set({ secret_string: "correct horse" }) },
];
