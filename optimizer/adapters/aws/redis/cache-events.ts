import { DescribeEventsCommand, type ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { ServiceEvent } from "../../../ports/inventory.ts";
import { toldOf } from "../told-events.ts";

/** The newest of the last minutes, of all caches of a region: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ElastiCacheSNS.html */
export async function cacheEvents(client: ElastiCacheClient, minutes: number): Promise<readonly ServiceEvent[]> {
  return toldOf(await client.send(new DescribeEventsCommand({ Duration: minutes, MaxRecords: 100 })));
}
