import type { Check } from "../../core/model/check.ts";
import type { Deployments } from "../../core/model/deployment.ts";
import { duration } from "../../core/report/figures.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CredentialsReader, IdentityReader } from "../../ports/inventory.ts";
import type { Machine } from "../../ports/machine.ts";
import { refuseOtherOwner } from "../preflight.ts";
import { problemOf } from "./machine-checks.ts";

/** Less than that is too short for a run in the foreground. */
const shortMs = 60 * 60_000;
/** AWS refuses a signature of a clock that is off by five minutes; the SDK corrects its own by the answer. */
const skewMs = 60_000;

export interface CredentialPorts {
  readonly identity: IdentityReader;
  readonly credentials: CredentialsReader;
  readonly clock: Clock;
  readonly machine: Pick<Machine, "wallMs">;
}

/** Whether there are credentials, of whom, for how long, and what time AWS has. `isOwn`: whether the outputs' resources may be asked for. */
export async function credentialChecks(
  home: string,
  deployments: Deployments | undefined,
  { identity, credentials, clock, machine }: CredentialPorts,
): Promise<{ readonly checks: readonly Check[]; readonly isOwn: boolean }> {
  const about = { area: "credentials", name: "credentials" } as const;
  try {
    const who = await identity.whoAmI(home);
    const own = ownerCheck(deployments, () => deployments !== undefined && refuseOtherOwner(deployments, who), who.accountId);
    return {
      checks: [{ ...about, verdict: "ok", seen: who.arn }, own, expiryCheck(await credentials.expireAtMs(home), clock.nowMs()), skewCheck(clock, machine)],
      isOwn: own.verdict === "ok",
    };
  } catch (error) {
    return { checks: [{ ...about, ...problemOf(error) }], isOwn: false };
  }
}

function ownerCheck(deployments: Deployments | undefined, refuse: () => unknown, accountId: string): Check {
  const about = { area: "credentials", name: "account" } as const;
  if (deployments === undefined) return { ...about, verdict: "not-looked-at", seen: `${accountId}, beside outputs that could not be read` };
  try {
    refuse();
  } catch (error) {
    return { ...about, ...problemOf(error) };
  }
  const { owner } = deployments;
  return { ...about, verdict: "ok", seen: owner === undefined ? `${accountId}; the outputs name none` : `${accountId}, as the outputs say (${owner.place})` };
}

function expiryCheck(expireAtMs: number | null, nowMs: number): Check {
  const about = { area: "credentials", name: "expiry" } as const;
  if (expireAtMs === null) return { ...about, verdict: "ok", seen: "they do not end by themselves" };
  const leftMs = expireAtMs - nowMs;
  if (leftMs <= 0) return { ...about, verdict: "problem", seen: "they have ended", remedy: "sign in again (aws sso login, or fresh keys for --profile)" };
  const seen = `they end in ${duration(leftMs)}`;
  return leftMs < shortMs
    ? { ...about, verdict: "warning", seen, remedy: "enough for a plan; sign in again before a run" }
    : { ...about, verdict: "ok", seen: `${seen}, unless the SDK renews them` };
}

function skewCheck(clock: Clock, machine: Pick<Machine, "wallMs">): Check {
  const about = { area: "credentials", name: "clock" } as const;
  if (clock.jumps) return { ...about, verdict: "not-looked-at", seen: "the simulated account has a time of its own" };
  const offMs = machine.wallMs() - clock.nowMs();
  const seen = `${(Math.abs(offMs) / 1000).toFixed(0)} s ${offMs < 0 ? "behind" : "ahead of"} AWS`;
  if (Math.abs(offMs) < skewMs) return { ...about, verdict: "ok", seen };
  return { ...about, verdict: "warning", seen, remedy: "let the machine set its clock by NTP: windows go by AWS's time, cron by the machine's" };
}
