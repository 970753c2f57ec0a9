import { describe, expect, it } from "vitest";
import { onTopOfOthers, standingOf } from "../../../../../optimizer/core/execution/classify-state.ts";
import { type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import type { LifecycleRule } from "../../../../../optimizer/core/levers/s3/bucket.ts";
import { lifecycleState } from "../../../../../optimizer/core/levers/s3/changes.ts";
import { movedToStandardIa } from "../../../../../optimizer/core/levers/s3/lifecycle-rules.ts";
import { aTieringRule, oldVersions } from "../../../../support/buckets.ts";

const minimumObjectSize = "all_storage_classes_128K";
const { Filter: _, ...withoutFilter } = oldVersions;
const prior = { rules: [aTieringRule(), oldVersions], minimumObjectSize };
const ours = movedToStandardIa(prior, 30);
const theirs: LifecycleRule = { ID: "theirs", Status: "Enabled", Filter: { Prefix: "exports/" }, Expiration: { Days: 90 } };
const wayBack: ChangeOf<"s3.lifecycle"> = inverse({
  kind: "s3.lifecycle",
  region: "us-east-1",
  bucket: "data",
  before: lifecycleState(prior),
  after: lifecycleState(ours),
});

function met(rules: readonly LifecycleRule[], size = minimumObjectSize) {
  const state = { kind: "settled", value: lifecycleState({ rules, minimumObjectSize: size }) } as const;
  const change = onTopOfOthers(wayBack, state);
  return { change, standing: standingOf(change, state), isAsPlanned: change === wayBack };
}

describe("the way back of a bucket's rules", () => {
  it("is as it was planned where nobody else was there", () => {
    expect(met(ours.rules)).toMatchObject({ standing: "before", isAsPlanned: true });
    expect(met(prior.rules)).toMatchObject({ standing: "after", isAsPlanned: true });
  });

  it("keeps a rule that somebody added, in its place", () => {
    const { change, standing } = met([theirs, ...ours.rules]);
    expect(standing).toBe("before");
    expect(change.after.rules).toEqual([theirs, ...prior.rules]);
    expect(met([theirs, ...prior.rules])).toMatchObject({ standing: "after" });
  });

  it("brings no rule back that somebody removed, and leaves the minimum size that somebody set", () => {
    expect(met(ours.rules.slice(0, 1)).change.after.rules).toEqual(prior.rules.slice(0, 1));
    expect(met(ours.rules, "varies_by_storage_class").change.after).toMatchObject({ minimumObjectSize: "varies_by_storage_class" });
  });

  it("gives each rule a filter, since S3 takes no mixture with the prefix of old", () => {
    const { change } = met([...ours.rules.slice(0, 1), { ...withoutFilter, Prefix: "" }, theirs]);
    expect(change.after.rules.map(({ Filter, Prefix }) => [Filter?.Prefix, Prefix])).toEqual([
      ["", undefined],
      ["", undefined],
      ["exports/", undefined],
    ]);
  });

  it.each<[string, readonly LifecycleRule[]]>([
    ["changed ours", [aTieringRule({ Transitions: [{ Days: 60, StorageClass: "STANDARD_IA" }] }), oldVersions]],
    ["removed ours", [oldVersions]],
    ["gave ours another filter", [{ ...ours.rules[0]!, Filter: { Prefix: "a/" } }, oldVersions]],
  ])("is nobody's to guess where somebody %s", (_words, rules) => {
    expect(met(rules)).toMatchObject({ standing: "foreign", isAsPlanned: true });
  });

  it("is as it was planned where rules have no names, or the change itself is of the minimum size", () => {
    const nameless = (rules: readonly LifecycleRule[]) => rules.map(({ ID: _id, ...rule }) => rule);
    const change = { ...wayBack, before: lifecycleState({ rules: nameless(ours.rules) }), after: lifecycleState({ rules: nameless(prior.rules) }) };
    const state = { kind: "settled", value: lifecycleState({ rules: [...nameless(ours.rules), theirs] }) } as const;
    expect(onTopOfOthers(change, state)).toBe(change);
    const sized = { ...wayBack, after: { ...wayBack.after, minimumObjectSize: "varies_by_storage_class" } };
    expect(onTopOfOthers(sized, { kind: "settled", value: lifecycleState({ rules: [...ours.rules, theirs], minimumObjectSize }) })).toBe(sized);
  });
});
