import { changeSeconds } from "../../../contract/change-seconds.ts";
import type { Action, SizingChange } from "../model/action.ts";
import { actionId, type Subject } from "../sizing/skip.ts";
import { type ChangeOf, inverse } from "./change-kinds.ts";
import { minutesOf } from "./minutes-of.ts";

interface Shortened {
  readonly change: ChangeOf<"rds.backup-retention"> | ChangeOf<"rds.instance-backup-retention">;
  /** The Terraform type whose property it is adopted as. */
  readonly type: SizingChange["type"];
  /** Why someone must approve. */
  readonly why: string;
}

/** Automated backups kept for fewer days, by one call. Its way back keeps more days again from then on; what was older than `after` in between is gone. */
export function shorterBackups(subject: Subject, { change, type, why }: Shortened): Action {
  const id = actionId(subject);
  const { resource } = subject;
  const [before, after] = [inDays(change.before.days), inDays(change.after.days)];
  const description = `keep backups of ${resource.id} for ${after}`;
  return {
    id,
    rule: subject.rule,
    phase: 3,
    region: resource.region,
    resource,
    summary: `${resource.id}: keep backups for ${after} instead of ${before}`,
    steps: [{ kind: "change", id: `${id}#forward:retention`, change, description }],
    rollback: [
      {
        kind: "change",
        id: `${id}#rollback:retention`,
        change: inverse(change),
        description: `keep backups of ${resource.id} for ${before} again, from now on`,
      },
    ],
    reversibility: "irreversible",
    undoMinutes: minutesOf(changeSeconds.backupRetention),
    cannotComeBack: `backups of ${resource.id} older than ${after}`,
    approval: { why },
    disruptions: [],
    writeBack: [{ type, id: resource.id, property: "backupRetentionDays", operation: "set", value: change.after.days }],
  };
}

export function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
