import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../../optimizer/adapters/policy/read-policy.ts";
import { isWebhookUrl, shownWebhookUrl } from "../../../../optimizer/core/model/webhook-url.ts";

describe("the URL of a webhook", () => {
  it.each(["https://hooks.example.com/services/T0/B0", "http://127.0.0.1:8080/", "http://localhost/x", "http://[::1]:9/"])("may be %s", (url) => {
    expect(isWebhookUrl(url)).toBe(true);
  });

  it.each(["http://hooks.example.com/", "http://127.0.0.1.example.com/", "https://user:word@hooks.example.com/", "ftp://127.0.0.1/", "hooks.example.com", ""])(
    "may not be %s",
    (url) => {
      expect(isWebhookUrl(url)).toBe(false);
    },
  );

  it("is shown up to its host, and is a URL of its own as it is shown, so that a stored plan can be read", () => {
    const shown = shownWebhookUrl("https://hooks.example.com:8443/services/T0?key=k");
    expect(shown).toMatch(/^https:\/\/hooks\.example\.com:8443\/\[redacted [0-9a-f]{8}\]$/);
    expect(isWebhookUrl(shown)).toBe(true);
    expect(shownWebhookUrl("https://hooks.example.com:8443/services/T1?key=k")).not.toBe(shown);
  });

  it.each([
    [{ webhookUrl: "http://hooks.example.com/" }, "paging.webhookUrl: must be an https URL"],
    [{ webhookUrl: "https://a.example.com/", webhookUrlFrom: "A" }, "paging.webhookUrlFrom: stands beside webhookUrl"],
    [{ webhookUrlFrom: "not a name" }, "paging.webhookUrlFrom: must be the name of an environment variable"],
    [{ snsTopicArn: "arn:aws:sns:us-east-1:123456789012:orders.fifo" }, "paging.snsTopicArn: must be the ARN of a standard SNS topic"],
    [{ command: [] }, "paging.command: "],
    [{ timeoutSeconds: 61 }, "paging.timeoutSeconds: "],
    [{ url: "https://a.example.com/" }, "paging.url: there is no such setting"],
  ])("is refused in words where the policy says %j", (paging, words) => {
    expect(() => parsePolicy(JSON.stringify({ paging }), "optimizer.config.json")).toThrow(words);
  });
});
