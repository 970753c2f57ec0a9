import { UserError } from "../../../contract/user-error.ts";
import type { Rule } from "../model/rule.ts";
import type { RuleId } from "../model/rule-id.ts";
import { capacity } from "./asg/capacity.ts";
import { instanceType } from "./asg/instance-type.ts";
import { groupStudies } from "./asg/study.ts";
import { backupRetention } from "./aurora/backup-retention.ts";
import { readerCount } from "./aurora/reader-count.ts";
import { serverlessCapacity } from "./aurora/serverless-capacity.ts";
import { clusterStudies } from "./aurora/study.ts";
import { writerClass } from "./aurora/writer-class.ts";
import { billingMode } from "./dynamodb/billing-mode.ts";
import { tableConsolidation } from "./dynamodb/consolidation.ts";
import { unreadStream } from "./dynamodb/unread-stream.ts";
import { unusedGsi } from "./dynamodb/unused-gsi.ts";
import { tableStudies } from "./dynamodb/study.ts";
import { serviceSize } from "./ecs/service.ts";
import { serviceStudies } from "./ecs/study.ts";
import { functionSize } from "./lambda/function.ts";
import { functionStudies } from "./lambda/study.ts";
import { leverRules } from "./lever.ts";
import { backupRetention as rdsBackupRetention } from "./rds/backup-retention.ts";
import { instanceClass } from "./rds/instance-class.ts";
import { instanceStudies } from "./rds/study.ts";
import { redisSize } from "./redis/size.ts";
import { redisStudies } from "./redis/study.ts";
import { removeSecondary } from "./region/remove-secondary.ts";
import { regionStudies } from "./region/study.ts";
import { lifecycle } from "./s3/lifecycle.ts";
import { bucketStudies } from "./s3/study.ts";

/** Every rule, by the kind of resource whose study it reads, in the order of phases. */
export const rules: readonly Rule[] = [
  ...leverRules(tableStudies, [unusedGsi, unreadStream, billingMode, tableConsolidation]),
  ...leverRules(bucketStudies, [lifecycle]),
  ...leverRules(groupStudies, [instanceType, capacity]),
  ...leverRules(redisStudies, [redisSize]),
  ...leverRules(serviceStudies, [serviceSize]),
  ...leverRules(functionStudies, [functionSize]),
  ...leverRules(clusterStudies, [writerClass, readerCount, serverlessCapacity, backupRetention]),
  ...leverRules(instanceStudies, [instanceClass, rdsBackupRetention]),
  ...leverRules(regionStudies, [removeSecondary]),
];

/** The rule a decision or an action names; a plan of another version may name one that is not here. */
export function ruleOf(id: RuleId, among: readonly Rule[] = rules): Rule {
  const rule = among.find((each) => each.id === id);
  if (rule !== undefined) return rule;
  throw new UserError({
    code: "unknown-rule",
    message: `this version has no rule ${id}`,
    hint: "Use the version that made the plan, or make a new plan with `optimizer plan`.",
  });
}
