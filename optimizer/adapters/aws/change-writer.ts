import type { Change } from "../../core/levers/change-kinds.ts";
import { ChangeRejected } from "../../errors.ts";
import type { ChangeWriter } from "../../ports/changes.ts";
import { awsNameOf, writeErrorOf, readFailureOf } from "./aws-errors.ts";
import { changeAdapter } from "./change-adapters.ts";
import type { RegionClients } from "./client-factory.ts";
import { ResourceGone, UnsupportedResource } from "./resource-gone.ts";
import type { PreparedUpdate } from "./service-adapters.ts";

/** Makes the one mutating call of a change, once. Whatever fails before that call certainly changed nothing. */
export function createChangeWriter(clients: (region: string) => RegionClients): ChangeWriter {
  return {
    async apply(change, token) {
      const update = await prepared(clients(change.region), change, token);
      try {
        await update();
      } catch (error) {
        throw writeErrorOf(error, `${change.kind} in ${change.region}`);
      }
    },
  };
}

async function prepared(clients: RegionClients, change: Change, token: string): Promise<PreparedUpdate> {
  try {
    return await changeAdapter(change).prepare(clients, change, token);
  } catch (error) {
    throw preparationError(error, `preparing ${change.kind} in ${change.region}`);
  }
}

function preparationError(error: unknown, what: string): unknown {
  const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof ResourceGone) return new ChangeRejected("missing", error.name, message, error);
  if (error instanceof UnsupportedResource) return new ChangeRejected("invalid", error.name, message, error);
  switch (readFailureOf(error)) {
    // Nothing was sent yet: trying again is safe, as after throttling.
    case "lost":
      return new ChangeRejected("throttled", awsNameOf(error), message, error);
    case "missing":
    case "denied":
    case "throttled":
    case "credentials":
    case "refused":
      return writeErrorOf(error, what);
    case "other":
      return error;
  }
}
