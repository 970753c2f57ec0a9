import { fc, it } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { transitionBefore } from "../../constructs/storage/bucket-lifecycle.ts";

describe("objects that expire", () => {
  it.each([1, 30, 31, 59])("after %i days stay where they are", (days) => {
    expect(transitionBefore(days)).toBeUndefined();
  });

  it.prop([fc.integer({ min: 60, max: 3650 })])("later move as early as S3 lets them, and have a month left there", (days) => {
    expect(transitionBefore(days)).toEqual({ storageClass: "STANDARD_IA", afterDays: 30 });
  });
});
