import { expect, it } from "vitest";
import { shorterBackups } from "../../../../optimizer/core/levers/shorter-backups.ts";
import { primary } from "../../../support/world.ts";

it.each([
  [35, 7, "35 days", "7 days"],
  [2, 1, "2 days", "1 day"],
])("backups of %i days are kept for %i by one call, and for as long again from its way back on", (before, after, was, is) => {
  const change = { kind: "rds.instance-backup-retention", region: primary, instance: "mysql", before: { days: before }, after: { days: after } } as const;
  const subject = { rule: "rds.backup-retention", resource: { kind: "rds-instance", region: primary, id: "mysql" } } as const;
  const id = "rds.backup-retention:us-east-1:mysql";
  expect(shorterBackups(subject, { change, type: "aws_db_instance", why: "they are deleted" })).toMatchObject({
    id,
    summary: `mysql: keep backups for ${is} instead of ${was}`,
    steps: [{ kind: "change", id: `${id}#forward:retention`, change, description: `keep backups of mysql for ${is}` }],
    rollback: [
      {
        kind: "change",
        id: `${id}#rollback:retention`,
        change: { ...change, before: { days: after }, after: { days: before } },
        description: `keep backups of mysql for ${was} again, from now on`,
      },
    ],
    cannotComeBack: `backups of mysql older than ${is}`,
    disruptions: [],
    writeBack: [{ type: "aws_db_instance", id: "mysql", property: "backupRetentionDays", operation: "set", value: after }],
  });
});
