import { resources, type StackDocument } from "../synthesized-stacks.ts";
import { listWith, matching, unmet, type Requirements, type SafetyRule, textOf } from "./requirements.ts";

const others: Requirements = {
  // Scaling moves the capacity, and an upgrade the versions; both would look like drift.
  aws_autoscaling_group: {
    "lifecycle.ignore_changes": listWith("desired_capacity"),
    // `$Latest` never changes, so a new version would replace no instance.
    "launch_template.version": matching(/^\$\{aws_launch_template\.[^}]+\.latest_version\}$/),
  },
  aws_rds_global_cluster: { "lifecycle.ignore_changes": listWith("engine_version") },
  aws_rds_cluster_instance: { "lifecycle.ignore_changes": listWith("engine_version") },
  // The secondary owns the replicas.
  aws_dynamodb_table: { "lifecycle.ignore_changes": listWith("replica") },
  // Each plan draws a new password.
  aws_secretsmanager_secret_version: { "lifecycle.ignore_changes": listWith("secret_string") },
  // A group that listeners use cannot be deleted before its successor is there.
  aws_lb_target_group: { "lifecycle.create_before_destroy": true },
};

const globalMember: Requirements = {
  aws_rds_cluster: { "lifecycle.ignore_changes": listWith("engine_version", "global_cluster_identifier", "replication_source_identifier") },
};

/** What scaling, failover or another stack changes is not Terraform's to change back. */
export const lifecycle: SafetyRule = ({ document }) => [
  ...unmet(document, others),
  ...(isGlobal(document) ? unmet(document, globalMember) : []),
  ...boundlessUpgrades(document),
];

/** Major versions that the blueprints have by themselves: nothing else may be changed to another one. */
const ownMajors: Readonly<Record<string, RegExp>> = { mysql: /^8\.0$/, "aurora-postgresql": /^17\./, "aurora-mysql": /^8\.0\./ };

/** A replica has no engine of its own, and is what its source is. */
function boundlessUpgrades(document: StackDocument): readonly string[] {
  return ["aws_rds_cluster", "aws_db_instance"]
    .flatMap((type) => resources(document, type))
    .filter(
      ({ values }) => values["allow_major_version_upgrade"] === true && ownMajors[textOf(values["engine"] ?? "mysql")]?.test(textOf(values["engine_version"])),
    )
    .map(({ address }) => `${address}: may become another major version, which nobody asked for`);
}

/** Whether the stack's cluster is a member of a global database. */
function isGlobal(document: StackDocument): boolean {
  return Object.values(document.resource["aws_rds_cluster"] ?? {}).some((values) => values["global_cluster_identifier"] !== undefined);
}
