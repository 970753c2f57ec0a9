import type { Deployments } from "../core/model/deployment.ts";
import type { Policy } from "../core/model/policy.ts";
import type { PriceBook } from "../core/model/rule.ts";
import type { CallWatch } from "../ports/calls.ts";
import type { ChangeReader, ChangeWriter } from "../ports/changes.ts";
import type { Clock } from "../ports/clock.ts";
import type { CommitmentReader } from "../ports/commitments.ts";
import type { CostReader } from "../ports/costs.ts";
import type { BirthReader, CredentialsReader, IdentityReader, InventoryReader, ResourceReader, TagReader } from "../ports/inventory.ts";
import type { Lock } from "../ports/lock.ts";
import type { Machine } from "../ports/machine.ts";
import type { MetricReader } from "../ports/metrics.ts";
import type { Pager } from "../ports/pager.ts";
import type { Reporter } from "../ports/reporter.ts";
import type { PlanStore, RunStore } from "../ports/run-store.ts";
import type { SizingStore } from "../ports/sizing-store.ts";

/** Everything that only polls. */
export interface Readers {
  readonly inventory: InventoryReader;
  readonly metrics: MetricReader;
  readonly tags: TagReader;
  readonly births: BirthReader;
  readonly resources: ResourceReader;
  readonly identity: IdentityReader;
  readonly credentials: CredentialsReader;
  readonly changes: ChangeReader;
  readonly costs: CostReader;
  readonly commitments: CommitmentReader;
  readonly prices: PriceBook;
}

/** Everything that changes AWS, and the lock that guards it. */
export interface Writers {
  readonly changes: ChangeWriter;
  readonly lock: Lock;
}

/** Resources to add, change and destroy, by address, as `terraform plan` would count them; a change says what differs. */
export interface Drift {
  readonly add: readonly string[];
  readonly change: readonly { readonly address: string; readonly differences: readonly string[] }[];
  readonly destroy: readonly string[];
}

/** The embedded account, for the commands that deploy to it or compare it with the stacks. */
export interface SimulationDesk {
  /** What the stacks are synthesized with for this account: the scenario's load is made for them. */
  readonly stackSettings: Readonly<Record<string, string>>;
  /** Sizing files, as `<suffix>/<stack>`, that the scenario's stacks had before anything was adopted. */
  readonly sizes: Readonly<Record<string, object>>;
  /** Deploys the stacks of a `cdktf.out` folder; idempotent. The outputs documents by stack name, as `terraform output -json` prints them. */
  deploy(cdktfOut: string): Promise<Readonly<Record<string, string>>>;
  driftAgainst(cdktfOut: string): Promise<Drift>;
  /** What the stacks ask for that the simulated account does not act on, in words. */
  notFollowed(cdktfOut: string): Promise<readonly string[]>;
}

/** Outputs as text, with a name for messages. */
export interface OutputsText {
  readonly source: string;
  readonly text: string;
}

/** What a command can reach. Built once by the composition; in-memory in tests. */
export interface World {
  readonly stateFolder: string;
  /** A local folder protects one machine only. */
  readonly protects: "one-machine" | "team";
  readonly clock: Clock;
  readonly machine: Machine;
  readonly plans: PlanStore;
  readonly runs: RunStore;
  readonly reporter: Reporter;
  readonly simulation?: SimulationDesk;
  /** `--outputs-file`s, else standard input, else default files. */
  readOutputs(files: readonly string[]): Promise<readonly OutputsText[]>;
  /** `regions` and `map` as `--region` and `--map` give them. */
  parseOutputs(documents: readonly OutputsText[], regions: readonly string[], map?: readonly string[]): Deployments;
  /** The policy of a file, of optimizer.config.json, or the default. */
  readPolicy(file: string | undefined): Promise<Policy>;
  sizing(folder: string): SizingStore;
  /**
   * The readers of AWS. With a signal, for commands that only study, they stop asking when it is raised; a run is stopped between two operations
   * instead. `watch` is told how each of their calls ended.
   */
  readers(signal?: AbortSignal, watch?: CallWatch): Promise<Readers>;
  /** Never called by `plan`, `status`, `report` or with `--dry-run`: what is not built cannot write. */
  writers(policy: Policy): Promise<Writers>;
  /**
   * The channels by which people are told of a run of this stored plan. `begin`: rejects with a UserError where a channel cannot work as the policy
   * stands. `go-on`: such a channel fails each time it is used, since what is live must be watched and undone whether or not anybody can be told.
   */
  pagers(stored: { readonly plan: { readonly policy: Policy }; readonly hash: string }, purpose: "begin" | "go-on"): Promise<readonly Pager[]>;
}

export interface WorldSettings {
  readonly state: string;
  readonly aws: "real" | "simulated";
  readonly scenario: string;
  readonly clock: "real" | "virtual";
  readonly profile?: string;
  /** `none`: the command only looks into the state folder. No account is opened, real or simulated, and nothing is written. */
  readonly account?: "none";
}
