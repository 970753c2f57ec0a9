import type { AccountState } from "./account-state.ts";
import type { CapacityView } from "./capacity-view.ts";
import type { Scenario } from "./scenario.ts";

/** What every handler is told about the call it answers. */
export interface CallContext {
  readonly region: string;
  /** Virtual now, epoch milliseconds; a stale read sees an earlier moment. */
  readonly nowMs: number;
  readonly scenario: Scenario;
  /** The account's capacity over its whole history. */
  readonly view: CapacityView;
  readonly state: AccountState;
}

export interface MutationContext extends CallContext {
  /** A hash of the account and this call, 64 lower-case hex digits: what new identifiers are cut from. Equal on every replay. */
  readonly idSeed: string;
}

/** A command's typed output as the service knows it; the SDK's `$metadata` is added by the middleware. */
export type Answer<Output extends object> = Omit<Output, "$metadata">;

/** A command that changes nothing. Throws the service's own exception (see service-error.ts). */
export interface Query<Input extends object, Output extends object> {
  readonly kind: "query";
  answer(input: Input, context: CallContext): Answer<Output>;
}

/** A command that changes the account; logged by its input, and replayed from there. */
export interface Mutation<Input extends object, Output extends object> {
  readonly kind: "mutation";
  /** Checks everything and changes nothing; throws what AWS would answer. The effect it returns cannot fail. */
  prepare(input: Input, context: MutationContext): () => Answer<Output>;
}

/** Commands of one service by their name, e.g. `DescribeTable`. */
export type ServiceHandlers = Readonly<Record<string, Query<object, object> | Mutation<object, object>>>;

/** `GetMetricData: query((input: GetMetricDataCommandInput, context): Answer<GetMetricDataCommandOutput> => …)`. */
export function query<Input extends object, Output extends object>(answer: (input: Input, context: CallContext) => Output): Query<Input, Output> {
  return { kind: "query", answer: (input, context) => answer(input, context) };
}

/** `UpdateTable: mutation((input: UpdateTableCommandInput, context) => { check(…); return () => …; })`. */
export function mutation<Input extends object, Output extends object>(
  prepare: (input: Input, context: MutationContext) => () => Output,
): Mutation<Input, Output> {
  return { kind: "mutation", prepare: (input, context) => prepare(input, context) };
}
