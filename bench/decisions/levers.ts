import { autoScalingGroup } from "./levers/auto-scaling-group.ts";
import { auroraCluster } from "./levers/aurora-cluster.ts";
import { billingMode } from "./levers/billing-mode.ts";
import { containerService } from "./levers/container-service.ts";
import { databaseInstance } from "./levers/database-instance.ts";
import { lambdaFunctions } from "./levers/lambda-functions.ts";
import { redis } from "./levers/redis.ts";
import { serverlessCluster } from "./levers/serverless-cluster.ts";
import { unreadStream } from "./levers/unread-stream.ts";
import { unusedIndex } from "./levers/unused-index.ts";
import type { Lever } from "./opened.ts";
import { triedLever } from "./tried.ts";

/** All that is judged, in the order of phases. */
export const levers: readonly Lever[] = [
  unusedIndex,
  unreadStream,
  billingMode,
  triedLever(autoScalingGroup),
  triedLever(redis),
  triedLever(containerService),
  lambdaFunctions,
  triedLever(auroraCluster),
  triedLever(serverlessCluster),
  triedLever(databaseInstance),
];

export function nameOf({ rules }: Lever): string {
  return rules.join(" + ");
}
