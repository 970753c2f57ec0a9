import { nothingNamed } from "../../core/model/deployment.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ResourceReader } from "../../ports/inventory.ts";
import type { ClientFactory } from "./client-factory.ts";
import { readEvents } from "./event-reader.ts";
import { outcomeOf, readOnce } from "./inventory-reader.ts";
import { resourceAdapters } from "./resource-adapters.ts";

/** Describes one resource as the inventory does, and asks what happened to several. Rejects where the reading says nothing of the resource, as the inventory's. */
export function createResourceReader(clients: ClientFactory, clock: Pick<Clock, "nowMs">): ResourceReader {
  return {
    async describe({ kind, region, id }) {
      const reading = { once: readOnce(), nowMs: clock.nowMs() };
      const describe = () => resourceAdapters[kind].describe(clients(region), region, id, reading, { region, ...nothingNamed });
      const outcome = await outcomeOf({ kind, id, describe }, region);
      return "resource" in outcome ? outcome.resource : outcome.undescribed;
    },
    eventsOf: (region, resources, sinceMs) => readEvents(clients(region), resources, { sinceMs, nowMs: clock.nowMs() }),
  };
}
