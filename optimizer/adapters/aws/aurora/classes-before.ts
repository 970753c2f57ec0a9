import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import { otherSizes, type SizeChange, type SizesBefore, untold } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEvents, isRecord, textOf } from "../account-events.ts";
import { answered } from "../answered.ts";
import type { History } from "../history.ts";
import { type News, unlessLate } from "../late-news.ts";
import { settledMs, sizesBy } from "../sizes-before.ts";
import { instanceEvents, madeWhen } from "./instance-events.ts";

/**
 * The classes that an instance had before. CloudTrail's answer holds the instance as it was when it was
 * asked for: its old class, with the new one pending (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/logging-using-cloudtrail.html).
 * A restored instance is one that was created then. When a class was changed, and what CloudTrail does not tell yet, RDS's own events do.
 */
export async function classesBefore({ clients, once, nowMs }: History<"rds">, instance: DBInstance): Promise<SizesBefore> {
  const identifier = answered(instance.DBInstanceIdentifier, "DBInstanceIdentifier");
  const [calls, events] = await allInOrder([accountEvents(clients.cloudTrail, once, "ModifyDBInstance"), instanceEvents(clients.rds, once)]);
  if (calls.kind === "unseen") return calls;
  if (events.kind === "unseen") return events;
  const own = events.value.filter((event) => isNamed(identifier, event.instance));
  const changes = madeWhen(
    calls.value.flatMap((event) => changeOf(identifier, event) ?? []),
    own,
  );
  const before = otherSizes(answered(instance.DBInstanceClass, "DBInstanceClass"), changes, instance.InstanceCreateTime?.getTime());
  const news = own.map(({ message, atMs }) => ({ what: `RDS tells "${message}" of ${identifier}`, atMs }));
  const isTold = ({ atMs }: News): boolean => changes.some((change) => change.before !== untold && atMs >= change.atMs && atMs <= change.settledMs);
  return unlessLate({ kind: "seen", value: before }, news, { isTold, nowMs });
}

/**
 * The ranges between which a cluster's serverless members moved: their CPU is a share of its maximum
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html).
 */
export async function rangesBefore({ clients, once }: History<"rds">, cluster: DBCluster): Promise<SizesBefore> {
  const { DBClusterIdentifier: identifier, ServerlessV2ScalingConfiguration: range } = cluster;
  return sizesBy(await accountEvents(clients.cloudTrail, once, "ModifyDBCluster"), {
    today: rangeText(range?.MinCapacity, range?.MaxCapacity),
    createdMs: undefined,
    changeOf: (event) => rangeChangeOf(answered(identifier, "DBClusterIdentifier"), event),
  });
}

/** Each bound that is not asked for stays. */
function rangeChangeOf(identifier: string, event: AccountEvent): SizeChange | undefined {
  const { atMs, request, response } = event;
  const asked = request["serverlessV2ScalingConfiguration"];
  if (!isRecord(asked) || !isNamed(identifier, textOf(request, "dBClusterIdentifier"))) return undefined;
  const answer = response["serverlessV2ScalingConfiguration"];
  const { minCapacity, maxCapacity } = { ...(isRecord(answer) ? answer : {}), ...asked };
  const isWhole = minCapacity !== undefined && maxCapacity !== undefined;
  return { atMs, settledMs: settledMs(event), before: null, after: isWhole ? rangeText(minCapacity, maxCapacity) : null };
}

function rangeText(minimum: unknown, maximum: unknown): string {
  return `${String(minimum)} to ${String(maximum)} ACUs`;
}

function changeOf(identifier: string, event: AccountEvent): SizeChange | undefined {
  const { atMs, request, response } = event;
  const then = textOf(response, "dBInstanceClass");
  // Another instance had its name until then.
  if (isNamed(identifier, textOf(request, "newDBInstanceIdentifier"))) return { atMs, settledMs: settledMs(event), before: null, after: then };
  const asked = textOf(request, "dBInstanceClass");
  if (asked === null || !isNamed(identifier, textOf(request, "dBInstanceIdentifier"))) return undefined;
  return { atMs, settledMs: settledMs(event), before: then, after: asked };
}

/** AWS takes identifiers in any case, and keeps them small. */
function isNamed(identifier: string, asked: string | null): boolean {
  return asked?.toLowerCase() === identifier.toLowerCase();
}
