import { describe, expect, it } from "vitest";
import { redact, redactText } from "../../../../optimizer/core/model/secret-text.ts";

describe("redaction", () => {
  it.each([
    ["an access key", "user AKIAIOSFODNN7EXAMPLE is", "AKIAIOSFODNN7EXAMPLE"],
    ["a temporary access key", "ASIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"],
    ["a password in a URL", "redis://app:canary@host:6379", "canary"],
    ["an assignment", "AWS_SECRET_ACCESS_KEY=canary/x+y", "canary"],
    ["JSON in a text", '{"Password":"canary","user":"a"}', "canary"],
    ["a query", "?auth_token=canary&x=1", "canary"],
  ])("takes out %s", (_, text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain("[redacted]");
  });

  it.each([
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:tap-prod-aurora-Ab12Cd",
    "app/tap-prod-alb/50dc6c495c0c9188",
    "https://docs.aws.amazon.com/x:y",
    "cluster tap-prod is modifying",
  ])("leaves %s as it is", (text) => {
    expect(redactText(text)).toBe(text);
  });

  it("takes out members that are secret by name, at any depth, and changes nothing else", () => {
    const value = { a: [{ masterUserPassword: { x: 1 }, token: "t", n: -1, none: null }], sessionToken: "s", secret_arn: "arn:x" };
    expect(redact(value)).toEqual({
      a: [{ masterUserPassword: "[redacted]", token: "t", n: -1, none: null }],
      sessionToken: "[redacted]",
      secret_arn: "arn:x",
    });
  });
});
