import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { SizeChange, SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEvents, isRecord, textOf } from "../account-events.ts";
import { answered } from "../answered.ts";
import type { ReadOnce } from "../service-adapters.ts";
import { settledMs, sizesBy } from "../sizes-before.ts";

/**
 * The classes that an instance had before, whether or not it belongs to a cluster. CloudTrail's answer holds the instance as it was when it was
 * asked for: its old class, with the new one pending (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/logging-using-cloudtrail.html).
 * A restored instance is one that was created then.
 */
export async function classesBefore(client: CloudTrailClient, once: ReadOnce, instance: DBInstance): Promise<SizesBefore> {
  const identifier = answered(instance.DBInstanceIdentifier, "DBInstanceIdentifier");
  return sizesBy(await accountEvents(client, once, "ModifyDBInstance"), {
    today: answered(instance.DBInstanceClass, "DBInstanceClass"),
    createdMs: instance.InstanceCreateTime?.getTime(),
    changeOf: (event) => changeOf(identifier, event),
  });
}

/**
 * The ranges between which a cluster's serverless members moved: their CPU is a share of its maximum
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html).
 */
export async function rangesBefore(client: CloudTrailClient, once: ReadOnce, cluster: DBCluster): Promise<SizesBefore> {
  const { DBClusterIdentifier: identifier, ServerlessV2ScalingConfiguration: range } = cluster;
  return sizesBy(await accountEvents(client, once, "ModifyDBCluster"), {
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
