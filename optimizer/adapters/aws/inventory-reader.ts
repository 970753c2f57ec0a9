import pLimit from "p-limit";
import type { Deployment } from "../../core/model/deployment.ts";
import type { Resource, UndescribedResource } from "../../core/levers/resource-kinds.ts";
import type { ResourceKind } from "../../core/model/resource-ref.ts";
import type { Clock } from "../../ports/clock.ts";
import type { InventoryReader } from "../../ports/inventory.ts";
import { awsNameOf, readErrorOf, readFailureOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";
import { resourceAdapters } from "./resource-adapters.ts";
import { ResourceGone, UnsupportedResource } from "./resource-gone.ts";
import type { ReadOnce, Reading } from "./service-adapters.ts";

/** Descriptions of one region at a time; AWS's describe calls have small buckets. */
const concurrency = 4;

interface Description {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly describe: () => Promise<Resource>;
}

type Outcome = { readonly resource: Resource } | { readonly undescribed: UndescribedResource };

/**
 * Describes each identified resource with its own service's API. What is not there, not allowed or not supported is
 * undescribed with the reason; throttling, lost credentials and broken connections reject, since they say nothing of a resource.
 */
export function createInventoryReader(clients: (region: string) => RegionClients, clock: Pick<Clock, "nowMs">): InventoryReader {
  return {
    async describe(deployment) {
      const limit = pLimit(concurrency);
      const descriptions = descriptionsOf(deployment, clients(deployment.region), { once: readOnce(), nowMs: clock.nowMs() });
      const outcomes = await Promise.all(descriptions.map((description) => limit(() => outcomeOf(description, deployment.region))));
      return {
        resources: outcomes.flatMap((outcome) => ("resource" in outcome ? [outcome.resource] : [])),
        undescribed: outcomes.flatMap((outcome) => ("undescribed" in outcome ? [outcome.undescribed] : [])),
      };
    },
  };
}

function descriptionsOf(deployment: Deployment, clients: RegionClients, reading: Reading): readonly Description[] {
  const { region } = deployment;
  return (Object.keys(resourceAdapters) as readonly ResourceKind[]).flatMap((kind) => {
    const { idsOf, describe } = resourceAdapters[kind];
    return idsOf(deployment).map((id) => ({ kind, id, describe: () => describe(clients, region, id, reading, deployment) }));
  });
}

/** Remembers what several descriptions of one inventory need, e.g. all groups of the region. */
export function readOnce(): ReadOnce {
  const known = new Map<string, Promise<unknown>>();
  return <T>(what: string, read: () => Promise<T>): Promise<T> => {
    const reading = (known.get(what) as Promise<T> | undefined) ?? read();
    known.set(what, reading);
    return reading;
  };
}

/** What came of one description. */
export async function outcomeOf({ kind, id, describe }: Description, region: string): Promise<Outcome> {
  try {
    return { resource: await describe() };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw readErrorOf(error, `describing ${kind} ${id} in ${region}`);
    const detail = detailOf(error);
    return { undescribed: { ref: { kind, region, id }, reason, detail } };
  }
}

/** Our own words stand alone; AWS's stand behind the name of its error. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof ResourceGone || error instanceof UnsupportedResource ? error.message : `${awsNameOf(error)}: ${error.message}`;
}

function reasonOf(error: unknown): UndescribedResource["reason"] | undefined {
  if (error instanceof ResourceGone) return "not-found";
  if (error instanceof UnsupportedResource) return "unsupported";
  switch (readFailureOf(error)) {
    case "missing":
      return "not-found";
    case "denied":
      return "access-denied";
    case "refused":
      return "failed";
    case "throttled":
    case "credentials":
    case "lost":
    case "other":
      return undefined;
  }
}
