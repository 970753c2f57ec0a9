import { describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { createSnsPager } from "../../../../optimizer/adapters/aws/sns-pager.ts";
import { attachable } from "../../../../optimizer/composition/attachable.ts";
import { openAccount } from "../../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../../simulation/account/store.ts";
import { topics } from "../../../../simulation/services/sns/service.ts";
import { aPage } from "../../../support/a-page.ts";
import { accountScenario } from "../../../support/simulated-clients.ts";
import { fixtureStacks } from "../../../support/terraform-fixture.ts";

const topicArn = "arn:aws:sns:us-east-1:123456789012:on-call";

function accountAndClients() {
  const account = openAccount(accountScenario(), createMemoryAccountStore());
  const stacks = structuredClone(fixtureStacks()) as { primary: { resource: Record<string, Record<string, object>> } };
  stacks.primary.resource["aws_sns_topic"] = { "on-call": { name: "on-call" } };
  account.deploy(stacks);
  const clients = createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    unsent: true,
    attach: (client, region, permit) => account.attach(attachable(client, permit), region),
  });
  return { account, clients, published: () => account.state.of(topics).get("us-east-1", "on-call")?.published ?? [] };
}

describe("a topic", () => {
  it("gets the text for people and the JSON for programs, with a subject", async () => {
    const { clients, published } = accountAndClients();
    await createSnsPager(clients, topicArn, 5_000).send(aPage());
    const [message] = published();
    expect(message?.subject).toBe("optimizer: us-west-2 breached and is rolled back (run-1780272000-1a2b3c4d)");
    const byProtocol = JSON.parse(message?.message ?? "") as Record<string, string>;
    expect(byProtocol["default"]).toBe(aPage().text);
    for (const protocol of ["https", "lambda", "sqs"]) expect(JSON.parse(byProtocol[protocol] ?? "")).toEqual(aPage());
  });

  it("takes the longest subject and message there are, and one that is not ASCII", async () => {
    const { clients, published } = accountAndClients();
    await createSnsPager(clients, topicArn, 5_000).send(aPage({ summary: `é\n${"w".repeat(300)}`, text: "é".repeat(15_000), commands: ["c".repeat(10_000)] }));
    expect(published()[0]?.subject).toMatch(/^optimizer: {2}w+\.\.\.$/);
    expect(published()[0]?.subject?.length).toBe(99);
  });

  it("is told of nothing more once the process is stopped", async () => {
    const { clients } = accountAndClients();
    await expect(createSnsPager(clients, topicArn, 5_000).send(aPage(), AbortSignal.abort())).rejects.toThrow("had not answered when this process was stopped");
  });

  it("that is gone is told in AWS's words", async () => {
    const { clients } = accountAndClients();
    await expect(createSnsPager(clients, `${topicArn}-2`, 5_000).send(aPage())).rejects.toThrow("NotFoundException: Topic does not exist");
  });
});
