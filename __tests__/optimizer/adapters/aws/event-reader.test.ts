import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { RDSClient } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { readEvents } from "../../../../optimizer/adapters/aws/event-reader.ts";
import { aCluster } from "../../../support/world.ts";

const nowMs = Date.UTC(2026, 5, 1);
const span = { sinceMs: nowMs - 60_000, nowMs };

/** Clients to which the service gives no answer at all. */
function silentClients() {
  const config = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const [rds, elastiCache] = [new RDSClient(config), new ElastiCacheClient(config)];
  const silence = () => () => new Promise<never>(() => undefined);
  rds.middlewareStack.add(silence, { step: "build" });
  elastiCache.middlewareStack.add(silence, { step: "build" });
  return { rds, elastiCache };
}

describe("what AWS tells happened", () => {
  it("is waited for no longer than it is worth: a rollback comes after it", async () => {
    await expect(readEvents(silentClients(), [aCluster()], span, 20)).rejects.toMatchObject({
      code: "aws-unreachable",
      message: "reading the events of databases and caches: TimeoutError: no answer within 0.02 s",
    });
  });

  it("is asked of no service of which there is no resource", async () => {
    expect(await readEvents(silentClients(), [], span)).toEqual([]);
  });
});
