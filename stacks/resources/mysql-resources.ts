import type { Construct } from "constructs";
import { mysqlPort, type MysqlSettings } from "../../constructs/data/mysql-settings.ts";
import { Mysql, type MysqlRole } from "../../constructs/data/mysql.ts";
import { GeneratedSecret } from "../../constructs/encryption/generated-secret.ts";
import { Firewall } from "../../constructs/network/firewall.ts";
import type { DataResources } from "./created-resources.ts";
import type { DataContext } from "./data-resources.ts";

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
  if (fromPrimary?.mysqlArn !== undefined) return { mysql: { instance: instance({ kind: "replica", sourceArn: fromPrimary.mysqlArn }), isReplica: true } };
  const secret = createSecret(scope, context, settings);
  return { mysql: { instance: instance({ kind: "source", password: secret.value }), isReplica: false, secretArn: secret.arn } };
}

function createSecret(scope: Construct, { names, lifetime, keys }: DataContext, { masterUsername }: MysqlSettings): GeneratedSecret {
  return new GeneratedSecret(scope, "mysql-secret", {
    names,
    resource: "mysql",
    description: `Password of ${masterUsername}, the database's administrator`,
    keyArn: keys.of("database").arn,
    // MySQL takes 41 at most: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    length: 40,
    lifetime,
  });
}
