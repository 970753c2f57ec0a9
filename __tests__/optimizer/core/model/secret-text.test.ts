import { describe, expect, it } from "vitest";
import { redact, redactTags, redactText } from "../../../../optimizer/core/model/secret-text.ts";

describe("redaction", () => {
  it.each([
    ["an access key", "user AKIAIOSFODNN7EXAMPLE is", "AKIAIOSFODNN7EXAMPLE"],
    ["a temporary access key", "ASIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"],
    ["a password in a URL", "redis://app:canary@host:6379", "canary"],
    ["a GitHub token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_"],
    ["a fine-grained GitHub token", "github_pat_11ABCDEFG0123456789abcdef", "github_pat_"],
    ["a GitLab token", "glpat-abcdefghijklmnop1234", "glpat-"],
    ["a Slack token", "xoxb-1234567890-abc", "xoxb-"],
    ["a Stripe key", "rk_live_abcdefghijkl", "rk_live"],
    ["an npm token", "npm_abcdefghijklmnopqrstuvwxyz0123456789", "npm_"],
    ["a Google key", "AIzaabcdefghijklmnopqrstuvwxyz0123456789", "AIza"],
    ["a session token", "session-token, aws_session_token: canary", "canary"],
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

  it("copies nothing that holds no secret", () => {
    const plain = { list: [{ id: "a" }], text: "nothing" };
    expect(redact(plain)).toBe(plain);
    const mixed = { plain, list: ["AKIAIOSFODNN7EXAMPLE", plain] };
    const shown = redact(mixed);
    expect(shown).toEqual({ plain, list: ["[redacted]", plain] });
    expect([shown.plain, shown.list[1]]).toEqual([expect.toSatisfy((each) => each === plain), expect.toSatisfy((each) => each === plain)]);
    expect(mixed.list[0]).toBe("AKIAIOSFODNN7EXAMPLE");
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

describe("tags", () => {
  it.each([
    ["ApiKey", "9f8e7d6c5b4a"],
    ["db-password", "hunter2"],
    ["app:secret", "s3cr3t"],
    ["GITHUB_TOKEN", "abcdef"],
    ["connection string", "host=x"],
    ["note", "key AKIAIOSFODNN7EXAMPLE"],
    ["webhook", "https://user:pw@example.com"],
    ["deploy", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
    ["session", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
    ["pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"],
  ])("lose what looks like a secret and keep their key: %s", (key, value) => {
    const read = redactTags({ kind: "tags", tags: { [key]: value } });
    expect(read).toMatchObject({ tags: { [key]: expect.stringContaining("[redacted]") } });
    expect(JSON.stringify(read)).not.toContain(value);
  });

  it.each([
    ["Name", "tap-prod"],
    ["tenant-secret-store", ""],
    ["SecretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:tap-Ab12Cd"],
    ["password-rotation", "true"],
    ["token-ttl-days", "30"],
    ["Environment", "production"],
  ])("keep what is none: %s", (key, value) => {
    expect(redactTags({ kind: "tags", tags: { [key]: value } })).toEqual({ kind: "tags", tags: { [key]: value } });
  });

  it("that could not be read stay unreadable, which counts as a tenant's", () => {
    expect(redactTags({ kind: "unreadable", reason: "denied" })).toEqual({ kind: "unreadable", reason: "denied" });
  });
});
