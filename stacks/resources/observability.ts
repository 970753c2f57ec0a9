import type { Construct } from "constructs";
import type { AlarmDefinition } from "../../constructs/observability/alarm-definition.ts";
import { AlarmTopic } from "../../constructs/observability/alarm-topic.ts";
import { Alarms } from "../../constructs/observability/alarms.ts";
import { auroraAlarms } from "../../constructs/observability/aurora-alarms.ts";
import { dashboard } from "../../constructs/observability/dashboard.ts";
import { edgeCountAlarms } from "../../constructs/observability/edge-count-alarms.ts";
import { edgeAlarms, fleetAlarms } from "../../constructs/observability/edge-alarms.ts";
import { failureAlarm, functionAlarms } from "../../constructs/observability/function-alarms.ts";
import { mysqlAlarms } from "../../constructs/observability/mysql-alarms.ts";
import { redisAlarms } from "../../constructs/observability/redis-alarms.ts";
import { serverlessAlarms } from "../../constructs/observability/serverless-alarms.ts";
import { serviceAlarms } from "../../constructs/observability/service-alarms.ts";
import { tableAlarms } from "../../constructs/observability/table-alarms.ts";
import { chartsOf } from "./charts.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";
import type { Watched } from "./created-resources.ts";

/**
 * Alarms and a dashboard of all that the stack has. What they say comes from the blueprint's sizes, never from adopted ones:
 * see docs/decisions/0003. A threshold that is a share of a class is of the class at creation, and stays.
 */
export function createObservability(scope: Construct, context: StackContext, keys: StackKeys, watched: Watched): void {
  const { names, alarmEmail } = context;
  const topic = new AlarmTopic(scope, "alarm-topic", { names, keyArn: keys.of("alarms").arn, ...(alarmEmail === undefined ? {} : { email: alarmEmail }) });
  const alarms = new Alarms(scope, "alarms", { names, topic, definitions: definitionsOf(context, watched) });
  dashboard(scope, "dashboard", { names, charts: chartsOf(watched), alarmArns: [alarms.compositeArn, ...alarms.arns] });
}

function definitionsOf({ stack, fromPrimary }: StackContext, watched: Watched): readonly AlarmDefinition[] {
  const { loadBalancer, fleet, service, tables, aurora, redis, mysql, functions, failureQueueName } = watched;
  const { components, builtFor } = stack;
  const caches = [builtFor.redis, components.redis].filter((cache) => cache !== null);
  const blueprintClass = builtFor.aurora?.instances[0]?.instanceClass;
  const indexed = builtFor.tables.filter(({ indexes }) => indexes.length > 0).map(({ key }) => key);
  const { alarms } = components;
  const balancer = { fullName: loadBalancer.fullName, targetGroups: loadBalancer.watchedGroups };
  return [
    ...(alarms.edge.kind === "rates" ? edgeAlarms(balancer) : edgeCountAlarms(balancer, alarms.edge)),
    ...(fleet === undefined || !alarms.fleet ? [] : fleetAlarms(fleet.groupName)),
    ...(service === undefined ? [] : serviceAlarms(service)),
    ...(alarms.tables ? tables.flatMap(({ key, name }) => tableAlarms({ key, name, hasIndexes: indexed.includes(key) })) : []),
    ...(mysql === undefined || components.rds === null
      ? []
      : mysqlAlarms({
          instanceId: mysql.instance.instanceId,
          instanceClass: components.rds.instanceClass,
          isReplica: mysql.secretArn === undefined,
        })),
    ...(aurora === undefined || components.aurora === null || blueprintClass === undefined
      ? []
      : auroraAlarms({
          clusterId: aurora.cluster.clusterId,
          instanceClasses: components.aurora.instances.map(({ instanceClass }) => instanceClass),
          blueprintClass,
          ...(fromPrimary === undefined ? {} : { replicatesFrom: fromPrimary.region }),
        })),
    ...(aurora === undefined || components.serverless === null ? [] : serverlessAlarms({ clusterId: aurora.cluster.clusterId, ...components.serverless })),
    ...(redis === undefined
      ? []
      : redisAlarms({
          replicationGroupId: redis.redis.replicationGroupId,
          shards: Math.max(...caches.map((cache) => cache.shards)),
          replicasPerShard: Math.max(...caches.map((cache) => cache.replicasPerShard)),
        })),
    ...functions.flatMap(({ definition: { key, trigger }, made }) =>
      functionAlarms({ key, name: made.functionName, readsStream: trigger.kind === "table-streams" }),
    ),
    ...(failureQueueName === undefined ? [] : [failureAlarm(failureQueueName)]),
  ];
}
