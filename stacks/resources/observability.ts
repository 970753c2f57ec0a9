import type { Construct } from "constructs";
import { AlarmTopic } from "../../constructs/observability/alarm-topic.ts";
import { Alarms } from "../../constructs/observability/alarms.ts";
import { auroraAlarms } from "../../constructs/observability/aurora-alarms.ts";
import { dashboard } from "../../constructs/observability/dashboard.ts";
import { edgeAlarms, fleetAlarms } from "../../constructs/observability/edge-alarms.ts";
import { failureAlarm, functionAlarms } from "../../constructs/observability/function-alarms.ts";
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
 * see docs/decisions/0003.
 */
export function createObservability(scope: Construct, context: StackContext, keys: StackKeys, watched: Watched): void {
  const { names, alarmEmail } = context;
  const topic = new AlarmTopic(scope, "alarm-topic", { names, keyArn: keys.of("alarms").arn, ...(alarmEmail === undefined ? {} : { email: alarmEmail }) });
  const alarms = new Alarms(scope, "alarms", { names, topic, definitions: definitionsOf(context, watched) });
  dashboard(scope, "dashboard", { names, charts: chartsOf(watched), alarmArns: [alarms.compositeArn, ...alarms.arns] });
}

function definitionsOf({ stack, fromPrimary }: StackContext, { loadBalancer, fleet, service, tables, aurora, redis, functions, failureQueueName }: Watched) {
  const { components, builtFor } = stack;
  const instanceClass = builtFor.aurora?.instances[0]?.instanceClass;
  return [
    ...edgeAlarms({
      fullName: loadBalancer.fullName,
      targetGroups: components.loadBalancer.targetGroups.map(({ key }, index) => ({ key, fullName: loadBalancer.targetGroups[index]?.arnSuffix ?? "" })),
    }),
    ...(fleet === undefined ? [] : fleetAlarms(fleet.groupName)),
    ...(service === undefined ? [] : serviceAlarms(service)),
    ...tables.flatMap(tableAlarms),
    ...(aurora === undefined || instanceClass === undefined
      ? []
      : auroraAlarms({ clusterId: aurora.cluster.clusterId, instanceClass, ...(fromPrimary === undefined ? {} : { replicatesFrom: fromPrimary.region }) })),
    ...(aurora === undefined || builtFor.serverless === null
      ? []
      : serverlessAlarms({ clusterId: aurora.cluster.clusterId, minAcu: builtFor.serverless.minAcu })),
    ...(redis === undefined
      ? []
      : redisAlarms({
          replicationGroupId: redis.redis.replicationGroupId,
          shards: Math.max(builtFor.redis?.shards ?? 0, components.redis?.shards ?? 0),
          replicasPerShard: Math.max(builtFor.redis?.replicasPerShard ?? 0, components.redis?.replicasPerShard ?? 0),
        })),
    ...functions.flatMap(({ definition: { key, trigger }, made }) =>
      functionAlarms({ key, name: made.functionName, readsStream: trigger.kind === "table-streams" }),
    ),
    ...(failureQueueName === undefined ? [] : [failureAlarm(failureQueueName)]),
  ];
}
