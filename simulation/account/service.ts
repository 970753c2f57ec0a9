import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Demand, Scenario } from "../scenario/scenario.ts";
import type { ApplicationInstances, LoadModel, StageOf } from "../load/load-model.ts";
import type { MetricSeries } from "../load/metric-series.ts";
import type { Attributes } from "../terraform/attributes.ts";
import type { EvaluatedResource } from "../terraform/evaluate.ts";
import type { LiveResource } from "./live-resource.ts";
import type { ServiceErrors } from "./service-error.ts";
import type { AccountState, Owned } from "./state.ts";
import type { Timeline } from "./timeline.ts";

/** What every handler is told about the call it answers. */
export interface CallContext {
  readonly region: string;
  /** Virtual now, epoch milliseconds; a stale read sees an earlier moment. */
  readonly nowMs: number;
  readonly scenario: Scenario;
  readonly state: AccountState;
  /** The account's load over its whole history. */
  readonly model: LoadModel;
  /** All services of the account, for those that report on the others: metrics and bills. */
  readonly services: readonly Service[];
  /** What bills are made of; without them Cost Explorer is not simulated. */
  readonly prices: ListPrices | undefined;
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

/** The part of the service that an SDK client reaches. */
export interface ServiceApi {
  /** The SDK client's own name: command names alone are not unique, several services have DescribeTags. */
  readonly client: string;
  readonly errors: ServiceErrors;
  /** By name, e.g. `DescribeTable`; every other command is refused as not simulated. */
  readonly commands: Readonly<Record<string, Query<object, object> | Mutation<object, object>>>;
}

/** What the builders of each service's resources need. */
export interface DeploymentContext {
  readonly state: AccountState;
  readonly scenario: Scenario;
  /** Every resource of a Terraform type, of all stacks. */
  resources(type: string): readonly EvaluatedResource[];
  /** Address, region, ARN and tags of a resource; `name` is what the scenario's tags may call it. */
  owned(resource: EvaluatedResource, name: string): Owned;
}

/** One Terraform type. */
export interface ResourceType {
  /** What AWS decides: a pair of type and attribute that is missing here cannot be referred to. */
  readonly attributes: Attributes;
  /** Brings one resource of the type to life. Types deploy in the order in which they stand. */
  readonly deploy?: (resource: EvaluatedResource, context: DeploymentContext) => void;
  /** What Terraform reads back of it, where that can change or carry foreign tags. */
  readonly live?: LiveResource;
  /** Blocks that are sets in Terraform's schema, by what tells their members apart. */
  readonly sets?: Readonly<Record<string, string>>;
  /** Said to whoever deploys it: what this account keeps of the type and does not act on, and what follows; `elseFollowed`: only where a scenario does not say that scaling is followed. */
  readonly notFollowed?: { readonly what: string; readonly so: string; readonly elseFollowed?: true };
}

export interface MetricQuestion {
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: ReadonlyMap<string, string>;
  readonly nowMs: number;
}

export interface MetricNamespace {
  /** Whether its metrics come with raw samples, so that AWS can compute percentiles. */
  readonly percentiles: boolean;
  /** The series a metric names; `null` when AWS would have none, which it answers with no points and no error. */
  series(model: LoadModel, asked: MetricQuestion): MetricSeries | null;
}

/** List prices in US dollars, as the account's owner pays them; `null` where a price is not known. Injected by the caller. */
export interface ListPrices {
  /** An hour of one instance; `service` as commitments name it, e.g. `ec2`. */
  hourlyUsd(service: string, region: string, instanceType: string): number | null;
  /** One unit of a usage, e.g. `dynamodb`, `ReadRequestUnits`. */
  unitUsd(service: string, region: string, usage: string): number | null;
}

/** What a service puts on the bill. */
interface RunningInstances {
  readonly type: string;
  readonly count: number;
  /** Where it is another one than the service's usual. */
  readonly commitment?: string;
  readonly usage?: string;
  /** As list prices name it, where that is not as commitments do. */
  readonly pricedAs?: string;
}

export interface Usage {
  /** As Cost Explorer calls the service. */
  readonly billedAs: string;
  readonly instances?: {
    /** As the scenario's commitments and the list prices name it. */
    readonly commitment: string;
    /** The usage type before the colon, e.g. `BoxUsage`. */
    readonly usage: string;
    /** Instances that run through a moment. */
    running(state: AccountState, region: string, atMs: number): readonly RunningInstances[];
  };
  /** Units used in a span; nothing for a region without the service's resources. */
  readonly units?: (model: LoadModel, region: string, fromMs: number, untilMs: number) => readonly { readonly usage: string; readonly units: number }[];
}

/** A service of the simulated account: everything that is known of it, and what others may ask of it. Only `name` is always there. */
export interface Service {
  /** As the account's log and IAM's actions name it. */
  readonly name: string;
  readonly api?: ServiceApi;
  readonly resources?: Readonly<Record<string, ResourceType>>;
  /** What its data sources answer, by type and attribute. */
  readonly data?: Readonly<Record<string, Attributes>>;
  /** Fields of the scenario's regions that say what its resources are asked for. */
  readonly demands?: readonly Demand[];
  /** Timelines whose moments change what the load of a region meets. */
  readonly capacity?: (state: AccountState, region: string) => readonly Timeline<unknown>[];
  /** Its part in answering the requests of a load balancer. */
  readonly stage?: StageOf;
  readonly applicationInstances?: ApplicationInstances;
  readonly metrics?: Readonly<Record<string, MetricNamespace>>;
  /** Alarms of CloudWatch that start something of the service. */
  readonly alarms?: (state: AccountState, region: string) => readonly MetricAlarm[];
  readonly usage?: Usage;
}
