import { paginateDescribeDBClusterParameters, paginateDescribeDBParameters, type Parameter, type RDSClient } from "@aws-sdk/client-rds";

/**
 * By default they follow the memory of the class; what somebody has set may not. Those of MySQL, MariaDB and PostgreSQL:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ParameterGroups.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html
 */
const followMemory = new Set(["max_connections", "innodb_buffer_pool_size", "innodb_dedicated_server", "shared_buffers"]);

/** Of an instance's parameter group, as `name = value`. */
export async function instanceMemoryParameters(client: RDSClient, parameterGroup: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { Parameters: parameters = [] } of paginateDescribeDBParameters({ client }, { DBParameterGroupName: parameterGroup, Source: "user" }))
    found.push(...settingsOf(parameters));
  return found;
}

/** Of a cluster's parameter group and of those of its members, each once. */
export async function clusterMemoryParameters(
  client: RDSClient,
  { parameterGroup, memberParameterGroups }: { readonly parameterGroup: string | undefined; readonly memberParameterGroups: readonly string[] },
): Promise<readonly string[]> {
  const found: string[] = [];
  if (parameterGroup !== undefined) {
    const input = { DBClusterParameterGroupName: parameterGroup, Source: "user" };
    for await (const { Parameters: parameters = [] } of paginateDescribeDBClusterParameters({ client }, input)) found.push(...settingsOf(parameters));
  }
  for (const group of memberParameterGroups) found.push(...(await instanceMemoryParameters(client, group)));
  return [...new Set(found)].toSorted();
}

function settingsOf(parameters: readonly Parameter[]): readonly string[] {
  return parameters.flatMap(({ ParameterName: name = "", ParameterValue: value }) =>
    followMemory.has(name) && value !== undefined ? [`${name} = ${value}`] : [],
  );
}
