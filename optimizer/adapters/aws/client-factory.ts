import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { RDSClient } from "@aws-sdk/client-rds";
import { STSClient } from "@aws-sdk/client-sts";
import type { MiddlewareStack } from "@smithy/types";

/** Clients that can change AWS: each call is sent once, since a lost reply may hide a change that was made. */
export interface WriterClients {
  readonly dynamoDb: DynamoDBClient;
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
}

/** Clients of one region, made when first used and kept. */
export interface RegionClients {
  readonly region: string;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamoDb: DynamoDBClient;
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly rds: RDSClient;
  readonly elastiCache: ElastiCacheClient;
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

export interface ClientOptions {
  readonly profile?: string;
  /** Static dummies for the simulated account; otherwise the SDK's own chain finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Called with each new client, e.g. to answer its calls by the simulated account. */
  readonly attach?: <Input extends object, Output extends object>(client: Middlewared<Input, Output>, region: string) => void;
  /** Told the Date header of each response, and the local time it arrived, epoch milliseconds. */
  readonly onServerDate?: (serverMs: number, receivedMs: number) => void;
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
 * This module loads nine SDK packages: import it only when AWS is really needed.
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
  };
  const reader = { ...base, ...readerRetries, region };
  const writer = { ...base, ...writerRetries, region };
  const prepared = <Input extends object, Output extends object, Client>(client: Client & Middlewared<Input, Output>, clientRegion = region): Client => {
    // It copies every input and answer, sensitive members masked, for a logger that nobody gave.
    client.middlewareStack.remove("loggerMiddleware");
    if (options.onServerDate !== undefined) watchServerDate(client, options.onServerDate);
    options.attach?.(client, clientRegion);
    return client;
  };
  const clients = {
    cloudWatch: lazy(() => prepared(new CloudWatchClient(reader))),
    dynamoDb: lazy(() => prepared(new DynamoDBClient(reader))),
    autoScaling: lazy(() => prepared(new AutoScalingClient(reader))),
    ec2: lazy(() => prepared(new EC2Client(reader))),
    elbv2: lazy(() => prepared(new ElasticLoadBalancingV2Client(reader))),
    rds: lazy(() => prepared(new RDSClient(reader))),
    elastiCache: lazy(() => prepared(new ElastiCacheClient(reader))),
    sts: lazy(() => prepared(new STSClient(reader))),
    costExplorer: lazy(() => prepared(new CostExplorerClient({ ...reader, region: costExplorerRegion }), costExplorerRegion)),
  };
  const writers = {
    dynamoDb: lazy(() => prepared(new DynamoDBClient(writer))),
    autoScaling: lazy(() => prepared(new AutoScalingClient(writer))),
    ec2: lazy(() => prepared(new EC2Client(writer))),
    rds: lazy(() => prepared(new RDSClient(writer))),
  };
  return onDemand({ region: () => region, ...clients, writers: () => onDemand(writers) });
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

function watchServerDate<Input extends object, Output extends object>(
  client: Middlewared<Input, Output>,
  onServerDate: NonNullable<ClientOptions["onServerDate"]>,
): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const serverMs = dateHeaderOf(result.response);
      if (serverMs !== undefined) onServerDate(serverMs, Date.now());
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

/** The SDK warns of Node 20 on every start; our own `doctor` says it once. */
function silenceNodeVersionWarning(): void {
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
}
