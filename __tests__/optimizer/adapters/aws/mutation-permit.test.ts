import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createChangeWriter } from "../../../../optimizer/adapters/aws/change-writer.ts";
import { type ClientOptions, createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { createMutationPermit } from "../../../../optimizer/adapters/aws/mutation-permit.ts";
import { UserError } from "../../../../contract/user-error.ts";
import type { ChangeOf } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { Lease } from "../../../../optimizer/ports/lock.ts";

const failover: ChangeOf<"rds.failover"> = {
  kind: "rds.failover",
  region: "us-east-1",
  cluster: "c",
  before: { writer: "a" },
  after: { writer: "b" },
};
const answer = `<FailoverDBClusterResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><FailoverDBClusterResult/></FailoverDBClusterResponse>`;

let server: Server;
let requests: number;
let answering: () => Promise<void>;

beforeEach(async () => {
  requests = 0;
  answering = async () => undefined;
  server = createServer((request, response) => {
    requests += 1;
    request.resume();
    void answering().then(() => response.writeHead(200, { "content-type": "text/xml" }).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

function lease(overrides: Partial<Lease> = {}): Lease {
  return { epoch: 1, stolen: false, assertHeld: async () => undefined, remainingMs: () => 60_000, release: async () => undefined, ...overrides };
}

const lost = new UserError({ code: "lock-lost", message: "lost", hint: "" });

function writer(held: Lease | undefined, options: { readonly preparationMs?: number; readonly credentials?: () => Promise<object> } = {}) {
  const permit = createMutationPermit({ lease: () => held, monotonicMs: () => performance.now() }, options.preparationMs ?? 10_000);
  const credentials = (options.credentials ?? { accessKeyId: "x", secretAccessKey: "x" }) as NonNullable<ClientOptions["credentials"]>;
  return createChangeWriter(createClientFactory({ credentials, permit }), permit);
}

describe("a change that is sent to AWS", () => {
  it("goes out under the lease", async () => {
    await writer(lease()).apply(failover, "t");
    expect(requests).toBe(1);
  });

  it.each([
    ["the lease is lost", lease({ assertHeld: () => Promise.reject(lost) }), { code: "lock-lost" }],
    ["the lease ran out while it was looked at", lease({ remainingMs: () => 0 }), { code: "lock-lost" }],
    ["there is no lease at all", undefined, { name: "Fault" }],
  ])("does not go out when %s", async (_, held, refusal) => {
    await expect(writer(held).apply(failover, "t")).rejects.toMatchObject(refusal);
    expect(requests).toBe(0);
  });

  it("is looked at after it was signed: a lease that is lost meanwhile keeps it from going out", async () => {
    let isLost = false;
    const credentials = async () => {
      await pause(50);
      isLost = true;
      return { accessKeyId: "x", secretAccessKey: "x" };
    };
    const held = lease({ assertHeld: async () => (isLost ? Promise.reject(lost) : undefined) });
    await expect(writer(held, { credentials }).apply(failover, "t")).rejects.toMatchObject({ code: "lock-lost" });
    expect(requests).toBe(0);
  });

  it("is broken off, its fate unknown, before the lease can be anybody else's", async () => {
    answering = () => new Promise(() => undefined);
    await expect(writer(lease({ remainingMs: () => 200 })).apply(failover, "t")).rejects.toMatchObject({ name: "ChangeOutcomeUnknown" });
    expect(requests).toBe(1);
  });

  it("certainly was not sent when it could not be signed in time, and is not sent when that comes at last", async () => {
    let sign: (() => void) | undefined;
    const credentials = async () => {
      await new Promise<void>((resolve) => (sign = resolve));
      return { accessKeyId: "x", secretAccessKey: "x" };
    };
    await expect(writer(lease(), { preparationMs: 100, credentials }).apply(failover, "t")).rejects.toMatchObject({
      name: "ChangeRejected",
      kind: "throttled",
    });
    sign?.();
    await pause(200);
    expect(requests).toBe(0);
  });
});
