import { nodeNames } from "../../core/levers/redis/replication-group.ts";
import { type Resource, resourcesOf } from "../../core/levers/resource-kinds.ts";
import { allInOrder } from "../../core/model/all-in-order.ts";
import type { ServiceEvent } from "../../ports/inventory.ts";
import { givenUpAfter } from "../../given-up-after.ts";
import { readErrorOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";
import { databaseEvents } from "./rds/database-events.ts";
import { cacheEvents } from "./redis/cache-events.ts";

/** AWS gives 14 days, in whole minutes. */
const mostMinutes = 14 * 24 * 60;

/** A rollback waits for it: what a service that is itself in trouble has to say is not worth more. */
const patienceMs = 5_000;

/**
 * What RDS and ElastiCache say happened since a moment to these resources, their members and nodes, the oldest first: a failover, a restart, a
 * replaced node. Of a service of which there is no resource nothing is asked. One page of each is enough: what is asked for are minutes.
 * Rejects after a few seconds without an answer.
 */
export async function readEvents(
  { rds, elastiCache }: Pick<RegionClients, "rds" | "elastiCache">,
  resources: readonly Resource[],
  span: { readonly sinceMs: number; readonly nowMs: number },
  waitsMs = patienceMs,
): Promise<readonly ServiceEvent[]> {
  const minutes = Math.min(mostMinutes, Math.max(1, Math.ceil((span.nowMs - span.sinceMs) / 60_000)));
  const databases = databasesAmong(resources);
  const caches = cachesAmong(resources);
  try {
    const asked = allInOrder([
      databases.length === 0 ? [] : among(databaseEvents(rds, minutes), databases),
      caches.length === 0 ? [] : among(cacheEvents(elastiCache, minutes), caches),
    ]);
    // Between two of the client's attempts, too.
    const found = await givenUpAfter(asked, waitsMs, () => new DOMException(`no answer within ${waitsMs / 1000} s`, "TimeoutError"));
    return found
      .flat()
      .filter(({ atMs }) => atMs >= span.sinceMs)
      .toSorted((a, b) => a.atMs - b.atMs);
  } catch (error) {
    throw readErrorOf(error, "reading the events of databases and caches");
  }
}

async function among(told: Promise<readonly ServiceEvent[]>, names: readonly string[]): Promise<readonly ServiceEvent[]> {
  return (await told).filter(({ source }) => names.includes(source));
}

/** Clusters, their members, and instances outside of clusters. */
function databasesAmong(resources: readonly Resource[]): readonly string[] {
  return [
    ...resourcesOf({ resources }, "aurora-cluster").flatMap(({ ref, members }) => [ref.id, ...members.map(({ identifier }) => identifier)]),
    ...resourcesOf({ resources }, "rds-instance").map(({ ref }) => ref.id),
  ];
}

function cachesAmong(resources: readonly Resource[]): readonly string[] {
  return resourcesOf({ resources }, "redis-replication-group").flatMap((group) => [group.ref.id, ...nodeNames(group)]);
}
