import type { ChangeKind, ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import { dynamoDbTrials } from "./dynamodb.ts";
import { lambdaTrials } from "./lambda.ts";
import { s3Trials } from "./s3.ts";
import { containerServiceTrials } from "./ecs.ts";
import { auroraTrials } from "./aurora.ts";
import { redisTrials } from "./redis.ts";
import { autoScalingTrials } from "./auto-scaling.ts";
import { rdsTrials } from "./rds.ts";
import type { TrialOf } from "./trial.ts";

/** How each kind of change is tried on the local AWS server. A new kind brings its own trial, or the reason why there is none. */
export const wireTrials: { readonly [K in ChangeKind]: TrialOf<ChangeOf<K>> } = {
  ...dynamoDbTrials,
  ...s3Trials,
  ...lambdaTrials,
  ...containerServiceTrials,
  ...auroraTrials,
  ...redisTrials,
  ...autoScalingTrials,
  ...rdsTrials,
};
