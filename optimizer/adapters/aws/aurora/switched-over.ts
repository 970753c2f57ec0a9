import type { DBInstance } from "@aws-sdk/client-rds";
import type { SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { accountEvents, isRecord } from "../account-events.ts";
import type { History } from "../history.ts";

/** A switchover may take an hour at most (RDS API reference, SwitchoverBlueGreenDeployment, SwitchoverTimeout). */
const longestMs = 3_600_000;

/**
 * The hours before a blue/green deployment was switched over: with that the new instances are given the names of the old ones, and what was
 * measured under the names before is the old ones', whatever class those had.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/blue-green-deployments-switching.html
 */
export async function switchedOver({ clients, once }: History<"rds">, instance: DBInstance): Promise<SizesBefore> {
  const calls = await accountEvents(clients.cloudTrail, once, "SwitchoverBlueGreenDeployment");
  if (calls.kind === "unseen") return calls;
  const { DBInstanceIdentifier: identifier, DBClusterIdentifier: cluster } = instance;
  const own = new Set([identifier, cluster].map((name) => name?.toLowerCase()));
  return {
    kind: "seen",
    value: calls.value
      .filter(({ response }) => {
        const named = namesIn(response);
        // An answer that names nobody may be about anybody.
        return named.length === 0 || named.some((name) => own.has(name.toLowerCase()));
      })
      .map(({ atMs }) => ({ size: "the one that had its name before a blue/green switchover", fromMs: null, untilMs: atMs + longestMs })),
  };
}

/** The instances and clusters that an answer names by their ARNs, wherever in it. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /^arn:[^:]+:rds:[^:]*:\d*:(?:db|cluster):(.+)$/.exec(value)?.slice(1) ?? [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return isRecord(value) ? Object.values(value).flatMap(namesIn) : [];
}
