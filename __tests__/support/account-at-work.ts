import { createChangeReader } from "../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory, type ClientFactory, type RegionClients } from "../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeKind, type ChangeOf, changeFacts, type ChangeState, type Marks } from "../../optimizer/core/levers/change-kinds.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import { refKey } from "../../optimizer/core/model/resource-ref.ts";
import { forwardChanges } from "../../optimizer/core/planning/touched.ts";
import type { ChangeReader, ChangeWriter } from "../../optimizer/ports/changes.ts";
import { openAccount, type SimulatedAccount } from "../../simulation/account/account.ts";
import type { AttachableClient } from "../../simulation/account/attach.ts";
import type { AccountState } from "../../simulation/account/state.ts";
import { createMemoryAccountStore } from "../../simulation/account/store.ts";
import { activeRefresh, groups } from "../../simulation/services/auto-scaling/group.ts";
import { tables } from "../../simulation/services/dynamodb/table.ts";
import { clusters, instances } from "../../simulation/services/rds/cluster.ts";
import { startMs } from "./plan-builder.ts";
import { accountScenario } from "./simulated-clients.ts";
import { workedStacks } from "./worked-stacks.ts";

export interface Mutation {
  readonly change: Change;
  readonly token: string;
  readonly atMs: number;
}

/** Where the account's own clock stood at a moment of the run. */
interface Moment {
  readonly atMs: number;
  readonly accountMs: number;
}

const minuteMs = 60_000;

/** SDK clients take long to make: all accounts of a test file share what is theirs alone, and each answers their calls itself. */
const sharedClients = createClientFactory({ credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" } });
const scenario = accountScenario({ start: new Date(startMs).toISOString() });

/**
 * The simulated account that the plans of `plan-builder.ts` are carried out on, by the optimizer's own adapters. Its clock runs faster than
 * the run's, as the windows of these plans are shorter than real ones: what takes AWS an hour, such as a refresh, takes some 45 seconds.
 */
export class AccountAtWork {
  readonly mutations: Mutation[] = [];
  readonly #account: SimulatedAccount;
  readonly #clientsOf: ClientFactory;
  readonly #reader: ChangeReader;
  readonly #writer: ChangeWriter;
  readonly #planned: readonly Change[];
  readonly #nowMs: () => number;
  readonly #moments: Moment[] = [{ atMs: startMs, accountMs: startMs }];
  #pace = 80;

  /** `staleSeconds`: every describe is as of so long ago. */
  constructor(plan: Plan, nowMs: () => number, staleSeconds?: number) {
    this.#nowMs = nowMs;
    this.#planned = plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.flatMap(forwardChanges)));
    const stale = staleSeconds === undefined ? [] : [{ kind: "stale-reads" as const, from: 0, until: 10_000, lagSeconds: staleSeconds }];
    this.#account = openAccount({ ...scenario, faults: stale }, createMemoryAccountStore([{ kind: "deploy", atMs: startMs, stacks: { ...workedStacks() } }]));
    this.#clientsOf = clientsAnsweredBy(this.#account);
    this.#reader = createChangeReader(this.#clientsOf);
    this.#writer = createChangeWriter(this.#clientsOf);
  }

  /** How many times as fast as the run's clock the account's runs: at 3 a refresh takes 20 minutes, at 1/80 an index 20 hours to be filled. */
  get pace(): number {
    return this.#pace;
  }

  set pace(pace: number) {
    this.#catchUp();
    this.#pace = pace;
  }

  /** Whoever calls AWS, with clients that this account answers. */
  async by<T>(caller: (clients: ClientFactory) => Promise<T>): Promise<T> {
    this.#catchUp();
    return caller(this.#clientsOf);
  }

  stateOf(change: Change): Promise<ChangeState> {
    return this.by(() => this.#reader.stateOf(change));
  }

  async apply(change: Change, token: string, marks?: Marks): Promise<void> {
    await this.by(() => this.#writer.apply(change, token, marks));
    this.mutations.push({ change, token, atMs: this.#nowMs() });
  }

  /** Somebody else's hand: settled at once, and none of `mutations`. */
  async set<C extends Change>(change: C, value: C["after"]): Promise<void> {
    this.#catchUp();
    const wanted = { ...change, after: value };
    if (wanted.kind === "asg.instance-refresh") return replaceInstances(this.#account.state, wanted);
    await this.by(() => this.#writer.apply(wanted, "somebody"));
    while ((await this.stateOf(wanted)).kind === "in-progress") this.#skip(minuteMs);
  }

  /** What was true in the account at a moment: metrics depend on it. */
  valueAt<C extends Change>(change: C, ms: number): C["after"] {
    this.#catchUp();
    const then = thenValues[change.kind];
    if (then === undefined) throw new Error(`no metrics of these tests depend on ${change.kind} yet`);
    const value = (then as unknown as ValueThen<C>)(this.#account.state, change, this.#accountMsAt(ms));
    return value === undefined ? change.before : value;
  }

  /** What AWS says of everything the plan changes, for comparing whole accounts. */
  async snapshot(): Promise<Readonly<Record<string, ChangeState>>> {
    const states = new Map<string, ChangeState>();
    for (const change of this.#planned) states.set(keyOf(change), await this.stateOf(change));
    return Object.fromEntries(states);
  }

  /** The account's clock alone goes on. */
  #skip(ms: number): void {
    this.#moments.push({ atMs: this.#nowMs(), accountMs: this.#account.nowMs() + ms });
    this.#account.advanceTo(this.#account.nowMs() + ms);
  }

  #catchUp(): void {
    const nowMs = this.#nowMs();
    const last = this.#moments.at(-1)!;
    if (nowMs === last.atMs) return;
    // The run's clock may be set back; AWS's goes on.
    const accountMs = last.accountMs + Math.max(0, nowMs - last.atMs) * this.#pace;
    this.#moments.push({ atMs: nowMs, accountMs });
    this.#account.advanceTo(accountMs);
  }

  #accountMsAt(ms: number): number {
    const place = this.#moments.findLastIndex(({ atMs }) => atMs <= ms);
    const from = this.#moments[place];
    const to = this.#moments[place + 1];
    if (from === undefined) return startMs;
    if (to === undefined || to.atMs <= from.atMs) return from.accountMs;
    return from.accountMs + ((ms - from.atMs) / (to.atMs - from.atMs)) * (to.accountMs - from.accountMs);
  }
}

type Middleware = Parameters<AttachableClient["middlewareStack"]["addRelativeTo"]>[0];

/** The optimizer's SDK clients with the account behind `send`: what would serialize and sign is left out, which the adapters' own tests try. */
function clientsAnsweredBy(account: SimulatedAccount): ClientFactory {
  const known = new Map<string, RegionClients>();
  return (region) => {
    if (!known.has(region))
      account.attach({ middlewareStack: { addRelativeTo: (middleware) => void known.set(region, answered(sharedClients(region), middleware)) } }, region);
    return known.get(region)!;
  };
}

/** Every client among the members, and among theirs. */
function answered<T extends object>(members: T, answer: Middleware): T {
  return new Proxy(members, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "object" || member === null) return member;
      return "middlewareStack" in member ? Object.create(member, { send: { value: sending(member.constructor.name, answer) } }) : answered(member, answer);
    },
  });
}

function sending(clientName: string, answer: Middleware): (command: { readonly input: object }) => Promise<object> {
  return async ({ constructor, input }) => (await answer(unreachable, { clientName, commandName: constructor.name })({ input })).output;
}

function unreachable(): Promise<never> {
  return Promise.reject(new Error("a call went past the simulated account"));
}

type ValueThen<C extends Change> = (state: AccountState, change: C, atMs: number) => C["after"] | undefined;

/** Read from the account's own timelines, which know the past. */
const thenValues: { readonly [K in ChangeKind]?: ValueThen<ChangeOf<K>> } = {
  // The first to have come: the small type only once no other is left.
  "asg.instance-refresh": (state, { region, autoScalingGroup }, atMs) =>
    state
      .of(groups)
      .get(region, autoScalingGroup)
      ?.instances.at(atMs)
      ?.find(({ lifecycleState }) => lifecycleState === "InService"),
  "dynamodb.index": (state, { region, table, index, before }, atMs) =>
    (state.of(tables).get(region, table)?.core.indexes.get(index)?.at(atMs) ?? null) === null ? null : before,
  "rds.failover": (state, { region, cluster, before }, atMs) => ({ writer: state.of(clusters).get(region, cluster)?.state.at(atMs)?.writer ?? before.writer }),
  "rds.instance-class": (state, { region, instance }, atMs) => state.of(instances).get(region, instance)?.state.at(atMs),
};

/** No call of AWS's gives a group instances that its template does not name: somebody had another template, and took that back. */
function replaceInstances(state: AccountState, { region, autoScalingGroup, after }: ChangeOf<"asg.instance-refresh">): void {
  const group = state.of(groups).get(region, autoScalingGroup)!;
  const { nowMs } = state;
  const refresh = activeRefresh(group, nowMs);
  const current = refresh?.state.at(nowMs);
  if (current !== undefined) refresh?.state.set(nowMs, { ...current, status: "Cancelled", endMs: nowMs });
  group.settings.cutAfter(nowMs);
  const present = group.instances.at(nowMs) ?? [];
  group.instances.set(
    nowMs,
    present
      .slice(0, group.settings.final().desiredCapacity)
      .map((each) => ({ ...each, instanceType: after.instanceType, lifecycleState: "InService" as const })),
  );
}

/** One for each kind of change of each resource, or of each part of it. */
function keyOf(change: Change): string {
  const { part, ...ref } = changeFacts(change).resourceOf(change);
  return [change.kind, refKey(ref), ...(part === undefined ? [] : [part])].join(" ");
}
