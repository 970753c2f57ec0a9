import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { PipesClient } from "@aws-sdk/client-pipes";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { STSClient } from "@aws-sdk/client-sts";
import type { FinalizeRequestMiddleware, HttpHandlerOptions, HttpRequest, HttpResponse, MiddlewareStack } from "@smithy/types";
import { silenceNodeVersionWarning } from "../../environment.ts";
import type { CallWatch } from "../../ports/calls.ts";
import { watchCalls } from "./watched-calls.ts";
import { leaveUnwritten, unsentRequests } from "./unsent-requests.ts";

/** Clients that can change AWS: each call is sent once, since a lost reply may hide a change that was made. */
export interface WriterClients {
  readonly dynamoDb: DynamoDBClient;
  readonly applicationAutoScaling: ApplicationAutoScalingClient;
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
  readonly elastiCache: ElastiCacheClient;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly ecs: ECSClient;
}

/** Clients of one region, made when first used and kept. */
export interface RegionClients {
  readonly region: string;
  readonly cloudTrail: CloudTrailClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamoDb: DynamoDBClient;
  readonly dynamoDbStreams: DynamoDBStreamsClient;
  readonly applicationAutoScaling: ApplicationAutoScalingClient;
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly rds: RDSClient;
  readonly elastiCache: ElastiCacheClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly ecs: ECSClient;
  readonly pipes: PipesClient;
  readonly s3: S3Client;
  /** Tells people, and changes nothing: what is lost on the way is sent again. */
  readonly sns: SNSClient;
  readonly sts: STSClient;
  /** Cost Explorer is global and signed for us-east-1, whatever the region asked about. */
  readonly costExplorer: CostExplorerClient;
  readonly writers: WriterClients;
}

export type ClientFactory = (region: string) => RegionClients;

/** Any SDK client, as far as middleware is concerned. */
export interface Middlewared<Input extends object, Output extends object> {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}

/** The last link of a client's chain: what it is handed is signed, and goes out as it is. */
interface Sender {
  readonly config: { requestHandler: { handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }> } };
}

/** Asked by the clients that change AWS when a request is about to be sent: rejects, or resolves to how long it may take. */
export interface SendPermit {
  beforeSend(): Promise<number>;
}

export interface ClientOptions {
  readonly profile?: string;
  /** Static dummies for the simulated account; otherwise the SDK's own chain finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Called with each new client, e.g. to answer its calls by the simulated account. */
  readonly attach?: <Input extends object, Output extends object>(client: Middlewared<Input, Output>, region: string, permit?: SendPermit) => void;
  /** `attach` answers every call, so that requests need not be written. */
  readonly unsent?: boolean;
  /** For the writers alone. Without one they send whatever they are asked to. */
  readonly permit?: SendPermit;
  /** Aborted: nothing more is asked of AWS by readers, and what is under way is broken off. */
  readonly signal?: AbortSignal;
  /** Told the Date header of each response when it arrives, epoch milliseconds. */
  readonly onServerDate?: (serverMs: number) => void;
  /** Told of each call of a reader how it ended, after all its repetitions. */
  readonly watch?: CallWatch;
}

const costExplorerRegion = "us-east-1";
const userAgent: [string, string][] = [["tap-optimizer", "0.1.0"]];
/** Without `throwOnRequestTimeout` the SDK only logs a slow request and waits on. */
const timeouts = { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true };
/** `adaptive` slows a client down while AWS throttles it; there is one client a service and region. */
const readerRetries = { maxAttempts: 8, retryMode: "adaptive" };
const writerRetries = { maxAttempts: 1, retryMode: "standard" };

/**
 * Makes SDK clients by region. An endpoint override comes from the environment (AWS_ENDPOINT_URL), read by the SDK itself.
 * This module loads the SDK packages: import it only when AWS is really needed.
 */
export function createClientFactory(options: ClientOptions = {}): ClientFactory {
  silenceNodeVersionWarning();
  return cached((region) => createRegionClients(region, options));
}

function createRegionClients(region: string, options: ClientOptions): RegionClients {
  const base = {
    customUserAgent: userAgent,
    requestHandler: timeouts,
    // Middleware is added to new clients only, so the chain of each command is put together once.
    cacheMiddleware: true,
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...(options.unsent === true ? unsentRequests : {}),
  };
  const reader = { ...base, ...readerRetries, region };
  const writer = { ...base, ...writerRetries, region };
  const prepared = <Input extends object, Output extends object, Client>(client: Client & Middlewared<Input, Output>, clientRegion = region): Client => {
    // It copies every input and answer, sensitive members masked, for a logger that nobody gave.
    client.middlewareStack.remove("loggerMiddleware");
    if (options.unsent === true) leaveUnwritten(client);
    if (options.onServerDate !== undefined) watchServerDate(client, options.onServerDate);
    options.attach?.(client, clientRegion);
    return client;
  };
  const reading = <Input extends object, Output extends object, Client>(
    client: Client & Sender & Middlewared<Input, Output>,
    clientRegion = region,
  ): Client => {
    if (options.signal !== undefined) stopWith(client, options.signal);
    askOnceMoreForTheClock(client);
    if (options.watch !== undefined) watchCalls(client, clientRegion, options.watch);
    return prepared(client, clientRegion);
  };
  const writing = <Input extends object, Output extends object, Client>(client: Client & Sender & Middlewared<Input, Output>): Client => {
    if (options.permit !== undefined) sendWith(client, options.permit);
    client.middlewareStack.remove("loggerMiddleware");
    if (options.unsent === true) leaveUnwritten(client);
    if (options.onServerDate !== undefined) watchServerDate(client, options.onServerDate);
    options.attach?.(client, region, options.permit);
    return client;
  };
  const clients = {
    cloudTrail: lazy(() => reading(new CloudTrailClient(reader))),
    cloudWatch: lazy(() => reading(new CloudWatchClient(reader))),
    dynamoDb: lazy(() => reading(new DynamoDBClient(reader))),
    dynamoDbStreams: lazy(() => reading(new DynamoDBStreamsClient(reader))),
    applicationAutoScaling: lazy(() => reading(new ApplicationAutoScalingClient(reader))),
    autoScaling: lazy(() => reading(new AutoScalingClient(reader))),
    ec2: lazy(() => reading(new EC2Client(reader))),
    elbv2: lazy(() => reading(new ElasticLoadBalancingV2Client(reader))),
    rds: lazy(() => reading(new RDSClient(reader))),
    elastiCache: lazy(() => reading(new ElastiCacheClient(reader))),
    kinesis: lazy(() => reading(new KinesisClient(reader))),
    lambda: lazy(() => reading(new LambdaClient(reader))),
    ecs: lazy(() => reading(new ECSClient(reader))),
    pipes: lazy(() => reading(new PipesClient(reader))),
    s3: lazy(() => reading(new S3Client(reader))),
    sns: lazy(() => reading(new SNSClient(reader))),
    sts: lazy(() => reading(new STSClient(reader))),
    costExplorer: lazy(() => reading(new CostExplorerClient({ ...reader, region: costExplorerRegion }), costExplorerRegion)),
  };
  const writers = {
    dynamoDb: lazy(() => writing(new DynamoDBClient(writer))),
    applicationAutoScaling: lazy(() => writing(new ApplicationAutoScalingClient(writer))),
    autoScaling: lazy(() => writing(new AutoScalingClient(writer))),
    ec2: lazy(() => writing(new EC2Client(writer))),
    rds: lazy(() => writing(new RDSClient(writer))),
    elastiCache: lazy(() => writing(new ElastiCacheClient(writer))),
    s3: lazy(() => writing(new S3Client(writer))),
    lambda: lazy(() => writing(new LambdaClient(writer))),
    ecs: lazy(() => writing(new ECSClient(writer))),
  };
  return onDemand({ region: () => region, ...clients, writers: () => onDemand(writers) });
}

/** Nothing of a client comes after its handler: what the permit looked at is what is sent, and sent at once. */
function sendWith({ config }: Sender, permit: SendPermit): void {
  const handler = config.requestHandler;
  config.requestHandler = wrapped(handler, async (request, options) => {
    const mayTakeMs = Math.floor(await permit.beforeSend());
    // The time-out covers the answer's headers; connecting and the body are broken off by the signal.
    const abortSignal = AbortSignal.any([AbortSignal.timeout(mayTakeMs), ...(isSignal(options?.abortSignal) ? [options.abortSignal] : [])]);
    return handler.handle(request, { ...options, requestTimeout: Math.min(mayTakeMs, timeouts.requestTimeout), abortSignal });
  });
}

/**
 * Each request listens to a signal of its own that follows ours. On ours itself there would be as many listeners as requests in flight, of
 * all clients and regions, and Node takes more than ten for a leak (https://nodejs.org/api/events.html#eventsdefaultmaxlisteners).
 */
function stopWith({ config }: Sender, signal: AbortSignal): void {
  const handler = config.requestHandler;
  config.requestHandler = wrapped(handler, (request, options) => handler.handle(request, { abortSignal: AbortSignal.any([signal]), ...options }));
}

type Handler = Sender["config"]["requestHandler"];

/** The handler with another `handle`; everything else stays its own. */
function wrapped(handler: Handler, handle: Handler["handle"]): Handler {
  return new Proxy(handler, { get: (target, name) => (name === "handle" ? handle : Reflect.get(target, name, target)) });
}

function isSignal(signal: HttpHandlerOptions["abortSignal"]): signal is AbortSignal {
  return signal instanceof AbortSignal;
}

type Made<Makers> = { readonly [Name in keyof Makers]: Makers[Name] extends () => infer Value ? Value : never };

/** An object whose members are made when first read. */
function onDemand<Makers extends Readonly<Record<string, () => unknown>>>(makers: Makers): Made<Makers> {
  const descriptors = Object.entries(makers).map(([name, make]): [string, PropertyDescriptor] => [name, { get: make, enumerable: true }]);
  return Object.defineProperties({}, Object.fromEntries(descriptors)) as Made<Makers>;
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function cached<Value>(make: (key: string) => Value): (key: string) => Value {
  const values = new Map<string, Value>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    values.set(key, fresh);
    return fresh;
  };
}

/**
 * Where the local clock is off by four minutes and more, the SDK takes every refusal for one of the clock, since each answer moves its correction
 * by some milliseconds, and sends what AWS denies as often as it sends anything. The first corrected the clock: another is what AWS says.
 */
function askOnceMoreForTheClock<Input extends object, Output extends object>(client: Middlewared<Input, Output>): void {
  const refused = new WeakSet<object>();
  const middleware: FinalizeRequestMiddleware<Input, Output> = (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      const metadata = error instanceof Error && "$metadata" in error ? error.$metadata : undefined;
      const isCorrected = typeof metadata === "object" && metadata !== null && "clockSkewCorrected" in metadata;
      if (isCorrected && refused.has(args)) metadata.clockSkewCorrected = false;
      refused.add(args);
      throw error;
    }
  };
  client.middlewareStack.addRelativeTo(middleware, { name: "tapClockOnce", relation: "before", toMiddleware: "httpSigningMiddleware" });
}

function watchServerDate<Input extends object, Output extends object>(
  client: Middlewared<Input, Output>,
  onServerDate: NonNullable<ClientOptions["onServerDate"]>,
): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const serverMs = dateHeaderOf(result.response);
      if (serverMs !== undefined) onServerDate(serverMs);
      return result;
    },
    { step: "deserialize", name: "tapServerDate", priority: "low" },
  );
}

function dateHeaderOf(response: unknown): number | undefined {
  if (typeof response !== "object" || response === null || !("headers" in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers) || typeof headers.date !== "string") return undefined;
  const parsed = Date.parse(headers.date);
  return Number.isNaN(parsed) ? undefined : parsed;
}
