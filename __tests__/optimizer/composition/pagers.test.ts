import { afterEach, describe, expect, it, vi } from "vitest";
import { createPagers, type PagerParts } from "../../../optimizer/composition/pagers.ts";
import { policySchema } from "../../../optimizer/core/model/policy.ts";
import { aPage } from "../../support/a-page.ts";
import { recordingPager } from "../../support/pagers.ts";

const topic = "arn:aws:sns:us-east-1:123456789012:on-call";
const everything = { command: ["page"], webhookUrl: "https://hooks.example.com/secret", snsTopicArn: topic };

function channels(paging: object, parts: Partial<PagerParts> = {}) {
  return createPagers(policySchema.parse({ paging }).paging, {
    purpose: "begin",
    isSimulated: false,
    storedWebhookUrl: () => Promise.resolve("https://hooks.example.com/secret"),
    snsPager: () => Promise.resolve(recordingPager("sns")),
    ...parts,
  });
}

const names = async (made: ReturnType<typeof channels>): Promise<readonly string[]> => (await made).map(({ channel }) => channel);

afterEach(() => vi.unstubAllEnvs());

describe("the channels of a policy", () => {
  it("are none unless one is named", async () => {
    expect(await names(channels({}))).toEqual([]);
  });

  it("are all that are named, for a real account", async () => {
    expect(await names(channels(everything))).toEqual(["sns", "command", "webhook"]);
  });

  it("are the topic alone for a simulated account, unless the policy says otherwise", async () => {
    expect(await names(channels(everything, { isSimulated: true }))).toEqual(["sns"]);
    expect(await names(channels({ ...everything, fromSimulated: true }, { isSimulated: true }))).toEqual(["sns", "command", "webhook"]);
  });

  it("refuse to begin where the variable of the webhook is not set, or holds no such URL", async () => {
    await expect(channels({ webhookUrlFrom: "PAGING_TEST_URL" })).rejects.toMatchObject({
      code: "webhook-unset",
      message: expect.stringContaining("is not set"),
    });
    vi.stubEnv("PAGING_TEST_URL", "http://hooks.example.com/secret");
    const refused = await channels({ webhookUrlFrom: "PAGING_TEST_URL" }).then(String, (error: Error) => error.message);
    expect(refused).toContain("holds no https URL");
    expect(refused).not.toContain("secret");
    vi.stubEnv("PAGING_TEST_URL", "https://hooks.example.com/secret");
    expect(await names(channels({ webhookUrlFrom: "PAGING_TEST_URL" }))).toEqual(["webhook"]);
  });

  it("keep no run from going on: one that cannot work fails when it is used, and says why", async () => {
    const [pager] = await channels({ webhookUrlFrom: "PAGING_TEST_URL" }, { purpose: "go-on" });
    await expect(pager?.send(aPage())).rejects.toThrow("names PAGING_TEST_URL, which is not set");
    const [gone] = await channels({ webhookUrl: everything.webhookUrl }, { purpose: "go-on", storedWebhookUrl: () => Promise.resolve(undefined) });
    await expect(gone?.send(aPage())).rejects.toThrow("no longer lies beside the stored plan");
  });
});
