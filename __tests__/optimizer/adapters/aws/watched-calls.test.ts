import { DescribeReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import { GetBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { createClientFactory, type RegionClients } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { attachable } from "../../../../optimizer/composition/attachable.ts";
import type { WatchedCall } from "../../../../optimizer/ports/calls.ts";
import { attachTo } from "../../../../simulation/account/attach.ts";

/** Clients whose calls end as a test says, and what a watch was told of them. */
function watched(answer: () => object): { readonly clients: RegionClients; readonly told: readonly WatchedCall[] } {
  const told: WatchedCall[] = [];
  const clients = createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    unsent: true,
    attach: (client) => attachTo(attachable(client), answer),
    watch: (call) => void told.push(call),
  })("eu-west-1");
  return { clients, told };
}

function refusal(name: string, message = "no", httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $fault: "client", $metadata: { httpStatusCode } });
}

async function outcomeOf(error: Error): Promise<WatchedCall | undefined> {
  const { clients, told } = watched(() => {
    throw error;
  });
  await expect(clients.elastiCache.send(new DescribeReplicationGroupsCommand({}))).rejects.toBe(error);
  return told[0];
}

describe("the watch of a reader's calls", () => {
  it("is told of an answer, under IAM's name of the call", async () => {
    const { clients, told } = watched(() => ({}));
    await clients.elastiCache.send(new DescribeReplicationGroupsCommand({}));
    await clients.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: "files" }));
    expect(told).toEqual([
      { action: "elasticache:DescribeReplicationGroups", region: "eu-west-1", outcome: "answered", detail: "" },
      { action: "s3:GetLifecycleConfiguration", region: "eu-west-1", outcome: "answered", detail: "" },
    ]);
  });

  it.each([
    ["AccessDenied", "denied"],
    ["ExpiredToken", "credentials-refused"],
    ["ReplicationGroupNotFoundFault", "answered"],
    ["InvalidParameterValue", "answered"],
    ["OptInRequired", "not-enabled"],
  ] as const)("tells %s as %s, in AWS's words, and lets it through", async (name, outcome) => {
    expect(await outcomeOf(refusal(name))).toEqual({
      action: "elasticache:DescribeReplicationGroups",
      region: "eu-west-1",
      outcome,
      detail: `${name}: no`,
    });
  });

  it("tells a Cost Explorer that nobody opened from one that is denied", async () => {
    expect(await outcomeOf(refusal("AccessDeniedException", "User not enabled for cost explorer access"))).toMatchObject({ outcome: "not-enabled" });
    expect(await outcomeOf(refusal("AccessDeniedException", "User is not authorized to perform: ce:GetCostAndUsage"))).toMatchObject({ outcome: "denied" });
  });

  it("tells a broken connection as unanswered", async () => {
    expect(await outcomeOf(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }))).toMatchObject({ outcome: "unanswered" });
  });

  it("watches no client that changes AWS", () => {
    const { clients } = watched(() => ({}));
    expect(clients.writers.elastiCache.middlewareStack.identify().join()).not.toContain("tapWatchedCalls");
    expect(clients.elastiCache.middlewareStack.identify().join()).toContain("tapWatchedCalls");
  });
});
