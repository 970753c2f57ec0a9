import type { RegionClients } from "../../../optimizer/adapters/aws/client-factory.ts";
import type { Change, Marks } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Resource } from "../../../optimizer/core/levers/resource-kinds.ts";
import type { Deployment } from "../../../optimizer/core/model/deployment.ts";
import type { ChangeRejected } from "../../../optimizer/errors.ts";

/** What a trial sets its resource up with. */
export interface WireAccount {
  readonly region: string;
  /** Clients that point at the local server; those of the set-up are the readers', so that only the optimizer's own writes are counted. */
  readonly clients: RegionClients;
  /** Of the local server. */
  readonly endpoint: string;
  /** A name that no other trial has. */
  readonly name: string;
  /** Reads one resource by the optimizer's inventory adapter; a resource that it cannot describe whole is an error. */
  readonly inventory: <K extends Resource["kind"]>(kind: K, named: Partial<Omit<Deployment, "region">>) => Promise<Extract<Resource, { readonly kind: K }>>;
  /** Lets as much of the server's time go by as any of its transitions takes. */
  readonly settle: () => Promise<void>;
}

/** A call that AWS refuses, and what the optimizer makes of the refusal. */
export interface Refusal<C extends Change> {
  readonly because: string;
  readonly change: C;
  /** What is done to the resource first, by somebody else. */
  readonly meanwhile?: () => Promise<unknown>;
  readonly marks?: Marks;
  readonly kind: ChangeRejected["kind"];
  /** AWS's own name of the error. */
  readonly name: string;
}

/** A resource on the local server, and what is tried of it. */
export interface Prepared<C extends Change> {
  readonly change: C;
  /** All that AWS tells of what the change is about, and of what it must leave alone. */
  readonly describe: () => Promise<object>;
  /** Of that description what the change sets, without positions in lists: `Table.GlobalSecondaryIndexes[].IndexStatus`, or what it stands in. */
  readonly sets: readonly [string, ...string[]];
  /** What is not as it was after the way back, each with its reason. */
  readonly otherAfterwards?: Readonly<Record<string, string>>;
  /** AWS takes its time: a poll sees the change on its way first. */
  readonly takesTime: boolean;
  /** What the steps before it in its action would have left. */
  readonly marks?: { readonly there: Marks; readonly back: Marks };
  /** What a step before it in its way back does. */
  readonly beforeTheWayBack?: () => Promise<unknown>;
  readonly refusals: readonly [Refusal<C>, ...Refusal<C>[]];
}

/** How one kind of change is tried on the local server. `noWayBack`: why no action undoes it. */
export interface Trial<C extends Change> {
  readonly prepare: (account: WireAccount) => Promise<Prepared<C>>;
  readonly noWayBack?: string;
}

/** Why a kind of change is not tried there. */
export interface NotOnLocalAws {
  readonly notOnLocalAws: string;
}

export type TrialOf<C extends Change> = Trial<C> | NotOnLocalAws;
