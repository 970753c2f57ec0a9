import type { DBInstance } from "@aws-sdk/client-rds";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import type { SizesBefore } from "../../../core/sizing/sizes-before.ts";
import type { History } from "../history.ts";
import { allSizes } from "../sizes-before.ts";
import { classesBefore } from "./classes-before.ts";
import { sharedBefore } from "./shared-before.ts";
import { switchedOver } from "./switched-over.ts";

/**
 * What an instance was before, whether or not it belongs to a cluster: of another class, another one under the same name, or one with others beside
 * it that are gone.
 */
export async function instanceBefore(history: History<"rds">, instance: DBInstance): Promise<SizesBefore> {
  return allSizes(await allInOrder([classesBefore(history, instance), sharedBefore(history, instance), switchedOver(history, instance)]));
}
