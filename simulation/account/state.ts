import type { RecordedCall } from "./recorded-call.ts";
import type { EvaluatedStacks } from "../terraform/evaluate.ts";
import type { StackDocuments } from "../terraform/stack-document.ts";

/** What every modelled resource has. */
export interface Owned {
  /** Terraform address, `<stack>/<type>.<name>`. */
  readonly address: string;
  readonly region: string;
  readonly arn: string;
  /** The stack's tags and the scenario's over them. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Resources of one kind by region and the name AWS knows them by. */
export class Regional<T extends { readonly region: string }> {
  readonly #byKey = new Map<string, T>();

  get(region: string, id: string): T | undefined {
    return this.#byKey.get(`${region}/${id}`);
  }

  add(id: string, resource: T): void {
    this.#byKey.set(`${resource.region}/${id}`, resource);
  }

  /** All of a region, in the order they were added. */
  in(region: string): readonly T[] {
    return [...this.#byKey.values()].filter((resource) => resource.region === region);
  }

  all(): readonly T[] {
    return [...this.#byKey.values()];
  }
}

/** The key of what a service keeps in the account, and how that begins: `state.of(tables)`. */
export interface Store<T> {
  readonly begin: () => T;
}

export function regionalStore<T extends { readonly region: string }>(): Store<Regional<T>> {
  return { begin: () => new Regional<T>() };
}

/** What was deployed last, with its references resolved as they were then. */
export interface DeployedStacks {
  readonly documents: StackDocuments;
  readonly evaluated: EvaluatedStacks;
}

/** The account: a fold of its log. Everything that changes in time is a timeline, so the past stays readable. */
export class AccountState {
  readonly accountId: string;
  /** When everything deployed is taken to have come to life, epoch milliseconds. */
  readonly bornMs: number;
  /** Virtual now, epoch milliseconds. */
  nowMs: number;
  /** Grows with every change of a resource: what was computed of the account holds as long as it stands still. */
  revision = 0;
  deployed: DeployedStacks | null = null;
  /** How often each scheduled fault has struck, by its place in the scenario. */
  readonly faultsStruck = new Map<number, number>();
  /** Every call that changed something, oldest first. */
  readonly calls: RecordedCall[] = [];
  readonly #stores = new Map<Store<unknown>, unknown>();

  constructor(accountId: string, bornMs: number, nowMs: number) {
    this.accountId = accountId;
    this.bornMs = bornMs;
    this.nowMs = nowMs;
  }

  /** What a service keeps here, empty at first. */
  of<T>(store: Store<T>): T {
    if (!this.#stores.has(store)) this.#stores.set(store, store.begin());
    return this.#stores.get(store) as T;
  }
}
