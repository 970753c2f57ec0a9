import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalCopy, canonicalJson, jsonPartsOf, sameJson } from "../../contract/canonical-json.ts";

/** The same by way of a copy whose names are sorted. */
function ofSortedCopy(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const names = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(names.map(([name, member]) => [name, sorted(member)]));
}

const name = fc.oneof(fc.string(), fc.constantFrom("10", "9", "1a", "01", "-1", "$", "Z", "a", "__proto__", "4294967295", "4294967294"));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ withCrossShrink: true }, tie("leaf"), tie("list"), tie("members")),
  leaf: fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined, Number.NaN, -0)),
  list: fc.array(tie("value"), { maxLength: 4 }),
  members: fc.dictionary(name, tie("value"), { maxKeys: 5 }),
}));

describe("canonical JSON", () => {
  it("is read as the copy that is made without it, in the same order", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), (any) => {
        const [copy, read] = [canonicalCopy(any), JSON.parse(canonicalJson(any)) as unknown];
        expect(copy).toStrictEqual(read);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(read));
      }),
    );
  });

  it("is of the same copy wherever a large object stands, and of a copy each of equal ones", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 8 }), (action) => {
        const copy = canonicalCopy({ decisions: [{ action }], stages: [{ actions: [action, { ...action }] }] });
        const [one, equal] = copy.stages[0]?.actions ?? [];
        expect(one).toBe(copy.decisions[0]?.action);
        expect(equal).not.toBe(one);
        expect(JSON.stringify(copy)).toBe(canonicalJson({ stages: [{ actions: [action, action] }], decisions: [{ action }] }));
      }),
    );
  });

  it("is what JSON.stringify writes of a copy with sorted names", () => {
    fc.assert(
      fc.property(value, (any) => {
        expect(canonicalJson(any)).toBe(ofSortedCopy(any));
      }),
      { numRuns: 500 },
    );
  });

  it("is the same in parts", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (members) => {
        expect([...jsonPartsOf(canonicalCopy(members))].join("")).toBe(canonicalJson(members));
      }),
      { numRuns: 500 },
    );
  });

  it("gives each member of a long list a part of its own, wherever the list stands, so that no part grows with the account", () => {
    const actions = Array.from({ length: 101 }, (_, number) => ({ number, steps: [{ kind: "describe" }] }));
    const parts = [...jsonPartsOf(canonicalCopy({ phases: [{ stages: [{ actions }] }], decisions: actions, inventory: { resources: actions } }))];
    expect(parts.join("")).toBe(canonicalJson({ decisions: actions, inventory: { resources: actions }, phases: [{ stages: [{ actions }] }] }));
    expect(parts.filter((part) => part.endsWith(canonicalJson(actions[100])))).toHaveLength(3);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(2 * canonicalJson(actions[100]).length);
  });

  it("is compared without being written", () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(sameJson(one, other)).toBe(canonicalJson(one) === canonicalJson(other));
        expect(sameJson({ one }, { one, other })).toBe(canonicalJson({ one }) === canonicalJson({ one, other }));
        expect(sameJson([one, other], [one])).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("is the same of what it is read as, in whatever order the names stand", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), (any) => {
        expect(sameJson(any, JSON.parse(canonicalJson(any)))).toBe(true);
        expect(sameJson(Object.fromEntries(Object.entries(any).toReversed()), any)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ a: undefined }, {}, true],
    [{ a: null }, {}, false],
    [{ toString: null }, {}, false],
    [[undefined], [null], true],
    [Number.NaN, null, true],
    [Number.POSITIVE_INFINITY, Number.NaN, true],
    [-0, 0, true],
    [1, "1", false],
    [[], {}, false],
    [{ 0: "a" }, ["a"], false],
    [{ a: 1, b: undefined }, { a: undefined, b: 1 }, false],
    [undefined, null, false],
  ])("%j beside %j: %s", (one, other, isSame) => {
    expect([sameJson(one, other), sameJson(other, one), canonicalJson(one) === canonicalJson(other)]).toEqual([isSame, isSame, isSame]);
  });
});
