import { allInOrder } from "../../core/model/all-in-order.ts";
import { refKey, type ResourceRef, type Tags } from "../../core/model/resource-ref.ts";
import type { TagReader } from "../../ports/inventory.ts";
import { clientsOfLook } from "./asking-once.ts";
import { readErrorOf, readFailureOf } from "./aws-errors.ts";
import type { ClientFactory } from "./client-factory.ts";
import { resourceAdapters } from "./resource-adapters.ts";
import { ResourceGone } from "./resource-gone.ts";
import { unreadableTags } from "./tag-records.ts";

/**
 * Tags of resources and their members, each by its own service's API, as they are now. What cannot be read is unreadable. One look asks
 * nothing twice: each replica of a global table names all the others.
 */
export function createTagReader(clients: ClientFactory): TagReader {
  return {
    async tagsOf(refs, look) {
      const clientsOf = clientsOfLook(clients, look);
      const unique = new Map(refs.map((ref) => [refKey(ref), ref]));
      return (await allInOrder([...unique.values()].map((ref) => tagsOfOne(clientsOf, ref)))).flat();
    },
  };
}

async function tagsOfOne(clientsOf: ClientFactory, ref: ResourceRef): Promise<readonly Tags[]> {
  try {
    return await resourceAdapters[ref.kind].tagsOf(clientsOf, ref);
  } catch (error) {
    const failure = error instanceof ResourceGone ? "missing" : readFailureOf(error);
    if (failure !== "missing" && failure !== "denied" && failure !== "refused")
      throw readErrorOf(error, `reading tags of ${ref.kind} ${ref.id} in ${ref.region}`);
    return [unreadableTags(error instanceof Error ? error.message : String(error), failure === "missing")];
  }
}
