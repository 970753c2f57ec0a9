import type { Tags } from "../../core/model/resource-ref.ts";
import { awsNameOf, readFailureOf } from "./aws-errors.ts";

interface AwsTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Tags of AWS's list form; a key without a value has the empty one. */
export function tagsOf(list: readonly AwsTag[] | undefined): Tags {
  const named = (list ?? []).flatMap(({ Key: key, Value: value = "" }): readonly (readonly [string, string])[] => (key === undefined ? [] : [[key, value]]));
  return { kind: "tags", tags: Object.fromEntries(named) };
}

/** Tags from a call of their own: an answer of AWS that is no tags makes them unreadable, which counts as a tenant's. */
export async function readTags(read: () => Promise<readonly AwsTag[] | undefined>): Promise<Tags> {
  try {
    return tagsOf(await read());
  } catch (error) {
    const failure = readFailureOf(error);
    if (failure !== "denied" && failure !== "missing" && failure !== "refused") throw error;
    return unreadableTags(`${awsNameOf(error)}: ${error instanceof Error ? error.message : String(error)}`, failure === "missing");
  }
}

export function unreadableTags(reason: string, isGone: boolean): Extract<Tags, { readonly kind: "unreadable" }> {
  return { kind: "unreadable", reason, ...(isGone ? { isGone } : {}) };
}
