import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transitionBefore } from "../../constructs/storage/bucket-lifecycle.ts";

describe("objects that expire", () => {
  it.each([1, 30, 31, 59])("after %i days stay where they are", (days) => {
    expect(transitionBefore(days)).toBeUndefined();
  });

  it("later move as early as S3 lets them, and have a month left there", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 3650 }), (days) => {
        expect(transitionBefore(days)).toEqual({ storageClass: "STANDARD_IA", afterDays: 30 });
      }),
    );
  });
});
