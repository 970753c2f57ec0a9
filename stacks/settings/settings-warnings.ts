import { copiedSecretWarning } from "./copied-secret-warning.ts";
import { domainWarnings } from "./domain.ts";
import { mysqlWarnings } from "./mysql-warnings.ts";
import { addressWarnings } from "./address-warnings.ts";
import { stateWarnings } from "./state-bucket.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings-model.ts";

/**
 * Ends of standard support by minor version of Aurora MySQL 3; afterwards RDS Extended Support is billed, or an upgrade is forced.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes/AuroraMySQL.release-calendars.html
 */
const supportEnds: Readonly<Record<string, string>> = { "3.04": "2026-10-31", "3.10": "2028-04-30" };
const recommended = "3.10";
const longTerm = `8.0.mysql_aurora.${recommended}.0`;

/** What may be built and is worth a second look. Dates are said, not compared: synthesis has no clock. */
export function settingsWarnings(settings: Settings): readonly Problem[] {
  return [
    ...auroraWarnings(settings),
    ...mysqlWarnings(settings),
    ...copiedSecretWarning(settings),
    ...domainWarnings(settings),
    ...addressWarnings(settings),
    ...stateWarnings(settings),
  ];
}

function auroraWarnings({ stacks }: Settings): readonly Problem[] {
  const version = stacks[0]?.components.aurora?.engineVersion;
  const minor = version?.match(/mysql_aurora\.(3\.\d{2})/)?.[1];
  if (version === undefined || minor === undefined || minor === recommended) return [];
  const end = Object.hasOwn(supportEnds, minor) ? `has standard support until ${supportEnds[minor]}` : "is no long-term release";
  return [
    {
      path: "auroraEngineVersion",
      message: `${version} ${end}`,
      hint: `TAP_AURORA_ENGINE_VERSION=${longTerm} is a long-term release with support until ${supportEnds[recommended]}; a database that is there already is upgraded in AWS, secondary regions first`,
    },
  ];
}
