import type { Inventory } from "../levers/resource-kinds.ts";
import type { ResourceKind } from "../model/resource-ref.ts";
import type { Skip } from "../model/rule.ts";
import type { RuleId } from "../model/rule-id.ts";
import { skip } from "./skip.ts";

/** A skip for every resource of the rule's kind that the outputs name and AWS could not describe. */
export function undescribedSkips(rule: RuleId, kind: ResourceKind, { undescribed }: Inventory): readonly Skip[] {
  return undescribed
    .filter(({ ref }) => ref.kind === kind)
    .map(({ ref, reason, detail }) => skip({ rule, resource: ref }, reason === "not-found" ? "not-found" : "unreadable", detail));
}
