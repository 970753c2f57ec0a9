import type { ChangeKind } from "../../../optimizer/core/levers/change-kinds.ts";
import type { TriedRuleId } from "./levers.ts";

/** Whose actions have the kind, or why Terraform has nothing to say of it, and the scenario of the simulated account that is adopted without drift. */
export type DriftTrial = { readonly by: TriedRuleId } | { readonly notWithTerraform: string; readonly scenario: `${string}/${string}` };

/** Where Terraform's own plan is empty again after each kind of change was adopted, and after it was undone. A new kind brings its own. */
export const driftTrials: { readonly [K in ChangeKind]: DriftTrial } = {
  "ec2.launch-template-version": { by: "asg.instance-type" },
  "asg.launch-template": { by: "asg.instance-type" },
  "asg.instance-refresh": { by: "asg.instance-type" },
  "asg.refresh-stop": {
    notWithTerraform: "it is made on the way back alone, while a refresh is under way; Terraform keeps nothing of a refresh",
    scenario: "asg.instance-type/breached",
  },
  "asg.size": { by: "asg.capacity" },
  "dynamodb.index-read-cap": { by: "dynamodb.unused-gsi" },
  "dynamodb.index": { by: "dynamodb.unused-gsi" },
  "dynamodb.contributor-insights": {
    notWithTerraform: "it is made on the way back alone, of an index on which somebody turned them on; no stack does",
    scenario: "dynamodb.unused-gsi/set-again",
  },
  "dynamodb.stream": {
    notWithTerraform: "each table of the blueprints that has a stream is a global one, or a function reads it: neither can do without",
    scenario: "dynamodb.unread-stream/proposed",
  },
  "dynamodb.billing-mode": { by: "dynamodb.billing-mode" },
  "dynamodb.scaling-suspension": {
    notWithTerraform: "no blueprint scales a table's capacity: whoever does keeps the target in a configuration of their own",
    scenario: "dynamodb.billing-mode/proposed",
  },
  "rds.instance-class": { by: "aurora.writer-class" },
  "rds.failover": { by: "aurora.writer-class" },
  "rds.backup-retention": { by: "aurora.backup-retention" },
  "rds.instance-backup-retention": { by: "rds.backup-retention" },
  "rds.standalone-class": { by: "rds.instance-class" },
  "rds.member": { by: "aurora.reader-count" },
  "rds.serverless-capacity": { by: "aurora.serverless-capacity" },
  "redis.shards": { by: "redis.size" },
  "redis.replicas": { by: "redis.size" },
  "redis.node-type": { by: "redis.size" },
  "s3.lifecycle": { by: "s3.lifecycle" },
  "lambda.configuration": { by: "lambda.function" },
  "lambda.concurrency": { by: "lambda.function" },
  "ecs.task-definition": { by: "ecs.service" },
  "ecs.deployment": { by: "ecs.service" },
  "ecs.scaling-bounds": { by: "ecs.service" },
  "ecs.desired-count": { by: "ecs.service" },
};
