import type { DBInstance } from "@aws-sdk/client-rds";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import type { OtherSize, SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEvents, textOf } from "../account-events.ts";
import { answered } from "../answered.ts";
import type { History } from "../history.ts";
import { unlessLate } from "../late-news.ts";
import { instanceEvents } from "./instance-events.ts";

const hourMs = 3_600_000;
/** What CloudTrail writes as text may be in another time zone. */
const dayMs = 24 * hourMs;

/**
 * The hours in which an instance had others beside it that are gone: the readers of its cluster that were deleted, and a replica of its own. Each
 * carried a share then that has come to those that stay since, so that nobody's figures of then are what they would be today.
 */
export async function sharedBefore({ clients, once, nowMs }: History<"rds">, instance: DBInstance): Promise<SizesBefore> {
  const identifier = answered(instance.DBInstanceIdentifier, "DBInstanceIdentifier");
  const [calls, events] = await allInOrder([accountEvents(clients.cloudTrail, once, "DeleteDBInstance"), instanceEvents(clients.rds, once)]);
  if (calls.kind === "unseen") return calls;
  if (events.kind === "unseen") return events;
  const beside = calls.value.filter((event) => stoodBeside(instance, event)).map(asOtherSize);
  // RDS does not say whose a deleted instance was.
  const deleted = events.value
    .filter(({ categories }) => categories.includes("deletion"))
    .map(({ instance: gone, atMs }) => ({ what: `${gone} was deleted, maybe a reader that shared the load of ${identifier},`, gone, atMs }));
  const isTold = ({ gone, atMs }: (typeof deleted)[number]): boolean =>
    calls.value.some((call) => textOf(call.request, "dBInstanceIdentifier")?.toLowerCase() === gone.toLowerCase() && call.atMs > atMs - hourMs);
  return unlessLate({ kind: "seen", value: beside }, deleted, { isTold, nowMs });
}

/** CloudTrail's answer holds the instance that was deleted; one of which it says nothing may have been anybody's. */
function stoodBeside({ DBInstanceIdentifier: identifier = "", DBClusterIdentifier: cluster }: DBInstance, { response }: AccountEvent): boolean {
  if (textOf(response, "dBInstanceIdentifier") === null) return true;
  const [itsCluster, itsSource] = [textOf(response, "dBClusterIdentifier"), textOf(response, "readReplicaSourceDBInstanceIdentifier")];
  if (cluster !== undefined) return itsCluster === cluster;
  return itsSource?.split(":").at(-1) === identifier;
}

function asOtherSize({ atMs, request, response }: AccountEvent): OtherSize {
  const createdMs = Date.parse(textOf(response, "instanceCreateTime") ?? "");
  return {
    size: `sharing its load with ${textOf(request, "dBInstanceIdentifier") ?? "an instance"}, which was deleted`,
    fromMs: Number.isNaN(createdMs) ? null : createdMs - dayMs,
    untilMs: atMs + hourMs,
  };
}
