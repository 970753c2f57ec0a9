import { describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { resourceAdapters } from "../../../../optimizer/adapters/aws/resource-adapters.ts";
import { createResourceReader } from "../../../../optimizer/adapters/aws/resource-reader.ts";
import { attachable } from "../../../../optimizer/composition/attachable.ts";
import type { ResourceKind } from "../../../../optimizer/core/model/resource-ref.ts";
import { attachTo } from "../../../../simulation/account/attach.ts";

/** A region is described by what the outputs name in it, without a call. */
const kinds = (Object.keys(resourceAdapters) as readonly ResourceKind[]).filter((kind) => kind !== "region");

/** A service is named with its cluster. */
const idOf = (kind: ResourceKind): string => (kind === "ecs-service" ? "production/it" : "it");

/** What is said of the resource where AWS answers every call so. */
async function described(kind: ResourceKind, name: string): Promise<unknown> {
  const refusal = Object.assign(new Error("no"), { name, $fault: "client", $metadata: { httpStatusCode: 400 } });
  const clients = createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    unsent: true,
    attach: (client) =>
      attachTo(attachable(client), () => {
        throw refusal;
      }),
  });
  return createResourceReader(clients, { nowMs: () => 0 }).describe({ kind, region: "us-east-1", id: idOf(kind) });
}

describe.each(kinds)("one resource read again: %s", (kind) => {
  it("is undescribed where AWS says that it is not there", async () => {
    expect(await described(kind, "ResourceNotFoundException")).toMatchObject({ ref: { kind, id: idOf(kind) }, reason: "not-found" });
  });

  it("rejects where AWS does not let us look, or refuses the question: that tells nothing of the resource", async () => {
    await expect(described(kind, "AccessDeniedException")).rejects.toMatchObject({ code: "access-denied", message: expect.stringContaining(idOf(kind)) });
    await expect(described(kind, "InvalidParameterValue")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});
