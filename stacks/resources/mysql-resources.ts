import type { Construct } from "constructs";
import { mysqlPort } from "../../constructs/data/mysql-settings.ts";
import { Mysql, type MysqlRole } from "../../constructs/data/mysql.ts";
import { Firewall } from "../../constructs/network/firewall.ts";
import type { DataResources } from "./created-resources.ts";
import type { DataContext } from "./data-resources.ts";
import { copiedCredentials, createDatabaseCredentials } from "./database-credentials.ts";

/** The primary takes writes, a secondary has a replica. Peered regions reach each other's: a replica takes no writes of its own region. */
export function createMysql(scope: Construct, context: DataContext): Pick<DataResources, "mysql"> {
  const { names, stack, lifetime, keys, network, appFirewall, peeredNetworks, fromPrimary } = context;
  const settings = stack.components.rds;
  if (settings === null) return {};
  const firewall = new Firewall(scope, "mysql-firewall", { names, vpcId: network.vpcId, tier: "mysql" });
  firewall.allowFrom(appFirewall, mysqlPort);
  for (const peer of peeredNetworks) {
    firewall.allowFromNetwork(peer, mysqlPort);
    appFirewall.allowToNetwork(peer, mysqlPort);
  }
  const instance = (role: MysqlRole): Mysql =>
    new Mysql(scope, "mysql", {
      names,
      settings,
      role,
      subnetIds: network.dataSubnetIds,
      firewall,
      keyArn: keys.of("database").arn,
      logKeyArn: keys.of("logs").arn,
      lifetime,
    });
  if (fromPrimary?.mysql !== undefined) {
    const { arn, secret } = fromPrimary.mysql;
    return { mysql: { instance: instance({ kind: "replica", sourceArn: arn }), readable: copiedCredentials(names, secret) } };
  }
  const { password, ...credentials } = createDatabaseCredentials(scope, context, keys, {
    resource: "mysql",
    username: settings.masterUsername,
  });
  return { mysql: { instance: instance({ kind: "source", password }), ...credentials } };
}
