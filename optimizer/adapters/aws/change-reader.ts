import type { Change, ChangeState } from "../../core/levers/change-kinds.ts";
import { allInOrder } from "../../core/model/all-in-order.ts";
import type { ChangeReader } from "../../ports/changes.ts";
import { clientsOfLook } from "./asking-once.ts";
import { awsNameOf, readErrorOf, readFailureOf } from "./aws-errors.ts";
import { changeAdapter } from "./change-adapters.ts";
import type { RegionClients } from "./client-factory.ts";
import { ResourceGone, UnsupportedResource } from "./resource-gone.ts";

/** Describes what a change is about, with the resource's members, indexes and refreshes: settled only when all of them are. */
export function createChangeReader(clients: (region: string) => RegionClients): ChangeReader {
  return {
    stateOf: (change) => described(clients(change.region), change),
    async statesOf(changes, look) {
      const once = clientsOfLook(clients, look);
      return allInOrder(changes.map((change) => described(once(change.region), change)));
    },
    async reaches(change, known) {
      try {
        return (await changeAdapter(change).reaches?.(clients(change.region), change, known)) ?? [];
      } catch (error) {
        // What is not seen is neither shared nor not: it is asked again, as the state of a change is.
        const isGone = error instanceof ResourceGone || readFailureOf(error) === "missing";
        if (!isGone) throw readErrorOf(error, `reading who else ${change.kind} reaches in ${change.region}`);
        return [`who else it reaches is not to be found (${awsNameOf(error)}: ${error instanceof Error ? error.message : String(error)})`];
      }
    },
  };
}

async function described<C extends Change>(clients: RegionClients, change: C): Promise<ChangeState<C>> {
  try {
    return await changeAdapter(change).describe(clients, change);
  } catch (error) {
    // What has become another kind of thing is not what the change is about any more.
    if (error instanceof ResourceGone || error instanceof UnsupportedResource || readFailureOf(error) === "missing")
      return { kind: "missing", detail: error instanceof Error ? error.message : String(error) };
    throw readErrorOf(error, `describing the state of ${change.kind} in ${change.region}`);
  }
}
