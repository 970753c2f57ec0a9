import { exportKey } from "../../contract/resource-names.ts";
import type { StackResources } from "../resources/created-resources.ts";

/** Resource → attribute → value; what the stack has not is `undefined`. */
type Lookup = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** What other applications look up by name: `tap-{suffix}-{resource}-{attribute}`. */
export function stackExports(resources: StackResources): Readonly<Record<string, string>> {
  const { suffix } = resources.names;
  return Object.fromEntries(
    Object.entries(lookup(resources)).flatMap(([resource, attributes = {}]) =>
      Object.entries(attributes).flatMap(([attribute, value]) => (value === undefined ? [] : [[exportKey(suffix, resource, attribute), value] as const])),
    ),
  );
}

function lookup({ network, logBucket, loadBalancer, fleet, service, dataKey, tables, aurora, redis, mysql, dataBucket }: StackResources): Lookup {
  return {
    vpc: { id: network.vpcId },
    alb: { arn: loadBalancer.arn, "dns-name": loadBalancer.dnsName, "full-name": loadBalancer.fullName },
    // A list in one text: the map holds nothing else.
    "target-group": { "full-names": loadBalancer.targetGroups.map((group) => group.arnSuffix).join(",") },
    asg: fleet && { name: fleet.groupName, arn: fleet.groupArn },
    cluster: service && { name: service.clusterName },
    service: service && { name: service.serviceName },
    "logs-bucket": { name: logBucket.name },
    "data-bucket": dataBucket && { name: dataBucket.name },
    "kms-key": { arn: dataKey.arn },
    ...Object.fromEntries(tables.map(({ key, arn }) => [`${key}-table`, { arn }])),
    aurora: aurora && {
      "cluster-id": aurora.cluster.clusterId,
      "global-cluster-id": aurora.globalClusterId,
      endpoint: aurora.cluster.endpoint,
      "reader-endpoint": aurora.cluster.readerEndpoint,
    },
    redis: redis && { "replication-group-id": redis.redis.replicationGroupId, "configuration-endpoint": redis.redis.configurationEndpoint },
    rds: mysql && { endpoint: mysql.instance.endpoint },
  };
}
