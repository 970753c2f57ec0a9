import type { Service } from "./account/service.ts";
import { applicationAutoScaling } from "./services/application-auto-scaling/service.ts";
import { autoScaling } from "./services/auto-scaling/service.ts";
import { cloudTrail } from "./services/cloudtrail/service.ts";
import { cloudWatch } from "./services/cloudwatch/service.ts";
import { costExplorer } from "./services/cost-explorer/service.ts";
import { dynamoDb } from "./services/dynamodb/service.ts";
import { dynamoDbStreams } from "./services/dynamodb-streams/service.ts";
import { ec2 } from "./services/ec2/service.ts";
import { ecs } from "./services/ecs/service.ts";
import { elastiCache } from "./services/elasticache/service.ts";
import { elb } from "./services/elb/service.ts";
import { inert } from "./services/inert/service.ts";
import { kinesis } from "./services/kinesis/service.ts";
import { lambda } from "./services/lambda/service.ts";
import { pipes } from "./services/pipes/service.ts";
import { rds } from "./services/rds/service.ts";
import { sns } from "./services/sns/service.ts";
import { s3 } from "./services/s3/service.ts";
import { sts } from "./services/sts/service.ts";

/**
 * All services of the simulated account, each one object in its own folder (docs/simulation.md, "Add a service"). The order is that
 * of deployment: a service stands after those that bring what it refers to, and `inert`, which keeps what no other models, last.
 */
export const services: readonly Service[] = [
  sts,
  elb,
  ec2,
  autoScaling,
  dynamoDb,
  dynamoDbStreams,
  kinesis,
  rds,
  elastiCache,
  s3,
  sns,
  ecs,
  applicationAutoScaling,
  lambda,
  pipes,
  cloudTrail,
  cloudWatch,
  costExplorer,
  inert,
];
