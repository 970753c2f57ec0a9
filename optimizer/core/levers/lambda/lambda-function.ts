import type { Described } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { SizesBefore } from "../../sizing/sizes-before.ts";
import type { ResourceFacts } from "../resource-facts.ts";

/** What hands events to the function by polling (an event source mapping). */
export interface EventSource {
  readonly arn: string;
  /** A stream, read shard by shard, or a queue with a limit of its own: what takes longer there falls behind instead of running beside. */
  readonly isBounded: boolean;
  /**
   * Of a bounded one: calls that it lets run at once, which are its shards times the batches that are read from each in parallel, or a queue's
   * own limit. Absent where AWS tells no such number, as of a Kafka.
   */
  readonly mostAtOnce?: Seen<number>;
}

export interface LambdaFunction extends Described {
  readonly kind: "lambda-function";
  readonly memoryMb: number;
  readonly sizesBefore?: SizesBefore;
  readonly timeoutSeconds: number;
  readonly architecture: "x86_64" | "arm64";
  /** As AWS names it, e.g. `nodejs22.x`; null of a container image, which tells none. */
  readonly runtime: string | null;
  /** Size of `/tmp`; what is above 512 MB is paid for by the second. */
  readonly ephemeralStorageMb: number;
  /** `Active`, or what AWS calls it else. */
  readonly state: string;
  /** Of the latest change: `Successful`, `InProgress` or `Failed`. */
  readonly lastUpdate: string;
  /** Runs on instances of a capacity provider, whose memory and processors follow other rules. */
  readonly onManagedInstances: boolean;
  /** One execution of a durable function goes on over many calls, so that a call's duration says little. */
  readonly isDurable: boolean;
  /** The environment variable that gives a runtime a heap of its own size, e.g. `-Xmx`; its value is not kept. */
  readonly heapSetting: string | null;
  /** Published versions and the aliases on them, in words: they keep the memory they were published with, whatever `$LATEST` gets. */
  readonly published: Seen<readonly string[]>;
  readonly eventSources: Seen<readonly EventSource[]>;
  /** Executions at once that are the function's own; null where it shares the account's. */
  readonly reservedConcurrency: Seen<number | null>;
  /** Executions at once that all functions of the region without a reservation share. */
  readonly unreservedConcurrency: Seen<number>;
}

export const lambdaFunctionFacts: ResourceFacts<LambdaFunction> = {
  word: "function",
  partWord: "",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags }) => ({ tags }),
  form: ({ architecture, runtime, onManagedInstances, isDurable, heapSetting, published }) => ({
    architecture,
    runtime,
    onManagedInstances,
    isDurable,
    heapSetting,
    published,
  }),
  otherZones: () => "AWS places it in zones itself",
};
