import type { Fault } from "../scenario/faults.ts";
import { momentMs } from "../scenario/references.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { ServiceErrors } from "./service-error.ts";

interface CallMoment {
  readonly region: string;
  readonly command: string;
  readonly atMs: number;
}

/** The scheduled faults that a call meets, with their places in the scenario. `struck` tells how often each has struck already. */
export function faultsDue(
  scenario: Scenario,
  call: CallMoment,
  struck: ReadonlyMap<number, number>,
): readonly { readonly place: number; readonly fault: Fault }[] {
  return scenario.faults.flatMap((fault, place) => (isDue(fault, scenario, call, struck.get(place) ?? 0) ? [{ place, fault }] : []));
}

/** What the service answers instead, if any of the faults refuses the call. */
export function refusalOf(faults: readonly Fault[], service: string, errors: ServiceErrors, command: string): Error | undefined {
  for (const { kind } of faults) {
    switch (kind) {
      case "throttling":
        return errors.common("throttled", "Rate exceeded");
      case "access-denied":
        return errors.common("denied", `User is not authorized to perform: ${service}:${command}`);
      case "expired-token":
        return errors.common("expired", "The security token included in the request is expired");
      case "reply-lost":
      case "stale-reads":
      case "insufficient-capacity":
        break;
      default:
        kind satisfies never;
    }
  }
  return undefined;
}

/** How far behind the present a query is answered. */
export function staleByMs(faults: readonly Fault[]): number {
  return Math.max(0, ...faults.map((fault) => (fault.kind === "stale-reads" ? fault.lagSeconds * 1000 : 0)));
}

function isDue(fault: Fault, scenario: Scenario, call: CallMoment, struck: number): boolean {
  const { startMs, endMs } = spanOf(fault, scenario);
  return (
    call.atMs >= startMs &&
    call.atMs < endMs &&
    (fault.region === undefined || fault.region === call.region) &&
    (fault.commands === undefined || fault.commands.includes(call.command)) &&
    (fault.times === undefined || struck < fault.times)
  );
}

/** The first moment at or after `atMs` at which the region has capacity for the instances that `command` asks for. */
export function launchableFrom(scenario: Scenario, region: string, command: string, atMs: number): number {
  let moment = atMs;
  const shortages = scenario.faults.filter((fault) => fault.kind === "insufficient-capacity").map((fault) => ({ fault, ...spanOf(fault, scenario) }));
  for (const { fault, endMs } of shortages.toSorted((a, b) => a.startMs - b.startMs)) {
    if (isDue(fault, scenario, { region, command, atMs: moment }, 0)) moment = endMs;
  }
  return moment;
}

function spanOf(fault: Fault, scenario: Scenario): { readonly startMs: number; readonly endMs: number } {
  const originMs = Date.parse(scenario.start);
  return { startMs: momentMs(fault.from, originMs), endMs: momentMs(fault.until, originMs) };
}
