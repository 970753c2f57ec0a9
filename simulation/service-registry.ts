import type { ServiceHandlers } from "./service-handler.ts";
import type { ServiceName } from "./service-error.ts";
import { autoScalingHandlers } from "./services/auto-scaling/handlers.ts";
import { cloudWatchHandlers } from "./services/cloudwatch/cloud-watch-handlers.ts";
import { costExplorerHandlers } from "./services/cost-explorer/cost-explorer-handlers.ts";
import type { ListPrices } from "./services/cost-explorer/usage-line.ts";
import { dynamoDbHandlers } from "./services/dynamodb/handlers.ts";
import { ec2Handlers } from "./services/ec2/handlers.ts";
import { elbHandlers } from "./services/elb/handlers.ts";
import { elastiCacheHandlers } from "./services/elasticache/handlers.ts";
import { rdsHandlers } from "./services/rds/handlers.ts";
import { stsHandlers } from "./services/sts/handlers.ts";

export interface Service {
  readonly name: ServiceName;
  readonly handlers: ServiceHandlers;
}

/** Services by the SDK client's own name: command names alone are not unique, several services have DescribeTags. */
export type Services = Readonly<Record<string, Service>>;

/** All services the account answers for. Bills need list prices: without them Cost Explorer knows no command. */
export function createServices(prices: ListPrices | undefined): Services {
  return {
    AutoScalingClient: { name: "auto-scaling", handlers: autoScalingHandlers },
    CloudWatchClient: { name: "cloudwatch", handlers: cloudWatchHandlers },
    CostExplorerClient: { name: "cost-explorer", handlers: prices === undefined ? {} : costExplorerHandlers(prices) },
    DynamoDBClient: { name: "dynamodb", handlers: dynamoDbHandlers },
    EC2Client: { name: "ec2", handlers: ec2Handlers },
    ElasticLoadBalancingV2Client: { name: "elb", handlers: elbHandlers },
    ElastiCacheClient: { name: "elasticache", handlers: elastiCacheHandlers },
    RDSClient: { name: "rds", handlers: rdsHandlers },
    STSClient: { name: "sts", handlers: stsHandlers },
  };
}
