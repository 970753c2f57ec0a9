import { nothingNamed } from "../../core/model/deployment.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ResourceReader } from "../../ports/inventory.ts";
import type { ClientFactory } from "./client-factory.ts";
import { describeErrorOf, readOnce, undescribedFor } from "./inventory-reader.ts";
import { resourceAdapters } from "./resource-adapters.ts";

/**
 * Describes one resource as the inventory does. Undescribed is only what is not there, or another kind of thing than the optimizer knows; what
 * AWS does not let us see rejects, as whatever says nothing of the resource.
 */
export function createResourceReader(clients: ClientFactory, clock: Pick<Clock, "nowMs">): ResourceReader {
  return {
    async describe(ref) {
      const { kind, region, id } = ref;
      const reading = { once: readOnce(), nowMs: clock.nowMs() };
      try {
        return await resourceAdapters[kind].describe(clients(region), region, id, reading, { region, ...nothingNamed });
      } catch (error) {
        const undescribed = undescribedFor(error, ref);
        if (undescribed?.reason === "not-found" || undescribed?.reason === "unsupported") return undescribed;
        throw describeErrorOf(error, ref);
      }
    },
  };
}
