import { expect, it } from "vitest";
import { actionId, skip } from "../../../../optimizer/core/sizing/skip.ts";
import { sampleProposal } from "../../../support/sample-run.ts";
import { aTable } from "../../../support/world.ts";

const whole = { rule: "dynamodb.unused-gsi", resource: aTable().ref } as const;
const part = { ...whole, part: "by-email" };

it("a skip says why, of which part where it has several, and on what it rests", () => {
  const { evidence, refused } = sampleProposal();
  const plain = { kind: "skip", ...whole, code: "still-read", detail: "it is read", evidence: [], refused: [] };
  expect(skip(whole, "still-read", "it is read")).toStrictEqual(plain);
  expect(skip(part, "still-read", "it is read", { evidence, refused })).toStrictEqual({ ...plain, part: "by-email", evidence, refused });
  // A proposal is about what its rule proposed, and brings nothing else along.
  expect(Object.keys(skip(sampleProposal(), "still-read", "it is read"))).toEqual(Object.keys(plain));
});

it("an action is named by its rule, region and resource, and by the part of it", () => {
  expect(actionId(whole)).toBe("dynamodb.unused-gsi:us-east-1:tenants");
  expect(actionId(part)).toBe("dynamodb.unused-gsi:us-east-1:tenants:by-email");
});
