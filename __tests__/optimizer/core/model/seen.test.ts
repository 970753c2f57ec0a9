import { expect, it } from "vitest";
import { seenOr } from "../../../../optimizer/core/model/seen.ts";

it("is what was seen, were it nothing, and what stands for it where nobody could look", () => {
  expect(seenOr({ kind: "seen", value: [7] }, [])).toEqual([7]);
  expect(seenOr<number | null>({ kind: "seen", value: null }, 1)).toBeNull();
  expect(seenOr<number | null>({ kind: "unseen", reason: "AccessDenied" }, 1)).toBe(1);
});
