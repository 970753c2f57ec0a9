import { regionalStore } from "../account/state.ts";

/** Something that Lambda reads shard by shard. */
export interface ShardedStream {
  readonly region: string;
  /** Its ARN at a moment, epoch milliseconds; undefined while it is turned off. */
  readonly arnAt: (atMs: number) => string | undefined;
  readonly openShards: number;
}

/** Filled by the services that have streams, by what each calls its own. */
export const shardedStreams = regionalStore<ShardedStream>();
