import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import { attachable } from "../../../optimizer/composition/attachable.ts";
import { topics } from "../../../simulation/services/sns/service.ts";
import { openAccount, type SimulatedAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import { accountScenario } from "../../support/simulated-clients.ts";
import { fixtureStacks } from "../../support/terraform-fixture.ts";

const topicArn = "arn:aws:sns:us-east-1:123456789012:on-call";

function accountWithTopic(store = createMemoryAccountStore()): SimulatedAccount {
  const account = openAccount(accountScenario(), store);
  const stacks = structuredClone(fixtureStacks()) as { primary: { resource: Record<string, Record<string, object>> } };
  stacks.primary.resource["aws_sns_topic"] = { "on-call": { name: "on-call" } };
  account.deploy(stacks);
  return account;
}

function publish(account: SimulatedAccount, input: Partial<ConstructorParameters<typeof PublishCommand>[0]>, region = "us-east-1") {
  const client = new SNSClient({ region, maxAttempts: 1, credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" } });
  account.attach(attachable(client), region);
  return client.send(new PublishCommand({ TopicArn: topicArn, Message: "hello", ...input }));
}

describe("Publish", () => {
  it("keeps the message with its topic, and keeps it when the account is opened again", async () => {
    const store = createMemoryAccountStore();
    const { MessageId } = await publish(accountWithTopic(store), { Subject: "s", Message: JSON.stringify({ default: "d" }), MessageStructure: "json" });
    expect(MessageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const again = openAccount(accountScenario(), store);
    expect(again.state.of(topics).get("us-east-1", "on-call")?.published).toMatchObject([{ id: MessageId, subject: "s", message: '{"default":"d"}' }]);
  });

  it.each([
    ["a subject of 100 characters", { Subject: "s".repeat(100) }, "Invalid parameter: Subject"],
    ["a subject of two lines", { Subject: "one\ntwo" }, "Invalid parameter: Subject"],
    ["an empty subject", { Subject: "" }, "Invalid parameter: Subject"],
    ["an empty message", { Message: "" }, "Invalid parameter: Empty message"],
    ["a message of more than 256 KB, counted in bytes", { Message: "é".repeat(131_073) }, "Invalid parameter: Message too long"],
    ["what is no topic", { TopicArn: "arn:aws:sqs:us-east-1:123456789012:on-call" }, "Invalid parameter: TopicArn"],
    ["texts by protocol without a default", { MessageStructure: "json", Message: '{"email":"e"}' }, "No default entry"],
    ["texts by protocol that are no JSON", { MessageStructure: "json", Message: "hello" }, "failed to parse"],
    ["an unknown structure", { MessageStructure: "xml" }, "Invalid parameter: MessageStructure"],
  ])("refuses %s", async (_what, input, words) => {
    await expect(publish(accountWithTopic(), input)).rejects.toMatchObject({ name: "InvalidParameterException", message: expect.stringContaining(words) });
  });

  it("takes a subject of 99 characters and a message of exactly 256 KB", async () => {
    await expect(publish(accountWithTopic(), { Subject: "s".repeat(99), Message: "x".repeat(262_144) })).resolves.toBeDefined();
  });

  it.each([
    ["that no stack has", { TopicArn: `${topicArn}-2` }, "us-east-1"],
    ["of another account", { TopicArn: topicArn.replace("123456789012", "210987654321") }, "us-east-1"],
    ["of another region than the client's", {}, "us-west-2"],
  ])("answers that a topic %s does not exist", async (_what, input, region) => {
    await expect(publish(accountWithTopic(), input, region)).rejects.toMatchObject({ name: "NotFoundException", message: "Topic does not exist" });
  });
});
