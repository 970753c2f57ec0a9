import type { TagReader } from "../../ports/inventory.ts";
import { readErrorOf, readFailureOf } from "./aws-errors.ts";
import type { ClientFactory } from "./client-factory.ts";
import { resourceAdapters } from "./resource-adapters.ts";
import { ResourceGone } from "./resource-gone.ts";

/** Tags of a resource and its members, each by its own service's API, as they are now. What cannot be read is unreadable. */
export function createTagReader(clients: ClientFactory): TagReader {
  return {
    async tagsOf(ref) {
      try {
        return await resourceAdapters[ref.kind].tagsOf(clients, ref);
      } catch (error) {
        const failure = error instanceof ResourceGone ? "missing" : readFailureOf(error);
        if (failure !== "missing" && failure !== "denied" && failure !== "refused") throw readErrorOf(error, `reading tags of ${ref.kind} ${ref.id}`);
        return [{ kind: "unreadable", reason: error instanceof Error ? error.message : String(error) }];
      }
    },
  };
}
