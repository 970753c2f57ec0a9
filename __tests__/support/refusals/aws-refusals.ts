import { autoScalingRefusals } from "./auto-scaling.ts";
import { containerAndFunctionRefusals } from "./containers-and-functions.ts";
import { dynamoDbRefusals } from "./dynamodb.ts";
import { elastiCacheRefusals } from "./elasticache.ts";
import { frontDoorRefusals } from "./front-doors.ts";
import { rdsClusterRefusals } from "./rds-clusters.ts";
import { rdsInstanceRefusals } from "./rds-instances.ts";
import type { Refusal } from "./refusal.ts";
import { s3Refusals } from "./s3.ts";

/** What AWS refuses, answered by the simulated account and met by the adapters; docs/simulation.md lists it. */
export const awsRefusals: readonly Refusal[] = [
  ...autoScalingRefusals,
  ...dynamoDbRefusals,
  ...containerAndFunctionRefusals,
  ...elastiCacheRefusals,
  ...rdsInstanceRefusals,
  ...rdsClusterRefusals,
  ...s3Refusals,
  ...frontDoorRefusals,
];
