import { deterministicUuid } from "./deterministic-id.ts";

/** Answers one call of an SDK client; throws what the service would. */
export type CallHandler = (call: { readonly client: string; readonly command: string; readonly input: object }) => object;

interface MiddlewareArguments {
  readonly input: object;
}

/** What this middleware knows of the ones around it. */
type Next = (args: MiddlewareArguments) => Promise<{ readonly response: unknown; readonly output: object }>;
interface MiddlewareContext {
  readonly clientName?: string;
  readonly commandName?: string;
}
type Middleware = (next: Next, context: MiddlewareContext) => (args: MiddlewareArguments) => Promise<{ response: unknown; output: object }>;

/** Any AWS SDK v3 client. */
export interface AttachableClient {
  readonly middlewareStack: {
    addRelativeTo(
      middleware: Middleware,
      options: { readonly name: string; readonly relation: "after"; readonly toMiddleware: string; readonly override: true },
    ): void;
  };
}

/**
 * Puts the account between a client's retries and its network. Paginators, waiters and retries run unchanged, and the serializer, of whose
 * request nothing is looked at, unless the client was made without; signing, sending and deserializing, which come after, are never reached: the answer is the typed output already.
 */
export function attachTo(client: AttachableClient, answer: CallHandler): void {
  let calls = 0;
  const middleware: Middleware = (_next, context) => (args) => {
    calls += 1;
    const call = String(calls);
    return new Promise((resolve) => {
      const command = (context.commandName ?? "").replace(/Command$/, "");
      const output = answer({ client: context.clientName ?? "", command, input: args.input });
      resolve({ response: { statusCode: 200, headers: {} }, output: { ...output, $metadata: metadataOf(call) } });
    });
  };
  client.middlewareStack.addRelativeTo(middleware, { name: "simulatedAccount", relation: "after", toMiddleware: "retryMiddleware", override: true });
}

/** Hardly anybody asks for the id of a request: it is made for who does. */
function metadataOf(call: string): { readonly httpStatusCode: number; readonly requestId: string } {
  return {
    httpStatusCode: 200,
    get requestId() {
      return deterministicUuid(["request", call]);
    },
  };
}
