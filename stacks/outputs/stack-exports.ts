import { Fn, Tokenization } from "cdktf";
import { exportKey } from "../../contract/resource-names.ts";
import type { StackResources } from "../resources/created-resources.ts";

/** Resource → attribute → value; what the stack has not is `undefined`. */
type Lookup = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** What other applications look up by name: `tap-{suffix}-{resource}-{attribute}`, where resource and attribute are an output's name, or a table's. */
export function stackExports(resources: StackResources): Readonly<Record<string, string>> {
  const { suffix } = resources.names;
  return Object.fromEntries(
    Object.entries(lookup(resources)).flatMap(([resource, attributes = {}]) =>
      Object.entries(attributes).flatMap(([attribute, value]) => (value === undefined ? [] : [[exportKey(suffix, resource, attribute), value] as const])),
    ),
  );
}

/** Every output of the contract that is one text or a list of texts; the map holds nothing else, so a list is joined. */
function lookup(resources: StackResources): Lookup {
  const { names, network, logBucket, loadBalancer, fleet, service, functions, dataKey, tables, dataBucket } = resources;
  return {
    stack: { region: names.region },
    vpc: { id: network.vpcId },
    "public-subnet": { ids: joined(network.publicSubnetIds) },
    "private-subnet": { ids: joined(network.privateSubnetIds) },
    "isolated-subnet": { ids: joined(network.isolatedSubnetIds) },
    alb: { arn: loadBalancer.arn, "dns-name": loadBalancer.dnsName, "full-name": loadBalancer.fullName, protocol: loadBalancer.protocol },
    "target-group": { "full-names": joined(loadBalancer.targetGroups.map((group) => group.arnSuffix)) },
    asg: fleet && { name: fleet.groupName, arn: fleet.groupArn },
    "launch-template": fleet && { id: fleet.launchTemplateId },
    "ecs-cluster": service && { name: service.clusterName },
    "ecs-service": service && { names: service.serviceName },
    function: { names: joined(functions.map(({ made }) => made.functionName)) },
    "logs-bucket": { name: logBucket.name, arn: logBucket.arn },
    "data-bucket": dataBucket && { name: dataBucket.name, arn: dataBucket.arn },
    "kms-key": { arn: dataKey.arn, id: dataKey.keyId },
    ...Object.fromEntries(tables.map(({ key, name, arn, streamArn }) => [`${key}-table`, { name, arn, "stream-arn": streamArn }])),
    ...databases(resources),
  };
}

function databases({ aurora, redis, mysql }: StackResources): Lookup {
  return {
    aurora: aurora && {
      "cluster-id": aurora.cluster.clusterId,
      "global-cluster-id": aurora.globalClusterId,
      endpoint: aurora.cluster.endpoint,
      "reader-endpoint": aurora.cluster.readerEndpoint,
      "secret-arn": aurora.secretArn,
    },
    redis: redis && {
      "replication-group-id": redis.redis.replicationGroupId,
      "configuration-endpoint": redis.redis.configurationEndpoint,
      "auth-secret-arn": redis.secretArn,
    },
    rds: mysql && {
      "instance-id": mysql.instance.instanceId,
      endpoint: mysql.instance.endpoint,
      address: mysql.instance.address,
      "secret-arn": mysql.secretArn,
    },
  };
}

/** What a stack has none of has no key. The subnets of a VPC that is only read are one token, which Terraform has to join. */
function joined(values: readonly string[]): string | undefined {
  if (values.length === 0) return undefined;
  return Tokenization.reverseList([...values]) === undefined ? values.join(",") : Fn.join(",", [...values]);
}
