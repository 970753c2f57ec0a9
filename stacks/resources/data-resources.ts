import type { Construct } from "constructs";
import { AuroraCluster, type AuroraRole } from "../../constructs/data/aurora-cluster.ts";
import { auroraGlobalDatabase } from "../../constructs/data/aurora-global-database.ts";
import { auroraPort } from "../../constructs/data/aurora-settings.ts";
import { Redis, redisPort } from "../../constructs/data/redis.ts";
import { ServerlessCluster } from "../../constructs/data/serverless-cluster.ts";
import { postgresPort } from "../../constructs/data/serverless-settings.ts";
import { TableReplica } from "../../constructs/data/table-replica.ts";
import { Table } from "../../constructs/data/table.ts";
import { GeneratedSecret } from "../../constructs/encryption/generated-secret.ts";
import { Firewall } from "../../constructs/network/firewall.ts";
import type { NetworkPlaces } from "../../constructs/network/network-places.ts";
import { copiedCredentials, createDatabaseCredentials } from "./database-credentials.ts";
import type { DataResources, TableResource } from "./created-resources.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";

/** What the stores need beside the stack itself. */
export interface DataContext extends StackContext {
  readonly keys: StackKeys;
  readonly network: NetworkPlaces;
  readonly appFirewall: Firewall;
}

export function createTables(scope: Construct, { names, stack, lifetime, keys, fromPrimary }: DataContext): readonly TableResource[] {
  return stack.components.tables.flatMap((definition): readonly TableResource[] => {
    const { key } = definition;
    if (definition.scope === "regional" || fromPrimary === undefined) {
      const table = new Table(scope, `table-${key}`, { names, definition, keyArn: keys.of("tables").arn, lifetime });
      return [{ key, owned: true, name: table.name, arn: table.arn, ...(table.streamArn === undefined ? {} : { streamArn: table.streamArn }) }];
    }
    const tableArn = fromPrimary.tableArns[key];
    if (tableArn === undefined) return [];
    const { arn } = new TableReplica(scope, `table-${key}`, { tableArn, definition, keyArn: keys.of("tables").arn, lifetime });
    return [{ key, owned: false, name: names.resource(key), arn }];
  });
}

export function createAurora(scope: Construct, context: DataContext): Pick<DataResources, "aurora"> {
  const { names, stack, lifetime, keys, network, appFirewall, fromPrimary } = context;
  const settings = stack.components.aurora;
  if (settings === null) return {};
  const firewall = new Firewall(scope, "aurora-firewall", { names, vpcId: network.vpcId, tier: "aurora" });
  firewall.allowFrom(appFirewall, auroraPort);
  const cluster = (role: AuroraRole, globalClusterId: string): AuroraCluster =>
    new AuroraCluster(scope, "aurora", {
      names,
      settings,
      role,
      globalClusterId,
      subnetIds: network.dataSubnetIds,
      firewall,
      keyArn: keys.of("database").arn,
      logKeyArn: keys.of("logs").arn,
      lifetime,
    });
  if (fromPrimary?.aurora !== undefined) {
    const { globalClusterId, secret } = fromPrimary.aurora;
    return {
      aurora: {
        serverless: false,
        cluster: cluster({ kind: "secondary", sourceRegion: fromPrimary.region }, globalClusterId),
        globalClusterId,
        readable: copiedCredentials(names, secret),
      },
    };
  }
  const globalClusterId = auroraGlobalDatabase(scope, "aurora-global", { names, settings, lifetime }).id;
  const { password, ...credentials } = createDatabaseCredentials(scope, context, keys, {
    resource: "aurora",
    username: settings.masterUsername,
  });
  return { aurora: { serverless: false, cluster: cluster({ kind: "primary", password }, globalClusterId), globalClusterId, ...credentials } };
}

/** A cluster of this region alone; RDS keeps its password, and changes it from time to time. */
export function createServerless(scope: Construct, { names, stack, lifetime, keys, network, appFirewall }: DataContext): Pick<DataResources, "aurora"> {
  const settings = stack.components.serverless;
  if (settings === null) return {};
  const firewall = new Firewall(scope, "aurora-firewall", { names, vpcId: network.vpcId, tier: "aurora" });
  firewall.allowFrom(appFirewall, postgresPort);
  const keyArn = keys.of("database").arn;
  const cluster = new ServerlessCluster(scope, "aurora", {
    names,
    settings,
    subnetIds: network.dataSubnetIds,
    firewall,
    keyArn,
    logKeyArn: keys.of("logs").arn,
    lifetime,
  });
  const { secretArn } = cluster;
  return { aurora: { serverless: true, cluster, secretArn, readable: [{ secretArn, keyArn }] } };
}

export function createRedis(scope: Construct, { names, stack, lifetime, keys, network, appFirewall }: DataContext): Pick<DataResources, "redis"> {
  const settings = stack.components.redis;
  if (settings === null) return {};
  const firewall = new Firewall(scope, "redis-firewall", { names, vpcId: network.vpcId, tier: "redis" });
  firewall.allowFrom(appFirewall, redisPort);
  const secret = new GeneratedSecret(scope, "redis-secret", {
    names,
    resource: "redis",
    description: "AUTH token of the cache",
    keyArn: keys.of("cache").arn,
    length: 64,
    lifetime,
  });
  const redis = new Redis(scope, "redis", {
    names,
    settings,
    subnetIds: network.dataSubnetIds,
    firewall,
    keyArn: keys.of("cache").arn,
    logKeyArn: keys.of("logs").arn,
    authToken: secret.value,
    lifetime,
  });
  return { redis: { redis, secretArn: secret.arn } };
}
