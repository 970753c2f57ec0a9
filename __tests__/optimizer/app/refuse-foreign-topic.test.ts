import { describe, expect, it } from "vitest";
import { refuseForeignTopic } from "../../../optimizer/app/refuse-foreign-topic.ts";
import { policySchema } from "../../../optimizer/core/model/policy.ts";

const identity = { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/operator/x" };

function refuse(snsTopicArn?: string): () => void {
  return () => refuseForeignTopic(policySchema.parse({ paging: snsTopicArn === undefined ? {} : { snsTopicArn } }).paging, identity);
}

describe("a topic for paging", () => {
  it("may be any of the account's, in any region, or none", () => {
    expect(refuse("arn:aws:sns:eu-west-1:123456789012:on-call")).not.toThrow();
    expect(refuse()).not.toThrow();
  });

  it.each(["arn:aws:sns:us-east-1:210987654321:on-call", "arn:aws-cn:sns:cn-north-1:123456789012:on-call"])(
    "of another account or partition is refused: %s",
    (arn) => {
      expect(refuse(arn)).toThrow("the credentials are of 123456789012 (aws)");
    },
  );
});
