import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LifecycleConfiguration, LifecycleRule } from "../../../../../optimizer/core/levers/s3/bucket.ts";
import { type Change, changeFacts } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { lifecycleState } from "../../../../../optimizer/core/levers/s3/changes.ts";
import { exchangeQuery } from "../../../../../optimizer/core/levers/s3/lifecycle-query.ts";
import {
  exchanged,
  isAboutAll,
  movedToStandardIa,
  normalized,
  obstacleTo,
  ruleWords,
  tieringRules,
  wholeBucketMove,
} from "../../../../../optimizer/core/levers/s3/lifecycle-rules.ts";
import { aTieringRule, oldVersions } from "../../../../support/buckets.ts";
import { queried } from "../../../../support/jmespath.ts";

const configured = (...rules: readonly LifecycleRule[]): LifecycleConfiguration => ({ rules });
const tiering = { Days: 0, StorageClass: "INTELLIGENT_TIERING" };
const expiring = (Days: number, Prefix = ""): LifecycleRule => ({ ID: "expire", Status: "Enabled", Filter: { Prefix }, Expiration: { Days } });
const moving = (Days: number | undefined, Prefix = ""): LifecycleRule => ({
  ID: "onwards",
  Status: "Enabled",
  Filter: { Prefix },
  Transitions: [{ ...(Days === undefined ? { Date: "2027-01-01T00:00:00.000Z" } : { Days }), StorageClass: "GLACIER_IR" }],
});

const without = (name: keyof LifecycleRule, { [name]: _value, ...rest }: LifecycleRule): LifecycleRule => rest as LifecycleRule;

describe("rules that are put in place of others", () => {
  const named = (ID: string, Days: number, rest: Partial<LifecycleRule> = {}): LifecycleRule => ({
    ID,
    Status: "Enabled",
    Filter: { Prefix: "" },
    Expiration: { Days },
    ...rest,
  });
  const old = (rule: LifecycleRule): LifecycleRule => ({ ...without("Filter", rule), Prefix: "" });
  const put = (present: readonly LifecycleRule[], from: readonly LifecycleRule[], to: readonly LifecycleRule[]): unknown => {
    const query = exchangeQuery(from, to);
    if (query === undefined) throw new Error("there is a query");
    return queried({ Rules: present }, query);
  };

  it("are exchanged by name, each in its place; what somebody else changed is told instead", () => {
    const theirs = named("theirs", 90);
    expect(put([theirs, named("a", 30)], [named("a", 30)], [named("a", 60)])).toEqual({ Rules: [theirs, named("a", 60)] });
    expect(put([named("a", 31)], [named("a", 30)], [named("a", 60)])).toEqual({
      Rules: "nothing is put, since somebody else changed the rule that is to be put back: a",
    });
  });

  it.each<readonly [string, Partial<LifecycleRule>]>([
    ["a filter that says nothing", { Filter: {} }],
    ["no filter and no prefix", {}],
    ["the prefix of old", { Prefix: "" }],
    ["several conditions, of which none is a prefix", { Filter: { And: { ObjectSizeGreaterThan: 5, Tags: [{ Key: "a", Value: "b" }] } } }],
  ])("are found among those that are about objects without a prefix, in whichever form they say so: %s", (_, form) => {
    const [found, asLeft] = [
      { ...without("Filter", named("a", 30)), ...form },
      { ...without("Filter", named("a", 30)), ...form },
    ];
    expect(put([found], [asLeft], [named("a", 60)])).toEqual({ Rules: [named("a", 60)] });
    expect(put([{ ...found, Filter: { Prefix: "logs/" } }], [asLeft], [named("a", 60)])).toEqual({ Rules: expect.stringContaining("nothing is put") });
  });

  it("are found in whichever form they say the same, and keep what somebody else says beside them", () => {
    const forms: readonly Partial<LifecycleRule>[] = [{ Filter: { Prefix: "" } }, { Filter: {} }, { Prefix: "" }, {}];
    const formed = (form: Partial<LifecycleRule>): LifecycleRule => ({ ...without("Filter", named("a", 30)), ...form });
    for (const asLeft of forms)
      for (const found of forms)
        expect(put([formed(found)], [formed(asLeft)], [named("a", 60)]), JSON.stringify([found, asLeft])).toEqual({ Rules: [named("a", 60)] });
  });

  it("get the form that S3 takes beside others, though they say the same", () => {
    expect(put([old(named("a", 30))], [old(named("a", 30))], [named("a", 30)])).toEqual({ Rules: [named("a", 30)] });
  });

  it.each<readonly [string, readonly LifecycleRule[], readonly LifecycleRule[]]>([
    ["one comes", [named("a", 30)], [named("a", 30), named("b", 30)]],
    ["one goes", [named("a", 30), named("b", 30)], [named("a", 30)]],
    ["one comes and another changes", [named("a", 30)], [named("a", 60), named("b", 30)]],
    ["one goes and another changes", [named("a", 30), named("b", 30)], [named("a", 60)]],
    ["one takes another's place", [named("a", 30)], [named("b", 30)]],
    ["one has no name", [without("ID", named("a", 30))], [without("ID", named("a", 60))]],
    ["all are as they were", [named("a", 30)], [named("a", 30)]],
  ])("are written out as a whole where %s, with the default size where that is known", (_, from, to) => {
    expect(exchangeQuery(from, to)).toBeUndefined();
    const size = { minimumObjectSize: "varies_by_storage_class" };
    const change = (rest: Partial<LifecycleConfiguration>): Change => ({
      kind: "s3.lifecycle",
      region: "us-east-1",
      bucket: "data",
      before: lifecycleState({ rules: from, ...rest }),
      after: lifecycleState({ rules: to, ...rest }),
    });
    const command = (rest: Partial<LifecycleConfiguration>) => changeFacts<Change>(change(rest)).command(change(rest));
    const put = `aws s3api put-bucket-lifecycle-configuration --region us-east-1 --bucket data --lifecycle-configuration '${JSON.stringify({ Rules: to })}'`;
    expect(command({})).toBe(put);
    expect(command(size)).toBe(`${put} --transition-default-minimum-object-size varies_by_storage_class`);
  });

  it("are nobody's to exchange where somebody gave another rule the name of one that is to come", () => {
    const [from, to] = [[named("a", 30)], [named("b", 30)]];
    expect(exchanged([named("a", 30)], from, to)).toEqual([named("b", 30)]);
    expect(exchanged([named("a", 30), named("b", 90)], from, to)).toBeUndefined();
    // One of two names that are to come is enough.
    expect(exchanged([named("a", 30), named("c", 90)], from, [named("b", 30), named("c", 30)])).toBeUndefined();
  });
});

describe("what stands against Standard-IA", () => {
  it.each<[string, LifecycleConfiguration, string | undefined]>([
    ["nothing", configured(oldVersions, aTieringRule()), undefined],
    [
      "a transition on a date",
      configured(aTieringRule({ Transitions: [{ Date: "2027-01-01T00:00:00.000Z", StorageClass: "INTELLIGENT_TIERING" }] })),
      "on a date",
    ],
    [
      "Standard-IA before",
      configured(
        aTieringRule({
          Transitions: [
            { Days: 30, StorageClass: "STANDARD_IA" },
            { ...tiering, Days: 90 },
          ],
        }),
      ),
      "STANDARD_IA, too",
    ],
    [
      "an archive within the 30 days that are billed",
      configured(aTieringRule({ Transitions: [tiering, { Days: 59, StorageClass: "GLACIER" }] })),
      "on to GLACIER",
    ],
    ["an archive after them", configured(aTieringRule({ Transitions: [tiering, { Days: 60, StorageClass: "GLACIER" }] })), undefined],
    ["an end on a date", configured(aTieringRule({ Expiration: { Date: "2027-01-01T00:00:00.000Z" } })), "deletes objects"],
    ["the end of delete markers alone", configured(aTieringRule({ Expiration: { ExpiredObjectDeleteMarker: true } })), undefined],
    ["an end within them", configured(aTieringRule({ Expiration: { Days: 59 } })), "deletes objects"],
    ["an end after them", configured(aTieringRule({ Expiration: { Days: 60 } })), undefined],
    ["another rule's end", configured(aTieringRule(), expiring(45)), "rule expire deletes"],
    ["another rule's end, of a part of it", configured(aTieringRule(), expiring(45, "tmp/")), "rule expire deletes"],
    [
      "another rule's end, of all under a shorter prefix",
      configured(aTieringRule({ Filter: { Prefix: "video/raw/" } }), expiring(45, "vid")),
      "rule expire deletes",
    ],
    ["another rule's end, whose prefix ends with its own", configured(aTieringRule({ Filter: { Prefix: "raw/" } }), expiring(45, "video/raw/")), undefined],
    ["the end of other objects", configured(aTieringRule({ Filter: { Prefix: "video/" } }), expiring(45, "tmp/")), undefined],
    ["another rule's move within them", configured(aTieringRule(), moving(59)), "rule onwards moves objects of rule storage-class to another class"],
    ["another rule's move of a part of it", configured(aTieringRule(), moving(45, "tmp/")), "rule onwards moves"],
    ["another rule's move on a date", configured(aTieringRule(), moving(undefined)), "rule onwards moves"],
    ["another rule's move after them", configured(aTieringRule(), moving(60)), undefined],
    ["another rule's move of other objects", configured(aTieringRule({ Filter: { Prefix: "video/" } }), moving(45, "tmp/")), undefined],
    ["another rule's move that is turned off", configured(aTieringRule(), { ...moving(45), Status: "Disabled" }), undefined],
    ["an end that is turned off", configured(aTieringRule(), { ...expiring(45), Status: "Disabled" }), undefined],
    ["small objects that its filter lets in", configured(aTieringRule({ Filter: { ObjectSizeGreaterThan: 1000 } })), "less than 128 KB"],
    ["small objects alone", configured(aTieringRule({ Filter: { ObjectSizeLessThan: 1_000_000 } })), "less than 128 KB"],
    ["an archive on a date", configured(aTieringRule({ Transitions: [tiering, { Date: "2027-01-01T00:00:00.000Z" }] })), "on to another class"],
    [
      "a date of a rule without a name",
      configured(without("ID", aTieringRule({ Transitions: [tiering, tiering] }))),
      "rule without a name moves objects on a date",
    ],
    ["one zone alone before", configured(aTieringRule({ Transitions: [tiering, { Days: 90, StorageClass: "ONEZONE_IA" }] })), "ONEZONE_IA, too"],
    ["large objects alone", configured(aTieringRule({ Filter: { ObjectSizeGreaterThan: 131_071 } })), undefined],
  ])("%s", (_, configuration, told) => {
    if (told === undefined) expect(obstacleTo(configuration, 30)).toBeUndefined();
    else expect(obstacleTo(configuration, 30)).toContain(told);
  });
});

describe("rules", () => {
  const bare: LifecycleRule = { Status: "Enabled", Transitions: [tiering] };

  it("keep what they move on to later, after Standard-IA", () => {
    const onwards = { Days: 400, StorageClass: "GLACIER" };
    for (const Transitions of [
      [tiering, onwards],
      [onwards, tiering],
    ])
      expect(movedToStandardIa(configured({ ...bare, Transitions }), 30).rules).toMatchObject([
        { Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }, onwards] },
      ]);
  });

  it("without a filter are about all objects, and get one", () => {
    expect(isAboutAll(bare)).toBe(true);
    expect(movedToStandardIa(configured(bare), 30).rules).toEqual([
      { Status: "Enabled", Filter: { Prefix: "" }, Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }] },
    ]);
  });

  it("that say the same are the same whichever comes first", () => {
    expect(normalized(configured(oldVersions, bare, oldVersions))).toEqual(normalized(configured(bare, oldVersions, oldVersions)));
  });

  it.each([
    [bare, "without a name"],
    [{ ...bare, Filter: { Prefix: "video/" } }, "without a name (under video/)"],
    [{ ...bare, ID: "large", Filter: { ObjectSizeGreaterThan: 1 } }, "large (some objects)"],
  ])("are told by name and by what they are about: %#", (rule, words) => {
    expect(ruleWords(rule)).toBe(words);
  });
});

describe("rules that were moved to Standard-IA", () => {
  const ruleArb: fc.Arbitrary<LifecycleRule> = fc
    .record({
      name: fc.string({ minLength: 1, maxLength: 8 }),
      Status: fc.constantFrom("Enabled", "Disabled"),
      prefix: fc.string({ maxLength: 4 }),
      isLegacy: fc.boolean(),
      moves: fc.uniqueArray(fc.record({ Days: fc.nat(400), StorageClass: fc.constantFrom("INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE") }), {
        selector: ({ StorageClass }) => StorageClass,
      }),
    })
    .map(({ name, Status, prefix, isLegacy, moves }) => ({
      ID: name,
      Status,
      ...(isLegacy ? { Prefix: prefix } : { Filter: { Prefix: prefix } }),
      Transitions: moves,
      Expiration: { Days: 1000 },
    }));

  it("keep every other rule, all that a rule says besides, their order and the minimum size; each has a filter and none the prefix of old", () => {
    fc.assert(
      fc.property(fc.array(ruleArb, { maxLength: 6 }), fc.constantFrom(undefined, "varies_by_storage_class"), (rules, size) => {
        const before = { rules, ...(size === undefined ? {} : { minimumObjectSize: size }) };
        const after = movedToStandardIa(before, 30);
        expect(after.minimumObjectSize).toBe(size);
        expect(after.rules.map(({ ID, Status, Expiration }) => ({ ID, Status, Expiration }))).toEqual(
          rules.map(({ ID, Status, Expiration }) => ({ ID, Status, Expiration })),
        );
        expect(after.rules.every(({ Filter, Prefix }) => Filter !== undefined && Prefix === undefined)).toBe(true);
        expect(tieringRules(after)).toEqual([]);
        const untouched = rules.filter((rule) => !tieringRules(before).includes(rule));
        const kept = after.rules.filter((_, at) => untouched.includes(rules[at]!));
        expect(normalized({ rules: kept })).toEqual(normalized({ rules: untouched }));
      }),
    );
  });

  it("are the same whatever their order", () => {
    fc.assert(
      fc.property(fc.array(ruleArb, { maxLength: 6 }), (rules) => {
        expect(normalized({ rules: rules.toReversed() })).toEqual(normalized({ rules }));
      }),
    );
  });

  it("differ by the minimum size, a filter, and a number of days", () => {
    const one = normalized({ rules: [aTieringRule()], minimumObjectSize: "all_storage_classes_128K" });
    expect(normalized({ rules: [aTieringRule()], minimumObjectSize: "varies_by_storage_class" })).not.toEqual(one);
    expect(normalized({ rules: [aTieringRule({ Filter: { Prefix: "a" } })], minimumObjectSize: "all_storage_classes_128K" })).not.toEqual(one);
    expect(normalized({ rules: [aTieringRule({ Transitions: [{ ...tiering, Days: 1 }] })], minimumObjectSize: "all_storage_classes_128K" })).not.toEqual(one);
    expect(normalized({ rules: [aTieringRule({ Filter: {} })], minimumObjectSize: "all_storage_classes_128K" })).toEqual(one);
  });

  it("say in a sizing file's words where all objects move to, where one move does", () => {
    expect(wholeBucketMove(movedToStandardIa(configured(oldVersions, aTieringRule()), 30))).toEqual({ storageClass: "STANDARD_IA", afterDays: 30 });
    expect(wholeBucketMove(configured(oldVersions))).toBeNull();
    expect(wholeBucketMove(configured(aTieringRule({ Filter: { Tag: { Key: "a", Value: "b" } } })))).toBeNull();
    expect(wholeBucketMove(configured(aTieringRule(), aTieringRule({ ID: "other" })))).toBeNull();
    expect(wholeBucketMove(configured(aTieringRule({ Transitions: [tiering, { Days: 90, StorageClass: "GLACIER" }] })))).toBeNull();
  });
});
