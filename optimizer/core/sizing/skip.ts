import type { ResourceRef } from "../model/resource-ref.ts";
import type { Candidate, Evidence, Skip, SkipCode } from "../model/rule.ts";
import type { RuleId } from "../model/rule-id.ts";

/** Which decision it is about: the rule, the resource, and a part of it where it has several. */
export interface Subject {
  readonly rule: RuleId;
  readonly resource: ResourceRef;
  readonly part?: string;
}

/** A skip says as much as a proposal: why, in words with figures, on which evidence, and what was examined and refused. */
export function skip(
  { rule, resource, part }: Subject,
  code: SkipCode,
  detail: string,
  seen: { readonly evidence?: readonly Evidence[]; readonly refused?: readonly Candidate[] } = {},
): Skip {
  return {
    kind: "skip",
    rule,
    resource,
    ...(part === undefined ? {} : { part }),
    code,
    detail,
    evidence: seen.evidence ?? [],
    refused: seen.refused ?? [],
  };
}

/** `<rule>:<region>:<resource id>`, plus `:<part>` where a resource has several. */
export function actionId({ rule, resource, part }: Subject): string {
  return [rule, resource.region, resource.id, ...(part === undefined ? [] : [part])].join(":");
}
