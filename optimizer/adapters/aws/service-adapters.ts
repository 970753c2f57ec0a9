import type { Deployment } from "../../core/model/deployment.ts";
import type { ResourceRef, Tags } from "../../core/model/resource-ref.ts";
import type { ChangeState, Change, Marks } from "../../core/levers/change-kinds.ts";
import type { ClientFactory, RegionClients } from "./client-factory.ts";

/** The one mutating call of a change, with everything read that it needs. Only calling it changes AWS. */
export type PreparedUpdate = () => Promise<void>;

/** What AWS asks of whoever makes a change, for docs/iam-act.json. */
export interface ChangePermissions {
  /** The SDK's commands that change AWS, one of which is the change: `UpdateTable`. */
  readonly calls: readonly [string, ...string[]];
  /** Actions of IAM that AWS asks for besides those of the calls, e.g. to pass a role on; each with AWS's page that says so. Empty where it asks for none. */
  readonly besides: readonly `${string}:${string}`[];
}

/** How one kind of change is described and made. */
export interface ChangeAdapter<C extends Change> {
  readonly permissions: ChangePermissions;
  /** Settled only when the resource's members, indexes and refreshes are. */
  readonly describe: (clients: RegionClients, change: C) => Promise<ChangeState<C>>;
  /** Reads what the call needs; `token` makes a repetition the same call where AWS takes one, `marks` are what the steps before it left. */
  readonly prepare: (clients: RegionClients, change: C, token: string, marks: Marks) => Promise<PreparedUpdate> | PreparedUpdate;
  /**
   * Whether AWS carries out, along with the call, what somebody else has queued for the maintenance window (`queued` of the state): then the state
   * is described once more right before it. Absent: it does not, or nothing waits there.
   */
  readonly carriesOutQueued?: true;
  /** Who else the change would reach now, besides what the plan knows, in words; looked at again before each write forward. Absent: nobody can. */
  readonly reaches?: (clients: RegionClients, change: C, known: readonly ResourceRef[]) => Promise<readonly string[]>;
}

/** What one inventory reads once, whichever resources need it. */
export type ReadOnce = <T>(what: string, read: () => Promise<T>) => Promise<T>;

/** What the descriptions of one inventory share. */
export interface Reading {
  readonly once: ReadOnce;
  /** Epoch milliseconds, AWS's time: what lies before it by minutes, CloudTrail may not tell yet. */
  readonly nowMs: number;
}

/** How one kind of resource is found and described. */
export interface ResourceAdapter<R> {
  /** The ids under which the outputs name such resources. */
  readonly idsOf: (deployment: Deployment) => readonly string[];
  readonly describe: (clients: RegionClients, region: string, id: string, reading: Reading, deployment: Deployment) => Promise<R>;
  /** Its tags and its members', each by its own service's API, as they are now. */
  readonly tagsOf: (clientsOf: ClientFactory, ref: ResourceRef) => Promise<readonly Tags[]>;
  /**
   * What AWS gave it when it was made (`Described.born`), or a part of it that its description names among `partsBorn`, by the call that describes
   * its changes as well; or why AWS tells nothing of the kind.
   */
  readonly bornOf: ((clients: RegionClients, id: string, part?: string) => Promise<string | undefined>) | { readonly notTold: string };
}
