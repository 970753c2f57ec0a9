import type { Change, ChangeKind, ChangeOf } from "../../core/levers/change-kinds.ts";
import { autoScalingChangeAdapters } from "./asg/changes.ts";
import { auroraChangeAdapters } from "./aurora/changes.ts";
import { dynamoDbChangeAdapters } from "./dynamodb/changes.ts";
import { containerServiceChangeAdapters } from "./ecs/changes.ts";
import { lambdaChangeAdapters } from "./lambda/changes.ts";
import { rdsChangeAdapters } from "./rds/changes.ts";
import { redisChangeAdapters } from "./redis/changes.ts";
import { s3ChangeAdapters } from "./s3/changes.ts";
import type { ChangeAdapter } from "./service-adapters.ts";

/** How AWS describes and makes each kind of change; what is known of it without AWS stands in core/levers/change-kinds.ts. */
export const changeAdapters: { readonly [K in ChangeKind]: ChangeAdapter<ChangeOf<K>> } = {
  ...autoScalingChangeAdapters,
  ...auroraChangeAdapters,
  ...dynamoDbChangeAdapters,
  ...rdsChangeAdapters,
  ...redisChangeAdapters,
  ...s3ChangeAdapters,
  ...lambdaChangeAdapters,
  ...containerServiceChangeAdapters,
};

export function changeAdapter<C extends Change>(change: C): ChangeAdapter<C> {
  return changeAdapters[change.kind] as unknown as ChangeAdapter<C>;
}
