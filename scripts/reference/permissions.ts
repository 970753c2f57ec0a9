import { rules } from "../../optimizer/core/levers/rules.ts";
import { neededActions } from "../../optimizer/core/permissions/needed-actions.ts";
import { calledActions } from "./called-actions.ts";

export interface Permissions {
  /** Enough for `plan`, `run --dry-run`, `status` and `report`. */
  readonly read: readonly string[];
  /** Besides, for `run`, `tick`, `resume` and `rollback`. */
  readonly act: readonly string[];
}

/** What all rules together need. */
export function permissions(): Permissions {
  const { read, act, page } = neededActions(rules, calledActions());
  return { read, act: [...act, ...page].toSorted() };
}

export function policyDocument(sid: string, actions: readonly string[]): string {
  return `${JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: sid, Effect: "Allow", Action: actions, Resource: "*" }] }, null, 2)}\n`;
}
