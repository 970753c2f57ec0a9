import { canonicalJson } from "../../../contract/canonical-json.ts";
import { sha256Hex } from "../model/hash.ts";
import { type Observation, seriesId } from "../model/observation.ts";
import type { BalancerReference } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";

/** More load balancers than most accounts have; of a thousand accounts those of the latest are kept. */
const mostKept = 64;

const known = new Map<string, BalancerReference>();

/**
 * What was learnt of a load balancer, by all that it was learnt from: who plans and runs in one process asks twice, since what a plan says is made
 * again from the stored baseline before anything is changed.
 */
export function knownReference(
  of: { readonly region: string; readonly loadBalancer: string },
  observations: readonly (Observation | undefined)[],
  window: Policy["window"],
  learn: () => BalancerReference,
): BalancerReference {
  const name = nameOf(of, observations, window);
  const reference = known.get(name) ?? learn();
  known.delete(name);
  known.set(name, reference);
  for (const oldest of known.keys()) {
    if (known.size <= mostKept) break;
    known.delete(oldest);
  }
  return reference;
}

function nameOf(of: object, observations: readonly (Observation | undefined)[], window: Policy["window"]): string {
  const series = observations.map((each) => each && [seriesId(each.key), each.startMs, each.status, each.values.length]);
  const words = Buffer.from(canonicalJson([of, series, window]));
  const figures = observations.flatMap((each) => (each === undefined ? [] : [Buffer.from(each.values.buffer, each.values.byteOffset, each.values.byteLength)]));
  return sha256Hex(Buffer.concat([words, ...figures]));
}
