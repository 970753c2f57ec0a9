import type { ClientFactory } from "../../../optimizer/adapters/aws/client-factory.ts";
import type { Change, Marks } from "../../../optimizer/core/levers/change-kinds.ts";
import type { ChangeRejected } from "../../../optimizer/errors.ts";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import type { ScenarioInput } from "../../../simulation/scenario/scenario.ts";
import type { StackDocuments } from "../../../simulation/terraform/stack-document.ts";
import type { SimulatedClients } from "../simulated-clients.ts";

/** The account in which a refusal is brought about. */
export interface Opened {
  readonly account: SimulatedAccount;
  /** Real SDK clients of the first region, that send once. */
  readonly clients: SimulatedClients;
  /** Real adapters, as the optimizer has them. */
  readonly factory: ClientFactory;
}

type Makes<T> = T | ((opened: Opened) => T | Promise<T>);

/** Who asks AWS for what it refuses. */
export type Asked =
  /** A change of ours, by its own call, after what it reads before. */
  | { readonly change: Makes<Change>; readonly marks?: Marks }
  /** The same request by hand, since our change reads before it writes: then it never sends it, for the reason that it tells itself. */
  | { readonly send: (opened: Opened) => Promise<unknown>; readonly instead: Makes<Change>; readonly reads: ReadFirst }
  /** By hand: no change of ours asks so. */
  | { readonly send: (opened: Opened) => Promise<unknown>; readonly never: string };

/** What a change comes to that reads first: a rejection of its own, or nothing that is left to be sent. */
export type ReadFirst = { readonly kind: ChangeRejected["kind"]; readonly name: string } | "nothing to send";

/** What TAP makes of it: AWS certainly did nothing, and what helps; `credentials`: the run stops, and can be resumed. */
export type Met = ChangeRejected["kind"] | "credentials";

/** One refusal of AWS, answered by the simulated account and met by an adapter. */
export interface Refusal {
  /** AWS's name of the action, which is the SDK's of the command: `UpdateTable`. */
  readonly call: string;
  /** As the SDK names the error. */
  readonly error: string;
  readonly status: number;
  /** The condition, in words. */
  readonly when: string;
  /** AWS's page. */
  readonly source: string;
  readonly scenario?: Partial<ScenarioInput>;
  readonly stacks?: StackDocuments;
  /** Brings about the condition. */
  readonly given?: (opened: Opened) => Promise<unknown>;
  readonly asked: Asked;
  readonly met: Met;
}

/** What rows of one action have in common. */
export function refusalsOf(
  call: string,
  source: string,
  rows: readonly (Omit<Refusal, "call" | "source"> & { readonly source?: string })[],
): readonly Refusal[] {
  return rows.map((row) => ({ call, source, ...row }));
}

/** What a scenario asks of a region besides: here it is about what AWS refuses. */
export const idle = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 0.5 } };

/** A shortage for the first two days. */
export function noCapacity(command: string): Partial<ScenarioInput> {
  return { faults: [{ kind: "insufficient-capacity", from: 0, until: 48, commands: [command] }] };
}
