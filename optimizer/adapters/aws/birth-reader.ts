import type { ChangedResource } from "../../core/levers/change-facts.ts";
import { allInOrder } from "../../core/model/all-in-order.ts";
import type { BirthReader } from "../../ports/inventory.ts";
import { clientsOfLook } from "./asking-once.ts";
import { readErrorOf, readFailureOf } from "./aws-errors.ts";
import type { ClientFactory } from "./client-factory.ts";
import { resourceAdapters } from "./resource-adapters.ts";
import { ResourceGone } from "./resource-gone.ts";

/** What AWS gave resources when they were made, by the calls that describe their changes: within one look they cost nothing. */
export function createBirthReader(clients: ClientFactory): BirthReader {
  return {
    bornOf: (refs, look) => {
      const clientsOf = clientsOfLook(clients, look);
      return allInOrder(refs.map((ref) => bornOfOne(clientsOf, ref)));
    },
  };
}

async function bornOfOne(clientsOf: ClientFactory, ref: ChangedResource): Promise<string | undefined> {
  const { bornOf } = resourceAdapters[ref.kind];
  if (typeof bornOf !== "function") return undefined;
  try {
    return await bornOf(clientsOf(ref.region), ref.id, ref.part);
  } catch (error) {
    // What is gone is told as such by the state of its changes.
    if (error instanceof ResourceGone || readFailureOf(error) === "missing") return undefined;
    throw readErrorOf(error, `describing ${ref.kind} ${ref.part ?? ref.id}`);
  }
}
