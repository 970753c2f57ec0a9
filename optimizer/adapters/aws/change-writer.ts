import type { Change, Marks } from "../../core/levers/change-kinds.ts";
import { ChangeRejected } from "../../errors.ts";
import type { ChangeWriter } from "../../ports/changes.ts";
import { awsNameOf, writeErrorOf, readFailureOf } from "./aws-errors.ts";
import { changeAdapter } from "./change-adapters.ts";
import type { RegionClients } from "./client-factory.ts";
import type { MutationPermit } from "./mutation-permit.ts";
import { ResourceGone, UnsupportedResource } from "./resource-gone.ts";
import type { PreparedUpdate } from "./service-adapters.ts";

/**
 * Makes the one mutating call of a change, once. Whatever fails before that call certainly changed nothing. The permit's own place is in the
 * writers' clients, which ask it when the request is complete (client-factory.ts); here it bounds how long that may take.
 */
export function createChangeWriter(clients: (region: string) => RegionClients, permit?: MutationPermit): ChangeWriter {
  return {
    async apply(change, token, marks = {}, { queuedToo = false } = {}) {
      const update = await prepared(clients(change.region), change, { token, marks, queuedToo });
      try {
        await (permit === undefined ? update() : permit.within(update));
      } catch (error) {
        throw writeErrorOf(error, `${change.kind} in ${change.region}`);
      }
    },
  };
}

interface Call {
  readonly token: string;
  readonly marks: Marks;
  readonly queuedToo: boolean;
}

async function prepared(clients: RegionClients, change: Change, { token, marks, queuedToo }: Call): Promise<PreparedUpdate> {
  try {
    const update = await changeAdapter(change).prepare(clients, change, token, marks);
    if (!queuedToo) await refuseQueued(clients, change);
    return update;
  } catch (error) {
    throw preparationError(error, `preparing ${change.kind} in ${change.region}`);
  }
}

/** Somebody may have queued it since the change was described: it is described again, and then told. */
async function refuseQueued(clients: RegionClients, change: Change): Promise<void> {
  const { carriesOutQueued, describe } = changeAdapter(change);
  if (carriesOutQueued !== true) return;
  const state = await describe(clients, change);
  if (state.kind === "mixed" && state.queued !== undefined) throw new ChangeRejected("busy", "PreconditionFailed", state.detail);
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
