import { componentPath, type Components } from "../../contract/components.ts";
import { mysqlIdentifier } from "../../constructs/data/mysql.ts";
import { dataBucketName } from "../../constructs/storage/data-bucket.ts";
import type { Names } from "../../constructs/names.ts";
import type { StackComponents } from "../blueprints/blueprint.ts";

/**
 * Sizing path → Terraform type and the name AWS knows the component by. Names, not tokens: the optimizer matches them
 * against a plan. A replica of a global table is not here: its sizes are the owner's.
 */
export function stackComponentIds(components: StackComponents, ownedTables: readonly string[], names: Names): Components {
  const { compute, service, serverless, redis, rds, dataBucket, functions } = components;
  const aurora = components.aurora ?? serverless;
  return {
    ...(compute === null ? {} : { [componentPath.compute]: { type: "aws_autoscaling_group", id: names.resource("asg") } }),
    ...(service === null ? {} : { [componentPath.service(service.key)]: { type: "aws_ecs_service", id: names.resource(service.key) } }),
    ...Object.fromEntries(ownedTables.map((key) => [componentPath.table(key), { type: "aws_dynamodb_table", id: names.resource(key) }])),
    ...(aurora === null ? {} : { [componentPath.aurora]: { type: "aws_rds_cluster", id: names.resource("aurora") } }),
    ...Object.fromEntries(
      (aurora?.instances ?? []).map(({ identifier }) => [componentPath.auroraInstance(identifier), { type: "aws_rds_cluster_instance", id: identifier }]),
    ),
    ...(redis === null ? {} : { [componentPath.redis]: { type: "aws_elasticache_replication_group", id: names.resource("redis") } }),
    ...(rds === null ? {} : { [componentPath.rds]: { type: "aws_db_instance", id: mysqlIdentifier(names) } }),
    ...(dataBucket === null ? {} : { [componentPath.dataBucket]: { type: "aws_s3_bucket", id: dataBucketName(names) } }),
    ...Object.fromEntries(functions.map(({ key }) => [componentPath.function(key), { type: "aws_lambda_function", id: names.resource(key) }])),
  };
}
