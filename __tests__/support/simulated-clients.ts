import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { attachable } from "../../optimizer/composition/attachable.ts";
import { createMemoryAccountStore, type AccountStore } from "../../simulation/account/store.ts";
import { openAccount, type AccountObserver, type SimulatedAccount } from "../../simulation/account/account.ts";
import type { Scenario, ScenarioInput } from "../../simulation/scenario/scenario.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import { fixtureStacks } from "./terraform-fixture.ts";

export interface SimulatedClients {
  readonly applicationAutoScaling: ApplicationAutoScalingClient;
  readonly autoScaling: AutoScalingClient;
  readonly cloudTrail: CloudTrailClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamoDb: DynamoDBClient;
  readonly dynamoDbStreams: DynamoDBStreamsClient;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly elastiCache: ElastiCacheClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly rds: RDSClient;
  readonly s3: S3Client;
  readonly sts: STSClient;
}

export function accountScenario(input: Partial<ScenarioInput> = {}): Scenario {
  return parseScenario({ regions: {}, start: "2026-06-01T00:00:00Z", ...input }, "test");
}

export function deployedAccount(
  scenario: Scenario = accountScenario(),
  store: AccountStore = createMemoryAccountStore(),
  observer?: AccountObserver,
): SimulatedAccount {
  const account = openAccount(scenario, store, observer === undefined ? {} : { observer });
  account.deploy(fixtureStacks());
  return account;
}

/** Real SDK clients of one region that talk to the account. `maxAttempts` 1 shows every refusal, more retries as the SDK does. */
export function clientsOf(account: SimulatedAccount, region = "us-east-1", maxAttempts = 1): SimulatedClients {
  const options = { region, maxAttempts, credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" } };
  const clients = {
    applicationAutoScaling: new ApplicationAutoScalingClient(options),
    autoScaling: new AutoScalingClient(options),
    cloudTrail: new CloudTrailClient(options),
    cloudWatch: new CloudWatchClient(options),
    dynamoDb: new DynamoDBClient(options),
    dynamoDbStreams: new DynamoDBStreamsClient(options),
    ec2: new EC2Client(options),
    ecs: new ECSClient(options),
    elb: new ElasticLoadBalancingV2Client(options),
    elastiCache: new ElastiCacheClient(options),
    kinesis: new KinesisClient(options),
    lambda: new LambdaClient(options),
    rds: new RDSClient(options),
    s3: new S3Client(options),
    sts: new STSClient(options),
  };
  account.attach(attachable(clients.applicationAutoScaling), region);
  account.attach(attachable(clients.autoScaling), region);
  account.attach(attachable(clients.cloudTrail), region);
  account.attach(attachable(clients.cloudWatch), region);
  account.attach(attachable(clients.dynamoDb), region);
  account.attach(attachable(clients.dynamoDbStreams), region);
  account.attach(attachable(clients.ec2), region);
  account.attach(attachable(clients.ecs), region);
  account.attach(attachable(clients.elb), region);
  account.attach(attachable(clients.elastiCache), region);
  account.attach(attachable(clients.kinesis), region);
  account.attach(attachable(clients.lambda), region);
  account.attach(attachable(clients.rds), region);
  account.attach(attachable(clients.s3), region);
  account.attach(attachable(clients.sts), region);
  return clients;
}

export function advanceMinutes(account: SimulatedAccount, minutes: number): void {
  account.advanceTo(account.nowMs() + minutes * 60_000);
}
