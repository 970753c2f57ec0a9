import { shellWord } from "../../model/shell-words.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, nothingElse, usualPatience } from "../change-facts.ts";
import type { LifecycleConfiguration } from "./bucket.ts";
import { exchangeQuery } from "./lifecycle-query.ts";
import { exchanged, normalized, wholeBucketMove } from "./lifecycle-rules.ts";

/** A bucket's configuration, with what a sizing file says of it: where all its objects move to. */
export interface LifecycleState extends LifecycleConfiguration {
  readonly transition: { readonly storageClass: string; readonly afterDays: number } | null;
}

export function lifecycleState(configuration: LifecycleConfiguration): LifecycleState {
  return { ...configuration, transition: wholeBucketMove(configuration) };
}

/** PutBucketLifecycleConfiguration: always all rules, since the call replaces them all. */
interface LifecycleChange {
  readonly kind: "s3.lifecycle";
  readonly region: string;
  readonly bucket: string;
  readonly before: LifecycleState;
  readonly after: LifecycleState;
}

export type S3Change = LifecycleChange;

export const s3Changes: { readonly [C in S3Change as C["kind"]]: ChangeFacts<C> } = {
  "s3.lifecycle": {
    resourceOf: ({ region, bucket }) => ({ kind: "s3-bucket", region, id: bucket }),
    same: (one, other) => sameJson(normalized(one), normalized(other)),
    onTopOf: onTopOfOthers,
    feltBy: { nobody: "objects are read from another class as fast as before, at another price" },
    patienceMinutes: usualPatience,
    command: putCommand,
    first: { notNeeded: "a bucket takes another configuration at any time" },
    wait: { notNeeded: "the configuration is the bucket's when the call is answered; what it moves AWS moves in days, and nothing rests on that" },
    touches: nothingElse,
  },
};

/**
 * On top of the rules that are there when the line is run, like the run's own way back: whoever pastes it may do so days after it was printed. The
 * call sets the default minimum size back where it is not told it.
 */
function putCommand({ region, bucket, before, after }: LifecycleChange): string {
  const named = `--region ${shellWord(region)} --bucket ${shellWord(bucket)}`;
  const present = (query: string, output: "json" | "text"): string =>
    `"$(aws s3api get-bucket-lifecycle-configuration ${named} --query ${shellWord(query)} --output ${output})"`;
  const query = exchangeQuery(before.rules, after.rules);
  const rules = query === undefined ? shellWord(JSON.stringify({ Rules: after.rules })) : present(query, "json");
  const isKept = query !== undefined && before.minimumObjectSize === after.minimumObjectSize;
  const size =
    after.minimumObjectSize === undefined ? undefined : isKept ? present("TransitionDefaultMinimumObjectSize", "text") : shellWord(after.minimumObjectSize);
  return `aws s3api put-bucket-lifecycle-configuration ${named} --lifecycle-configuration ${rules}${
    size === undefined ? "" : ` --transition-default-minimum-object-size ${size}`
  }`;
}

/** Rules that others added, changed or removed meanwhile stay as they are, as long as ours are as they were left. */
function onTopOfOthers(change: LifecycleChange, found: LifecycleState): LifecycleChange | undefined {
  const { before, after } = change;
  // A rule changes none of the default minimum size; what somebody else made of it stays.
  if (before.minimumObjectSize !== after.minimumObjectSize) return undefined;
  const there = exchanged(found.rules, before.rules, after.rules);
  if (there !== undefined) return { ...change, before: found, after: lifecycleState({ ...found, rules: there }) };
  const back = exchanged(found.rules, after.rules, before.rules);
  return back === undefined ? undefined : { ...change, before: lifecycleState({ ...found, rules: back }), after: found };
}
