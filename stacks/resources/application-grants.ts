import type { StoreGrants } from "../../constructs/compute/store-grants.ts";
import type { DataResources, EdgeResources } from "./created-resources.ts";
import type { StackKeys } from "./stack-keys.ts";

/** What an application needs beside the stack itself, whatever it runs on. */
export interface ApplicationStores {
  readonly keys: StackKeys;
  readonly edge: EdgeResources;
  readonly data: DataResources;
}

/** All the stack's stores, the secrets that open them, and their keys. */
export function applicationGrants({ keys, edge: { dataBucket }, data: { tables, aurora, redis, mysql } }: ApplicationStores): StoreGrants {
  const credentials = [...(aurora?.readable ?? []), ...(mysql?.readable ?? [])];
  return {
    tableArns: tables.map((table) => table.arn),
    secretArns: [...credentials.map(({ secretArn }) => secretArn), ...(redis === undefined ? [] : [redis.secretArn])],
    keyArns: [...keys.ofApplications().map((key) => key.arn), ...credentials.map(({ keyArn }) => keyArn)],
    bucketArns: dataBucket === undefined ? [] : [dataBucket.arn],
    bucketKeyArns: dataBucket === undefined ? [] : [keys.of("objects").arn],
    replicationGroupArns: redis === undefined ? [] : [redis.redis.replicationGroupArn],
  };
}
