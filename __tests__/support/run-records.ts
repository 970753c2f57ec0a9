import type { ChangeOf } from "../../optimizer/core/levers/change-kinds.ts";
import type { RecordOf, RecordType } from "../../optimizer/core/model/journal-record.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import type { AccountAtWork } from "./account-at-work.ts";
import { healthy, type SlotTraffic, type TestAccount } from "./in-memory-ports.ts";
import { buildTestPlan, groupAction, groupPhase } from "./plan-builder.ts";

/** The journal's records of one type. */
export function records<T extends RecordType>(account: TestAccount, type: T): readonly RecordOf<T>[] {
  return account.records.filter((record): record is RecordOf<T> & (typeof account.records)[number] => record.type === type);
}

/** What was decided, in order, e.g. `us-west-2 breach`. */
export function decisions(account: TestAccount): readonly string[] {
  return records(account, "DECISION").map(({ region, body }) => `${region ?? "all"} ${body.kind}${body.kind === "phase-closed" ? ` ${body.result}` : ""}`);
}

export function refreshOf(region: string): ChangeOf<"asg.instance-refresh"> {
  const step = groupAction(region).steps.at(-1);
  if (step?.kind !== "change" || step.change.kind !== "asg.instance-refresh") throw new Error("the group's last step is its refresh");
  return step.change;
}

/** Slow once the region runs on the small type. */
export function slowWhenSmall(region: string, factor = 3) {
  return (asked: string, ms: number, aws: AccountAtWork): SlotTraffic => {
    return asked === region && aws.valueAt(refreshOf(region), ms).instanceType === "m5.2xlarge" ? { ...healthy, p99Seconds: 0.1 * factor } : healthy;
  };
}

/** A plan with nothing but the phase of the groups. */
export function groupsOnly(policy: Record<string, unknown> = {}): Plan {
  return buildTestPlan({ phases: groupPhase, policy });
}
