import type { MysqlVersion } from "../../constructs/data/mysql-settings.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings-model.ts";

/** Ends of RDS's standard support, as far as they are near. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html */
export const mysqlSupportEnds: Partial<Readonly<Record<MysqlVersion, string>>> = { "8.0": "2026-07-31" };
const successor = "8.4";

/** Extended Support is billed by vCPU and hour, in staging as in production. Dates are said, not compared: synthesis has no clock. */
export function mysqlWarnings({ stacks }: Settings): readonly Problem[] {
  const version = stacks[0]?.components.rds?.engineVersion;
  const supportEnd = version === undefined ? undefined : mysqlSupportEnds[version];
  if (version === undefined || supportEnd === undefined) return [];
  return [
    {
      path: "rdsEngineVersion",
      message: `MySQL ${version} has standard support until ${supportEnd}; RDS Extended Support is billed from the day after`,
      hint: `MySQL ${successor} is under standard support (TAP_RDS_ENGINE_VERSION=${successor}); where there is a database already, upgrade its replica first`,
    },
  ];
}
