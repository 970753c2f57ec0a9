import type { SizesBefore } from "../../core/sizing/sizes-before.ts";

/**
 * CloudTrail has a call after about five minutes on average, and promises no time
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html): three times that.
 */
const deliveryMs = 15 * 60_000;

/** What a resource itself, or its service, says happened to it: known at once. */
export interface News {
  /** In words, with the name of the resource. */
  readonly what: string;
  readonly atMs: number;
}

interface Known<N> {
  /** Whether CloudTrail tells of a call that this followed from. */
  readonly isTold: (news: N) => boolean;
  readonly nowMs: number;
}

/** Unseen while something of the last minutes is known of which CloudTrail does not tell yet: the size may have been another one until then. */
export function unlessLate<N extends News>(before: SizesBefore, news: readonly N[], { isTold, nowMs }: Known<N>): SizesBefore {
  if (before.kind === "unseen") return before;
  const late = news.find((each) => each.atMs > nowMs - deliveryMs && !isTold(each));
  if (late === undefined) return before;
  const reason = `${late.what} at ${minuteOf(late.atMs)}, and CloudTrail, which may be 15 minutes late, does not tell why yet: plan again after ${minuteOf(late.atMs + deliveryMs)}`;
  return { kind: "unseen", reason };
}

function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
