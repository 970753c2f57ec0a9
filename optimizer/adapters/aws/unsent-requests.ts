import type { $ClientProtocol, MiddlewareStack, SerializeHandler } from "@smithy/types";
import { Fault } from "../../errors.ts";

/** No request is written, and none is read. */
const unwritten: $ClientProtocol<object, object> = {
  getShapeId: () => "tap#unsent",
  getRequestType: () => Object,
  getResponseType: () => Object,
  getPayloadCodec: () => unsent(),
  setSerdeContext: () => undefined,
  serializeRequest: () => Promise.reject(unsentFault()),
  updateServiceEndpoint: (request) => request,
  deserializeResponse: () => Promise.reject(unsentFault()),
};

/**
 * For clients whose calls are answered from their input, before anything is sent: writing each request, and finding out to where, took a sixth of
 * a simulated run. What a request must have is then told by whoever answers it.
 */
export const unsentRequests = { protocol: unwritten };

/**
 * Does nothing in the place of what finds out where a request goes and of what writes it, since each copies the client's whole settings for every
 * call. Both are a command's own, and the SDK puts a chain together of the client's middleware and the command's when it first sends one.
 */
export function leaveUnwritten<Input extends object, Output extends object>({
  middlewareStack,
}: {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}): void {
  const concat = middlewareStack.concat.bind(middlewareStack);
  middlewareStack.concat = (ofCommand) => {
    const chain = concat(ofCommand);
    // Others are placed relative to them.
    chain.add(nothing, { name: "serializerMiddleware", step: "serialize", override: true });
    chain.addRelativeTo(nothing, { name: "endpointV2Middleware", relation: "before", toMiddleware: "serializerMiddleware", override: true });
    return chain;
  };
}

function nothing<Input extends object, Output extends object>(next: SerializeHandler<Input, Output>): SerializeHandler<Input, Output> {
  return next;
}

function unsent(): never {
  throw unsentFault();
}

function unsentFault(): Fault {
  return new Fault("a client that sends nothing was to read or write what is sent");
}
