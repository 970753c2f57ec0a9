import { canonicalJson } from "../../contract/canonical-json.ts";
import { UserError } from "../../contract/user-error.ts";
import { deployStacks, redeployStacks } from "../deployment/deploy.ts";
import { isEmptyPlan, planDrift, type DriftPlan } from "../deployment/drift.ts";
import { createLoadModel, type LoadModel } from "../load/load-model.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { services as allServices } from "../services.ts";
import type { TerraformOutput } from "../terraform/output.ts";
import type { StackDocuments } from "../terraform/stack-document.ts";
import { attachTo, type AttachableClient } from "./attach.ts";
import { deterministicHex } from "./deterministic-id.ts";
import { faultsDue, refusalOf, staleByMs } from "./fault-schedule.ts";
import { NotSimulated } from "./not-simulated.ts";
import { LostReply } from "./service-error.ts";
import type { CallContext, ListPrices, Mutation, MutationContext, Query, Service, ServiceApi } from "./service.ts";
import { AccountState } from "./state.ts";
import type { AccountStore, LogEntry } from "./store.ts";

/** Sees every call that reaches the account, answered or refused. */
export interface AccountObserver {
  onCall(region: string, service: string, command: string, input: object): void;
}

export interface SimulatedAccount {
  /** Virtual now, epoch milliseconds. */
  nowMs(): number;
  /** Moves virtual now forward; a moment already passed changes nothing. */
  advanceTo(ms: number): void;
  /** From here on every call of this SDK client is answered by the account, as of this region. */
  attach(client: AttachableClient, region: string): void;
  /**
   * Deploys synthesized stacks, as if they had run unchanged for the scenario's `historyDays`. Again with stacks that change no
   * resource, it only takes over their outputs. Throws the UserError `already-deployed` for others: the account is no Terraform.
   */
  deploy(stacks: StackDocuments): void;
  /** By stack, as `terraform output -json` prints them. */
  outputs(): Readonly<Record<string, Readonly<Record<string, TerraformOutput>>>>;
  /** What `terraform plan` would say of these stacks now. */
  driftAgainst(stacks: StackDocuments): DriftPlan;
  /** What the account is made of now, for whoever looks at it without AWS's API. */
  readonly state: AccountState;
}

export interface AccountOptions {
  /** What Cost Explorer's bills are made of; without them it is not simulated. */
  readonly prices?: ListPrices;
  /** All that the account answers for, unless told otherwise. */
  readonly services?: readonly Service[];
  readonly observer?: AccountObserver;
}

/** The account that the scenario and the store's log describe; several processes may hold it open at once. */
export function openAccount(scenario: Scenario, store: AccountStore, options: AccountOptions = {}): SimulatedAccount {
  return new LoggedAccount(scenario, store, options);
}

const dayMs = 86_400_000;

interface Call {
  readonly region: string;
  readonly service: string;
  readonly api: ServiceApi;
  readonly command: string;
  readonly input: object;
}

class LoggedAccount implements SimulatedAccount {
  readonly #scenario: Scenario;
  readonly #store: AccountStore;
  readonly #observer: AccountObserver | undefined;
  readonly #prices: ListPrices | undefined;
  readonly #services: readonly Service[];
  readonly #state: AccountState;
  readonly #model: LoadModel;
  /** How many entries of the log `#state` holds. */
  #folded = 0;

  constructor(scenario: Scenario, store: AccountStore, { observer, prices, services = allServices }: AccountOptions) {
    this.#scenario = scenario;
    this.#store = store;
    this.#observer = observer;
    this.#prices = prices;
    this.#services = services;
    this.#state = newState(scenario);
    this.#model = createLoadModel(scenario, this.#state, services);
  }

  get state(): AccountState {
    this.#catchUp();
    return this.#state;
  }

  nowMs(): number {
    this.#catchUp();
    return this.#state.nowMs;
  }

  advanceTo(ms: number): void {
    if (!Number.isFinite(ms)) throw new UserError({ code: "bad-time", message: `${ms} is no moment in time`, hint: "pass epoch milliseconds" });
    if (ms <= this.nowMs()) return;
    this.#store.exclusively(() => {
      this.#catchUp();
      if (ms > this.#state.nowMs) this.#record({ kind: "advance", atMs: ms }, "lazy");
    });
  }

  attach(client: AttachableClient, region: string): void {
    attachTo(client, ({ client: clientName, command, input }) => {
      const service = this.#services.find(({ api }) => api?.client === clientName);
      this.#observer?.onCall(region, service?.name ?? clientName, command, input);
      if (service?.api === undefined) throw new NotSimulated(`the service of ${clientName} (${command})`);
      return this.#answer({ region, service: service.name, api: service.api, command, input });
    });
  }

  deploy(stacks: StackDocuments): void {
    this.#store.exclusively(() => {
      this.#catchUp();
      const { deployed } = this.#state;
      if (deployed !== null && canonicalJson(deployed.documents) === canonicalJson(stacks)) return;
      if (deployed === null) deployStacks(this.#services, newState(this.#scenario), this.#scenario, stacks);
      else refuseChanges(planDrift(this.#services, this.#state, stacks));
      this.#record({ kind: "deploy", atMs: this.#state.nowMs, stacks: { ...stacks } }, "durable");
    });
  }

  outputs(): Readonly<Record<string, Readonly<Record<string, TerraformOutput>>>> {
    this.#catchUp();
    return this.#state.deployed?.evaluated.outputs ?? {};
  }

  driftAgainst(stacks: StackDocuments): DriftPlan {
    this.#catchUp();
    return planDrift(this.#services, this.#state, stacks);
  }

  #answer(call: Call): object {
    const handler = handlerOf(call);
    return handler.kind === "query" ? this.#query(handler, call) : this.#store.exclusively(() => this.#mutate(handler, call));
  }

  #query(handler: Query<object, object>, call: Call): object {
    this.#catchUp();
    const strikes = this.#strike(call);
    const refused = refusalOf(strikes, call.service, call.api.errors, call.command);
    if (refused !== undefined) throw refused;
    const context = this.#context(call.region);
    return handler.answer(call.input, { ...context, nowMs: context.nowMs - staleByMs(strikes) });
  }

  /** Decide, write it down, then let it happen: whoever reads the log comes to the same account. */
  #mutate(handler: Mutation<object, object>, call: Call): object {
    this.#catchUp();
    const strikes = this.#strike(call);
    const refused = refusalOf(strikes, call.service, call.api.errors, call.command);
    if (refused !== undefined) throw refused;
    // As the log will give it back, so that the first answer and every replay see the same input.
    const input = plainJson(call.input);
    const apply = handler.prepare(input, this.#mutationContext(call.region));
    this.#store.append({ kind: "call", atMs: this.#state.nowMs, region: call.region, service: call.service, command: call.command, input }, "durable");
    const output = apply();
    this.#state.calls.push({ atMs: this.#state.nowMs, region: call.region, service: call.service, command: call.command, input, output });
    this.#state.revision += 1;
    this.#folded += 1;
    if (strikes.some((strike) => strike.kind === "reply-lost")) throw new LostReply();
    return output;
  }

  /** The faults that this call meets. Those bound to a number of times are counted in the log. */
  #strike(call: Call): ReturnType<typeof faultsDue>[number]["fault"][] {
    if (this.#scenario.faults.length === 0) return [];
    const due = faultsDue(this.#scenario, { region: call.region, command: call.command, atMs: this.#state.nowMs }, this.#state.faultsStruck);
    for (const { place, fault } of due) {
      if (fault.times !== undefined) this.#store.exclusively(() => this.#record({ kind: "fault", atMs: this.#state.nowMs, fault: place }, "lazy"));
    }
    return due.map(({ fault }) => fault);
  }

  #record(entry: LogEntry, durability: "durable" | "lazy"): void {
    this.#store.append(entry, durability);
    this.#catchUp();
  }

  /** Folds what this or another process wrote since. */
  #catchUp(): void {
    const entries = this.#store.entries();
    for (let entry = entries[this.#folded]; entry !== undefined; entry = entries[this.#folded]) {
      this.#fold(entry);
      this.#folded += 1;
    }
  }

  #fold(entry: LogEntry): void {
    const state = this.#state;
    if (entry.kind === "deploy" || entry.kind === "call") state.revision += 1;
    switch (entry.kind) {
      case "advance":
        state.nowMs = Math.max(state.nowMs, entry.atMs);
        return;
      case "fault":
        state.faultsStruck.set(entry.fault, (state.faultsStruck.get(entry.fault) ?? 0) + 1);
        return;
      case "deploy":
        if (state.deployed === null) deployStacks(this.#services, state, this.#scenario, entry.stacks);
        else redeployStacks(this.#services, state, entry.stacks);
        return;
      case "call": {
        const api = this.#services.find((candidate) => candidate.name === entry.service)?.api;
        const handler = api && handlerOf({ service: entry.service, api, command: entry.command });
        if (handler?.kind !== "mutation") throw unreadableLog(entry);
        const { atMs, region, service, command, input } = entry;
        const output = handler.prepare(input, this.#mutationContext(region))();
        state.calls.push({ atMs, region, service, command, input, output });
        return;
      }
      default:
        entry satisfies never;
    }
  }

  #context(region: string): CallContext {
    return {
      region,
      nowMs: this.#state.nowMs,
      scenario: this.#scenario,
      state: this.#state,
      model: this.#model,
      services: this.#services,
      prices: this.#prices,
    };
  }

  #mutationContext(region: string): MutationContext {
    const idSeed = deterministicHex([this.#scenario.accountId, String(this.#scenario.seed), String(this.#folded)], 64);
    return { ...this.#context(region), idSeed };
  }
}

function newState(scenario: Scenario): AccountState {
  const startMs = Date.parse(scenario.start);
  return new AccountState(scenario.accountId, startMs - scenario.historyDays * dayMs, startMs);
}

function handlerOf({ service, api, command }: Pick<Call, "service" | "api" | "command">): Query<object, object> | Mutation<object, object> {
  const handler = Object.hasOwn(api.commands, command) ? api.commands[command] : undefined;
  if (handler === undefined) throw new NotSimulated(`${service} ${command}`);
  return handler;
}

function plainJson(input: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(input)) as Record<string, unknown>;
}

function refuseChanges(plan: DriftPlan): void {
  if (isEmptyPlan(plan)) return;
  const first = plan.change[0]?.address ?? plan.add[0] ?? plan.destroy[0] ?? "";
  throw new UserError({
    code: "already-deployed",
    message: `the simulated account was deployed from other stacks: ${plan.add.length} to add, ${plan.change.length} to change, ${plan.destroy.length} to destroy, e.g. ${first}`,
    hint: "use another --state folder for another deployment",
  });
}

function unreadableLog(entry: Extract<LogEntry, { readonly kind: "call" }>): UserError {
  return new UserError({
    code: "account-log",
    message: `the simulated account's log holds ${entry.service} ${entry.command}, which this version cannot replay`,
    hint: "use another --state folder, or the version that wrote it",
  });
}
