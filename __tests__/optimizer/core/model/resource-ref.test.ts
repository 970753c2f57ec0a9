import { expect, it } from "vitest";
import { readTags } from "../../../../optimizer/core/model/resource-ref.ts";

it("tags that could not be read are none", () => {
  expect(readTags({ kind: "tags", tags: { Name: "web" } })).toEqual({ Name: "web" });
  expect(readTags({ kind: "unreadable", reason: "AccessDenied" })).toEqual({});
});
