import { type ElastiCacheClient, paginateDescribeEvents } from "@aws-sdk/client-elasticache";
import type { Seen } from "../../../core/model/seen.ts";
import { answered } from "../answered.ts";
import { seenOrThrottled } from "../seen.ts";
import type { ReadOnce } from "../service-adapters.ts";

/** What ElastiCache says happened to a group or one of its nodes. */
export interface CacheEvent {
  readonly atMs: number;
  /** A replication group's or a node's name. */
  readonly source: string;
  readonly message: string;
}

/** More than CloudTrail may be late. */
const minutes = 20;

/**
 * The events of the last minutes of all caches of a region, asked for once; without those of snapshots, which change no size.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeEvents.html
 */
export function recentEvents(client: ElastiCacheClient, once: ReadOnce): Promise<Seen<readonly CacheEvent[]>> {
  return once("DescribeEvents of ElastiCache", () => seenOrThrottled("ElastiCache's DescribeEvents", () => read(client)));
}

async function read(client: ElastiCacheClient): Promise<readonly CacheEvent[]> {
  const found: CacheEvent[] = [];
  for await (const { Events = [] } of paginateDescribeEvents({ client, pageSize: 100 }, { Duration: minutes })) {
    found.push(
      ...Events.map(({ Date: date, SourceIdentifier: source = "", Message: message = "" }) => ({ atMs: answered(date, "Date").getTime(), source, message })),
    );
  }
  return found.filter(({ message }) => !/snapshot/i.test(message));
}
