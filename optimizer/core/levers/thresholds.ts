import { capacityPolicy, instanceTypePolicy } from "./asg/policy.ts";
import { backupRetentionPolicy, readerCountPolicy, serverlessCapacityPolicy, writerClassPolicy } from "./aurora/policy.ts";
import { billingModePolicy, tableConsolidationPolicy, unusedGsiPolicy } from "./dynamodb/policy.ts";
import { ecsServicePolicy } from "./ecs/policy.ts";
import { lambdaFunctionPolicy } from "./lambda/policy.ts";
import { backupRetentionPolicy as rdsBackupRetentionPolicy, instanceClassPolicy } from "./rds/policy.ts";
import { redisSizePolicy } from "./redis/policy.ts";
import { removeSecondaryPolicy } from "./region/policy.ts";
import { lifecyclePolicy } from "./s3/policy.ts";

/** What each rule decides by, under its name in the policy (`rules` of optimizer.config.json). */
export const thresholds = {
  dynamodbBillingMode: billingModePolicy.prefault({}),
  dynamodbTableConsolidation: tableConsolidationPolicy.prefault({}),
  dynamodbUnusedGsi: unusedGsiPolicy.prefault({}),
  s3Lifecycle: lifecyclePolicy.prefault({}),
  asgInstanceType: instanceTypePolicy.prefault({}),
  asgCapacity: capacityPolicy.prefault({}),
  redisSize: redisSizePolicy.prefault({}),
  ecsService: ecsServicePolicy.prefault({}),
  lambdaFunction: lambdaFunctionPolicy.prefault({}),
  auroraWriterClass: writerClassPolicy.prefault({}),
  auroraReaderCount: readerCountPolicy.prefault({}),
  auroraServerlessCapacity: serverlessCapacityPolicy.prefault({}),
  auroraBackupRetention: backupRetentionPolicy.prefault({}),
  rdsInstanceClass: instanceClassPolicy.prefault({}),
  rdsBackupRetention: rdsBackupRetentionPolicy.prefault({}),
  regionRemoveSecondary: removeSecondaryPolicy.prefault({}),
};
